// SPDX-License-Identifier: GPL-2.0
/* What map and unmap cost: by batch, as a distribution, and for whose grants. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/report.h"

#define CASE_NAME	"map_unmap"
#define XEN_UNMAP_BATCH 32   /* GNTTAB_UNMAP_BATCH_SIZE, xen/common/grant_table.c */
#define P999_SAMPLES	1000 /* fewer can't have a 99.9th percentile of their own */

/* The batch that a sentence speaks of: 32, or the largest there is below it. */
static const struct record_case *usual_batch(const struct plot_series *series)
{
	const struct record_case *best = NULL;

	for (size_t i = 0; series && i < series->nr_cases; i++)
		if (!best || report_param(series->cases[i], "batch") <= XEN_UNMAP_BATCH)
			best = series->cases[i];
	return best;
}

static const char *a_page(const struct record *rec)
{
	return rec->tier == TIER_EXACT ? "instructions a page" : "ns a page";
}

static void glance_unmap(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = report_mode(data, "immediate", NULL);
	const struct record_case *c = usual_batch(immediate);
	double batch = c ? report_param(c, "batch") : 0;
	const struct record_case *async = report_batch(report_mode(data, "async", NULL), batch);
	const struct record_case *sync = report_batch(report_mode(data, "sync", NULL), batch);

	if (!c)
		return;
	report_say(r, "Batch %.0f, %s: map %s; unmap %s immediate%s%s%s%s%s%s.", batch,
		   a_page(r->rec), cost_text(r->rec, report_typical(c, "map")),
		   cost_text(r->rec, report_typical(c, "unmap")), async ? ", " : "",
		   async ? cost_text(r->rec, report_typical(async, "unmap")) : "",
		   async ? " async" : "", sync ? ", " : "",
		   sync ? cost_text(r->rec, report_typical(sync, "unmap")) : "",
		   sync ? " sync" : "");
}

static void glance_batch(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = report_mode(data, "immediate", NULL);
	const struct record_case *one = report_batch(immediate, 1);
	const struct record_case *many = usual_batch(immediate);
	double ratio;

	if (!one || !many || one == many)
		return;
	ratio = report_typical(one, "unmap") / report_typical(many, "unmap");
	report_say(r, "Unmapped alone, a page costs %s times what it costs in a batch of %.0f.",
		   number_text(ratio), report_param(many, "batch"));
}

void report_map_unmap_at_a_glance(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	glance_unmap(r, &data);
	glance_batch(r, &data);
	plot_data_free(&data);
}

/* A row a batch and granter: map, then a column for each mode. */
static const char *const modes[] = { "immediate", "async", "sync" };

#define NR_MODES (sizeof(modes) / sizeof(modes[0]))

/* Pages mapped and unmapped per million instructions, or per second. */
static const char *rate_text(const struct record *rec, const struct record_case *c)
{
	double cost = report_typical(c, "map") + report_typical(c, "unmap");

	return rec->tier == TIER_EXACT ? number_fixed(1e6 / cost, 1) : number_fixed(1e9 / cost, 0);
}

static void cost_row(struct report *r, const struct plot_data *data, const struct record_case *c)
{
	const char *granter = report_param_text(c, "granter");
	double batch = report_param(c, "batch");
	const struct record_case *mode_case[NR_MODES];

	doc_cell(r->doc, "%s", granter);
	report_number(r->doc, batch);
	for (size_t m = 0; m < NR_MODES; m++)
		mode_case[m] = report_batch(report_mode(data, modes[m], granter), batch);
	report_cost(r, report_typical(c, "map"));
	for (size_t m = 0; m < NR_MODES; m++)
		report_cost(r, mode_case[m] ? report_typical(mode_case[m], "unmap") : NAN);
	for (size_t m = 0; m < NR_MODES; m++)
		doc_cell(r->doc, "%s", mode_case[m] ? rate_text(r->rec, mode_case[m]) : "-");
}

static void write_cost(struct report *r, const struct plot_data *data)
{
	const char *unit = r->rec->unit;
	char *caption = xasprintf("Cost, %s/page; rate of map and unmap together, pages per %s",
				  unit,
				  r->rec->tier == TIER_EXACT ? "million instructions" : "second");

	doc_table(r->doc, caption,
		  "<granter|batch|map|unmap immediate|unmap async|unmap sync|"
		  "rate immediate|rate async|rate sync");
	free(caption);
	for (size_t s = 0; s < data->nr_series; s++) {
		if (!report_is_new_granter(data, s))
			continue;
		for (size_t i = 0; i < data->series[s].nr_cases; i++)
			cost_row(r, data, data->series[s].cases[i]);
	}
}

/* One TLB flush a hypercall, for up to 32 ops: what makes a small batch dear where time is real. */
static void write_flush(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = report_mode(data, "immediate", NULL);
	const struct record_case *one = report_batch(immediate, 1);
	const struct record_case *many = report_batch(immediate, XEN_UNMAP_BATCH);
	double ratio = one && many ? report_typical(one, "unmap") / report_typical(many, "unmap") :
				     0;

	if (r->rec->tier == TIER_EXACT || !(ratio >= 2))
		return;
	doc_para(r->doc,
		 "An unmap at batch 1 costs %s times as much a page as at batch %d. Xen "
		 "flushes the TLB of every CPU that may hold the mapping once for each "
		 "unmap hypercall, or once for every %d ops of a longer one "
		 "(GNTTAB_UNMAP_BATCH_SIZE in xen/common/grant_table.c); with more than "
		 "one vCPU that is an interrupt to the others and a wait for them. A batch "
		 "of %d shares one flush; a larger batch saves no more flushes.",
		 number_text(ratio), XEN_UNMAP_BATCH, XEN_UNMAP_BATCH, XEN_UNMAP_BATCH);
}

static void distribution_row(struct report *r, const struct record_case *c)
{
	const struct record_metric *m = record_find_metric(c, "unmap");
	const struct summary *s = &m->summary;
	const double values[] = { s->min, s->p50, s->p90, s->p99, s->p999, s->max };

	report_number(r->doc, report_param(c, "batch"));
	doc_cell(r->doc, "%s", report_param_text(c, "unmap_mode"));
	doc_cell(r->doc, "%s", report_param_text(c, "granter"));
	report_number(r->doc, s->n);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		report_number(r->doc, values[i]);
}

bool report_latency(struct report *r)
{
	const struct plot shown = {
		.case_name = CASE_NAME,
		.kind = PLOT_RANKS,
		.x = "batch",
		.y = "unmap",
		.prefer = "granter=self mapper=dom0 mapper=pvh",
	};
	struct plot_data data;
	bool few = false;
	char *caption;

	if (!plot_collect(&shown, r->rec, &data))
		return false;
	doc_heading(r->doc, 3, "map_unmap: how long an unmap takes");
	caption = xasprintf("Time of the unmap of a whole batch, %s", r->rec->unit);
	doc_table(r->doc, caption, "batch|<unmap mode|<granter|n|min|p50|p90|p99|p99.9|max");
	free(caption);
	for (size_t s = 0; s < data.nr_series; s++) {
		distribution_row(r, data.series[s].cases[0]);
		few |= record_find_metric(data.series[s].cases[0], "unmap")->nr_values <
		       P999_SAMPLES;
	}
	if (few)
		doc_para(r->doc, "With fewer than %d samples p99.9 lies between the largest two.",
			 P999_SAMPLES);
	if (r->rec->tier == TIER_EXACT)
		doc_para(r->doc, "What a sample takes beyond the median is an interrupt that fell "
				 "into it, the timer's as a rule: as reproducible as the rest.");
	plot_data_free(&data);
	return true;
}

bool report_map_unmap(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return false;
	doc_heading(r->doc, 3, "map_unmap: what a page costs, by batch");
	write_cost(r, &data);
	write_flush(r, &data);
	plot_data_free(&data);
	return true;
}

static const char *percent_text(double self, double foreign)
{
	static char text[32];

	if (!(self > 0) || !isfinite(foreign))
		return "-";
	snprintf(text, sizeof(text), "%+.1f %%", 100 * (foreign / self - 1));
	return text;
}

static void granter_row(struct report *r, const struct record_case *self,
			const struct record_case *foreign)
{
	static const char *const metrics[] = { "map", "unmap" };

	doc_cell(r->doc, "%s", report_param_text(self, "unmap_mode"));
	report_number(r->doc, report_param(self, "batch"));
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		double mine = report_typical(self, metrics[i]);
		double other = report_typical(foreign, metrics[i]);

		report_cost(r, mine);
		report_cost(r, other);
		doc_cell(r->doc, "%s", percent_text(mine, other));
	}
}

/* Cases that were measured with grants of this domain and with those of another, side by side. */
static bool write_granters(struct report *r, const struct plot_data *data)
{
	bool begun = false;
	char *title;

	for (size_t s = 0; s < data->nr_series; s++) {
		const struct plot_series *foreign = &data->series[s];
		const struct record_case *first = foreign->cases[0];
		const struct plot_series *self =
			report_mode(data, report_param_text(first, "unmap_mode"), "self");

		if (!self || self == foreign)
			continue;
		for (size_t i = 0; i < foreign->nr_cases; i++) {
			const struct record_case *c =
				report_batch(self, report_param(foreign->cases[i], "batch"));

			if (c && !begun) {
				doc_heading(r->doc, 3, "Grants of another domain");
				title = xasprintf("%s/page", r->rec->unit);
				doc_table(r->doc, title,
					  "<unmap mode|batch|map, self|map, domU|change|"
					  "unmap, self|unmap, domU|change");
				free(title);
			}
			begun |= c != NULL;
			if (c)
				granter_row(r, c, foreign->cases[i]);
		}
	}
	return begun;
}

void report_granters_at_a_glance(struct report *r)
{
	const struct record_case *foreign = NULL, *self = NULL;
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	for (size_t s = 0; s < data.nr_series && !self; s++) {
		const struct record_case *first = data.series[s].cases[0];

		if (!strcmp(report_param_text(first, "granter"), "self"))
			continue;
		foreign = usual_batch(&data.series[s]);
		self = report_batch(report_mode(&data, report_param_text(first, "unmap_mode"),
						"self"),
				    report_param(foreign, "batch"));
	}
	if (self)
		report_say(r,
			   "Pages of another domain, batch %s, unmapped %s: map %+.1f %%, unmap "
			   "%+.1f %% against this domain's own.",
			   report_param_text(foreign, "batch"),
			   report_param_text(foreign, "unmap_mode"),
			   100 * (report_typical(foreign, "map") / report_typical(self, "map") - 1),
			   100 * (report_typical(foreign, "unmap") / report_typical(self, "unmap") -
				  1));
	plot_data_free(&data);
}

bool report_granters(struct report *r)
{
	struct plot_data data;
	bool shown;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return false;
	shown = write_granters(r, &data);
	plot_data_free(&data);
	return shown;
}
