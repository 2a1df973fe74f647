// SPDX-License-Identifier: GPL-2.0
/* OpenMetrics 1.0, for Prometheus' text file collector: three gauges a row. */
#include "verdict/formats/formats.h"

#include <math.h>
#include <string.h>

struct gauge {
	const char *name, *help;
	double (*value)(const struct row *row);
	FILE *out;
};

static double base_of(const struct row *row)
{
	return row->base;
}

static double head_of(const struct row *row)
{
	return row->head;
}

/* 1 for what makes the exit status of compare bad. */
static double bad_of(const struct row *row)
{
	return row->verdict == VERDICT_SLOWER || verdict_is_gap(row->verdict);
}

static void put_label(const char *name, const char *text, FILE *out)
{
	fprintf(out, "%s=\"", name);
	for (; *text; text++)
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			putc(*text, out);
	putc('"', out);
}

static void print_result(const struct comparison *c, const struct result *r, void *data)
{
	const struct gauge *g = data;
	char unit[64];

	if (!r->row || isnan(g->value(r->row)))
		return;
	fprintf(g->out, "%s{", g->name);
	put_label("case", r->c->id, g->out);
	putc(',', g->out);
	put_label("metric", r->row->base_metric->name, g->out);
	putc(',', g->out);
	put_label("unit", row_unit(r->row, unit, sizeof(unit)), g->out);
	putc(',', g->out);
	put_label("tier", tier_names[c->base->tier], g->out);
	putc(',', g->out);
	put_label("verdict", verdict_names[r->row->verdict], g->out);
	fprintf(g->out, "} %.12g\n", g->value(r->row));
}

void format_openmetrics(const struct comparison *c, FILE *out)
{
	struct gauge gauges[] = {
		{ "gntbench_base", "What it costs in the base, in the unit of its label.", base_of,
		  out },
		{ "gntbench_head", "What it costs in the head, in the unit of its label.", head_of,
		  out },
		{ "gntbench_bad", "1 if it is slower, failed, or can not be compared.", bad_of,
		  out },
	};

	for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++) {
		fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", gauges[i].name, gauges[i].help,
			gauges[i].name);
		format_results(c, print_result, &gauges[i]);
	}
	fputs("# EOF\n", out);
}
