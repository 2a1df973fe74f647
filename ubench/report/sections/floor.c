// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "report/report.h"

/* Whether another one than dom0 did it: who, is a column then. */
static bool has_mappers(const struct report *r)
{
	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const char *mapper = report_param_text(&r->rec->cases[i], "mapper");

		if (report_is_measured(&r->rec->cases[i], "floor") && *mapper &&
		    strcmp(mapper, "dom0"))
			return true;
	}
	return false;
}

bool report_floor(struct report *r)
{
	const struct record *rec = r->rec;
	bool begun = false, mappers = has_mappers(r);

	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (!report_is_measured(c, "floor"))
			continue;
		if (!begun) {
			doc_heading(r->doc, 3,
				    "Floor: what the tool and the kernel cost before any grant is "
				    "touched");
			doc_table(r->doc, "",
				  mappers ? "<op|<mapper|batch|samples|per|median|p99|max" :
					    "<op|batch|samples|per|median|p99|max");
			begun = true;
		}
		for (size_t k = 0; k < c->nr_metrics; k++) {
			const struct record_metric *m = &c->metrics[k];

			doc_cell(r->doc, "%s", c->op);
			if (mappers)
				doc_cell(r->doc, "%s", report_param_text(c, "mapper"));
			report_number(r->doc, report_param(c, "batch"));
			report_number(r->doc, m->nr_values);
			doc_cell(r->doc, "%s/%s", m->unit, m->per);
			report_number(r->doc, m->nr_values ? m->summary.p50 / m->divisor : NAN);
			report_number(r->doc, m->nr_values ? m->summary.p99 / m->divisor : NAN);
			report_number(r->doc, m->nr_values ? m->summary.max / m->divisor : NAN);
		}
	}
	if (begun)
		doc_para(r->doc,
			 "empty is the sampler itself: two reads of the clock with nothing between "
			 "them. It is in every sample of every case.");
	return begun;
}
