// SPDX-License-Identifier: GPL-2.0
/*
 * What map and unmap cost: by batch, as a distribution, as a straight line, and what of it is the
 * safety of the unmap.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define CASE_NAME	"map_unmap"
#define XEN_UNMAP_BATCH	32	/* GNTTAB_UNMAP_BATCH_SIZE, xen/common/grant_table.c */
#define P999_SAMPLES	1000	/* fewer can't have a 99.9th percentile of their own */

/* The series of an unmap mode; of several granters the first, which is "self" where there is one. */
static const struct plot_series *find_mode(const struct plot_data *data, const char *mode,
					   const char *granter)
{
	for (size_t s = 0; s < data->nr_series; s++) {
		const struct record_case *c = data->series[s].cases[0];

		if (!strcmp(report_param_text(c, "unmap_mode"), mode) &&
		    (!granter || !strcmp(report_param_text(c, "granter"), granter)))
			return &data->series[s];
	}
	return NULL;
}

static const struct record_case *find_batch(const struct plot_series *series, double batch)
{
	for (size_t i = 0; series && i < series->nr_cases; i++)
		if (report_param(series->cases[i], "batch") == batch)
			return series->cases[i];
	return NULL;
}

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

/* async - immediate of the cases with the same batch, as a series to fit. */
struct price {
	double *batch, *cost;
	size_t nr;
};

static void price_collect(const struct plot_series *immediate, const struct plot_series *async,
			  struct price *price)
{
	size_t room = immediate->nr_cases;

	price->batch = xrealloc_array(NULL, room, sizeof(double));
	price->cost = xrealloc_array(NULL, room, sizeof(double));
	price->nr = 0;
	for (size_t i = 0; i < immediate->nr_cases; i++) {
		double batch = report_param(immediate->cases[i], "batch");
		const struct record_case *c = find_batch(async, batch);

		if (!c)
			continue;
		price->batch[price->nr] = batch;
		price->cost[price->nr++] = report_whole(c, "unmap") -
					   report_whole(immediate->cases[i], "unmap");
	}
}

static void price_free(struct price *price)
{
	free(price->batch);
	free(price->cost);
}

static void glance_unmap(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = find_mode(data, "immediate", NULL);
	const struct record_case *c = usual_batch(immediate);
	double batch = c ? report_param(c, "batch") : 0;
	const struct record_case *async = find_batch(find_mode(data, "async", NULL), batch);
	const struct record_case *sync = find_batch(find_mode(data, "sync", NULL), batch);

	if (!c)
		return;
	doc_item(r->doc, "Batch %.0f, %s: map %s; unmap %s immediate%s%s%s%s%s%s.", batch,
		 a_page(r->rec), cost_text(r->rec, report_typical(c, "map")),
		 cost_text(r->rec, report_typical(c, "unmap")),
		 async ? ", " : "", async ? cost_text(r->rec, report_typical(async, "unmap")) : "",
		 async ? " async" : "",
		 sync ? ", " : "", sync ? cost_text(r->rec, report_typical(sync, "unmap")) : "",
		 sync ? " sync" : "");
}

static void glance_batch(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = find_mode(data, "immediate", NULL);
	const struct record_case *one = find_batch(immediate, 1);
	const struct record_case *many = usual_batch(immediate);
	double ratio;

	if (!one || !many || one == many)
		return;
	ratio = report_typical(one, "unmap") / report_typical(many, "unmap");
	doc_item(r->doc, "Unmapped alone, a page costs %s times what it costs in a batch of %.0f.",
		 number_text(ratio), report_param(many, "batch"));
}

static void glance_price(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = find_mode(data, "immediate", NULL);
	const struct plot_series *async = find_mode(data, "async", NULL);
	struct price price;
	struct fit fit;

	/* Of two noisy times the difference is noise: only the exact tier says this at a glance. */
	if (!immediate || !async || r->rec->tier != TIER_EXACT)
		return;
	price_collect(immediate, async, &price);
	if (!fit_line(price.batch, price.cost, price.nr, &fit))
		doc_item(r->doc, "The safe unmap (async) costs %s instructions a request and %s a "
				 "page more than the immediate one.", number_fixed(fit.per_call, 1),
			 number_fixed(fit.per_page, 1));
	price_free(&price);
}

void report_at_a_glance(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	glance_unmap(r, &data);
	glance_batch(r, &data);
	glance_price(r, &data);
	plot_data_free(&data);
}

/* A row a batch and granter: map, then a column for each mode. */
static const char * const modes[] = { "immediate", "async", "sync" };

#define NR_MODES (sizeof(modes) / sizeof(modes[0]))

static void report_cost(struct report *r, double value)
{
	doc_cell(r->doc, "%s", cost_text(r->rec, value));
}

/* Pages mapped and unmapped per million instructions, or per second. */
static const char *rate_text(const struct record *rec, const struct record_case *c)
{
	double cost = report_typical(c, "map") + report_typical(c, "unmap");

	return rec->tier == TIER_EXACT ? number_fixed(1e6 / cost, 1) : number_fixed(1e9 / cost, 0);
}

static void cost_row(struct report *r, const struct plot_data *data,
		     const struct record_case *c)
{
	const char *granter = report_param_text(c, "granter");
	double batch = report_param(c, "batch");
	const struct record_case *mode_case[NR_MODES];

	doc_cell(r->doc, "%s", granter);
	report_number(r->doc, batch);
	for (size_t m = 0; m < NR_MODES; m++)
		mode_case[m] = find_batch(find_mode(data, modes[m], granter), batch);
	report_cost(r, report_typical(c, "map"));
	for (size_t m = 0; m < NR_MODES; m++)
		report_cost(r, mode_case[m] ? report_typical(mode_case[m], "unmap") : NAN);
	for (size_t m = 0; m < NR_MODES; m++)
		doc_cell(r->doc, "%s", mode_case[m] ? rate_text(r->rec, mode_case[m]) : "-");
}

static bool is_first_of_granter(const struct plot_data *data, size_t s)
{
	for (size_t k = 0; k < s; k++)
		if (!strcmp(report_param_text(data->series[k].cases[0], "granter"),
			    report_param_text(data->series[s].cases[0], "granter")))
			return false;
	return true;
}

static void write_cost(struct report *r, const struct plot_data *data)
{
	const char *unit = r->rec->unit;
	char *caption = xasprintf("Cost, %s/page; rate of map and unmap together, pages per %s", unit,
				  r->rec->tier == TIER_EXACT ? "million instructions" : "second");

	doc_table(r->doc, caption, "<granter|batch|map|unmap immediate|unmap async|unmap sync|"
				   "rate immediate|rate async|rate sync");
	free(caption);
	for (size_t s = 0; s < data->nr_series; s++) {
		if (!is_first_of_granter(data, s))
			continue;
		for (size_t i = 0; i < data->series[s].nr_cases; i++)
			cost_row(r, data, data->series[s].cases[i]);
	}
	report_plot(r, "map_unmap_cost");
	report_plot(r, "map_unmap_throughput");
}

/* One TLB flush a hypercall, for up to 32 ops: what makes a small batch dear where time is real. */
static void write_flush(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = find_mode(data, "immediate", NULL);
	const struct record_case *one = find_batch(immediate, 1);
	const struct record_case *many = find_batch(immediate, XEN_UNMAP_BATCH);
	double ratio = one && many ?
		       report_typical(one, "unmap") / report_typical(many, "unmap") : 0;

	if (r->rec->tier == TIER_EXACT || !(ratio >= 2))
		return;
	doc_para(r->doc, "An unmap at batch 1 costs %s times as much a page as at batch %d. Xen "
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

static void write_distribution(struct report *r)
{
	const struct plot shown = {
		.case_name = CASE_NAME, .kind = PLOT_RANKS, .x = "batch", .y = "unmap",
		.prefer = "granter=self",
	};
	struct plot_data data;
	bool few = false;
	char *caption;

	if (!plot_collect(&shown, r->rec, &data))
		return;
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
	report_plot(r, "map_unmap_latency");
}

void report_map_unmap(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	doc_heading(r->doc, 3, "map_unmap: what a page costs, by batch");
	write_cost(r, &data);
	write_flush(r, &data);
	doc_heading(r->doc, 3, "map_unmap: how long an unmap takes");
	write_distribution(r);
	plot_data_free(&data);
}

static void fit_row(struct report *r, const struct plot_series *series, const char *metric,
		    const struct fit *fit)
{
	const struct record_case *c = series->cases[0];

	doc_cell(r->doc, "%s%s%s", c->name, *c->op ? ":" : "", c->op);
	doc_cell(r->doc, "%s", metric);
	doc_cell(r->doc, "%s", series->name);
	report_cost(r, fit->per_call);
	report_cost(r, fit->per_page);
	report_number(r->doc, fit->nr_points);
	doc_cell(r->doc, "%.1f %% at %.0f", fit->worst * 100, fit->worst_pages);
}

/* All metrics of a page, of all cases that were measured at several batches. */
static size_t fit_case(struct report *r, const char *case_name, const char *metric, bool *begun,
		       size_t *nr_without)
{
	struct plot_data data;
	size_t nr = 0;

	if (!report_series(r->rec, case_name, metric, &data))
		return 0;
	for (size_t s = 0; s < data.nr_series; s++) {
		const struct record_metric *m = record_find_metric(data.series[s].cases[0], metric);
		struct fit fit;

		if (strcmp(m->per, "page") || !strcmp(m->unit, "count") ||
		    report_fit(&data.series[s], metric, &fit)) {
			*nr_without += strcmp(m->per, "page") == 0;
			continue;
		}
		if (!*begun)
			doc_table(r->doc, "", "<case|<metric|<series|a, per hypercall|"
					      "b, per page|points|worst point");
		*begun = true;
		fit_row(r, &data.series[s], metric, &fit);
		nr++;
	}
	plot_data_free(&data);
	return nr;
}

static bool is_first_metric(const struct record *rec, size_t i, const char *metric)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(rec->cases[k].name, rec->cases[i].name) &&
		    record_find_metric(&rec->cases[k], metric))
			return false;
	return true;
}

void report_fits(struct report *r)
{
	const struct record *rec = r->rec;
	bool begun = false;
	size_t nr = 0, nr_without = 0;

	if (!rec->nr_cases)
		return;
	doc_heading(r->doc, 3, "Straight lines: cost = a per hypercall + b per page");
	for (size_t i = 0; i < rec->nr_cases; i++)
		for (size_t k = 0; k < rec->cases[i].nr_metrics; k++)
			if (is_first_metric(rec, i, rec->cases[i].metrics[k].name))
				nr += fit_case(r, rec->cases[i].name,
					       rec->cases[i].metrics[k].name, &begun,
					       &nr_without);
	if (!nr && !nr_without)
		doc_para(r->doc, "None: nothing was measured by batch.");
	if (nr)
		doc_para(r->doc, "In %s. Least squares over the medians, each batch weighted by "
				 "1/batch^2, so that every batch counts the same a page. Worst "
				 "point: how far the farthest batch is from the line; where that is "
				 "much, the cost is not a straight line.",
			 rec->tier == TIER_EXACT ? "guest instructions" : rec->unit);
	if (nr_without)
		doc_para(r->doc, "%zu more were measured at one batch only: a line needs two.",
			 nr_without);
}

/* What the page-count scan of the floor costs a page: the slope, or the largest batch alone. */
static double scan_floor(const struct record *rec)
{
	const struct plot scan = {
		.case_name = "floor", .op = "page_count", .kind = PLOT_CASES, .x = "batch",
		.y = "cost",
	};
	struct plot_data data;
	struct fit fit;
	double floor;

	if (!plot_collect(&scan, rec, &data))
		return NAN;
	if (report_fit(&data.series[0], "cost", &fit))
		floor = report_typical(data.series[0].cases[data.series[0].nr_cases - 1], "cost");
	else
		floor = fit.per_page;
	plot_data_free(&data);
	return floor;
}

static void write_price_fit(struct report *r, const struct price *price)
{
	double floor = scan_floor(r->rec);
	struct fit fit;

	if (fit_line(price->batch, price->cost, price->nr, &fit)) {
		doc_para(r->doc, "Only one batch was measured: no split into request and page.");
		return;
	}
	doc_para(r->doc, "The straight line through the differences: %s %s a request + %s a page "
			 "(worst point %.1f %% off, at batch %.0f).", cost_text(r->rec, fit.per_call),
		 r->rec->unit, cost_text(r->rec, fit.per_page), fit.worst * 100, fit.worst_pages);
	if (!isfinite(floor))
		doc_para(r->doc, "The page-count scan of the floor was not measured: nothing to check "
				 "the part a page against.");
	else
		doc_para(r->doc, "The page-count scan alone (floor) costs %s %s a page. Difference: %s "
				 "a page, which is what the safe unmap does for a page besides.",
			 cost_text(r->rec, floor), r->rec->unit,
			 cost_text(r->rec, fit.per_page - floor));
}

static void report_round(struct report *r, double value)
{
	doc_cell(r->doc, "%s", number_fixed(value, 0));
}

static void write_price(struct report *r, const struct plot_series *immediate,
			const struct plot_series *async)
{
	struct price price;

	price_collect(immediate, async, &price);
	if (r->rec->tier != TIER_EXACT)
		doc_para(r->doc, "The difference of two noisy times is mostly noise. For the split "
				 "believe the exact tier.");
	if (price.nr) {
		doc_table(r->doc, "", "batch|immediate, a request|async, a request|"
				      "async - immediate, a request|a page");
		for (size_t i = 0; i < price.nr; i++) {
			double batch = price.batch[i];

			report_number(r->doc, batch);
			report_round(r, report_whole(find_batch(immediate, batch), "unmap"));
			report_round(r, report_whole(find_batch(async, batch), "unmap"));
			report_round(r, price.cost[i]);
			report_cost(r, price.cost[i] / batch);
		}
		write_price_fit(r, &price);
	}
	price_free(&price);
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
	static const char * const metrics[] = { "map", "unmap" };

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
static void write_granters(struct report *r, const struct plot_data *data)
{
	bool begun = false;
	char *title;

	for (size_t s = 0; s < data->nr_series; s++) {
		const struct plot_series *foreign = &data->series[s];
		const struct record_case *first = foreign->cases[0];
		const struct plot_series *self =
			find_mode(data, report_param_text(first, "unmap_mode"), "self");

		if (!self || self == foreign)
			continue;
		for (size_t i = 0; i < foreign->nr_cases; i++) {
			const struct record_case *c =
				find_batch(self, report_param(foreign->cases[i], "batch"));

			if (c && !begun) {
				doc_heading(r->doc, 3, "Grants of another domain");
				title = xasprintf("%s/page", r->rec->unit);
				doc_table(r->doc, title, "<unmap mode|batch|map, self|map, domU|change|"
							 "unmap, self|unmap, domU|change");
				free(title);
			}
			begun |= c != NULL;
			if (c)
				granter_row(r, c, foreign->cases[i]);
		}
	}
	if (begun)
		report_plot(r, "map_unmap_granter");
}

void report_granters(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	write_granters(r, &data);
	plot_data_free(&data);
}

void report_price(struct report *r)
{
	struct plot_data data;
	bool priced = false;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	for (size_t s = 0; s < data.nr_series; s++) {
		const char *granter = report_param_text(data.series[s].cases[0], "granter");
		const struct plot_series *immediate = find_mode(&data, "immediate", granter);
		const struct plot_series *async = find_mode(&data, "async", granter);

		if (!is_first_of_granter(&data, s) || !immediate || !async)
			continue;
		doc_heading(r->doc, 3, "The price of the safe unmap (granter %s): async - immediate, "
				       "%s", granter, r->rec->unit);
		write_price(r, immediate, async);
		priced = true;
	}
	plot_data_free(&data);
	if (priced)
		report_plot(r, "map_unmap_price");
}
