// SPDX-License-Identifier: GPL-2.0
/* Copy or map: what a page's bytes cost either way, and from how many on mapping is cheaper. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/report.h"

#define CASE_NAME "copy"

/* The series that differs from @copy in its op only. */
static const struct plot_series *find_map(const struct plot_data *data,
					  const struct plot_series *copy)
{
	const struct record_case *c = copy->cases[0];

	for (size_t s = 0; s < data->nr_series; s++) {
		const struct record_case *m = data->series[s].cases[0];

		if (!strcmp(m->op, "map") &&
		    !strcmp(report_param_text(m, "batch"), report_param_text(c, "batch")) &&
		    !strcmp(report_param_text(m, "granter"), report_param_text(c, "granter")))
			return &data->series[s];
	}
	return NULL;
}

static const struct record_case *find_bytes(const struct plot_series *series, double bytes)
{
	for (size_t i = 0; i < series->nr_cases; i++)
		if (report_param(series->cases[i], "bytes") == bytes)
			return series->cases[i];
	return NULL;
}

/* Where the two lines cross first, straight between the sizes measured; NAN if they don't. */
static double crossover(const struct plot_series *copy, const struct plot_series *map)
{
	double before = NAN, before_bytes = NAN;

	for (size_t i = 0; i < copy->nr_cases; i++) {
		double bytes = report_param(copy->cases[i], "bytes");
		const struct record_case *m = find_bytes(map, bytes);
		double dearer;

		if (!m)
			continue;
		dearer = report_typical(copy->cases[i], "total") - report_typical(m, "total");
		if (before * dearer < 0)
			return before_bytes + (bytes - before_bytes) * before / (before - dearer);
		before = dearer;
		before_bytes = bytes;
	}
	return NAN;
}

static void copy_rows(struct report *r, const struct plot_series *copy,
		      const struct plot_series *map)
{
	for (size_t i = 0; i < copy->nr_cases; i++) {
		const struct record_case *c = copy->cases[i];
		const struct record_case *m = find_bytes(map, report_param(c, "bytes"));
		double copied = report_typical(c, "total");
		double mapped = m ? report_typical(m, "total") : NAN;

		doc_cell(r->doc, "%s", report_param_text(c, "granter"));
		report_number(r->doc, report_param(c, "batch"));
		report_number(r->doc, report_param(c, "bytes"));
		report_cost(r, copied);
		report_cost(r, mapped);
		doc_cell(r->doc, "%s", number_fixed(mapped / copied, 2));
	}
}

static void write_crossover(struct report *r, const struct plot_series *copy,
			    const struct plot_series *map)
{
	const struct record_case *first = copy->cases[0];
	const struct record_case *last = copy->cases[copy->nr_cases - 1];
	const struct record_case *same = find_bytes(map, report_param(last, "bytes"));
	double bytes = crossover(copy, map);

	if (isfinite(bytes))
		doc_item(r->doc, "Batch %s, granter %s: the two cost the same at %s bytes a page.",
			 report_param_text(first, "batch"), report_param_text(first, "granter"),
			 number_fixed(bytes, 0));
	else if (same)
		doc_item(r->doc, "Batch %s, granter %s: %s is cheaper at every size measured.",
			 report_param_text(first, "batch"), report_param_text(first, "granter"),
			 report_typical(last, "total") < report_typical(same, "total") ? "copy" :
											 "map");
}

/* How many times the one costs the other, at least and at most, of all pairs of a record. */
struct ratios {
	double least, most;
	size_t nr;
};

static void add_ratios(const struct plot_series *copy, const struct plot_series *map,
		       struct ratios *sum)
{
	for (size_t i = 0; i < copy->nr_cases; i++) {
		const struct record_case *c = copy->cases[i];
		const struct record_case *m = find_bytes(map, report_param(c, "bytes"));
		double ratio = m ? report_typical(m, "total") / report_typical(c, "total") : NAN;

		if (!isfinite(ratio))
			continue;
		sum->least = sum->nr ? fmin(sum->least, ratio) : ratio;
		sum->most = sum->nr ? fmax(sum->most, ratio) : ratio;
		sum->nr++;
	}
}

static bool collect(const struct record *rec, struct plot_data *data)
{
	const struct plot by_bytes = {
		.case_name = CASE_NAME,
		.kind = PLOT_CASES,
		.x = "bytes",
		.y = "total",
	};

	return plot_collect(&by_bytes, rec, data);
}

void report_copy_at_a_glance(struct report *r)
{
	struct plot_data data;
	struct ratios all = { 0 };

	if (!collect(r->rec, &data))
		return;
	for (size_t s = 0; s < data.nr_series; s++) {
		const struct plot_series *map = find_map(&data, &data.series[s]);

		if (map && !strcmp(data.series[s].cases[0]->op, "copy"))
			add_ratios(&data.series[s], map, &all);
	}
	plot_data_free(&data);
	if (!all.nr)
		return;
	if (all.least > 1)
		report_say(r,
			   "Copying is cheaper than mapping at every size and batch here: a mapped "
			   "page costs %s to %s times a copied one.",
			   number_fixed(all.least, 1), number_fixed(all.most, 1));
	else if (all.most < 1)
		report_say(r,
			   "Mapping is cheaper than copying at every size and batch here: a copied "
			   "page costs %s to %s times a mapped one.",
			   number_fixed(1 / all.most, 1), number_fixed(1 / all.least, 1));
	else
		report_say(r,
			   "Whether copying or mapping is cheaper depends on size and batch: a "
			   "mapped page costs %s to %s times a copied one.",
			   number_fixed(all.least, 2), number_fixed(all.most, 2));
}

bool report_copy(struct report *r)
{
	struct plot_data data;
	bool begun = false;

	if (!collect(r->rec, &data))
		return false;
	for (size_t s = 0; s < data.nr_series; s++) {
		const struct plot_series *copy = &data.series[s], *map = find_map(&data, copy);

		if (strcmp(copy->cases[0]->op, "copy") || !map)
			continue;
		if (!begun) {
			char *caption = xasprintf("%s/page, medians", r->rec->unit);

			doc_heading(r->doc, 3, "copy: copy the bytes, or map the page?");
			doc_table(r->doc, caption,
				  "<granter|batch|bytes|copy by Xen|"
				  "map, memcpy, unmap|map / copy");
			free(caption);
			begun = true;
		}
		copy_rows(r, copy, map);
	}
	for (size_t s = 0; s < data.nr_series && begun; s++) {
		const struct plot_series *map = find_map(&data, &data.series[s]);

		if (map && !strcmp(data.series[s].cases[0]->op, "copy"))
			write_crossover(r, &data.series[s], map);
	}
	plot_data_free(&data);
	if (!begun)
		return report_case(r, CASE_NAME);
	doc_para(r->doc,
		 "map is gnttab_map_refs(), memcpy() and gnttab_unmap_refs_async(). A backend "
		 "that hands the pages on need not copy what it mapped; compare with "
		 "map_unmap then.");
	if (r->rec->tier == TIER_EXACT)
		doc_para(r->doc,
			 "Instructions are not memory bandwidth: for large copies believe the "
			 "host tier.");
	return true;
}
