/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures of profiles. Each writer returns 0, or -1 and err. */
#ifndef UBENCH_PROFILE_SVG_H
#define UBENCH_PROFILE_SVG_H

#include "profile/profile.h"

/* A stacked bar for each batch. Layers from the bottom up. */
struct svg_layer {
	const char *name;
	const char *color;
	double *values; /* one for each bar */
};

struct svg_stack {
	const char *title;
	const char *subtitle;
	const char *y_label;
	const char *x_label;
	size_t nr_bars;
	const char **bar_names;
	size_t nr_layers;
	struct svg_layer *layers;
};

int svg_write_stack(const struct svg_stack *s, const char *path, struct error *err);

/* Who called what, from the top down: an icicle that can be searched and zoomed in a browser. */
int svg_write_icicle(const struct profile *p, const struct profile_phase *phase, const char *path,
		     struct error *err);

#endif /* UBENCH_PROFILE_SVG_H */
