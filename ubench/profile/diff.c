// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions moved between two profiles. Both are exact, so a function moved if its count is
 * another one, by a single instruction even; there is no threshold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "profile/show.h"

/* A function in both profiles of a phase. */
struct moved {
	const char *image, *function;
	int64_t insns[2]; /* base, head */
	int64_t calls[2];
	int64_t calls_of_moved; /* more, or fewer, that it makes to functions that moved */
	bool folded;		/* moved by nothing but the call instructions of others' rows */
};

static const struct profile_phase *find_phase(const struct profile *p,
					      const struct profile_phase *like)
{
	for (size_t i = 0; i < p->nr_phases; i++)
		if (!strcmp(p->phases[i].case_id, like->case_id) &&
		    !strcmp(p->phases[i].name, like->name))
			return &p->phases[i];
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;

	return profile_compare_names(x->image, x->function, y->image, y->function);
}

static void add_side(struct moved *rows, size_t *nr, const struct profile_phase *phase, int side)
{
	size_t nr_functions;
	struct profile_function *functions = profile_functions(phase, &nr_functions);

	for (size_t i = 0; i < nr_functions; i++) {
		struct moved *row = &rows[(*nr)++];

		row->image = functions[i].image;
		row->function = functions[i].function;
		row->insns[side] = functions[i].insns;
		row->calls[side] = functions[i].calls;
	}
	free(functions);
}

/* The functions of both sides, a row each, sorted by name. */
static struct moved *join(const struct profile_phase *base, const struct profile_phase *head,
			  size_t *nr)
{
	struct moved *rows = xcalloc(base->nr_frames + head->nr_frames + 1, sizeof(*rows));
	size_t nr_both = 0;

	add_side(rows, &nr_both, base, 0);
	add_side(rows, &nr_both, head, 1);
	qsort(rows, nr_both, sizeof(*rows), by_name);
	*nr = 0;
	for (size_t i = 0; i < nr_both; i++) {
		struct moved *last = &rows[*nr - (*nr > 0)];

		if (!*nr || by_name(last, &rows[i])) {
			rows[(*nr)++] = rows[i];
			continue;
		}
		for (int side = 0; side < 2; side++) {
			last->insns[side] += rows[i].insns[side];
			last->calls[side] += rows[i].calls[side];
		}
	}
	return rows;
}

static int64_t delta(const struct moved *row)
{
	return row->insns[1] - row->insns[0];
}

static int by_delta(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	int64_t dx = llabs(delta(x)), dy = llabs(delta(y));

	if (dx != dy)
		return dx > dy ? -1 : 1;
	return strcmp(x->image, y->image) ?: strcmp(x->function, y->function);
}

static struct moved *row_of(struct moved *rows, size_t nr, const struct profile_frame *f)
{
	struct moved key = { .image = f->image, .function = f->function };

	return bsearch(&key, rows, nr, sizeof(*rows), by_name);
}

/* Calls of a function that moved by another one that did. */
static void count_calls(struct moved *rows, size_t nr, const struct profile_phase *phase, int sign)
{
	for (size_t i = 0; i < phase->nr_frames; i++) {
		const struct profile_frame *f = &phase->frames[i];
		struct moved *caller, *callee;

		if (f->parent < 0)
			continue;
		callee = row_of(rows, nr, f);
		caller = row_of(rows, nr, &phase->frames[f->parent]);
		if (callee != caller && delta(callee) && delta(caller))
			caller->calls_of_moved += sign * (int64_t)f->calls;
	}
}

/*
 * A caller that moved by as many instructions as it makes calls, more or fewer, to functions that
 * moved has not changed itself: its call instructions go with their rows. @rows: sorted by name.
 */
static void fold_callers(struct moved *rows, size_t nr, const struct profile_phase *base,
			 const struct profile_phase *head)
{
	count_calls(rows, nr, base, -1);
	count_calls(rows, nr, head, 1);
	for (size_t i = 0; i < nr; i++)
		rows[i].folded = delta(&rows[i]) && rows[i].calls_of_moved == delta(&rows[i]);
}

static void show_folded(const struct moved *rows, size_t nr, const struct profile_phase *phase)
{
	for (size_t i = 0; i < nr; i++)
		if (delta(&rows[i]) && rows[i].folded)
			printf("  %+10.2f of it are the call instructions, in %s\n",
			       (double)delta(&rows[i]) / phase->divisor, rows[i].function);
}

static bool diff_phase(const struct profile_phase *base, const struct profile_phase *head)
{
	int64_t whole = (int64_t)head->insns - (int64_t)base->insns;
	double divisor = base->divisor;
	struct moved *rows;
	bool any = false;
	size_t nr;

	rows = join(base, head, &nr);
	fold_callers(rows, nr, base, head);
	qsort(rows, nr, sizeof(*rows), by_delta);
	for (size_t i = 0; i < nr; i++)
		any = any || delta(&rows[i]);
	if (any) {
		printf("\n%s: %s: %.2f -> %.2f insn a %s (%+.2f)\n", base->case_id, base->name,
		       base->insns / divisor, head->insns / divisor, base->per, whole / divisor);
		printf("  %10s %12s %12s %12s  %-9s %s\n", "change", "base", "head", "calls",
		       "image", "function");
	}
	for (size_t i = 0; i < nr; i++) {
		const struct moved *r = &rows[i];

		if (!delta(r) || r->folded)
			continue;
		printf("  %+10.2f %12.2f %12.2f %+12.2f  %-9s %s\n", delta(r) / divisor,
		       r->insns[0] / divisor, r->insns[1] / divisor,
		       (r->calls[1] - r->calls[0]) / divisor, r->image, r->function);
	}
	show_folded(rows, nr, base);
	free(rows);
	return any;
}

/* What differs between the two machines; the tools that count differ from nothing that counts. */
static void diff_environment(const struct profile *base, const struct profile *head)
{
	for (size_t i = 0; i < base->nr_environment; i++) {
		const struct record_field *f = &base->environment[i];
		const char *other = profile_environment(head, f->name);

		if (strcmp(other, *f->text ? f->text : "?"))
			printf("  %s: %s -> %s\n", f->name, f->text, other);
	}
}

static int no_common_phase(void)
{
	fputs("gntbench: the two profiles have no case in common\n", stderr);
	return STATUS_INCOMPARABLE;
}

static void show_only(const struct profile *base, const struct profile *head, size_t nr_common)
{
	if (nr_common < base->nr_phases || nr_common < head->nr_phases)
		printf("\nonly in base: %zu phases; only in head: %zu\n",
		       base->nr_phases - nr_common, head->nr_phases - nr_common);
}

int profile_diff(const struct profile *base, const struct profile *head)
{
	size_t nr_common = 0, nr_moved = 0;

	puts("Functions that moved, in guest instructions (exact: anything not listed did not):");
	diff_environment(base, head);
	for (size_t i = 0; i < base->nr_phases; i++) {
		const struct profile_phase *other = find_phase(head, &base->phases[i]);

		if (!other)
			continue;
		nr_common++;
		nr_moved += show_moved_lines(&base->phases[i], other) |
			    diff_phase(&base->phases[i], other);
	}
	if (!nr_common)
		return no_common_phase();
	show_only(base, head, nr_common);
	printf("\n%zu of %zu phases moved\n", nr_moved, nr_common);
	return nr_moved ? STATUS_FAILURE : STATUS_OK;
}

int profile_diff_lines(const struct profile *base, const struct profile *head)
{
	size_t nr[NR_MOVED_LINES] = { 0 }, nr_common = 0;

	puts("Lines, pages, transfers and locks that moved (exact: anything not listed did not):");
	for (size_t i = 0; i < base->nr_phases; i++) {
		const struct profile_phase *other = find_phase(head, &base->phases[i]);

		if (!other)
			continue;
		nr_common++;
		show_moved_lines(&base->phases[i], other);
		nr[compare_lines(&base->phases[i], other)]++;
	}
	if (!nr_common)
		return no_common_phase();
	show_only(base, head, nr_common);
	printf("\nmore in %zu phases, fewer in %zu, as many in %zu\n", nr[LINES_MORE],
	       nr[LINES_FEWER], nr[LINES_SAME]);
	return nr[LINES_MORE] ? STATUS_FAILURE : STATUS_OK;
}
