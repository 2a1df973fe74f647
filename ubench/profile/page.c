// SPDX-License-Identifier: GPL-2.0
/*
 * The page of a profile: what a map and an unmap are made of, at each batch; which functions; and
 * what instructions alone don't show.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "doc/doc.h"
#include "profile/cost.h"
#include "profile/page.h"
#include "profile/svg.h"

#define MAX_LAYERS 12 /* of functions: the rest is one more for each image */

/* A map doesn't depend on how its pages are unmapped later: one of several equal series will do. */
static bool equals_earlier(const struct profile *p, const struct series *s)
{
	for (const struct profile_phase *e = p->phases; e < s->phases[0]; e++) {
		struct series other;
		bool equal;

		if (strcmp(e->name, s->phases[0]->name) ||
		    strcspn(e->case_id, "/") != strcspn(s->phases[0]->case_id, "/") ||
		    strncmp(e->case_id, s->phases[0]->case_id, strcspn(e->case_id, "/")))
			continue;
		series_collect(p, e - p->phases, "batch", &other);
		equal = other.nr == s->nr;
		for (size_t i = 0; equal && i < s->nr; i++)
			equal = other.phases[i]->insns == s->phases[i]->insns;
		series_free(&other);
		if (equal)
			return true;
	}
	return false;
}

static int write_stack(const struct profile *p, const struct series *s, const char *dir,
		       const char *file, const char *what, struct svg_layer *layers,
		       size_t nr_layers, struct error *err)
{
	char *title = xasprintf("%s: %s", s->phases[0]->name, what);
	char *y_label = xasprintf("guest instructions a %s", s->phases[0]->per);
	int ret = series_draw(p, s, dir, file, title, y_label, layers, nr_layers, err);

	free(title);
	free(y_label);
	return ret;
}

/* The cost model */

/* The part that has most of BAR, but for part EXCEPT. */
static int largest_part(const struct svg_layer *layers, size_t bar, int except)
{
	int largest = except == 0;

	for (int k = largest + 1; k < NR_COST_PARTS; k++)
		if (k != except && layers[k].values[bar] > layers[largest].values[bar])
			largest = k;
	return largest;
}

/* What the picture shows, of its last bar: the largest batch. malloc'd. */
static char *finding(const struct svg_layer *layers, const struct series *s)
{
	size_t bar = s->nr - 1;
	double percent =
		100 / profile_each(s->phases[bar], s->phases[bar]->insns + s->phases[bar]->idle);
	int first = largest_part(layers, bar, -1);
	int second = largest_part(layers, bar, first);

	return xasprintf("%.0f %% %s, %.0f %% %s (batch %s)", percent * layers[first].values[bar],
			 layers[first].name, percent * layers[second].values[bar],
			 layers[second].name, s->bar_names[bar]);
}

static int add_cost(struct doc *doc, const struct profile *p, const struct series *s,
		    const char *dir, struct error *err)
{
	double values[NR_COST_PARTS][MAX_BARS];
	struct svg_layer layers[NR_COST_PARTS];
	uint64_t parts[NR_COST_PARTS];
	char *id = series_name(s->phases[0]->case_id, "batch");
	char *file = series_file("cost", id, s->phases[0]->name);
	char *cols = xasprintf("<part");
	char *what;
	int ret;

	for (size_t i = 0; i < s->nr; i++) {
		char *more = xasprintf("%s|batch %s", cols, s->bar_names[i]);

		free(cols);
		cols = more;
		profile_cost(s->phases[i], parts);
		for (int k = 0; k < NR_COST_PARTS; k++)
			values[k][i] = profile_each(s->phases[i], parts[k]);
	}
	for (int k = 0; k < NR_COST_PARTS; k++)
		layers[k] =
			(struct svg_layer) { cost_parts[k].name, cost_parts[k].color, values[k] };
	what = finding(layers, s);
	ret = write_stack(p, s, dir, file, what, layers, NR_COST_PARTS, err);
	free(what);

	doc_heading(doc, 3, "%s: %s", id, s->phases[0]->name);
	if (dir)
		doc_plot(doc, file, file,
			 "Stacked bars: the parts of one operation, at each batch.");
	doc_table(doc, "Guest instructions a page", cols);
	for (int k = 0; k < NR_COST_PARTS; k++) {
		double sum = 0;

		for (size_t i = 0; i < s->nr; i++)
			sum += values[k][i];
		if (!sum)
			continue;
		doc_cell(doc, "%s", cost_parts[k].name);
		for (size_t i = 0; i < s->nr; i++)
			doc_cell(doc, "%.2f", values[k][i]);
	}
	doc_cell(doc, "sum of the parts");
	for (size_t i = 0; i < s->nr; i++)
		doc_cell(doc, "%.2f",
			 profile_each(s->phases[i], s->phases[i]->insns + s->phases[i]->idle));
	doc_cell(doc, "median of the record");
	for (size_t i = 0; i < s->nr; i++)
		doc_cell(doc, "%.2f", s->phases[i]->median / s->phases[i]->divisor);
	free(cols);
	free(file);
	free(id);
	return ret;
}

/* Functions by batch */

static const struct profile_function *find(const struct profile_function *functions, size_t nr,
					   const char *image, const char *function)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(functions[i].function, function) && !strcmp(functions[i].image, image))
			return &functions[i];
	return NULL;
}

static double rest_of(const struct profile_function *functions, size_t nr, bool xen)
{
	double sum = 0;

	for (size_t i = 0; i < nr; i++)
		if (!strcmp(functions[i].image, "Xen") == xen)
			sum += functions[i].insns;
	return sum;
}

/*
 * Warm for Xen, cold for Linux, neighbours told apart by lightness; grey for the benchmark. @nr_used
 * counts the colours that were taken: of Xen, of Linux.
 */
static const char *function_color(const char *image, size_t nr_used[2])
{
	static const char *const colors[2][MAX_LAYERS] = {
		{ "#8c3b00", "#e69f00", "#d55e00", "#f0e442", "#a8641e", "#f2cc80", "#6e2c00",
		  "#fff3b0", "#c98b5a", "#b8860b", "#ffd0a6", "#5c4300" },
		{ "#0072b2", "#8fd1bd", "#004a73", "#56b4e9", "#009e73", "#a9cce3", "#2c6e8f",
		  "#d2ecff", "#00563f", "#7f9fd1", "#c6f0e0", "#1b2a6b" },
	};
	bool is_linux = strcmp(image, "Xen");

	if (!*image || !strcmp(image, "gntbench"))
		return "#7a7a7a";
	return colors[is_linux][nr_used[is_linux]++];
}

/* The functions that cost most at the largest batch, then what is left of Xen and of Linux. */
static int add_functions(struct doc *doc, const struct profile *p, const struct series *s,
			 const char *dir, struct error *err)
{
	double values[MAX_LAYERS + 2][MAX_BARS] = { 0 };
	struct svg_layer layers[MAX_LAYERS + 2];
	struct profile_function *top, *functions;
	size_t nr_top, nr, nr_layers, nr_used[2] = { 0 };
	char *id = series_name(s->phases[0]->case_id, "batch");
	char *file = series_file("functions", id, s->phases[0]->name);
	int ret;

	top = profile_functions(s->phases[s->nr - 1], &nr_top);
	nr_layers = nr_top < MAX_LAYERS ? nr_top : MAX_LAYERS;
	for (size_t k = 0; k < nr_layers; k++)
		layers[k] = (struct svg_layer) { xasprintf("%s (%s)", top[k].function,
							   *top[k].image ? top[k].image : "all"),
						 function_color(top[k].image, nr_used), values[k] };
	layers[nr_layers] =
		(struct svg_layer) { "other functions of Xen", "#e0d6cc", values[MAX_LAYERS] };
	layers[nr_layers + 1] = (struct svg_layer) { "other functions of Linux", "#c8d4e0",
						     values[MAX_LAYERS + 1] };
	for (size_t i = 0; i < s->nr; i++) {
		double xen, linux_;

		functions = profile_functions(s->phases[i], &nr);
		xen = rest_of(functions, nr, true);
		linux_ = rest_of(functions, nr, false);
		for (size_t k = 0; k < nr_layers; k++) {
			const struct profile_function *f =
				find(functions, nr, top[k].image, top[k].function);

			if (!f)
				continue;
			values[k][i] = (double)f->insns / s->phases[i]->divisor;
			*(strcmp(f->image, "Xen") ? &linux_ : &xen) -= f->insns;
		}
		values[MAX_LAYERS][i] = xen / s->phases[i]->divisor;
		values[MAX_LAYERS + 1][i] = linux_ / s->phases[i]->divisor;
		free(functions);
	}
	ret = write_stack(p, s, dir, file, "by function", layers, nr_layers + 2, err);
	if (dir)
		doc_plot(doc, file, file,
			 "Stacked bars: the functions that cost most, at each batch.");
	for (size_t k = 0; k < nr_layers; k++)
		free((char *)layers[k].name);
	free(top);
	free(file);
	free(id);
	return ret;
}

static void add_events(struct doc *doc, const struct profile *p)
{
	doc_heading(doc, 2, "What instructions alone don't show");
	doc_table(doc, "Per page, request or round",
		  "<case|<phase|insn|hypercalls|TLB flushes|IPIs|atomics|grant PTEs written|"
		  "lines|lines written|pages|transfers");
	for (size_t i = 0; i < p->nr_phases; i++) {
		const struct profile_phase *phase = &p->phases[i];

		doc_cell(doc, "%s", phase->case_id);
		doc_cell(doc, "%s", phase->name);
		doc_cell(doc, "%.2f", profile_each(phase, phase->insns + phase->idle));
		doc_cell(doc, "%.3g", profile_each(phase, profile_hypercalls(phase)));
		for (int k = 0; k < NR_PROFILE_EVENTS; k++)
			doc_cell(doc, "%.3g", profile_each(phase, profile_event_sum(phase, k)));
		doc_cell(doc, "%.3g", profile_each(phase, phase->touched));
		doc_cell(doc, "%.3g", profile_each(phase, phase->written));
		doc_cell(doc, "%.3g", profile_each(phase, phase->pages));
		doc_cell(doc, "%.3g", profile_each(phase, phase->transfers));
	}
}

static int add_icicles(struct doc *doc, const struct profile *p, const char *dir, struct error *err)
{
	doc_heading(doc, 2, "Call paths");
	doc_para(doc, "An icicle for each phase, beside this page: open it in a browser, click to "
		      "zoom, Ctrl-F to search.");
	for (size_t i = 0; i < p->nr_phases; i++) {
		const struct profile_phase *phase = &p->phases[i];
		char *file = series_file("icicle", phase->case_id, phase->name);
		char *path = xasprintf("%s/%s", dir, file);
		int ret = svg_write_icicle(p, phase, path, err);

		doc_item(doc, "%s", file);
		free(path);
		free(file);
		if (ret)
			return -1;
	}
	return 0;
}

static int add_series(struct doc *doc, const struct profile *p, const char *dir, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < p->nr_phases && !ret; i++) {
		struct series s;

		if (!series_is_first(p, i, "batch") || !strstr(p->phases[i].case_id, "map_unmap"))
			continue;
		series_collect(p, i, "batch", &s);
		if (!equals_earlier(p, &s))
			ret = add_cost(doc, p, &s, dir, err) ?: add_functions(doc, p, &s, dir, err);
		series_free(&s);
	}
	return ret;
}

static bool has_cost_model(const struct profile *p)
{
	for (size_t i = 0; i < p->nr_phases; i++)
		if (strstr(p->phases[i].case_id, "map_unmap"))
			return true;
	return false;
}

static int add_cost_model(struct doc *doc, const struct profile *p, const char *dir,
			  struct error *err)
{
	int ret;

	doc_heading(doc, 2, "The cost model");
	doc_para(doc, "Every instruction belongs to one part, by the functions that it was called "
		      "through, so the parts add up to the sample.");
	ret = add_series(doc, p, dir, err);
	doc_heading(doc, 2, "What the parts are");
	for (int k = 0; k < NR_COST_PARTS; k++)
		doc_item(doc, "%s: %s", cost_parts[k].name, cost_parts[k].what);
	return ret;
}

/* What a reader of @rec should know of a profile that was made with something else. */
static void warn_of_differences(struct doc *doc, const struct profile *p, const struct record *rec)
{
	for (size_t i = 0; i < p->nr_environment; i++) {
		const struct record_field *f = &p->environment[i];
		const struct record_field *other = record_find_environment(rec, f->name);

		/* The plugin is among QEMU's arguments, and changes no count. */
		if (!strcmp(f->name, "qemu_args") || (other && !strcmp(other->text, f->text)))
			continue;
		doc_warning(doc,
			    "The profile was made with another %s than the record: %s, not %s; "
			    "run make profile again.",
			    f->name, f->text, other ? other->text : "?");
	}
}

static void add_intro(struct doc *doc, const struct profile *p)
{
	doc_para(doc,
		 "Guest instructions of one typical sample of each phase, in Xen %s and Linux %s, "
		 "%u vCPU%s, tier exact. It is not time: a TLB flush is dear on hardware and "
		 "a few instructions here.",
		 profile_environment(p, "xen_version"), profile_environment(p, "kernel_release"),
		 p->nr_vcpus, p->nr_vcpus == 1 ? "" : "s");
	for (size_t i = 0; i < p->nr_hints; i++)
		doc_warning(doc, "%s", p->hints[i]);
}

/* The same on a page of its own and in a report: what was found first, then what its words mean. */
static int add_profile(struct doc *doc, const struct profile *p, const char *dir, struct error *err)
{
	int ret = page_domains(doc, p, dir, err);

	if (!ret && has_cost_model(p))
		ret = add_cost_model(doc, p, dir, err);
	add_events(doc, p);
	return ret ?: page_lines(doc, p, dir, err);
}

int report_profile(struct doc *doc, const char *path, const struct record *rec, const char *dir,
		   struct error *err)
{
	struct profile *p = profile_read(path, err);
	int ret;

	if (!p)
		return -1;
	doc_heading(doc, 2, "Where the instructions go");
	add_intro(doc, p);
	if (rec)
		warn_of_differences(doc, p, rec);
	ret = add_profile(doc, p, dir, err);
	profile_free(p);
	return ret;
}

int profile_page(const struct profile *p, const char *dir, struct error *err)
{
	struct doc doc = { 0 };
	int ret;

	doc_heading(&doc, 1, "Where the instructions go");
	add_intro(&doc, p);
	ret = add_profile(&doc, p, dir, err) ?: add_icicles(&doc, p, dir, err);
	if (!ret)
		ret = doc_write(&doc, &doc_markdown, dir, "profile.md", err);
	if (!ret)
		ret = doc_write(&doc, &doc_html, dir, "profile.html", err);
	doc_free(&doc);
	return ret;
}
