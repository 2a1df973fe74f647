// SPDX-License-Identifier: GPL-2.0
/* A file for speedscope, with a profile for each phase (speedscope's file-format-schema). */
#include <jansson.h>

#include "base/alloc.h"
#include "profile/formats/formats.h"

/* From the outermost frame to @i, as indices. */
static json_t *stack(const struct profile_phase *phase, int i, size_t first)
{
	json_t *list = i < 0 ? json_array() : stack(phase, phase->frames[i].parent, first);

	if (i >= 0)
		json_array_append_new(list, json_integer(first + i));
	return list;
}

static json_t *frame(const struct profile_frame *f)
{
	return json_pack("{s:s, s:s}", "name", f->function, "file", *f->image ? f->image : "vCPU");
}

/* @frames: shared by all profiles; those of this one are added to them. */
static json_t *one_profile(const struct profile_phase *phase, json_t *frames)
{
	json_t *samples = json_array(), *weights = json_array();
	size_t first = json_array_size(frames);
	char *title = profile_phase_title(phase);
	json_t *all;

	for (size_t i = 0; i < phase->nr_frames; i++) {
		json_array_append_new(frames, frame(&phase->frames[i]));
		if (!phase->frames[i].insns)
			continue;
		json_array_append_new(samples, stack(phase, i, first));
		json_array_append_new(weights, json_integer(phase->frames[i].insns));
	}
	all = json_pack("{s:s, s:s, s:s, s:i, s:I, s:o, s:o}", "type", "sampled", "name", title,
			"unit", "none", "startValue", 0, "endValue", (json_int_t)phase->insns,
			"samples", samples, "weights", weights);
	free(title);
	return all;
}

void profile_put_speedscope(const struct profile *p, FILE *out)
{
	json_t *frames = json_array(), *profiles = json_array(), *root;

	for (size_t i = 0; i < p->nr_phases; i++)
		json_array_append_new(profiles, one_profile(&p->phases[i], frames));
	root = json_pack("{s:s, s:s, s:{s:o}, s:o}", "$schema",
			 "https://www.speedscope.app/file-format-schema.json", "exporter",
			 "gntbench", "shared", "frames", frames, "profiles", profiles);
	json_dumpf(root, out, JSON_INDENT(1));
	putc('\n', out);
	json_decref(root);
}
