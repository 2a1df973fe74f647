/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of a profile's page share: series of phases that differ in one parameter. */
#ifndef UBENCH_PROFILE_PAGE_H
#define UBENCH_PROFILE_PAGE_H

#include "doc/doc.h"
#include "profile/profile.h"
#include "profile/svg.h"

#define MAX_BARS 16

/* Phases that differ in nothing but the parameter @param of their case. */
struct series {
	const char *param;
	const struct profile_phase *phases[MAX_BARS];
	size_t nr;
	char *bar_names[MAX_BARS]; /* values of the parameter */
};

/* "map_unmap/batch=32/granter=self" without the batch; the caller frees it. */
char *series_name(const char *id, const char *param);
/* Of a picture of that kind; the caller frees it. */
char *series_file(const char *kind, const char *id, const char *phase);
bool series_is_first(const struct profile *p, size_t i, const char *param);
/* The series of phase @first, from it on; series_free() it. */
void series_collect(const struct profile *p, size_t first, const char *param, struct series *s);
void series_free(struct series *s);

/* A stacked bar for each phase, in the file @file of @dir; NULL: nowhere. 0, or -1 and err. */
int series_draw(const struct profile *p, const struct series *s, const char *dir, const char *file,
		const char *title, const char *y_label, struct svg_layer *layers, size_t nr_layers,
		struct error *err);

/* The section on phases that a domU takes part in; none without them. As page_lines(). */
int page_domains(struct doc *doc, const struct profile *p, const char *dir, struct error *err);

/* The section on lines, pages, sharing and locks. Pictures go to @dir; NULL: none. */
int page_lines(struct doc *doc, const struct profile *p, const char *dir, struct error *err);

#endif /* UBENCH_PROFILE_PAGE_H */
