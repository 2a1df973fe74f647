// SPDX-License-Identifier: GPL-2.0
/* What a matrix shows: the largest steps, then a heat map a case. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/number.h"
#include "base/text.h"
#include "store/matrix.h"
#include "verdict/compare.h"

/* A change as a colour: one that is there is seen, and one of 30 % can't be deeper. */
static int heat_of(double change)
{
	static const double levels[DOC_HEAT] = { 0, 0.01, 0.03, 0.1, 0.3 };
	int heat = 0;

	while (heat < DOC_HEAT && fabs(change) > levels[heat])
		heat++;
	return change < 0 ? -heat : heat;
}

static const char *per_of(const struct matrix_row *row, char text[48])
{
	snprintf(text, 48, "%s a %s", row->first->unit, row->first->per);
	return text;
}

static const char *cost_number(double cost)
{
	return number_fixed(cost, cost < 1e6);
}

static void step_text(struct doc *doc, const struct matrix_step *s)
{
	const struct matrix_group *g = s->group;
	bool xens = s->xen[0] != s->xen[1];
	char per[48];

	doc_item(doc, "%s %s to %s: %s %+.1f %%, %s (%s %s; %s to %s %s)", xens ? "Xen" : "Linux",
		 xens ? g->xens[s->xen[0]] : g->kernels[s->kernel[0]],
		 xens ? g->xens[s->xen[1]] : g->kernels[s->kernel[1]], s->row->metric,
		 100 * s->change, s->row->label, xens ? "Linux" : "Xen",
		 xens ? g->kernels[s->kernel[0]] : g->xens[s->xen[0]], cost_number(s->from),
		 cost_number(s->to), per_of(s->row, per));
}

/* A word of sh. */
static char *quoted(const char *text)
{
	char *out;
	size_t size;
	FILE *stream = xmemstream(&out, &size);

	putc('\'', stream);
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stream);
		else
			putc(*text, stream);
	putc('\'', stream);
	xmemstream_end(stream);
	return out;
}

/* What says which functions moved. */
static void step_command(struct doc *doc, const struct matrix_step *s)
{
	static const char *const side[] = { "base", "head" };
	char *id = quoted(s->row->id);

	doc_para(doc, "Which functions moved, in Xen and in Linux:");
	for (int i = 0; i < 2; i++) {
		char *kernel = quoted(s->group->kernels[s->kernel[i]]);
		char *xen = quoted(s->group->xens[s->xen[i]]);

		doc_item(doc, "PROFILE_DIR=build/%s make profile KERNEL=%s XEN=%s SUITE=%s CASE=%s",
			 side[i], kernel, xen, s->group->suite, id);
		free(kernel);
		free(xen);
	}
	doc_item(doc, "make profile DIFF=\"build/base build/head\"");
	free(id);
}

static void steps(const struct matrix *m, struct doc *doc)
{
	struct matrix_step step[MATRIX_STEPS];
	size_t nr = matrix_steps(m, step);

	doc_heading(doc, 2, "The largest steps");
	if (!nr)
		doc_para(
			doc,
			"None: no two neighbours of the exact tier differ in a case that is no floor.");
	for (size_t i = 0; i < nr; i++)
		step_text(doc, &step[i]);
	if (nr)
		step_command(doc, &step[0]);
}

static const char *environment(const struct matrix_cell *cell, const char *name)
{
	const struct record_field *f = cell->rec ? record_find_environment(cell->rec, name) : NULL;

	return f ? f->text : "-";
}

static size_t count_failures(const struct record *rec)
{
	size_t nr = 0;

	for (size_t i = 0; i < rec->nr_cases; i++)
		nr += rec->cases[i].status == CASE_FAILURE;
	return nr;
}

/* The cells, with their versions and links. */
static void cells(const struct matrix *m, struct doc *doc)
{
	doc_heading(doc, 2, "The cells");
	doc_table(doc, "", "<Linux|<Xen|<machine|<suite|<tier|<Linux is|<Xen is|<cell");
	for (size_t i = 0; i < m->nr_cells; i++) {
		const struct matrix_cell *cell = &m->cells[i];
		size_t failures = cell->rec ? count_failures(cell->rec) : 0;

		doc_cell(doc, "%s", cell->kernel);
		doc_cell(doc, "%s", cell->xen);
		doc_cell(doc, "%s", cell->machine);
		doc_cell(doc, "%s", cell->suite);
		doc_cell(doc, "%s", cell->tier);
		doc_cell(doc, "%s", environment(cell, "kernel_release"));
		doc_cell(doc, "%s", environment(cell, "xen_version"));
		if (!cell->rec)
			doc_cell(doc, "FAILED: %s", cell->why);
		else if (failures)
			doc_cell(doc, "%zu of %zu cases: FAILURE", failures, cell->rec->nr_cases);
		else
			doc_cell(doc, "%zu cases", cell->rec->nr_cases);
		doc_cell_show(doc, 0, cell->link);
	}
}

static void cost_cell(struct doc *doc, const struct matrix_group *g, const struct matrix_row *row,
		      size_t k, size_t x)
{
	const struct matrix_cell *cell = matrix_cell(g, k, x);
	double change = matrix_change(g, row, k, x);
	bool base = k == g->base_kernel && x == g->base_xen;
	const char *word;
	double cost = matrix_cost(g, row, k, x, &word);

	if (isnan(cost))
		doc_cell(doc, "%s", word);
	else if (base || isnan(change))
		doc_cell(doc, "%s", cost_number(cost));
	else if (!change)
		doc_cell(doc, "%s =", cost_number(cost));
	else if (fabs(change) < 0.0005)
		doc_cell(doc, "%s %+.2g %%", cost_number(cost), 100 * change);
	else
		doc_cell(doc, "%s %+.1f %%", cost_number(cost), 100 * change);
	doc_cell_show(doc, isnan(change) ? 0 : heat_of(change), cell ? cell->link : NULL);
}

/* Rows of one case are a table. */
static void heat_maps(const struct matrix_group *g, struct doc *doc)
{
	const char *name = NULL;
	char *cols = xstrdup("<case|<metric|<per|<Xen");

	for (size_t k = 0; k < g->nr_kernels; k++) {
		/* A bar ends the name of a column. */
		char *old = cols, *kernel = xstrdup(g->kernels[k]);

		for (char *p = kernel; *p; p++)
			if (*p == '|')
				*p = '/';
		cols = xasprintf("%s|Linux %s", old, kernel);
		free(kernel);
		free(old);
	}
	for (size_t r = 0; r < g->nr_rows; r++) {
		const struct matrix_row *row = &g->rows[r];
		char per[48];

		if (!name || strcmp(name, row->first_case->name))
			doc_table(doc, row->first_case->name, cols);
		name = row->first_case->name;
		for (size_t x = 0; x < g->nr_xens; x++) {
			doc_cell(doc, "%s", x ? "" : row->label);
			doc_cell(doc, "%s%s", x ? "" : row->metric,
				 !x && row->first && row->first->waits ? " (waits)" : "");
			doc_cell(doc, "%s", x || !row->first ? "" : per_of(row, per));
			doc_cell(doc, "%s", g->xens[x]);
			for (size_t k = 0; k < g->nr_kernels; k++)
				cost_cell(doc, g, row, k, x);
		}
	}
	free(cols);
}

void matrix_page(const struct matrix *m, struct doc *doc)
{
	doc_heading(doc, 1, "gntbench: every kernel, every Xen");
	for (size_t i = 0; i < m->nr_cells; i++)
		if (!m->cells[i].rec)
			doc_warning(doc, "FAILED: Linux %s on Xen %s, %s, %s, %s: %s",
				    m->cells[i].kernel, m->cells[i].xen, m->cells[i].machine,
				    m->cells[i].suite, m->cells[i].tier, m->cells[i].why);
	steps(m, doc);
	cells(m, doc);
	for (size_t i = 0; i < m->nr_groups; i++) {
		const struct matrix_group *g = &m->groups[i];

		doc_heading(doc, 2, "Suite %s, machine %s, tier %s", g->suite, g->machine, g->tier);
		if (g->compared)
			doc_para(
				doc,
				"Percent and colours are against Linux %s on Xen %s: blue is less, orange is "
				"more. What waits is virtual time, and gets none.",
				g->kernels[g->base_kernel], g->xens[g->base_xen]);
		else
			doc_para(
				doc,
				"No percent and no colours: numbers of this tier may only be compared "
				"within one record.");
		heat_maps(g, doc);
	}
}

/* Calls @each for every metric of every cell. */
static void each_cost(const struct matrix *m,
		      void (*each)(const struct matrix_group *g, const struct matrix_row *row,
				   size_t k, size_t x, void *arg),
		      void *arg)
{
	for (size_t i = 0; i < m->nr_groups; i++) {
		const struct matrix_group *g = &m->groups[i];

		for (size_t r = 0; r < g->nr_rows; r++)
			for (size_t x = 0; x < g->nr_xens; x++)
				for (size_t k = 0; k < g->nr_kernels; k++)
					if (matrix_cell(g, k, x))
						each(g, &g->rows[r], k, x, arg);
	}
}

static const char *status_of(const struct matrix_cell *cell, const struct matrix_row *row)
{
	const struct record_case *c = cell->rec ? record_find_case(cell->rec, row->id) : NULL;

	return c ? case_status_names[c->status] : cell->rec ? "missing" : "failed";
}

static void csv_line(const struct matrix_group *g, const struct matrix_row *row, size_t k, size_t x,
		     void *arg)
{
	const struct matrix_cell *cell = matrix_cell(g, k, x);
	const char *texts[] = { cell->kernel,
				cell->xen,
				cell->machine,
				cell->suite,
				cell->tier,
				row->id,
				row->metric,
				row->first ? row->first->unit : "",
				row->first ? row->first->per : "",
				status_of(cell, row),
				cell->rec ? "" : cell->why };
	FILE *out = arg;
	const char *word;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (i)
			putc(',', out);
		put_csv_text(out, texts[i]);
	}
	put_csv_number(out, matrix_cost(g, row, k, x, &word));
	put_csv_number(out, matrix_change(g, row, k, x));
	putc('\n', out);
}

void matrix_csv(const struct matrix *m, FILE *out)
{
	fputs("kernel,xen,machine,suite,tier,case,metric,unit,per,status,reason,cost,change\n",
	      out);
	each_cost(m, csv_line, out);
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static void json_cost(const struct matrix_group *g, const struct matrix_row *row, size_t k,
		      size_t x, void *arg)
{
	const struct matrix_cell *cell = matrix_cell(g, k, x);
	const char *word;

	json_array_append_new(
		arg, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}",
			       "kernel", cell->kernel, "xen", cell->xen, "machine", cell->machine,
			       "suite", cell->suite, "tier", cell->tier, "case", row->id, "metric",
			       row->metric, "unit", row->first ? row->first->unit : "", "per",
			       row->first ? row->first->per : "", "status", status_of(cell, row),
			       "cost", number(matrix_cost(g, row, k, x, &word)), "change",
			       number(matrix_change(g, row, k, x))));
}

static json_t *json_cells(const struct matrix *m)
{
	json_t *array = json_array();

	for (size_t i = 0; i < m->nr_cells; i++) {
		const struct matrix_cell *cell = &m->cells[i];

		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "kernel",
				  cell->kernel, "xen", cell->xen, "machine", cell->machine, "suite",
				  cell->suite, "tier", cell->tier, "record", cell->path, "reason",
				  cell->rec ? "" : cell->why, "report", cell->link ?: ""));
	}
	return array;
}

void matrix_json(const struct matrix *m, FILE *out)
{
	json_t *costs = json_array(), *large = json_array(), *root;
	struct matrix_step step[MATRIX_STEPS];
	size_t nr = matrix_steps(m, step);

	each_cost(m, json_cost, costs);
	for (size_t i = 0; i < nr; i++) {
		const struct matrix_group *g = step[i].group;

		json_array_append_new(
			large,
			json_pack("{s:[s,s], s:[s,s], s:s, s:s, s:f, s:f}", "kernel",
				  g->kernels[step[i].kernel[0]], g->kernels[step[i].kernel[1]],
				  "xen", g->xens[step[i].xen[0]], g->xens[step[i].xen[1]], "case",
				  step[i].row->id, "metric", step[i].row->metric, "from",
				  step[i].from, "to", step[i].to));
	}
	root = json_pack("{s:i, s:o, s:o, s:o}", "gntbench_matrix", 1, "cells", json_cells(m),
			 "steps", large, "costs", costs);
	json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	putc('\n', out);
	json_decref(root);
}
