// SPDX-License-Identifier: GPL-2.0
#include "store/matrix.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "base/text.h"
#include "plot/plot.h"
#include "verdict/exact.h"
#include "verdict/verdict.h"

#define NR_FIELDS 7

/* The name of the directory that a file is in. */
static const char *directory_name(struct matrix *m, const char *path)
{
	const char *end = strrchr(path, '/'), *start;

	if (!end)
		return NULL;
	for (start = end; start > path && start[-1] != '/'; start--)
		;
	return pool_printf(&m->pool, "%.*s", (int)(end - start), start);
}

static const char *report_link(struct matrix *m, const char *path, const char *dir)
{
	const char *name = directory_name(m, path);
	const char *link = name && dir ? pool_printf(&m->pool, "%s/report.html", name) : NULL;

	return link && !access(pool_printf(&m->pool, "%s/%s", dir, link), R_OK) ? link : NULL;
}

static int read_cell(struct matrix *m, char *line, const char *dir, struct error *err)
{
	struct matrix_cell *cell = GROW(m->cells, m->nr_cells);
	const char *field[NR_FIELDS];
	size_t nr = 0;

	for (char *text; (text = strsep(&line, "\t")); nr++)
		if (nr < NR_FIELDS)
			field[nr] = text;
	if (nr != NR_FIELDS)
		return error_set(err, "line %zu has %zu fields, not %d", m->nr_cells, nr,
				 NR_FIELDS);
	*cell = (struct matrix_cell) { field[0], field[1],	  field[2],  field[3],
				       field[4], .why = field[6], .path = "" };
	if (tier_by_name(cell->tier) < 0)
		return error_set(err, "line %zu: no tier '%s'", m->nr_cells, cell->tier);
	if (!strcmp(field[5], "-"))
		return 0;
	cell->path = field[5];
	cell->link = report_link(m, cell->path, dir);
	cell->rec = record_read(cell->path, err);
	if (cell->rec && strcmp(tier_names[cell->rec->tier], cell->tier))
		return error_set(err, "%s is a record of the tier %s, not %s", cell->path,
				 tier_names[cell->rec->tier], cell->tier);
	return cell->rec ? 0 : -1;
}

/* The place of @name in a list of names, at whose end it goes if it isn't there. */
static size_t place_of(const char ***list, size_t *nr, const char *name)
{
	for (size_t i = 0; i < *nr; i++)
		if (!strcmp((*list)[i], name))
			return i;
	*GROW(*list, *nr) = name;
	return *nr - 1;
}

static struct matrix_group *group_of(struct matrix *m, const struct matrix_cell *cell)
{
	struct matrix_group *g;

	for (size_t i = 0; i < m->nr_groups; i++) {
		g = &m->groups[i];
		if (!strcmp(g->machine, cell->machine) && !strcmp(g->suite, cell->suite) &&
		    !strcmp(g->tier, cell->tier))
			return g;
	}
	g = GROW(m->groups, m->nr_groups);
	g->machine = cell->machine;
	g->suite = cell->suite;
	g->tier = cell->tier;
	g->compared = tier_by_name(cell->tier) == TIER_EXACT;
	return g;
}

static const char *param_words(struct matrix *m, const struct record_field *p)
{
	const char *words;
	char *text;

	if (strcmp(p->name, "hold"))
		return p->text;
	text = plot_hold_text(p->text);
	words = pool_printf(&m->pool, "hold %s", text);
	free(text);
	return words;
}

/* Parameters in which the cases of that name don't differ are left out, and so is what needs no name. */
static const char *label_of(struct matrix *m, const struct record *rec, const struct record_case *c)
{
	const char *label = *c->op ? pool_printf(&m->pool, "%s:%s", c->name, c->op) : c->name;

	for (size_t i = 0; i < c->nr_params; i++) {
		const struct record_field *p = &c->params[i];
		bool differs = false;

		if (param_is_effort(p->name))
			continue;
		for (size_t k = 0; k < rec->nr_cases && !differs; k++) {
			const struct record_case *other = &rec->cases[k];
			const struct record_field *q = record_find_param(other, p->name);

			differs = !strcmp(other->name, c->name) && q && strcmp(q->text, p->text);
		}
		if (differs)
			label = pool_printf(&m->pool, p->is_number ? "%s, %s %s" : "%s, %.0s%s",
					    label, p->name, param_words(m, p));
	}
	return label;
}

static void add_row(struct matrix *m, struct matrix_group *g, const struct record *rec,
		    const struct record_case *c, const struct record_metric *metric)
{
	const char *name = metric ? metric->name : "";
	struct matrix_row *row;

	for (size_t i = 0; i < g->nr_rows; i++) {
		row = &g->rows[i];
		if (strcmp(row->id, c->id))
			continue;
		/* One that was nowhere measured yet gets its metric. */
		if (!row->first && metric) {
			row->metric = name;
			row->first = metric;
			return;
		}
		if (!metric || !strcmp(row->metric, name))
			return;
	}
	row = GROW(g->rows, g->nr_rows);
	*row = (struct matrix_row) { c->id, label_of(m, rec, c), name, c, metric };
}

static void add_rows(struct matrix *m, struct matrix_group *g, const struct record *rec)
{
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		for (size_t k = 0; k < c->nr_metrics; k++)
			if (c->metrics[k].nr_values)
				add_row(m, g, rec, c, &c->metrics[k]);
		if (c->status != CASE_OK)
			add_row(m, g, rec, c, NULL);
	}
}

static void fill_group(struct matrix *m, struct matrix_group *g)
{
	g->cells = pool_alloc(&m->pool, g->nr_kernels * g->nr_xens, sizeof(*g->cells));
	for (size_t i = 0; i < m->nr_cells; i++) {
		struct matrix_cell *cell = &m->cells[i];

		if (group_of(m, cell) != g)
			continue;
		g->cells[place_of(&g->xens, &g->nr_xens, cell->xen) * g->nr_kernels +
			 place_of(&g->kernels, &g->nr_kernels, cell->kernel)] = cell;
		if (cell->rec)
			add_rows(m, g, cell->rec);
	}
}

static int take_base(struct matrix_group *g, const char *kernel, const char *xen, struct error *err)
{
	size_t nr_kernels = g->nr_kernels, nr_xens = g->nr_xens;

	g->base_kernel = kernel ? place_of(&g->kernels, &g->nr_kernels, kernel) : 0;
	g->base_xen = xen ? place_of(&g->xens, &g->nr_xens, xen) : 0;
	if (g->nr_kernels != nr_kernels || g->nr_xens != nr_xens)
		return error_set(err, "the base, Linux %s on Xen %s, is no cell of the matrix",
				 kernel ?: "(the first)", xen ?: "(the first)");
	return 0;
}

static int make_groups(struct matrix *m, const char *kernel, const char *xen, struct error *err)
{
	for (size_t i = 0; i < m->nr_cells; i++) {
		struct matrix_group *g = group_of(m, &m->cells[i]);

		place_of(&g->kernels, &g->nr_kernels, m->cells[i].kernel);
		place_of(&g->xens, &g->nr_xens, m->cells[i].xen);
	}
	for (size_t i = 0; i < m->nr_groups; i++) {
		if (take_base(&m->groups[i], kernel, xen, err))
			return -1;
		fill_group(m, &m->groups[i]);
	}
	return 0;
}

struct matrix *matrix_read(const char *path, const char *kernel, const char *xen, const char *dir,
			   struct error *err)
{
	struct matrix *m = xcalloc(1, sizeof(*m));
	char *text = read_whole_text(path), *rest, *line;
	int ret = 0;

	pool_init(&m->pool);
	if (!text) {
		ret = error_set(err, "can't read %s: %s", path, strerror(errno));
	} else {
		rest = (char *)pool_strdup(&m->pool, text);
		while (!ret && (line = strsep(&rest, "\n")))
			if (*line)
				ret = read_cell(m, line, dir, err);
		if (!ret && !m->nr_cells)
			ret = error_set(err, "no cell is in it");
		if (!ret)
			ret = make_groups(m, kernel, xen, err);
		if (ret)
			error_prefix(err, "%s", path);
	}
	free(text);
	if (!ret)
		return m;
	matrix_free(m);
	return NULL;
}

void matrix_free(struct matrix *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->nr_groups; i++) {
		free(m->groups[i].kernels);
		free(m->groups[i].xens);
		free(m->groups[i].rows);
	}
	for (size_t i = 0; i < m->nr_cells; i++)
		record_free(m->cells[i].rec);
	free(m->groups);
	free(m->cells);
	pool_free(&m->pool);
	free(m);
}

struct matrix_cell *matrix_cell(const struct matrix_group *g, size_t kernel, size_t xen)
{
	return g->cells[xen * g->nr_kernels + kernel];
}

double matrix_cost(const struct matrix_group *g, const struct matrix_row *row, size_t kernel,
		   size_t xen, const char **word)
{
	const struct matrix_cell *cell = matrix_cell(g, kernel, xen);
	const struct record_metric *metric;
	const struct record_case *c;
	double cost = NAN;
	bool steady;

	*word = !cell ? "" : !cell->rec ? "FAILED" : "-";
	if (!cell || !cell->rec)
		return NAN;
	c = record_find_case(cell->rec, row->id);
	if (!c)
		return NAN;
	if (c->status != CASE_OK)
		*word = case_status_names[c->status];
	metric = record_find_metric(c, row->metric);
	if (!metric || !metric->nr_values || c->status != CASE_OK)
		return NAN;
	if (cell->rec->tier == TIER_EXACT)
		cost = exact_cost(c, metric, &steady) / metric->divisor;
	return isnan(cost) ? metric_typical(metric) : cost;
}

double matrix_change(const struct matrix_group *g, const struct matrix_row *row, size_t kernel,
		     size_t xen)
{
	const char *word;
	double base = matrix_cost(g, row, g->base_kernel, g->base_xen, &word);
	double cost = matrix_cost(g, row, kernel, xen, &word);

	if (!g->compared || !row->first || row->first->waits || !base)
		return NAN;
	return cost / base - 1;
}

static bool is_same_kind(const struct matrix_step *a, const struct matrix_step *b)
{
	bool xens = a->xen[0] != a->xen[1];

	return a->group == b->group && !strcmp(a->row->metric, b->row->metric) &&
	       xens == (b->xen[0] != b->xen[1]) &&
	       (xens ? a->xen[0] == b->xen[0] : a->kernel[0] == b->kernel[0]);
}

/* The steps stay in order, the largest first; one of a kind that is there must be larger. */
static size_t add_step(struct matrix_step *steps, size_t nr, struct matrix_step step)
{
	const char *word;
	size_t at;

	step.from = matrix_cost(step.group, step.row, step.kernel[0], step.xen[0], &word);
	step.to = matrix_cost(step.group, step.row, step.kernel[1], step.xen[1], &word);
	step.change = step.to / step.from - 1;
	if (!isfinite(step.change) || !step.change)
		return nr;
	for (at = 0; at < nr && !is_same_kind(&steps[at], &step); at++)
		;
	if (at == MATRIX_STEPS)
		at--;
	if (at == nr)
		nr++;
	else if (fabs(steps[at].change) >= fabs(step.change))
		return nr;
	for (; at && fabs(steps[at - 1].change) < fabs(step.change); at--)
		steps[at] = steps[at - 1];
	steps[at] = step;
	return nr;
}

/* From this cell to the next kernel, and to the next Xen. */
static size_t add_steps(struct matrix_step *steps, size_t nr, const struct matrix_group *g,
			const struct matrix_row *row, size_t k, size_t x)
{
	struct matrix_step step = { .group = g, .row = row, .kernel = { k, k }, .xen = { x, x } };

	if (k + 1 < g->nr_kernels) {
		step.kernel[1] = k + 1;
		nr = add_step(steps, nr, step);
		step.kernel[1] = k;
	}
	if (x + 1 < g->nr_xens) {
		step.xen[1] = x + 1;
		nr = add_step(steps, nr, step);
	}
	return nr;
}

/* The floor is the tool's and the machine's own cost. */
static bool has_steps(const struct matrix_group *g, const struct matrix_row *row)
{
	return g->compared && row->first && !row->first->waits &&
	       strcmp(row->first_case->name, CONTROL_CASE) != 0;
}

size_t matrix_steps(const struct matrix *m, struct matrix_step steps[MATRIX_STEPS])
{
	size_t nr = 0;

	for (size_t i = 0; i < m->nr_groups; i++) {
		const struct matrix_group *g = &m->groups[i];

		for (size_t r = 0; r < g->nr_rows; r++)
			for (size_t x = 0; x < g->nr_xens && has_steps(g, &g->rows[r]); x++)
				for (size_t k = 0; k < g->nr_kernels; k++)
					nr = add_steps(steps, nr, g, &g->rows[r], k, x);
	}
	return nr;
}
