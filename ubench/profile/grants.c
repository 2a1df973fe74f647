// SPDX-License-Identifier: GPL-2.0
/*
 * What of a phase is work on grants: the functions of Linux and Xen that do nothing else, and what they
 * call, but for what a module does when a safe unmap calls its done().
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "profile/profile.h"

static bool begins_grants(const struct profile_frame *f)
{
	if (!strcmp(f->image, "Xen"))
		return !strcmp(f->function, "do_grant_table_op");
	return symbols_is_linux(f->image) &&
	       (!strncmp(f->function, "gnttab_", 7) || !strncmp(f->function, "__gnttab_", 9));
}

static struct profile_function *find(struct profile_function *list, size_t nr,
				     const struct profile_frame *f)
{
	for (size_t i = 0; i < nr; i++)
		if (!profile_compare_names(list[i].image, list[i].function, f->image, f->function))
			return &list[i];
	return NULL;
}

static int by_total(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return profile_compare_names(x->image, x->function, y->image, y->function);
}

int *profile_grant_roots(const struct profile_phase *phase)
{
	int *roots = xcalloc(phase->nr_frames + 1, sizeof(*roots));

	for (size_t i = 0; i < phase->nr_frames; i++) {
		const struct profile_frame *f = &phase->frames[i];
		bool stays = symbols_is_linux(f->image) || !strcmp(f->image, "Xen");

		roots[i] = f->parent >= 0 && stays ? roots[f->parent] : -1;
		if (roots[i] < 0 && begins_grants(f))
			roots[i] = i;
	}
	return roots;
}

uint64_t profile_grants_sum(const struct profile_phase *phase)
{
	int *roots = profile_grant_roots(phase);
	uint64_t sum = 0;

	for (size_t i = 0; i < phase->nr_frames; i++)
		if (roots[i] >= 0)
			sum += phase->frames[i].insns;
	free(roots);
	return sum;
}

struct profile_function *profile_grants(const struct profile_phase *phase, size_t *nr)
{
	struct profile_function *list = xcalloc(phase->nr_frames + 1, sizeof(*list));
	int *roots = profile_grant_roots(phase);

	*nr = 0;
	for (size_t i = 0; i < phase->nr_frames; i++) {
		const struct profile_frame *f = &phase->frames[i];
		struct profile_function *row;

		if (roots[i] < 0)
			continue;
		row = find(list, *nr, &phase->frames[roots[i]]);
		if (!row) {
			row = &list[(*nr)++];
			row->image = f->image;
			row->function = f->function;
		}
		if ((size_t)roots[i] == i)
			row->calls += f->calls;
		row->total += f->insns;
	}
	free(roots);
	qsort(list, *nr, sizeof(*list), by_total);
	return list;
}
