// SPDX-License-Identifier: GPL-2.0
/* The section of a case that has none of its own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/report.h"

#define MAX_COLUMNS 24

static const struct record_case *first_measured(const struct record *rec, const char *case_name)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (report_is_measured(&rec->cases[i], case_name))
			return &rec->cases[i];
	return NULL;
}

/* Whether the cases of a name differ in a parameter; then it needs a column. */
static bool is_varied(const struct record *rec, const struct record_case *first, const char *param)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (report_is_measured(&rec->cases[i], first->name) &&
		    strcmp(report_param_text(&rec->cases[i], param),
			   report_param_text(first, param)))
			return true;
	return false;
}

static bool is_op_varied(const struct record *rec, const struct record_case *first)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (report_is_measured(&rec->cases[i], first->name) &&
		    strcmp(rec->cases[i].op, first->op))
			return true;
	return false;
}

/* The case that says which columns there are; NULL if none of that name was measured. */
static const struct record_case *with_most_metrics(const struct record *rec, const char *name)
{
	const struct record_case *best = first_measured(rec, name);

	for (size_t i = 0; best && i < rec->nr_cases; i++)
		if (report_is_measured(&rec->cases[i], name) &&
		    rec->cases[i].nr_metrics > best->nr_metrics)
			best = &rec->cases[i];
	return best;
}

/* A name from the record must not look like two columns, nor like one of words. */
static void append(char **list, const char *prefix, const char *name)
{
	char *longer = xasprintf("%s%s%s%s", *list ? *list : "", *list ? "|" : "",
				 *name == '<' && !*prefix ? " " : prefix, name);

	for (char *p = longer + strlen(longer) - strlen(name); *p; p++)
		if (*p == '|')
			*p = ' ';
	free(*list);
	*list = longer;
}

static void append_metric(char **list, const struct record_metric *m)
{
	char *name = !strcmp(m->unit, "count") ? xasprintf("%s /%s", m->name, m->per) :
						 xasprintf("%s %s/%s", m->name, m->unit, m->per);

	append(list, "", name);
	free(name);
}

static void write_medians(struct report *r, const struct record_case *first)
{
	const struct record *rec = r->rec;
	const char *param[MAX_COLUMNS];
	bool has_op = is_op_varied(rec, first);
	size_t nr_params = 0;
	char *cols = NULL;

	if (has_op)
		append(&cols, "<", "op");
	for (size_t i = 0; i < first->nr_params && nr_params < MAX_COLUMNS; i++) {
		const struct record_field *f = &first->params[i];

		if (param_is_effort(f->name) || !is_varied(rec, first, f->name))
			continue;
		param[nr_params++] = f->name;
		append(&cols, f->is_number ? "" : "<", f->name);
	}
	append(&cols, "", "n");
	for (size_t k = 0; k < first->nr_metrics; k++)
		append_metric(&cols, &first->metrics[k]);
	doc_table(r->doc, "Medians", cols);
	free(cols);
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (!report_is_measured(c, first->name))
			continue;
		if (has_op)
			doc_cell(r->doc, "%s", c->op);
		for (size_t k = 0; k < nr_params; k++)
			report_param_cell(r, c, param[k]);
		report_number(r->doc, c->nr_metrics ? c->metrics[0].nr_values : 0);
		for (size_t k = 0; k < first->nr_metrics; k++)
			report_number(r->doc, report_typical(c, first->metrics[k].name));
	}
}

/* Parameters that are the same in every row are said once, in words. */
static void write_common_params(struct report *r, const struct record_case *first)
{
	char *text = xasprintf("%s", "");

	for (size_t i = 0; i < first->nr_params; i++) {
		const struct record_field *f = &first->params[i];
		char *longer, *words;

		if (param_is_effort(f->name) || is_varied(r->rec, first, f->name))
			continue;
		words = report_param_words(first, f->name);
		longer = xasprintf("%s%s%s %s", text, *text ? ", " : "", f->name, words);
		free(words);
		free(text);
		text = longer;
	}
	if (*text)
		doc_para(r->doc, "In all rows: %s.", text);
	free(text);
}

void report_case_at_a_glance(struct report *r, const char *case_name)
{
	const struct record_case *first = with_most_metrics(r->rec, case_name);
	const struct record_case *least = first, *most = first;
	const char *metric = first && first->nr_metrics ? first->metrics[0].name : NULL;

	for (size_t i = 0; metric && i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];

		if (!report_is_measured(c, case_name))
			continue;
		if (report_typical(c, metric) < report_typical(least, metric))
			least = c;
		if (report_typical(c, metric) > report_typical(most, metric))
			most = c;
	}
	if (least != most)
		report_say(r, "%s: %s from %s (%s) to %s %s a %s (%s).", case_name, metric,
			   number_text(report_typical(least, metric)),
			   least->id + strlen(case_name) + 1,
			   number_text(report_typical(most, metric)), first->metrics[0].unit,
			   first->metrics[0].per, most->id + strlen(case_name) + 1);
}

bool report_case(struct report *r, const char *case_name)
{
	const struct record_case *first = with_most_metrics(r->rec, case_name);

	if (!first)
		return false;
	doc_heading(r->doc, 3, "%s", case_name);
	write_medians(r, first);
	write_common_params(r, first);
	return true;
}
