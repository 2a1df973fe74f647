// SPDX-License-Identifier: GPL-2.0
/*
 * A callgrind file, for kcachegrind, qcachegrind and callgrind_annotate. A phase takes the place of
 * a source file, so that a function of two phases is two functions; Xen and Linux are objects.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "profile/formats/formats.h"

/* A call: of the function of a frame by that of its parent, or by the phase. */
struct call {
	const struct profile_frame *from, *to; /* @from is NULL for the phase */
	uint64_t calls;
	uint64_t insns; /* with what it calls */
};

static int compare_frames(const struct profile_frame *a, const struct profile_frame *b)
{
	if (!a || !b)
		return !!a - !!b;
	return profile_compare_names(a->image, a->function, b->image, b->function);
}

static int by_from(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	return compare_frames(x->from, y->from) ?: compare_frames(x->to, y->to);
}

/* Sorted; calls of the same two functions are one. */
static struct call *collect(const struct profile_phase *phase, size_t *nr)
{
	struct call *calls = xcalloc(phase->nr_frames + 1, sizeof(*calls));
	uint64_t *total = profile_subtrees(phase);

	for (size_t i = 0; i < phase->nr_frames; i++) {
		const struct profile_frame *f = &phase->frames[i];

		calls[i] = (struct call) {
			.from = f->parent >= 0 ? &phase->frames[f->parent] : NULL,
			.to = f,
			.calls = f->calls,
			.insns = total[i],
		};
	}
	free(total);
	qsort(calls, phase->nr_frames, sizeof(*calls), by_from);
	*nr = 0;
	for (size_t i = 0; i < phase->nr_frames; i++) {
		if (!i || by_from(&calls[*nr - 1], &calls[i])) {
			calls[(*nr)++] = calls[i];
			continue;
		}
		calls[*nr - 1].calls += calls[i].calls;
		calls[*nr - 1].insns += calls[i].insns;
	}
	return calls;
}

static void put_object(const char *key, const char *image, FILE *out)
{
	fprintf(out, "%s=", key);
	profile_put_name(*image ? image : "vCPU", "", out);
	putc('\n', out);
}

/* The function that costs, or, with a "c" before the keys, the one that is called. */
static void put_function(const struct profile_phase *phase, const char *c,
			 const struct profile_frame *f, FILE *out)
{
	char *title = profile_phase_title(phase);

	put_object(*c ? "cob" : "ob", f ? f->image : "gntbench", out);
	fprintf(out, "%s=", *c ? "cfi" : "fl");
	profile_put_name(title, "", out);
	fprintf(out, "\n%sfn=", c);
	profile_put_name(f ? f->function : title, "", out);
	putc('\n', out);
	free(title);
}

static void put_calls(const struct profile_phase *phase, const struct profile_frame *from,
		      const struct call *calls, size_t nr, FILE *out)
{
	for (size_t i = 0; i < nr; i++) {
		if (compare_frames(calls[i].from, from))
			continue;
		put_function(phase, "c", calls[i].to, out);
		fprintf(out, "calls=%ju 0\n0 %ju\n", (uintmax_t)(calls[i].calls ?: 1),
			(uintmax_t)calls[i].insns);
	}
}

static void put_phase(const struct profile_phase *phase, FILE *out)
{
	size_t nr_calls, nr_functions;
	struct call *calls = collect(phase, &nr_calls);
	struct profile_function *functions = profile_functions(phase, &nr_functions);

	putc('\n', out);
	put_function(phase, "", NULL, out);
	fputs("0 0\n", out);
	put_calls(phase, NULL, calls, nr_calls, out);
	for (size_t i = 0; i < nr_functions; i++) {
		const struct profile_frame f = { .image = functions[i].image,
						 .function = functions[i].function };

		putc('\n', out);
		put_function(phase, "", &f, out);
		fprintf(out, "0 %ju\n", (uintmax_t)functions[i].insns);
		put_calls(phase, &f, calls, nr_calls, out);
	}
	free(functions);
	free(calls);
}

static void callgrind(const struct profile *p, FILE *out)
{
	fputs("# callgrind format\nversion: 1\ncreator: gntbench\npositions: line\n"
	      "events: Instructions\n",
	      out);
	for (size_t i = 0; i < p->nr_phases; i++)
		put_phase(&p->phases[i], out);
}

const struct profile_format profile_format_callgrind = { "callgrind", callgrind };
