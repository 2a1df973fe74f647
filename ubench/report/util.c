// SPDX-License-Identifier: GPL-2.0
/* What the sections of a report share: costs as text, medians, series and fits. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/report.h"

const char *cost_text(const struct record *rec, double value)
{
	return rec->tier == TIER_EXACT ? number_fixed(value, 1) :
					 number_fixed(value, fabs(value) < 100);
}

void report_medians(struct report *r, const char *heading, const char *per, const char *cols)
{
	char caption[64];

	doc_heading(r->doc, 3, "%s", heading);
	snprintf(caption, sizeof(caption), "%s a %s, medians", r->rec->unit, per);
	doc_table(r->doc, caption, cols);
}

void report_number(struct doc *doc, double value)
{
	doc_cell(doc, "%s", number_text(value));
}

double report_param(const struct record_case *c, const char *name)
{
	const struct record_field *f = record_find_param(c, name);

	return f && f->is_number ? f->number : NAN;
}

const char *report_param_text(const struct record_case *c, const char *name)
{
	const struct record_field *f = record_find_param(c, name);

	return f ? f->text : "";
}

char *report_param_words(const struct record_case *c, const char *name)
{
	const char *text = report_param_text(c, name);

	return strcmp(name, "hold") ? xstrdup(text) : plot_hold_text(text);
}

void report_param_cell(struct report *r, const struct record_case *c, const char *name)
{
	char *words = report_param_words(c, name);

	doc_cell(r->doc, "%s", words);
	free(words);
}

double report_whole(const struct record_case *c, const char *metric)
{
	const struct record_metric *m = record_find_metric(c, metric);

	return m && m->nr_values ? m->summary.p50 : NAN;
}

double report_typical(const struct record_case *c, const char *metric)
{
	const struct record_metric *m = record_find_metric(c, metric);

	return m && m->nr_values ? m->summary.p50 / m->divisor : NAN;
}

bool report_series(const struct record *rec, const char *case_name, const char *metric,
		   struct plot_data *data)
{
	const struct plot all = {
		.case_name = case_name,
		.kind = PLOT_CASES,
		.x = "batch",
		.y = metric,
		.prefer = "mapper=dom0 mapper=pvh",
	};

	return plot_collect(&all, rec, data);
}

int report_fit(const struct plot_series *series, const char *metric, struct fit *fit)
{
	double *pages = xrealloc_array(NULL, series->nr_cases, sizeof(*pages));
	double *cost = xrealloc_array(NULL, series->nr_cases, sizeof(*cost));
	int ret;

	for (size_t i = 0; i < series->nr_cases; i++) {
		pages[i] = report_param(series->cases[i], "batch");
		cost[i] = report_whole(series->cases[i], metric);
	}
	ret = fit_line(pages, cost, series->nr_cases, fit);
	free(pages);
	free(cost);
	return ret;
}

/* Whether there is a picture now. */
static bool draw(struct report *r, const struct plot *plot)
{
	struct error err;
	char *svg, *png;
	int ret;

	if (!r->dir || *r->engine != GNUPLOT_WORKS || plot == r->lead)
		return false;
	ret = plot_draw(plot, r->rec, r->dir, r->prefix, r->engine, &err);
	if (ret < 0 && *r->engine != GNUPLOT_MISSING) {
		doc_warning(r->doc, "No plot: %s", err.text);
		if (!*r->failed)
			*r->err = err;
		*r->failed = true;
	}
	if (ret)
		return false;
	svg = xasprintf("%s-%s.svg", r->prefix, plot->name);
	png = xasprintf("%s-%s.png", r->prefix, plot->name);
	doc_plot(r->doc, svg, png, plot->what);
	free(svg);
	free(png);
	return true;
}

void report_plots(struct report *r, const char *section)
{
	for (size_t i = 0; i < nr_plots; i++)
		if (!strcmp(plots[i].section ?: plots[i].case_name, section))
			draw(r, &plots[i]);
}

static size_t count_measured(const struct record *rec, const char *case_name)
{
	size_t nr = 0;

	for (size_t i = 0; i < rec->nr_cases; i++)
		nr += report_is_measured(&rec->cases[i], case_name);
	return nr;
}

void report_lead_plot(struct report *r)
{
	const char *most = NULL;

	for (size_t i = 0; i < nr_plots; i++)
		if (count_measured(r->rec, plots[i].case_name) >
		    (most ? count_measured(r->rec, most) : 0))
			most = plots[i].case_name;
	for (size_t i = 0; most && !r->lead && i < nr_plots; i++)
		if (!strcmp(plots[i].case_name, most) && draw(r, &plots[i]))
			r->lead = &plots[i];
}

#define MAX_SAID 5

void report_say(struct report *r, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (r->nr_said++ >= MAX_SAID)
		return;
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	doc_item(r->doc, "%s", text);
	free(text);
}

bool report_is_measured(const struct record_case *c, const char *case_name)
{
	return c->status == CASE_OK && !strcmp(c->name, case_name);
}

const struct plot_series *report_find(const struct plot_data *data, const char *mode,
				      const char *param, const char *text)
{
	for (size_t s = 0; s < data->nr_series; s++) {
		const struct record_case *c = data->series[s].cases[0];

		if ((!mode || !strcmp(report_param_text(c, "unmap_mode"), mode)) &&
		    (!text || !strcmp(report_param_text(c, param), text)))
			return &data->series[s];
	}
	return NULL;
}

const struct plot_series *report_mode(const struct plot_data *data, const char *mode,
				      const char *granter)
{
	return report_find(data, mode, "granter", granter);
}

const struct record_case *report_batch(const struct plot_series *series, double batch)
{
	for (size_t i = 0; series && i < series->nr_cases; i++)
		if (report_param(series->cases[i], "batch") == batch)
			return series->cases[i];
	return NULL;
}

bool report_is_new_granter(const struct plot_data *data, size_t s)
{
	for (size_t k = 0; k < s; k++)
		if (!strcmp(report_param_text(data->series[k].cases[0], "granter"),
			    report_param_text(data->series[s].cases[0], "granter")))
			return false;
	return true;
}

void report_cost(struct report *r, double value)
{
	doc_cell(r->doc, "%s", cost_text(r->rec, value));
}
