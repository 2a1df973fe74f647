// SPDX-License-Identifier: GPL-2.0
/*
 * A callgrind file, for kcachegrind, qcachegrind and callgrind_annotate. A phase takes the place of
 * a source file, so that a function of two phases is two functions; Xen and Linux are objects.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/text.h"
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

static int by_name(const void *a, const void *b)
{
	const struct profile_function *x = a, *y = b;

	return profile_compare_names(x->image, x->function, y->image, y->function);
}

static void put_line(const char *key, const char *name, FILE *out)
{
	fprintf(out, "%s=", key);
	put_clean(name, "", out);
	putc('\n', out);
}

/* Those of @from, which are the next ones. Returns the first that isn't. */
static const struct call *put_calls(const struct call *call, const struct call *end,
				    const struct profile_frame *from, const char *title, FILE *out)
{
	for (; call < end && !compare_frames(call->from, from); call++) {
		put_line("cob", *call->to->image ? call->to->image : "vCPU", out);
		put_line("cfi", title, out);
		put_line("cfn", call->to->function, out);
		fprintf(out, "calls=%ju 0\n0 %ju\n", (uintmax_t)(call->calls ?: 1),
			(uintmax_t)call->insns);
	}
	return call;
}

/* What a function costs itself; put_calls() follows. */
static void put_function(const char *image, const char *function, uint64_t insns, const char *title,
			 FILE *out)
{
	putc('\n', out);
	put_line("ob", *image ? image : "vCPU", out);
	put_line("fl", title, out);
	put_line("fn", function, out);
	fprintf(out, "0 %ju\n", (uintmax_t)insns);
}

static void put_phase(const struct profile_phase *phase, FILE *out)
{
	size_t nr_calls, nr_functions;
	struct call *calls = collect(phase, &nr_calls);
	struct profile_function *functions = profile_functions(phase, &nr_functions);
	const struct call *next = calls, *end = calls + nr_calls;
	char *title = profile_phase_title(phase);

	/* Sorted as the calls are, so that each is looked at once. */
	qsort(functions, nr_functions, sizeof(*functions), by_name);
	put_function("gntbench", title, 0, title, out);
	next = put_calls(next, end, NULL, title, out);
	for (size_t i = 0; i < nr_functions; i++) {
		const struct profile_frame from = { .image = functions[i].image,
						    .function = functions[i].function };

		put_function(from.image, from.function, functions[i].insns, title, out);
		next = put_calls(next, end, &from, title, out);
	}
	free(title);
	free(functions);
	free(calls);
}

void profile_put_callgrind(const struct profile *p, FILE *out)
{
	fputs("# callgrind format\nversion: 1\ncreator: gntbench\npositions: line\n"
	      "events: Instructions\n",
	      out);
	for (size_t i = 0; i < p->nr_phases; i++)
		put_phase(&p->phases[i], out);
}
