// SPDX-License-Identifier: GPL-2.0
/*
 * Which lines moved between two profiles. Counts are exact, so one line more is a difference. Rows
 * are told apart by what has a name: an owner, a variable, a function.
 */
#include "profile/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"

enum { LINES, WRITTEN, TRANSFERS, INVALIDATIONS, TAKEN, NR_NUMBERS };

static const char *const number_names[NR_NUMBERS] = { "lines", "written", "transfers",
						      "invalidations", "taken" };

enum kind { KIND_LOCK, KIND_OWNER, KIND_FUNCTION, NR_KINDS };

static const char *const kind_names[NR_KINDS] = { "lock", "", "function" };

/* @owner, @name: of a function its image and itself; of a lock its name and who takes it. */
struct moved {
	enum kind kind;
	const char *owner, *name, *taker;
	double numbers[NR_NUMBERS][2]; /* base, head: a sample; of transfers and locks a page */
};

static int by_name(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->owner, y->owner) ?: strcmp(x->name, y->name) ?: strcmp(x->taker, y->taker);
}

static double delta(const struct moved *m, int number)
{
	return m->numbers[number][1] - m->numbers[number][0];
}

static double size(const struct moved *m, int number)
{
	double d = delta(m, number);

	return d < 0 ? -d : d;
}

static bool has_moved(const struct moved *m)
{
	for (int i = 0; i < NR_NUMBERS; i++)
		if (delta(m, i))
			return true;
	return false;
}

/* What has a name of its own: a variable, a lock. Another row, an owner's, moves because of it. */
static bool is_named(const struct moved *m)
{
	return m->kind != KIND_FUNCTION && *m->name && strncmp(m->name, "by ", 3);
}

/*
 * Most important first: what makes vCPUs wait for each other, then lines. Of rows that moved as much
 * the one with a name of its own.
 */
static int by_weight(const void *a, const void *b)
{
	static const int order[] = { TRANSFERS, INVALIDATIONS, LINES, WRITTEN, TAKEN };
	const struct moved *x = a, *y = b;

	if ((x->kind == KIND_FUNCTION) != (y->kind == KIND_FUNCTION))
		return x->kind == KIND_FUNCTION ? 1 : -1;
	if (is_named(x) != is_named(y))
		return is_named(x) ? -1 : 1;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (size(x, order[i]) != size(y, order[i]))
			return size(x, order[i]) > size(y, order[i]) ? -1 : 1;
	return by_name(a, b);
}

static size_t nr_rows(const struct profile_phase *p)
{
	return p->nr_lines + p->nr_touches + p->nr_locks;
}

static void add_side(struct moved *rows, size_t *nr, const struct profile_phase *p, int side)
{
	for (size_t i = 0; i < p->nr_lines; i++) {
		const struct profile_lines *l = &p->lines[i];
		struct moved *m = &rows[(*nr)++];

		*m = (struct moved) { KIND_OWNER, l->owner, l->name, "", { { 0 } } };
		m->numbers[LINES][side] = l->lines;
		m->numbers[WRITTEN][side] = l->written;
		m->numbers[TRANSFERS][side] = (double)l->transfers / p->divisor;
		m->numbers[INVALIDATIONS][side] = (double)l->invalidations / p->divisor;
	}
	for (size_t i = 0; i < p->nr_locks; i++) {
		const struct profile_lock *k = &p->locks[i];
		struct moved *m = &rows[(*nr)++];

		*m = (struct moved) { KIND_LOCK, k->owner, k->name, k->function, { { 0 } } };
		m->numbers[TAKEN][side] = (double)k->taken / p->divisor;
		m->numbers[TRANSFERS][side] = (double)k->transfers / p->divisor;
	}
	for (size_t i = 0; i < p->nr_touches; i++) {
		const struct profile_touch *t = &p->touches[i];
		struct moved *m = &rows[(*nr)++];

		*m = (struct moved) { KIND_FUNCTION, t->image, t->function, "", { { 0 } } };
		m->numbers[LINES][side] = t->lines;
		m->numbers[WRITTEN][side] = t->written;
	}
}

/* Rows of both sides that have the same names become one. Returns how many are left. */
static size_t join(struct moved *rows, size_t nr)
{
	size_t kept = 0;

	if (nr)
		qsort(rows, nr, sizeof(*rows), by_name);
	for (size_t i = 0; i < nr; i++) {
		if (!kept || by_name(&rows[kept - 1], &rows[i])) {
			rows[kept++] = rows[i];
			continue;
		}
		for (int k = 0; k < NR_NUMBERS; k++)
			for (int side = 0; side < 2; side++)
				rows[kept - 1].numbers[k][side] += rows[i].numbers[k][side];
	}
	return kept;
}

static void show(const struct moved *m)
{
	printf("  %-10s",
	       *m->owner && m->kind == KIND_LOCK ? kind_names[KIND_LOCK] : kind_names[m->kind]);
	printf("%s%s%s%s%s%s", *m->name ? m->name : m->owner, *m->name ? " (" : "",
	       *m->name ? m->owner : "", *m->name ? ")" : "", *m->taker ? ", taken in " : "",
	       m->taker);
	for (int i = 0; i < NR_NUMBERS; i++)
		if (delta(m, i))
			printf(": %s %+.4g (%.4g -> %.4g)", number_names[i], delta(m, i),
			       m->numbers[i][0], m->numbers[i][1]);
	puts("");
}

bool show_moved_lines(const struct profile_phase *base, const struct profile_phase *head)
{
	size_t room = nr_rows(base) + nr_rows(head), nr = 0;
	struct moved *rows = xcalloc(room + 1, sizeof(*rows));
	bool any = false;

	add_side(rows, &nr, base, 0);
	add_side(rows, &nr, head, 1);
	nr = join(rows, nr);
	if (nr)
		qsort(rows, nr, sizeof(*rows), by_weight);
	for (size_t i = 0; i < nr; i++) {
		if (!has_moved(&rows[i]))
			continue;
		if (!any)
			printf("\n%s: %s: %ju -> %ju lines, %ju -> %ju written, %ju -> %ju pages, "
			       "%ju -> %ju transfers a sample\n",
			       base->case_id, base->name, (uintmax_t)base->touched,
			       (uintmax_t)head->touched, (uintmax_t)base->written,
			       (uintmax_t)head->written, (uintmax_t)base->pages,
			       (uintmax_t)head->pages, (uintmax_t)base->transfers,
			       (uintmax_t)head->transfers);
		any = true;
		show(&rows[i]);
	}
	free(rows);
	return any;
}

/* Of a whole phase: a line, page, transfer or invalidation more is worse, whatever is less. */
enum moved_lines compare_lines(const struct profile_phase *base, const struct profile_phase *head)
{
	const uint64_t sides[][2] = {
		{ base->touched, head->touched },
		{ base->written, head->written },
		{ base->pages, head->pages },
		{ base->transfers * head->divisor, head->transfers * base->divisor },
		{ base->invalidations * head->divisor, head->invalidations * base->divisor },
	};
	enum moved_lines ret = LINES_SAME;

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		if (sides[i][1] > sides[i][0])
			return LINES_MORE;
		if (sides[i][1] < sides[i][0])
			ret = LINES_FEWER;
	}
	return ret;
}
