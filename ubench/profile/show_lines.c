// SPDX-License-Identifier: GPL-2.0
/* What a phase touches, as text. */
#include "profile/show.h"

#include <stdio.h>

static void show_owners(const struct profile_phase *phase, size_t nr_top)
{
	uint64_t rest = phase->touched;
	bool shared = phase->transfers || phase->invalidations;

	printf("\n  lines written%s  owner             name\n",
	       shared ? " transfers invalidations false" : "");
	for (size_t i = 0; i < phase->nr_lines && i < nr_top; i++) {
		const struct profile_lines *l = &phase->lines[i];

		printf("  %5ju %7ju", (uintmax_t)l->lines, (uintmax_t)l->written);
		if (shared)
			printf(" %9ju %13ju %5ju", (uintmax_t)l->transfers,
			       (uintmax_t)l->invalidations, (uintmax_t)l->false_sharing);
		printf("  %-17s %s\n", l->owner, l->name);
		rest -= l->lines;
	}
	if (rest)
		printf("  %5ju %*s  all others\n", (uintmax_t)rest, shared ? 37 : 7, "");
}

static void show_touches(const struct profile_phase *phase, size_t nr_top)
{
	printf("\n  lines written  touched by\n");
	for (size_t i = 0; i < phase->nr_touches && i < nr_top; i++) {
		const struct profile_touch *t = &phase->touches[i];

		printf("  %5ju %7ju  %-9s %s\n", (uintmax_t)t->lines, (uintmax_t)t->written,
		       t->image, t->function);
	}
}

static void show_from(const struct profile_phase *phase, size_t nr_top)
{
	if (!phase->nr_from)
		return;
	printf("\n  transfers/%-8s owner             name, and who took it from whom\n",
	       phase->per);
	for (size_t i = 0; i < phase->nr_from && i < nr_top; i++) {
		const struct profile_transfer *t = &phase->from[i];

		printf("  %18.3f %-17s %s%s%s <- %s%s\n", profile_each(phase, t->count), t->owner,
		       t->name, *t->name ? ": " : "", t->function, t->from_function,
		       t->false_sharing ? " (false sharing)" : "");
	}
}

static void show_locks(const struct profile_phase *phase, size_t nr_top)
{
	if (!phase->nr_locks)
		return;
	printf("\n  locks taken/%-6s held, insn  from another vCPU  waited  owner             name, "
	       "taken in\n",
	       phase->per);
	for (size_t i = 0; i < phase->nr_locks && i < nr_top; i++) {
		const struct profile_lock *k = &phase->locks[i];

		printf("  %18.3f %11.1f %18.3f %7.3f  %-17s %s%s%s\n",
		       profile_each(phase, k->taken), k->taken ? (double)k->held / k->taken : 0,
		       profile_each(phase, k->transfers), profile_each(phase, k->waited), k->owner,
		       k->name, *k->name ? ", " : "", k->function);
	}
}

void show_lines(const struct profile_phase *phase, size_t nr_top)
{
	if (!phase->touched)
		return;
	printf("  a sample: %ju lines of 64 bytes, %ju of them written, on %ju pages",
	       (uintmax_t)phase->touched, (uintmax_t)phase->written, (uintmax_t)phase->pages);
	if (phase->transfers || phase->invalidations)
		printf(";\n         %ju transfers, %ju invalidations", (uintmax_t)phase->transfers,
		       (uintmax_t)phase->invalidations);
	printf("; the same in %zu of %zu samples\n", phase->nr_same_lines, phase->nr_samples);
	if (phase->steps)
		printf("  a sample is %ju rounds of all vCPUs; they took turns of %.0f instructions\n",
		       (uintmax_t)phase->steps, (double)phase->insns / (phase->turns + 1));
	show_owners(phase, nr_top);
	show_touches(phase, nr_top);
	show_from(phase, nr_top);
	show_locks(phase, nr_top);
}
