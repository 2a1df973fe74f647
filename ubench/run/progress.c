// SPDX-License-Identifier: GPL-2.0
#include "run/progress.h"

#include <unistd.h>

#define CLEAR_LINE "\r\033[K"
#define LINE_LEN   79

void progress_begin(struct progress *p, FILE *out, size_t nr_turns)
{
	*p = (struct progress) { .out = out, .nr_turns = nr_turns };
	p->terminal = isatty(fileno(out));
	clock_gettime(CLOCK_MONOTONIC, &p->start);
}

static double elapsed_s(const struct progress *p)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - p->start.tv_sec + (now.tv_nsec - p->start.tv_nsec) / 1e9;
}

void progress_turn(struct progress *p, const char *id)
{
	double elapsed = elapsed_s(p);
	char line[LINE_LEN + 1];
	int len;

	p->turn++;
	if (!p->terminal)
		return;
	len = snprintf(line, sizeof(line), "[%zu/%zu] %.0f s", p->turn, p->nr_turns, elapsed);
	if (p->turn > 1)
		len += snprintf(line + len, sizeof(line) - len, ", %.0f s left",
				elapsed / (p->turn - 1) * (p->nr_turns - p->turn + 1));
	snprintf(line + len, sizeof(line) - len, ": %s", id);
	fprintf(p->out, CLEAR_LINE "%s", line);
	fflush(p->out);
}

void progress_result(struct progress *p, const struct record_case *c)
{
	fprintf(p->out, "%s%-7s %s", p->terminal ? CLEAR_LINE : "", case_status_names[c->status],
		c->id);
	if (*c->reason)
		fprintf(p->out, ": %s", c->reason);
	for (size_t i = 0; i < c->nr_metrics && c->status == CASE_OK; i++) {
		const struct record_metric *m = &c->metrics[i];

		fprintf(p->out, "%s %s %.1f %s/%s", i ? "," : ":", m->name, metric_typical(m),
			m->unit, m->per);
	}
	fputc('\n', p->out);
	fflush(p->out);
}

void progress_end(struct progress *p)
{
	if (p->terminal)
		fputs(CLEAR_LINE, p->out);
	fprintf(p->out, "%zu of %zu turns in %.1f s\n", p->turn, p->nr_turns, elapsed_s(p));
}
