// SPDX-License-Identifier: GPL-2.0
#include "store/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "record/environment.h"

/* A value of a record, before it is known which others are of its row. */
struct value {
	const struct history_series *series;
	size_t stack;
	struct trend_point point;
};

/* Updates of a stack are the same one, and a step among them is its. */
static const char *stack_text(struct obstack *pool, const struct history_environment *env,
			      enum tier tier)
{
	static const char *const versions[][2] = { { "Linux", "kernel_release" },
						   { "Xen", "xen_version" },
						   { "QEMU", "qemu_version" } };
	const char *machine = history_field(env, "machine"), *vcpus = history_field(env, "vcpus");
	const char *cpu = tier == TIER_EXACT ? NULL : history_field(env, "cpu_model");
	const char *text = "";

	for (size_t i = 0; i < 3; i++) {
		const char *version = history_field(env, versions[i][1]);
		int len = version ? environment_version_length(version) : 0;

		if (len)
			text = pool_printf(pool, "%s%s %.*s, ", text, versions[i][0], len, version);
	}
	return pool_printf(pool, "%s%s, %s vCPU%s%s%s", text, machine ?: "machine not recorded",
			   vcpus ?: "?", vcpus && !strcmp(vcpus, "1") ? "" : "s", cpu ? ", " : "",
			   cpu ?: "");
}

static size_t add_stack(struct history_rows *all, const char *text)
{
	for (size_t i = 0; i < all->nr_stacks; i++)
		if (!strcmp(all->stacks[i], text))
			return i;
	*GROW(all->stacks, all->nr_stacks) = text;
	return all->nr_stacks - 1;
}

/* Of each environment, in each tier that it has records of. */
static size_t stack_of(struct history_rows *all, const struct history *h,
		       const struct history_record *rec, ssize_t (*known)[NR_TIERS])
{
	size_t env = 0;

	while (h->environments[env] != rec->environment)
		env++;
	if (!known[env][rec->tier])
		known[env][rec->tier] =
			1 + add_stack(all, stack_text(&all->pool, rec->environment, rec->tier));
	return known[env][rec->tier] - 1;
}

static struct value *collect(struct history_rows *all, const struct history *h, size_t *nr)
{
	ssize_t(*known)[NR_TIERS] = xcalloc(h->nr_environments + 1, sizeof(*known));
	struct value *values = NULL;

	for (size_t i = 0; i < h->nr_records; i++) {
		const struct history_record *rec = &h->records[i];
		struct trend_point p = { .rec = rec };
		const char *at = rec->values;
		size_t series, stack;

		if (rec->problem)
			continue;
		stack = stack_of(all, h, rec, known);
		while (history_next_value(&at, &series, &p.value, &p.steady))
			if (series < h->nr_series && isfinite(p.value))
				*GROW(values, *nr) =
					(struct value) { &h->series[series], stack, p };
	}
	free(known);
	return values;
}

static int compare_names(const char *a, const char *b)
{
	size_t x = strcspn(a, ":/"), y = strcspn(b, ":/");

	return strncmp(a, b, x < y ? x : y) ?: (x > y) - (x < y);
}

/* Series are in the order of the suite; records in that of time. */
static int by_row(const void *a, const void *b)
{
	const struct value *x = a, *y = b;
	enum tier s = x->point.rec->tier, t = y->point.rec->tier;
	int names = x->series == y->series ? 0 : compare_names(x->series->id, y->series->id);

	if (names)
		return names;
	if (s != t)
		return (s > t) - (s < t);
	if (x->series != y->series)
		return (x->series > y->series) - (x->series < y->series);
	if (x->stack != y->stack)
		return (x->stack > y->stack) - (x->stack < y->stack);
	return (x->point.rec > y->point.rec) - (x->point.rec < y->point.rec);
}

static bool same_row(const struct value *x, const struct value *y)
{
	return x->series == y->series && x->stack == y->stack &&
	       x->point.rec->tier == y->point.rec->tier;
}

void history_rows_make(struct history_rows *all, const struct history *h)
{
	struct value *values;
	size_t nr = 0;

	*all = (struct history_rows) { 0 };
	pool_init(&all->pool);
	values = collect(all, h, &nr);
	if (nr)
		qsort(values, nr, sizeof(*values), by_row);
	all->points = xcalloc(nr + 1, sizeof(*all->points));
	for (size_t i = 0; i < nr; i++) {
		struct trend *t;

		if (!i || !same_row(&values[i], &values[i - 1])) {
			struct history_row *row = GROW(all->rows, all->nr);

			row->stack = all->stacks[values[i].stack];
			row->trend.series = values[i].series;
			row->trend.tier = values[i].point.rec->tier;
			row->trend.points = &all->points[i];
		}
		t = &all->rows[all->nr - 1].trend;
		t->points[t->nr++] = values[i].point;
	}
	free(values);
	for (size_t i = 0; i < all->nr; i++)
		trend_mark(&all->rows[i].trend);
}

void history_rows_free(struct history_rows *all)
{
	free(all->rows);
	free(all->points);
	free(all->stacks);
	pool_free(&all->pool);
}
