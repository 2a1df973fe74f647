// SPDX-License-Identifier: GPL-2.0
/* A profile as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/number.h"
#include "profile/show.h"

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * part / whole : 0;
}

static uint64_t image_insns(const struct profile_function *functions, size_t nr, const char *image)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < nr; i++)
		if (!image || !strcmp(functions[i].image, image))
			sum += functions[i].insns;
	return sum;
}

/* One table: the functions of @image, or of all. */
static void show_top(const struct profile_phase *phase, const struct profile_function *functions,
		     size_t nr, const char *image, size_t nr_top)
{
	uint64_t whole = image_insns(functions, nr, image), rest = whole;
	size_t shown = 0;

	if (!whole)
		return;
	printf("\n  %s\n  insn/%-8s %%  with callees/%-7s calls/%-6s %s function\n",
	       image ?: "Xen and Linux together", phase->per, phase->per, phase->per,
	       image ? "" : "image    ");
	for (size_t i = 0; i < nr && shown < nr_top; i++) {
		const struct profile_function *f = &functions[i];

		if (!f->insns || (image && strcmp(f->image, image)))
			continue;
		printf("  %10.2f %5.1f  %18.2f %12.2f  ", profile_each(phase, f->insns),
		       percent(f->insns, whole), profile_each(phase, f->total),
		       profile_each(phase, f->calls));
		if (!image)
			printf("%-9s ", f->image);
		printf("%s\n", f->function);
		rest -= f->insns;
		shown++;
	}
	if (rest)
		printf("  %10.2f %5.1f  %18s %12s  %sall others\n", profile_each(phase, rest),
		       percent(rest, whole), "", "", image ? "" : "          ");
	printf("  %10.2f 100.0  %18s %12s  %ssum\n", profile_each(phase, whole), "", "",
	       image ? "" : "          ");
}

/* Calls of each hypercall: "grant_table_op 0.03, mmu_update 0.03". */
static void show_hypercalls(const struct profile_phase *phase)
{
	bool any = false;

	for (size_t i = 0; i < phase->nr_frames; i++) {
		const char *name = profile_hypercall(phase, &phase->frames[i]);
		uint64_t calls = 0;
		bool is_first = true;

		for (size_t k = 0; name && k < phase->nr_frames; k++) {
			const char *other = profile_hypercall(phase, &phase->frames[k]);

			if (!other || strcmp(other, name))
				continue;
			is_first = is_first && k >= i;
			calls += phase->frames[k].calls;
		}
		if (!name || !is_first)
			continue;
		printf("%s%s %.3g", any ? ", " : "", name, profile_each(phase, calls));
		any = true;
	}
}

static void show_events(const struct profile_phase *phase)
{
	uint64_t hypercalls = profile_hypercalls(phase);

	printf("  a %s: %.3g hypercalls", phase->per, profile_each(phase, hypercalls));
	if (hypercalls) {
		printf(" (");
		show_hypercalls(phase);
		printf(")");
	}
	printf(", %.3g TLB flushes, %.3g IPIs,\n         %.3g atomic read-modify-writes, "
	       "%.3g page-table entries written by Xen for grants\n",
	       profile_each(phase, profile_event_sum(phase, PROFILE_TLB_FLUSHES)),
	       profile_each(phase, profile_event_sum(phase, PROFILE_IPIS)),
	       profile_each(phase, profile_event_sum(phase, PROFILE_ATOMICS)),
	       profile_each(phase, profile_event_sum(phase, PROFILE_PTE_WRITES)));
}

/* Frames in preorder: what belongs to a vCPU stands between it and the next one. */
static void show_vcpus(const struct profile_phase *phase)
{
	uint64_t insns = 0;
	size_t i, vcpu = 0;

	printf("  by vCPU:");
	for (i = 0; i <= phase->nr_frames; i++) {
		if (i == phase->nr_frames || phase->frames[i].parent < 0) {
			if (i)
				printf(" %s %.2f%s", phase->frames[vcpu].function,
				       profile_each(phase, insns),
				       i < phase->nr_frames ? "," : "\n");
			vcpu = i;
			insns = 0;
		}
		if (i < phase->nr_frames)
			insns += phase->frames[i].insns;
	}
}

struct whole {
	const struct profile_function *functions;
	size_t nr;
};

static int by_cost(const void *a, const void *b, void *whole)
{
	const struct whole *w = whole;
	uint64_t x = image_insns(w->functions, w->nr, *(const char *const *)a);
	uint64_t y = image_insns(w->functions, w->nr, *(const char *const *)b);

	return x < y ? 1 : x > y ? -1 : strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The images of a phase, each once, in the order of what they cost. */
static size_t list_images(const struct profile_function *functions, size_t nr, const char **images,
			  size_t room)
{
	struct whole whole = { functions, nr };
	size_t nr_images = 0;

	for (size_t i = 0; i < nr; i++) {
		size_t k = 0;

		while (k < nr_images && strcmp(images[k], functions[i].image))
			k++;
		if (k == nr_images && k < room && functions[i].insns)
			images[nr_images++] = functions[i].image;
	}
	qsort_r(images, nr_images, sizeof(*images), by_cost, &whole);
	return nr_images;
}

static void show_images(const struct profile_phase *phase, const struct profile_function *functions,
			size_t nr, const char **images, size_t nr_images)
{
	printf("  ");
	for (size_t i = 0; i < nr_images; i++) {
		uint64_t insns = image_insns(functions, nr, images[i]);

		printf("%s%s %.2f (%.1f %%)", i ? ", " : "", images[i], profile_each(phase, insns),
		       percent(insns, phase->insns));
	}
	puts("");
}

/* "grants: 3900.00 (7.7 %): Linux gnttab_map_refs 2100.00, …" */
static void show_grants(const struct profile_phase *phase)
{
	size_t nr;
	struct profile_function *grants = profile_grants(phase, &nr);
	uint64_t sum = profile_grants_sum(phase);

	printf("  grants: %.2f (%.1f %%)", profile_each(phase, sum), percent(sum, phase->insns));
	for (size_t i = 0; i < nr; i++)
		printf("%s%s %s %.2f", i ? ", " : ": ", grants[i].image, grants[i].function,
		       profile_each(phase, grants[i].total));
	puts("");
	free(grants);
}

static void show_sample(const struct profile *p, const struct profile_phase *phase)
{
	uint64_t insns = phase->insns + phase->idle;

	printf("  %.2f insn a %s: %ju in a sample", profile_each(phase, insns), phase->per,
	       (uintmax_t)insns);
	if (phase->steps) {
		puts(", of all vCPUs until the first was done");
		return;
	}
	printf("; %zu of %zu samples took this path, ", phase->nr_typical, phase->nr_samples);
	if (p->marks_only)
		puts("the clock isn't asked");
	else
		printf("the clock agrees with %zu\n", phase->nr_agree);
}

static void show_phase(const struct profile *p, const struct profile_phase *phase, size_t nr_top)
{
	const char *images[16];
	struct profile_function *functions;
	size_t nr, nr_images;

	functions = profile_functions(phase, &nr);
	nr_images = list_images(functions, nr, images, ARRAY_SIZE(images));
	printf("\n%s: %s\n", phase->case_id, phase->name);
	show_sample(p, phase);
	if (phase->idle)
		printf("  %.2f of them are no instructions: every vCPU slept, and the clock went on\n",
		       profile_each(phase, phase->idle));
	show_images(phase, functions, nr, images, nr_images);
	show_grants(phase);
	if (p->nr_vcpus > 1)
		show_vcpus(phase);
	show_events(phase);
	show_lines(phase, nr_top);
	show_top(phase, functions, nr, NULL, nr_top);
	for (size_t i = 0; i < nr_images && nr_images > 1; i++)
		show_top(phase, functions, nr, images[i], nr_top);
	free(functions);
}

/* What a reader sees last, and needs first: a line for each phase. */
static void show_summary(const struct profile_phase *phase)
{
	const char *images[16];
	struct profile_function *functions;
	size_t nr, nr_images;

	functions = profile_functions(phase, &nr);
	nr_images = list_images(functions, nr, images, ARRAY_SIZE(images));
	printf("  %s: %s: %s insn a %s", phase->case_id, phase->name,
	       number_fixed(profile_each(phase, phase->insns), 1), phase->per);
	for (size_t i = 0; i < nr_images; i++) {
		double share = percent(image_insns(functions, nr, images[i]), phase->insns);

		if (share >= 0.5)
			printf("%s %s %.0f %%", i ? "," : ":", images[i], share);
	}
	printf("; grants %.0f %%\n", percent(profile_grants_sum(phase), phase->insns));
	free(functions);
}

void profile_show(const struct profile *p, size_t nr_top)
{
	printf("Exact profile, in guest instructions: Xen %s, Linux %s, %u vCPU%s\n",
	       profile_environment(p, "xen_version"), profile_environment(p, "kernel_release"),
	       p->nr_vcpus, p->nr_vcpus == 1 ? "" : "s");
	for (size_t i = 0; i < p->nr_hints; i++)
		puts(p->hints[i]);
	for (size_t i = 0; i < p->nr_phases; i++)
		show_phase(p, &p->phases[i], nr_top);
	puts("\nIn short:");
	for (size_t i = 0; i < p->nr_phases; i++)
		show_summary(&p->phases[i]);
}
