// SPDX-License-Identifier: GPL-2.0
/* What a hypercall and what a page costs: a straight line through the batches of each series. */
#include <string.h>

#include "report/report.h"

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

/* Lines found, and series that have none because they were measured at one batch only. */
struct fits {
	size_t nr;
	size_t nr_without;
};

static void write_heading(struct report *r)
{
	doc_heading(r->doc, 3, "Straight lines: cost = a per hypercall + b per page");
}

/* A time, shown by the page, of one batch at a time (with vcpus it is of several). */
static bool is_cost_of_batch(const struct record_case *c, const char *metric)
{
	const struct record_metric *m = record_find_metric(c, metric);

	return !strcmp(m->per, "page") && strcmp(m->unit, "count") &&
	       m->divisor == report_param(c, "batch");
}

/* All series of a metric that is a time and is shown by the page. */
static void fit_metric(struct report *r, const char *case_name, const char *metric,
		       struct fits *fits)
{
	struct plot_data data;

	if (!report_series(r->rec, case_name, metric, &data))
		return;
	for (size_t s = 0; s < data.nr_series; s++) {
		struct fit fit;

		if (!is_cost_of_batch(data.series[s].cases[0], metric))
			continue;
		if (report_fit(&data.series[s], metric, &fit)) {
			fits->nr_without++;
			continue;
		}
		if (!fits->nr) {
			write_heading(r);
			doc_table(r->doc, "",
				  "<case|<metric|<series|a, once|b, per page|"
				  "points|worst point");
		}
		fits->nr++;
		fit_row(r, &data.series[s], metric, &fit);
	}
	plot_data_free(&data);
}

/* Whether no case before the @i-th has the same name and metric. */
static bool is_first_metric(const struct record *rec, size_t i, const char *metric)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(rec->cases[k].name, rec->cases[i].name) &&
		    record_find_metric(&rec->cases[k], metric))
			return false;
	return true;
}

bool report_fits(struct report *r)
{
	const struct record *rec = r->rec;
	struct fits fits = { 0 };

	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		for (size_t k = 0; k < c->nr_metrics; k++)
			if (is_first_metric(rec, i, c->metrics[k].name))
				fit_metric(r, c->name, c->metrics[k].name, &fits);
	}
	if (fits.nr)
		doc_para(r->doc,
			 "In %s; a is paid once a hypercall, or once a batch where there "
			 "is none. Least squares over the medians, each batch weighted by "
			 "1/batch^2, so that every batch counts the same a page. Worst "
			 "point: how far the farthest batch is from the line; where that "
			 "is much, the cost is not a straight line.",
			 rec->tier == TIER_EXACT ? "guest instructions" : rec->unit);
	else if (fits.nr_without)
		write_heading(r);
	if (fits.nr_without)
		doc_para(r->doc, "%zu %sseries measured at one batch only: a line needs two.",
			 fits.nr_without, fits.nr ? "more " : "");
	return fits.nr || fits.nr_without;
}
