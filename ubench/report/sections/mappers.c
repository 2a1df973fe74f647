// SPDX-License-Identifier: GPL-2.0
/* Who maps: what a page costs in dom0, in a PV and in a PVH domU. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/array.h"
#include "report/report.h"

#define USUAL_BATCH 32

static const char *const mappers[] = { "dom0", "pv", "pvh", "hvm" };

static bool collect(const struct report *r, struct plot_data *data)
{
	const struct plot all = {
		.case_name = "map_unmap",
		.kind = PLOT_CASES,
		.x = "batch",
		.y = "unmap",
		.by = "mapper",
	};

	return plot_collect(&all, r->rec, data);
}

/* Map and async unmap together, a page. NAN if it wasn't measured. */
static double page_cost(const struct plot_data *data, const char *mapper, double batch)
{
	const struct record_case *c =
		report_batch(report_find(data, "async", "mapper", mapper), batch);

	return c ? report_typical(c, "map") + report_typical(c, "unmap") : NAN;
}

static double unmap_cost(const struct plot_data *data, const char *mapper, const char *mode,
			 double batch)
{
	const struct record_case *c =
		report_batch(report_find(data, mode, "mapper", mapper), batch);

	return c ? report_typical(c, "unmap") : NAN;
}

static void mapper_row(struct report *r, const struct plot_data *data, const char *mapper,
		       const struct record_case *c)
{
	double batch = report_param(c, "batch");
	double cost = page_cost(data, mapper, batch);

	doc_cell(r->doc, "%s", mapper);
	report_number(r->doc, batch);
	report_cost(r, report_typical(c, "map"));
	report_cost(r, unmap_cost(data, mapper, "immediate", batch));
	report_cost(r, unmap_cost(data, mapper, "async", batch));
	report_cost(r, cost);
	doc_cell(r->doc, "%s", number_fixed(cost / page_cost(data, mappers[0], batch), 2));
}

static bool has_mappers(const struct plot_data *data)
{
	size_t nr = 0;

	for (size_t m = 0; m < ARRAY_SIZE(mappers); m++)
		nr += report_find(data, NULL, "mapper", mappers[m]) != NULL;
	return nr > 1;
}

bool report_mappers(struct report *r)
{
	struct plot_data data;
	bool shown;
	char *title;

	if (!collect(r, &data))
		return false;
	shown = has_mappers(&data);
	if (shown) {
		doc_heading(r->doc, 3, "Who maps");
		title = xasprintf("%s/page; grants of another domain", r->rec->unit);
		doc_table(r->doc, title,
			  "<mapper|batch|map|unmap immediate|unmap async|map and async unmap|"
			  "times dom0");
		free(title);
	}
	for (size_t m = 0; shown && m < ARRAY_SIZE(mappers); m++) {
		const struct plot_series *series = report_find(&data, NULL, "mapper", mappers[m]);

		for (size_t i = 0; series && i < series->nr_cases; i++)
			mapper_row(r, &data, mappers[m], series->cases[i]);
	}
	plot_data_free(&data);
	return shown;
}

void report_mappers_at_a_glance(struct report *r)
{
	struct plot_data data;
	double pv, pvh;

	if (!collect(r, &data))
		return;
	pv = page_cost(&data, "pv", USUAL_BATCH);
	pvh = page_cost(&data, "pvh", USUAL_BATCH);
	if (isfinite(pv) && isfinite(pvh))
		report_say(r,
			   "To map and unmap a page (async, batch %d) costs a PVH domU %s times "
			   "what it costs a PV domU: %s for %s %s.",
			   USUAL_BATCH, number_text(pvh / pv), cost_text(r->rec, pvh),
			   cost_text(r->rec, pv), r->rec->unit);
	plot_data_free(&data);
}
