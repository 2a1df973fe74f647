// SPDX-License-Identifier: GPL-2.0
/* Folded stacks, as flamegraph.pl, inferno and speedscope read them: "a;b;c 12" a line. */
#include "profile/formats/formats.h"

static void put_stack(const struct profile_phase *phase, int i, FILE *out)
{
	const struct profile_frame *f = &phase->frames[i];

	if (f->parent >= 0)
		put_stack(phase, f->parent, out);
	putc(';', out);
	if (*f->image) {
		profile_put_name(f->image, ";`", out);
		putc('`', out);
	}
	profile_put_name(f->function, ";", out);
}

static void folded(const struct profile *p, FILE *out)
{
	for (size_t i = 0; i < p->nr_phases; i++) {
		const struct profile_phase *phase = &p->phases[i];

		for (size_t j = 0; j < phase->nr_frames; j++) {
			if (!phase->frames[j].insns)
				continue;
			profile_put_name(phase->case_id, ";", out);
			fputs(": ", out);
			profile_put_name(phase->name, ";", out);
			put_stack(phase, j, out);
			fprintf(out, " %ju\n", (uintmax_t)phase->frames[j].insns);
		}
	}
}

const struct profile_format profile_format_folded = { "folded", folded };
