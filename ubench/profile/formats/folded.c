// SPDX-License-Identifier: GPL-2.0
/* Folded stacks, as flamegraph.pl, inferno and speedscope read them: "a;b;c 12" a line. */
#include <stdlib.h>

#include "base/text.h"
#include "profile/formats/formats.h"

static void put_stack(const struct profile_phase *phase, int i, FILE *out)
{
	const struct profile_frame *f = &phase->frames[i];

	if (f->parent >= 0)
		put_stack(phase, f->parent, out);
	putc(';', out);
	if (*f->image) {
		put_clean(f->image, ";`", out);
		putc('`', out);
	}
	put_clean(f->function, ";", out);
}

void profile_put_folded(const struct profile *p, FILE *out)
{
	for (size_t i = 0; i < p->nr_phases; i++) {
		const struct profile_phase *phase = &p->phases[i];
		char *title = profile_phase_title(phase);

		for (size_t j = 0; j < phase->nr_frames; j++) {
			if (!phase->frames[j].insns)
				continue;
			put_clean(title, ";", out);
			put_stack(phase, j, out);
			fprintf(out, " %ju\n", (uintmax_t)phase->frames[j].insns);
		}
		free(title);
	}
}
