// SPDX-License-Identifier: GPL-2.0
/* Bencher's metric format: what head costs, benchmark by benchmark, with the interval if there is one. */
#include "verdict/formats/formats.h"

#include <jansson.h>
#include <math.h>

static void add_result(const struct comparison *c, const struct result *r, void *data)
{
	json_t *root = data, *metric, *measures;
	char unit[64];

	(void)c;
	if (!r->row || !isfinite(r->row->head))
		return;
	metric = json_pack("{s:f}", "value", r->row->head);
	if (isfinite(r->row->interval.lo) && isfinite(r->row->interval.hi)) {
		json_object_set_new(metric, "lower_value",
				    json_real(r->row->base * (1 + r->row->interval.lo)));
		json_object_set_new(metric, "upper_value",
				    json_real(r->row->base * (1 + r->row->interval.hi)));
	}
	measures = json_object();
	json_object_set_new(measures, row_unit(r->row, unit, sizeof(unit)), metric);
	json_object_set_new(root, r->name, measures);
}

void format_bmf(const struct comparison *c, FILE *out)
{
	json_t *root = json_object();

	format_results(c, add_result, root);
	put_json(root, out);
}
