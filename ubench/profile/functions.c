// SPDX-License-Identifier: GPL-2.0
/* From frames to functions, in time that grows with the frames and not with their square. */
#include "base/alloc.h"
#include "profile/profile.h"

#include <stdlib.h>
#include <string.h>

static void *alloc(size_t nr, size_t size)
{
	void *p = xcalloc(nr + 1, size);

	return p;
}

int profile_compare_names(const char *image, const char *function, const char *image2,
			  const char *function2)
{
	return strcmp(image, image2) ?: strcmp(function, function2);
}

static int by_name(const void *a, const void *b, void *frames)
{
	const struct profile_frame *x = (struct profile_frame *)frames + *(const size_t *)a;
	const struct profile_frame *y = (struct profile_frame *)frames + *(const size_t *)b;

	return profile_compare_names(x->image, x->function, y->image, y->function);
}

static int by_insns(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	if (x->insns != y->insns)
		return x->insns > y->insns ? -1 : 1;
	return profile_compare_names(x->image, x->function, y->image, y->function);
}

/* The functions, sorted by name; @function_of gets the one of each frame. */
static struct profile_function *collect(const struct profile_phase *phase, size_t *function_of,
					size_t *nr)
{
	struct profile_function *functions = alloc(phase->nr_frames, sizeof(*functions));
	size_t *order = alloc(phase->nr_frames, sizeof(*order));

	for (size_t i = 0; i < phase->nr_frames; i++)
		order[i] = i;
	qsort_r(order, phase->nr_frames, sizeof(*order), by_name, phase->frames);
	*nr = 0;
	for (size_t i = 0; i < phase->nr_frames; i++) {
		const struct profile_frame *f = &phase->frames[order[i]];

		if (!i || by_name(&order[i - 1], &order[i], phase->frames))
			functions[(*nr)++] = (struct profile_function) { .image = f->image,
									 .function = f->function };
		functions[*nr - 1].calls += f->calls;
		functions[*nr - 1].insns += f->insns;
		function_of[order[i]] = *nr - 1;
	}
	free(order);
	return functions;
}

/* Instructions of each frame with what it calls. Parents come before their children. */
uint64_t *profile_subtrees(const struct profile_phase *phase)
{
	uint64_t *sums = alloc(phase->nr_frames, sizeof(*sums));

	for (size_t i = phase->nr_frames; i-- > 0;) {
		sums[i] += phase->frames[i].insns;
		if (phase->frames[i].parent >= 0)
			sums[phase->frames[i].parent] += sums[i];
	}
	return sums;
}

/*
 * Down and up the tree, without recursion. A function that calls itself, by whatever way, counts
 * once in its own total: only the outermost of its frames on a path does.
 */
static void add_totals(const struct profile_phase *phase, struct profile_function *functions,
		       const size_t *function_of)
{
	size_t nr = phase->nr_frames, root = nr;
	size_t *first = alloc(nr + 1, sizeof(*first)), *next = alloc(nr, sizeof(*next));
	size_t *active = alloc(nr, sizeof(*active));
	uint64_t *sums = profile_subtrees(phase);
	size_t at = root;

	for (size_t i = 0; i <= nr; i++)
		first[i] = root;
	for (size_t i = nr; i-- > 0;) {
		size_t up = phase->frames[i].parent >= 0 ? (size_t)phase->frames[i].parent : root;

		next[i] = first[up];
		first[up] = i;
	}
	for (;;) {
		size_t down = first[at];

		if (down != root) {
			first[at] = next[down];
			at = down;
			if (!active[function_of[at]]++)
				functions[function_of[at]].total += sums[at];
		} else if (at != root) {
			active[function_of[at]]--;
			at = phase->frames[at].parent >= 0 ? (size_t)phase->frames[at].parent :
							     root;
		} else {
			break;
		}
	}
	free(first);
	free(next);
	free(active);
	free(sums);
}

struct profile_function *profile_functions(const struct profile_phase *phase, size_t *nr)
{
	size_t *function_of = alloc(phase->nr_frames, sizeof(*function_of));
	struct profile_function *functions = collect(phase, function_of, nr);

	add_totals(phase, functions, function_of);
	free(function_of);
	qsort(functions, *nr, sizeof(*functions), by_insns);
	return functions;
}
