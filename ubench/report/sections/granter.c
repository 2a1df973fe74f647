// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "report/report.h"

/* The generic table, and how many deferred grants Linux frees a second. */
bool report_granter(struct report *r)
{
	if (!report_case(r, "granter"))
		return false;
	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];

		if (report_is_measured(c, "granter") && !strcmp(c->op, "reclaim"))
			doc_item(r->doc,
				 "reclaim, batch %s: once the mapper lets go, Linux frees "
				 "%s deferred grants a second%s.",
				 report_param_text(c, "batch"),
				 number_fixed(1e9 / report_typical(c, "cost"), 1),
				 r->rec->tier == TIER_EXACT ? " of virtual time" : "");
	}
	return true;
}
