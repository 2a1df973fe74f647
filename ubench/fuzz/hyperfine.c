// SPDX-License-Identifier: GPL-2.0
/* What hyperfine exports, beside a record of four cases. */
#include <string.h>

#include "doc/doc.h"
#include "fuzz/fuzz.h"
#include "record/record.h"
#include "report/hyperfine.h"

/* The path of one. */
static char *make_record(void)
{
	static const char *const modes[] = { "immediate", "async" };
	struct record *rec = record_new();
	struct error err;
	char *path;

	rec->id = rec->started = rec->suite = "x";
	rec->fingerprint = "f";
	rec->tier = TIER_WALL;
	rec->unit = "ns";
	rec->cases = record_alloc(rec, 2, sizeof(*rec->cases));
	for (; rec->nr_cases < 2; rec->nr_cases++) {
		struct record_metric *m = record_alloc(rec, 1, sizeof(*m));

		*m = (struct record_metric) { .name = "unmap",
					      .unit = "ns",
					      .per = "page",
					      .divisor = 1,
					      .nr_values = 1,
					      .values = record_alloc(rec, 1, sizeof(double)) };
		m->values[0] = 1000;
		summarize(m->values, 1, &m->summary);
		rec->cases[rec->nr_cases] = (struct record_case) {
			.name = "m",
			.op = "",
			.driver = "kbench",
			.reason = "",
			.metrics = m,
			.nr_metrics = 1,
			.id = record_printf(rec, "m/batch=1/unmap_mode=%s", modes[rec->nr_cases])
		};
	}
	path = strdup(fuzz_put("record.json", "", 0));
	fuzz_require(!record_write(rec, path, &err));
	record_free(rec);
	return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *record;
	struct doc doc = { 0 };
	struct error err;

	if (!record)
		record = make_record();
	if (!report_hyperfine(&doc, 1, fuzz_file(FUZZ_IN, data, size), record, &err))
		fuzz_require(!doc_text.print(&doc, NULL, stdout) &&
			     !doc_html.print(&doc, NULL, stdout));
	doc_free(&doc);
	return 0;
}
