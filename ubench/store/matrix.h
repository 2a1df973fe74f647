/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A matrix: the same suite on every kernel (columns) with every Xen (rows), and what differs between
 * them and one that is chosen, the base. scripts/matrix runs it; docs/matrix.md is for its user.
 */
#ifndef MATRIX_H
#define MATRIX_H

#include "doc/doc.h"
#include "record/record.h"

struct matrix_cell {
	const char *kernel, *xen, *machine, *suite, *tier;
	struct record *rec; /* NULL: there is none */
	const char *why;    /* there is none */
	const char *link;   /* to its report, seen from the page; NULL: none */
	const char *path;   /* of the record; "" if none */
};

/* One metric of one case: a little table, kernels by Xens. */
struct matrix_row {
	const char *id, *label, *metric;
	const struct record_case *first_case; /* of the first cell that has it */
	const struct record_metric *first;    /* likewise; NULL: it is nowhere measured */
};

/* Cells of one machine, suite and tier: only these stand beside each other. */
struct matrix_group {
	const char *machine, *suite, *tier;
	bool compared; /* the numbers of two records mean something beside each other */
	size_t nr_kernels, nr_xens, nr_rows;
	const char **kernels, **xens;
	struct matrix_cell **cells; /* nr_xens times nr_kernels; NULL: not asked for */
	struct matrix_row *rows;
	size_t base_kernel, base_xen;
};

struct matrix {
	size_t nr_cells, nr_groups;
	struct matrix_cell *cells;
	struct matrix_group *groups;
	struct obstack pool;
};

/*
 * @path: a line a cell, kernel, Xen, machine, suite, tier, record and reason between tabs, "-" for no
 * record and no reason. @kernel and @xen are the base; NULL: the first ones. @dir: where the reports are, each
 * in the directory that is called like the one of the record. NULL and err if something can't be read.
 */
struct matrix *matrix_read(const char *path, const char *kernel, const char *xen, const char *dir,
			   struct error *err);
void matrix_free(struct matrix *m); /* NULL is allowed */

/* NULL if it wasn't asked for. */
struct matrix_cell *matrix_cell(const struct matrix_group *g, size_t kernel, size_t xen);

/* What a page (request, sample) costs in that cell; NaN if it isn't known, and why, in a word, in *@word. */
double matrix_cost(const struct matrix_group *g, const struct matrix_row *row, size_t kernel,
		   size_t xen, const char **word);

/* The change against the base; NaN if one isn't known. */
double matrix_change(const struct matrix_group *g, const struct matrix_row *row, size_t kernel,
		     size_t xen);

/* From one kernel or Xen to the next one: where a metric moved most. */
struct matrix_step {
	const struct matrix_group *group;
	const struct matrix_row *row;
	size_t kernel[2], xen[2]; /* from, to: one of the pairs is twice the same */
	double from, to, change;
};

#define MATRIX_STEPS 3

/* The largest, a kind of step once; returns how many there are, at most MATRIX_STEPS. */
size_t matrix_steps(const struct matrix *m, struct matrix_step steps[MATRIX_STEPS]);

/* As a page, for any of doc's formats; as CSV; as JSON. */
void matrix_page(const struct matrix *m, struct doc *doc);
void matrix_csv(const struct matrix *m, FILE *out);
void matrix_json(const struct matrix *m, FILE *out);

#endif /* MATRIX_H */
