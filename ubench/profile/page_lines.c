// SPDX-License-Identifier: GPL-2.0
/* What a map and an unmap touch, whose it is, and what vCPUs take from each other. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "profile/owner.h"
#include "profile/page.h"
#include "stats/fit.h"

#define MAX_ROWS 24 /* of a table of the page; profile.json has all */

static uint64_t lines_of(const struct profile_phase *phase, const char *owner)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < phase->nr_lines; i++)
		if (!strcmp(phase->lines[i].owner, owner))
			sum += phase->lines[i].lines;
	return sum;
}

static uint64_t transfers_of(const struct profile_phase *phase, const char *owner)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < phase->nr_lines; i++)
		if (!strcmp(phase->lines[i].owner, owner))
			sum += phase->lines[i].transfers;
	return sum;
}

/* "85.2 a hypercall + 3.33 a page", of what each phase touches. */
static void add_fit_cells(struct doc *doc, const struct series *s, const double *values)
{
	double pages[MAX_BARS];
	struct fit fit;

	for (size_t i = 0; i < s->nr; i++)
		pages[i] = strtod(s->bar_names[i], NULL);
	if (fit_line(pages, values, s->nr, &fit)) {
		doc_cell(doc, "-");
		doc_cell(doc, "-");
		return;
	}
	doc_cell(doc, "%.1f", fit.per_call);
	doc_cell(doc, "%.3f", fit.per_page);
}

static void add_row(struct doc *doc, const struct series *s, const char *name, const double *values)
{
	doc_cell(doc, "%s", name);
	for (size_t i = 0; i < s->nr; i++)
		doc_cell(doc, "%.0f", values[i]);
	add_fit_cells(doc, s, values);
}

static void add_totals(struct doc *doc, const struct series *s)
{
	double lines[MAX_BARS], written[MAX_BARS], pages[MAX_BARS];

	for (size_t i = 0; i < s->nr; i++) {
		lines[i] = s->phases[i]->touched;
		written[i] = s->phases[i]->written;
		pages[i] = s->phases[i]->pages;
	}
	add_row(doc, s, "all lines", lines);
	add_row(doc, s, "written", written);
	add_row(doc, s, "virtual pages", pages);
}

/* Lines by owner and batch: a table with the straight line, and a picture. */
static int add_footprint(struct doc *doc, const struct profile *p, const struct series *s,
			 const char *dir, struct error *err)
{
	double values[NR_OWNERS][MAX_BARS];
	struct svg_layer layers[NR_OWNERS];
	char *id = series_name(s->phases[0]->case_id, s->param);
	char *file = series_file("lines", id, s->phases[0]->name);
	char *title = xasprintf("%s: lines touched, by owner", s->phases[0]->name);
	char *cols = xstrdup("<owner"), *all_cols;
	int ret;

	for (size_t i = 0; i < s->nr; i++) {
		char *more = xasprintf("%s|batch %s", cols, s->bar_names[i]);

		free(cols);
		cols = more;
	}
	for (int k = 0; k < NR_OWNERS; k++) {
		for (size_t i = 0; i < s->nr; i++)
			values[k][i] = lines_of(s->phases[i], owners[k].name);
		layers[k] = (struct svg_layer) { owners[k].name, owners[k].color, values[k] };
	}
	ret = series_draw(p, s, dir, file, title, "lines a batch", layers, NR_OWNERS, err);
	doc_heading(doc, 3, "%s: %s", id, s->phases[0]->name);
	if (dir)
		doc_plot(doc, file, file, "Stacked bars: lines touched by one batch, by owner.");
	all_cols = xasprintf("%s|a hypercall|a page", cols);
	doc_table(doc, "Lines of 64 bytes that one batch touches", all_cols);
	for (int k = 0; k < NR_OWNERS; k++) {
		double sum = 0;

		for (size_t i = 0; i < s->nr; i++)
			sum += values[k][i];
		if (sum)
			add_row(doc, s, owners[k].name, values[k]);
	}
	add_totals(doc, s);
	free(title);
	free(all_cols);
	free(cols);
	free(file);
	free(id);
	return ret;
}

/* Transfers by owner and vCPUs. */
static int add_sharing(struct doc *doc, const struct profile *p, const struct series *s,
		       const char *dir, struct error *err)
{
	double values[NR_OWNERS][MAX_BARS];
	struct svg_layer layers[NR_OWNERS];
	char *id = series_name(s->phases[0]->case_id, s->param);
	char *file = series_file("transfers", id, s->phases[0]->name);
	char *title = xasprintf("%s: transfers, by owner", s->phases[0]->name);
	char *y_label = xasprintf("transfers a %s", s->phases[0]->per);
	int ret;

	for (int k = 0; k < NR_OWNERS; k++) {
		for (size_t i = 0; i < s->nr; i++)
			values[k][i] = profile_each(s->phases[i],
						    transfers_of(s->phases[i], owners[k].name));
		layers[k] = (struct svg_layer) { owners[k].name, owners[k].color, values[k] };
	}
	ret = series_draw(p, s, dir, file, title, y_label, layers, NR_OWNERS, err);
	if (dir)
		doc_plot(doc, file, file, "Stacked bars: transfers by owner, by vCPUs.");
	free(y_label);
	free(title);
	free(file);
	free(id);
	return ret;
}

static void add_c2c(struct doc *doc, const struct profile_phase *phase)
{
	doc_table(doc, "Lines that a vCPU takes from another, the most first",
		  "transfers|<owner|<name|<taken by|<written last by|<sharing");
	for (size_t i = 0; i < phase->nr_from && i < MAX_ROWS; i++) {
		const struct profile_transfer *t = &phase->from[i];

		doc_cell(doc, "%.3f", profile_each(phase, t->count));
		doc_cell(doc, "%s", t->owner);
		doc_cell(doc, "%s", t->name);
		doc_cell(doc, "%s", t->function);
		doc_cell(doc, "%s", t->from_function);
		doc_cell(doc, "%s", t->false_sharing ? "false" : "true");
	}
}

static void add_locks(struct doc *doc, const struct profile_phase *phase)
{
	doc_table(doc, "Locks", "taken|insn held|from another vCPU|waited|<owner|<name|<taken in");
	for (size_t i = 0; i < phase->nr_locks && i < MAX_ROWS; i++) {
		const struct profile_lock *k = &phase->locks[i];

		doc_cell(doc, "%.3f", profile_each(phase, k->taken));
		doc_cell(doc, "%.1f", k->taken ? (double)k->held / k->taken : 0);
		doc_cell(doc, "%.3f", profile_each(phase, k->transfers));
		doc_cell(doc, "%.3f", profile_each(phase, k->waited));
		doc_cell(doc, "%s", k->owner);
		doc_cell(doc, "%s", k->name);
		doc_cell(doc, "%s", k->function);
	}
}

static int add_all_footprints(struct doc *doc, const struct profile *p, const char *dir,
			      struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < p->nr_phases && !ret; i++) {
		struct series s;

		if (!p->phases[i].touched || p->phases[i].steps ||
		    !series_is_first(p, i, "batch") || !strstr(p->phases[i].case_id, "batch="))
			continue;
		series_collect(p, i, "batch", &s);
		ret = add_footprint(doc, p, &s, dir, err);
		series_free(&s);
	}
	return ret;
}

static int add_all_sharing(struct doc *doc, const struct profile *p, const char *dir,
			   struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < p->nr_phases && !ret; i++) {
		struct series s;

		if (!strstr(p->phases[i].case_id, "/vcpus=") || !series_is_first(p, i, "vcpus"))
			continue;
		series_collect(p, i, "vcpus", &s);
		ret = add_sharing(doc, p, &s, dir, err);
		series_free(&s);
	}
	return ret;
}

int page_lines(struct doc *doc, const struct profile *p, const char *dir, struct error *err)
{
	int ret;

	doc_heading(doc, 2, "Lines and pages");
	doc_para(doc, "Lines of 64 bytes, by physical address, and pages of 4 KiB, by virtual "
		      "address, that loads and stores of one sample touch, in Xen and Linux "
		      "together: code, and what the CPU reads of page tables by itself, are not "
		      "among them.");
	ret = add_all_footprints(doc, p, dir, err);
	if (ret || p->nr_vcpus < 2)
		return ret;
	doc_heading(doc, 2, "Sharing");
	doc_para(doc, "A transfer: a vCPU touches a line that another one wrote last, and that it "
		      "has not read since. False sharing: no byte that one vCPU writes is "
		      "another's too.");
	ret = add_all_sharing(doc, p, dir, err);
	for (size_t i = 0; i < p->nr_phases; i++) {
		const struct profile_phase *phase = &p->phases[i];

		if (!phase->nr_from)
			continue;
		doc_heading(doc, 3, "%s: %s, a %s", phase->case_id, phase->name, phase->per);
		add_c2c(doc, phase);
		if (phase->nr_locks)
			add_locks(doc, phase);
	}
	return ret;
}
