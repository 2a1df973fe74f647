// SPDX-License-Identifier: GPL-2.0
/* Below --- or into a cover letter: at most 72 columns, what got worse first, what is the same counted. */
#include "verdict/formats/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/text.h"

#define NAME_COLUMNS 30
#define SEEMS_MOVED  0.01 /* of what is unproven, which rows are shown */

/* Of a name what tells rows apart: FROM becomes TO. */
static const struct {
	const char *from, *to;
} shorter[] = {
	{ "/granter=self", "" },
	{ "busy_requests=", "busy=" },
	{ "/busy_pages=1/", "/" },
	{ "unmap_mode=", "" },
	{ "hold=", "" },
	{ "constant:", "" },
	{ "/interval_us=0/", "/" },
};

/* Malloc'd, without control characters. */
static char *short_name(const char *id, const char *metric)
{
	char *name = xasprintf("%s %s", id, metric);

	for (size_t i = 0; i < ARRAY_SIZE(shorter); i++) {
		size_t from = strlen(shorter[i].from), to = strlen(shorter[i].to);

		for (char *at = name; (at = strstr(at, shorter[i].from)); at += to) {
			memcpy(at, shorter[i].to, to);
			memmove(at + to, at + from, strlen(at + from) + 1);
		}
	}
	return name;
}

/* The start of a row. A case that is too long has a line of its own, unless it is that of the row before. */
static void put_name(const struct record_case *c, const struct record_metric *m, char **last,
		     FILE *out)
{
	char *name = short_name(c->id, m->name);
	size_t id = strlen(name) - strlen(m->name) - 1;

	if (strlen(name) <= NAME_COLUMNS) {
		put_clean(name, "", out);
		fprintf(out, "%*s", (int)(NAME_COLUMNS - strlen(name)), "");
		free(name);
		return;
	}
	name[id] = '\0';
	if (!*last || strcmp(*last, name)) {
		put_clean(name, "", out);
		putc('\n', out);
	}
	fprintf(out, "  ");
	put_clean(m->name, "", out);
	fprintf(out, "%*s", (int)(NAME_COLUMNS - 2 - strlen(m->name)), "");
	free(*last);
	*last = name;
}

static const char *put_value(double v, char *buf, size_t size)
{
	static const struct {
		double from, unit;
		const char *format;
	} ranges[] = { { 1e9, 1e9, "%.3gG" }, { 1e6, 1e6, "%.3gM" }, { 1e4, 1e3, "%.3gk" } };

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (v >= ranges[i].from) {
			snprintf(buf, size, ranges[i].format, v / ranges[i].unit);
			return buf;
		}
	snprintf(buf, size, "%.4g", v);
	return buf;
}

/* An end of an interval, in percent. */
static void put_end(double v, FILE *out)
{
	fprintf(out, v < 10 ? "%+.0f" : "%+.0fk", v < 10 ? 100 * v : v / 10);
}

static void put_row(const struct comparison *c, const struct row *row, char **last, FILE *out)
{
	char base[32], head[32], change[32] = "-";
	const char *why = row->verdict == VERDICT_SLOWER ? comparison_reason(c, row) : NULL;

	if (row->base)
		snprintf(change, sizeof(change), fabs(row->change) >= 1 ? "%+.0f%%" : "%+.1f%%",
			 100 * row->change);
	put_name(row->base_case, row->base_metric, last, out);
	fprintf(out, " %7s %7s %7s %4zu", put_value(row->base, base, sizeof(base)),
		put_value(row->head, head, sizeof(head)), change, row_head_samples(row));
	if (isfinite(row->interval.lo)) {
		putc(' ', out);
		put_end(row->interval.lo, out);
		fputs("..", out);
		put_end(row->interval.hi, out);
		putc('%', out);
	}
	putc('\n', out);
	if (why)
		fprintf(out, "    because %s\n", why);
}

static void put_rows(const struct comparison *c, enum verdict verdict, const char *title, FILE *out)
{
	bool shown = verdict == VERDICT_SLOWER || verdict == VERDICT_FASTER;
	char *last = NULL;
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_tables; i++)
		nr += c->tables[i]->nr_of[verdict];
	fprintf(out, "%s: %zu\n", title, nr);
	for (size_t i = 0; i < c->nr_tables; i++)
		for (size_t k = 0; k < c->tables[i]->nr_rows; k++) {
			const struct row *row = &c->tables[i]->rows[k];
			bool seems = verdict == VERDICT_UNPROVEN && row->base &&
				     fabs(row->change) > SEEMS_MOVED;

			if (row->verdict == verdict && (shown || seems))
				put_row(c, row, &last, out);
		}
	free(last);
}

/* What waits, and may wait long: medians don't tell. */
static bool has_tail(const struct row *row)
{
	return row->head_metric && (!strcmp(row->base_metric->name, "overshoot") ||
				    !strcmp(row->base_metric->name, "idle_page"));
}

static void put_tails(const struct comparison *c, FILE *out)
{
	char *last = NULL;
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_tables; i++)
		for (size_t k = 0; k < c->tables[i]->nr_rows; k++) {
			const struct row *row = &c->tables[i]->rows[k];
			const struct summary *base = &row->base_metric->summary, *head;

			if (!has_tail(row))
				continue;
			if (!nr++)
				fprintf(out, "%-30s %9s %9s %8s %8s\n", "tail, ms", "p99", "p99",
					"max", "max");
			head = &row->head_metric->summary;
			put_name(row->base_case, row->base_metric, &last, out);
			fprintf(out, " %9.3f %9.3f %8.2f %8.2f\n", base->p99 / 1e6, head->p99 / 1e6,
				base->max / 1e6, head->max / 1e6);
		}
	free(last);
}

void format_cover(const struct comparison *c, FILE *out)
{
	put_rows(c, VERDICT_SLOWER, "worse", out);
	put_rows(c, VERDICT_FASTER, "better", out);
	put_rows(c, VERDICT_SAME, "the same", out);
	put_rows(c, VERDICT_UNPROVEN, "unproven", out);
	if (c->base->tier == TIER_EXACT)
		put_tails(c, out);
}
