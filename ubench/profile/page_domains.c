// SPDX-License-Identifier: GPL-2.0
/* The section on phases that several domains take part in: who runs what of them, and what is grants. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "profile/page.h"

enum share { SHARE_GRANTS, SHARE_XEN, SHARE_DOM0, SHARE_DOMU, SHARE_USER, NR_SHARES };

static const struct {
	const char *name;
	const char *color;
} shares[NR_SHARES] = {
	[SHARE_GRANTS] = { "work on grants, of Linux and Xen", "#d55e00" },
	[SHARE_XEN] = { "rest of Xen", "#f2cc80" },
	[SHARE_DOM0] = { "rest of dom0's kernel", "#0072b2" },
	[SHARE_DOMU] = { "rest of the domU's kernel", "#8fd1bd" },
	[SHARE_USER] = { "programs", "#7a7a7a" },
};

static enum share share_of(const char *image)
{
	if (!strcmp(image, "Xen"))
		return SHARE_XEN;
	if (!strncmp(image, "domU", 4))
		return SHARE_DOMU;
	return strcmp(image, "user") ? SHARE_DOM0 : SHARE_USER;
}

/* They sum up to the phase's instructions. */
static void take_shares(const struct profile_phase *phase, uint64_t sums[NR_SHARES])
{
	int *roots = profile_grant_roots(phase);

	memset(sums, 0, NR_SHARES * sizeof(*sums));
	for (size_t i = 0; i < phase->nr_frames; i++)
		sums[roots[i] >= 0 ? SHARE_GRANTS : share_of(phase->frames[i].image)] +=
			phase->frames[i].insns;
	free(roots);
}

/* Both kernels take part. */
static bool is_of_two(const struct profile_phase *phase)
{
	bool dom0 = false, domu = false;

	for (size_t i = 0; i < phase->nr_frames; i++) {
		enum share share = share_of(phase->frames[i].image);

		dom0 = dom0 || (share == SHARE_DOM0 && *phase->frames[i].image);
		domu = domu || share == SHARE_DOMU;
	}
	return dom0 && domu;
}

static int draw(const struct profile *p, const struct series *s, const char *dir, const char *file,
		struct error *err)
{
	const struct profile_phase *last = s->phases[s->nr - 1];
	double values[NR_SHARES][MAX_BARS];
	struct svg_layer layers[NR_SHARES];
	uint64_t sums[NR_SHARES];
	char *title, *y_label;
	int ret;

	for (size_t i = 0; i < s->nr; i++) {
		take_shares(s->phases[i], sums);
		for (int k = 0; k < NR_SHARES; k++)
			values[k][i] = profile_each(s->phases[i], sums[k]);
	}
	for (int k = 0; k < NR_SHARES; k++)
		layers[k] = (struct svg_layer) { shares[k].name, shares[k].color, values[k] };
	title = xasprintf("%s: %.0f %% is work on grants (%s %s)", last->name,
			  100.0 * sums[SHARE_GRANTS] / last->insns, s->param,
			  s->bar_names[s->nr - 1]);
	y_label = xasprintf("guest instructions a %s", last->per);
	ret = series_draw(p, s, dir, file, title, y_label, layers, NR_SHARES, err);
	free(title);
	free(y_label);
	return ret;
}

static void add_row(struct doc *doc, const struct profile_phase *phase)
{
	uint64_t sums[NR_SHARES];

	take_shares(phase, sums);
	doc_cell(doc, "%s", phase->case_id);
	doc_cell(doc, "%.1f", profile_each(phase, phase->insns));
	for (int k = 0; k < NR_SHARES; k++)
		doc_cell(doc, "%.1f", profile_each(phase, sums[k]));
	doc_cell(doc, "%.1f", 100.0 * sums[SHARE_GRANTS] / phase->insns);
}

/* By function: what stands behind the share of grants. */
static void add_grants(struct doc *doc, const struct profile_phase *phase)
{
	size_t nr;
	struct profile_function *grants = profile_grants(phase, &nr);

	for (size_t i = 0; i < nr; i++) {
		doc_cell(doc, "%s", phase->case_id);
		doc_cell(doc, "%s", grants[i].image);
		doc_cell(doc, "%s", grants[i].function);
		doc_cell(doc, "%.3g", profile_each(phase, grants[i].calls));
		doc_cell(doc, "%.1f", profile_each(phase, grants[i].total));
	}
	free(grants);
}

/* What the bars of a picture differ in. */
static const char *param_of(const struct profile_phase *phase)
{
	return strstr(phase->case_id, "/bytes=") ? "bytes" : "batch";
}

static int add_pictures(struct doc *doc, const struct profile *p, const char *dir,
			struct error *err)
{
	int ret = 0;

	for (size_t i = 0; dir && i < p->nr_phases && !ret; i++) {
		const char *param = param_of(&p->phases[i]);
		struct series s;
		char *id, *file;

		if (!is_of_two(&p->phases[i]) || !series_is_first(p, i, param))
			continue;
		series_collect(p, i, param, &s);
		id = series_name(s.phases[0]->case_id, param);
		file = series_file("domains", id, s.phases[0]->name);
		ret = draw(p, &s, dir, file, err);
		doc_heading(doc, 3, "%s: %s", id, s.phases[0]->name);
		doc_plot(doc, file, file, "Stacked bars: who runs it, at each size.");
		free(file);
		free(id);
		series_free(&s);
	}
	return ret;
}

int page_domains(struct doc *doc, const struct profile *p, const char *dir, struct error *err)
{
	size_t nr = 0;
	int ret;

	for (size_t i = 0; i < p->nr_phases; i++)
		nr += is_of_two(&p->phases[i]);
	if (!nr)
		return 0;
	doc_heading(doc, 2, "Who runs it");
	doc_para(doc,
		 "Work on grants is what Linux' gnttab_… functions and Xen's hypercall run, with "
		 "all that they call, but for what a driver does when it is called back.");
	ret = add_pictures(doc, p, dir, err);
	doc_table(doc, "Guest instructions",
		  "<case|all|grants|rest of Xen|rest of dom0's kernel|rest of the domU's kernel|"
		  "programs|grants, %%");
	for (size_t i = 0; i < p->nr_phases; i++)
		if (is_of_two(&p->phases[i]))
			add_row(doc, &p->phases[i]);
	doc_table(doc, "Work on grants, by who was asked for it",
		  "<case|<image|<function|calls|instructions");
	for (size_t i = 0; i < p->nr_phases; i++)
		if (is_of_two(&p->phases[i]))
			add_grants(doc, &p->phases[i]);
	return ret;
}
