// SPDX-License-Identifier: GPL-2.0
/*
 * The price of the safe unmap: async, which waits until no page is in use, less immediate, which
 * doesn't look. Nothing is busy here, so it is the price of looking.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/report.h"

#define CASE_NAME "map_unmap"

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
		const struct record_case *c = report_batch(async, batch);

		if (!c)
			continue;
		price->batch[price->nr] = batch;
		price->cost[price->nr++] =
			report_whole(c, "unmap") - report_whole(immediate->cases[i], "unmap");
	}
}

static void price_free(struct price *price)
{
	free(price->batch);
	free(price->cost);
}

static void glance(struct report *r, const struct plot_data *data)
{
	const struct plot_series *immediate = report_mode(data, "immediate", NULL);
	const struct plot_series *async = report_mode(data, "async", NULL);
	struct price price;
	struct fit fit;

	/* Of two noisy times the difference is noise: only the exact tier says this at a glance. */
	if (!immediate || !async || r->rec->tier != TIER_EXACT)
		return;
	price_collect(immediate, async, &price);
	if (!fit_line(price.batch, price.cost, price.nr, &fit))
		report_say(r,
			   "The safe unmap (async) costs %s instructions a request and %s a "
			   "page more than the immediate one.",
			   number_fixed(fit.per_call, 1), number_fixed(fit.per_page, 1));
	price_free(&price);
}

void report_price_at_a_glance(struct report *r)
{
	struct plot_data data;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return;
	glance(r, &data);
	plot_data_free(&data);
}

/* What the page-count scan of the floor costs a page: the slope, or the largest batch alone. */
static double scan_floor(const struct record *rec)
{
	const struct plot scan = {
		.case_name = "floor",
		.ops = "page_count",
		.kind = PLOT_CASES,
		.x = "batch",
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
	doc_para(r->doc,
		 "The straight line through the differences: %s %s a request + %s a page "
		 "(worst point %.1f %% off, at batch %.0f).",
		 cost_text(r->rec, fit.per_call), r->rec->unit, cost_text(r->rec, fit.per_page),
		 fit.worst * 100, fit.worst_pages);
	if (!isfinite(floor))
		doc_para(r->doc, "The page-count scan of the floor was not measured: nothing to "
				 "check the part a page against.");
	else
		doc_para(r->doc,
			 "The page-count scan alone (floor) costs %s %s a page. "
			 "Difference: %s a page, which is what the safe unmap does for a "
			 "page besides.",
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
		doc_table(r->doc, "",
			  "batch|immediate, a request|async, a request|"
			  "async - immediate, a request|a page");
		for (size_t i = 0; i < price.nr; i++) {
			double batch = price.batch[i];

			report_number(r->doc, batch);
			report_round(r, report_whole(report_batch(immediate, batch), "unmap"));
			report_round(r, report_whole(report_batch(async, batch), "unmap"));
			report_round(r, price.cost[i]);
			report_cost(r, price.cost[i] / batch);
		}
		write_price_fit(r, &price);
	}
	price_free(&price);
}

bool report_price(struct report *r)
{
	struct plot_data data;
	bool priced = false;

	if (!report_series(r->rec, CASE_NAME, "unmap", &data))
		return false;
	for (size_t s = 0; s < data.nr_series; s++) {
		const char *granter = report_param_text(data.series[s].cases[0], "granter");
		const struct plot_series *immediate = report_mode(&data, "immediate", granter);
		const struct plot_series *async = report_mode(&data, "async", granter);

		if (!report_is_new_granter(&data, s) || !immediate || !async)
			continue;
		doc_heading(r->doc, 3,
			    "The price of the safe unmap (granter %s): async - "
			    "immediate, %s",
			    granter, r->rec->unit);
		write_price(r, immediate, async);
		priced = true;
	}
	plot_data_free(&data);
	return priced;
}
