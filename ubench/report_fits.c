// SPDX-License-Identifier: GPL-2.0
/* What a hypercall and what a page costs: a straight line through the batches of each series. */
#include <string.h>

#include "report.h"

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
				 "point: how far the farthest batch is from the line; where that "
				 "is much, the cost is not a straight line.",
			 rec->tier == TIER_EXACT ? "guest instructions" : rec->unit);
	if (nr_without)
		doc_para(r->doc, "%zu more were measured at one batch only: a line needs two.",
			 nr_without);
}

