// SPDX-License-Identifier: GPL-2.0
/* From lines, instructions and words to owners, functions and locks. */
#include "profile/owner.h"
#include "profile/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/pool.h"

/* What is summed up: the rows of one kind, found by their names. */
struct rows {
	void *rows;
	size_t nr, size;
	size_t nr_keys; /* each row starts with so many const char * */
};

static void *find_row(struct rows *r, const char *const *keys)
{
	for (size_t i = 0; i < r->nr; i++) {
		const char **row = (const char **)((char *)r->rows + i * r->size);
		size_t k = 0;

		while (k < r->nr_keys && !strcmp(row[k], keys[k]))
			k++;
		if (k == r->nr_keys)
			return row;
	}
	return NULL;
}

/* The row of these names, made if it isn't there. There is room for all. */
static void *row_of(struct profile *p, struct rows *r, const char *const *keys)
{
	const char **row = find_row(r, keys);

	if (row)
		return row;
	row = (const char **)((char *)r->rows + r->nr++ * r->size);
	for (size_t k = 0; k < r->nr_keys; k++)
		row[k] = pool_strdup(&p->pool, keys[k]);
	return row;
}

/* What makes one phase's lines. */
struct maker {
	struct profile *p;
	struct profile_phase *phase;
	const struct raw *raw;
	const struct raw_set *set;
	struct symbols *syms;
	const char **owner_names, **names; /* of each line */
};

static struct symbol function_at(const struct maker *m, uint64_t pc)
{
	struct symbol s = symbols_find(m->syms, pc);

	if (!s.function)
		s.function = "(no name)";
	return s;
}

/* The first use of each line is the one that named it, if nothing else does. */
static void name_lines(struct maker *m, const struct owner_map *map, unsigned int run)
{
	for (size_t i = 0; i < m->set->nr_lines; i++) {
		enum owner owner = owner_of(map, &m->set->lines[i], run);
		struct symbol s = symbols_find_data(m->syms, m->set->lines[i].vaddr);

		m->owner_names[i] = owners[owner].name;
		m->names[i] = s.function ?: "";
	}
	for (size_t i = m->set->nr_uses; i-- > 0;) {
		unsigned int line = m->set->uses[i].line;

		if (!strcmp(m->owner_names[line], owners[OWNER_LINUX_HEAP].name) ||
		    !strcmp(m->owner_names[line], owners[OWNER_XEN_HEAP].name) ||
		    !strcmp(m->owner_names[line], owners[OWNER_OTHER].name))
			m->names[line] = pool_printf(&m->p->pool, "by %s",
						     function_at(m, m->set->uses[i].pc).function);
	}
}

static void sum_lines(struct maker *m)
{
	struct profile_phase *phase = m->phase;
	struct rows r = { .size = sizeof(*phase->lines), .nr_keys = 2 };

	r.rows = phase->lines = pool_alloc(&m->p->pool, m->set->nr_lines + 1, r.size);
	for (size_t i = 0; i < m->set->nr_lines; i++) {
		const struct raw_line *l = &m->set->lines[i];
		struct profile_lines *row =
			row_of(m->p, &r, (const char *[]) { m->owner_names[i], m->names[i] });

		row->lines++;
		row->written += (l->flags & RAW_WRITTEN) != 0;
		row->transfers += l->transfers;
		row->invalidations += l->invalidations;
		row->false_sharing += (l->flags & RAW_FALSE) != 0;
	}
	phase->nr_lines = r.nr;
}

struct function_line {
	struct symbol function;
	unsigned int line, flags;
};

static int by_function(const void *a, const void *b)
{
	const struct function_line *x = a, *y = b;
	int order = profile_compare_names(x->function.image, x->function.function,
					  y->function.image, y->function.function);

	return order ?: x->line < y->line ? -1 : x->line > y->line;
}

/* Several instructions of a function touch a line, and count once. */
static void sum_touches(struct maker *m)
{
	const struct raw_set *set = m->set;
	struct function_line *u = xcalloc(set->nr_uses + 1, sizeof(*u));
	struct profile_phase *phase = m->phase;
	struct profile_touch *t = NULL;

	phase->touches = pool_alloc(&m->p->pool, set->nr_uses + 1, sizeof(*phase->touches));
	for (size_t i = 0; i < set->nr_uses; i++)
		u[i] = (struct function_line) { function_at(m, set->uses[i].pc), set->uses[i].line,
						set->uses[i].flags };
	qsort(u, set->nr_uses, sizeof(*u), by_function);
	for (size_t i = 0, end; i < set->nr_uses; i = end) {
		unsigned int flags = 0;

		for (end = i; end < set->nr_uses && !by_function(&u[i], &u[end]); end++)
			flags |= u[end].flags;
		if (!t || profile_compare_names(t->image, t->function, u[i].function.image,
						u[i].function.function)) {
			t = &phase->touches[phase->nr_touches++];
			t->image = pool_strdup(&m->p->pool, u[i].function.image);
			t->function = pool_strdup(&m->p->pool, u[i].function.function);
		}
		t->lines++;
		t->written += (flags & RAW_WRITTEN) != 0;
	}
	free(u);
}

static void sum_transfers(struct maker *m)
{
	struct profile_phase *phase = m->phase;
	struct rows r = { .size = sizeof(*phase->from), .nr_keys = 6 };

	r.rows = phase->from = pool_alloc(&m->p->pool, m->set->nr_transfers + 1, r.size);
	for (size_t i = 0; i < m->set->nr_transfers; i++) {
		const struct raw_transfer *t = &m->set->transfers[i];
		struct symbol to = function_at(m, t->pc), from = function_at(m, t->from_pc);
		struct profile_transfer *row = row_of(
			m->p, &r,
			(const char *[]) { m->owner_names[t->line], m->names[t->line], to.image,
					   to.function, from.image, from.function });

		row->count += t->count;
		row->false_sharing |= (m->set->lines[t->line].flags & RAW_FALSE) != 0;
	}
	phase->nr_from = r.nr;
}

/* Functions that take a lock. What they are called from is who wants it. */
static bool takes_locks(const char *function)
{
	static const char *const names[] = { "spin_lock",  "spin_trylock", "read_lock",
					     "write_lock", "read_trylock", "write_trylock" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strstr(function, names[i]))
			return true;
	return false;
}

static struct symbol taker_of(const struct maker *m, const struct raw_lock *k)
{
	const struct raw_node *n = &m->raw->nodes[k->node];
	struct symbol s = function_at(m, n->entry);

	while (takes_locks(s.function) && n->parent >= 0 && n->site) {
		s = function_at(m, n->site);
		n = &m->raw->nodes[n->parent];
	}
	return s;
}

static void sum_locks(struct maker *m, const struct owner_map *map, unsigned int run)
{
	struct profile_phase *phase = m->phase;
	struct rows r = { .size = sizeof(*phase->locks), .nr_keys = 4 };

	r.rows = phase->locks = pool_alloc(&m->p->pool, m->set->nr_locks + 1, r.size);
	for (size_t i = 0; i < m->set->nr_locks; i++) {
		const struct raw_lock *k = &m->set->locks[i];
		const struct raw_line line = { .phys = k->phys, .vaddr = k->vaddr };
		struct symbol taker = taker_of(m, k);
		struct profile_lock *row;

		if (!takes_locks(function_at(m, k->pc).function))
			continue;
		row = row_of(m->p, &r,
			     (const char *[]) { owners[owner_of(map, &line, run)].name,
						symbols_find_data(m->syms, k->vaddr).function ?: "",
						taker.image, taker.function });
		row->taken += k->count;
		row->held += k->held;
		row->transfers += k->transfers;
		row->waited += k->waited;
	}
	phase->nr_locks = r.nr;
}

/* Most first; names decide what is left. */

static int more(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int order_lines(const void *a, const void *b)
{
	const struct profile_lines *x = a, *y = b;

	return more(x->transfers, y->transfers)	  ?:
		       more(x->lines, y->lines)	  ?:
		       strcmp(x->owner, y->owner) ?:
						    strcmp(x->name, y->name);
}

static int order_touches(const void *a, const void *b)
{
	const struct profile_touch *x = a, *y = b;

	return more(x->lines, y->lines) ?:
		       profile_compare_names(x->image, x->function, y->image, y->function);
}

static int order_transfers(const void *a, const void *b)
{
	const struct profile_transfer *x = a, *y = b;

	return more(x->count, y->count)							   ?:
		       strcmp(x->owner, y->owner)					   ?:
		       strcmp(x->name, y->name)						   ?:
		       profile_compare_names(x->image, x->function, y->image, y->function) ?:
		       profile_compare_names(x->from_image, x->from_function, y->from_image,
					     y->from_function);
}

static int order_locks(const void *a, const void *b)
{
	const struct profile_lock *x = a, *y = b;

	return more(x->transfers, y->transfers)	  ?:
		       more(x->taken, y->taken)	  ?:
		       strcmp(x->owner, y->owner) ?:
		       strcmp(x->name, y->name)	  ?:
		       profile_compare_names(x->image, x->function, y->image, y->function);
}

void profile_resolve_lines(struct profile *p, struct profile_phase *phase, const struct raw *raw,
			   const struct raw_set *set, unsigned int run, const struct owner_map *map,
			   struct symbols *syms)
{
	struct maker m = { p, phase, raw, set, syms, NULL, NULL };

	m.owner_names = pool_alloc(&p->pool, set->nr_lines + 1, sizeof(*m.owner_names));
	m.names = pool_alloc(&p->pool, set->nr_lines + 1, sizeof(*m.names));
	name_lines(&m, map, run);
	sum_lines(&m);
	sum_touches(&m);
	sum_transfers(&m);
	sum_locks(&m, map, run);
	qsort(phase->lines, phase->nr_lines, sizeof(*phase->lines), order_lines);
	qsort(phase->touches, phase->nr_touches, sizeof(*phase->touches), order_touches);
	qsort(phase->from, phase->nr_from, sizeof(*phase->from), order_transfers);
	qsort(phase->locks, phase->nr_locks, sizeof(*phase->locks), order_locks);
}
