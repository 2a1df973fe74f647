// SPDX-License-Identifier: GPL-2.0
/* What the plugin leaves, resolved with symbols against a record of one case. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "profile/profile.h"

static const char names[] =
	"ffff82d040200000 T gnttab_map_grant_ref\nffff82d040201000 T do_grant_table_op\n"
	"ffffffff81000100 t batch_map\nffffffff81000200 T xen_hypercall_pv\n"
	"ffffffffc0000000 t kbench_map [gntbench]\n";

static struct record *make_record(void)
{
	struct record *rec = record_new();
	struct record_case *c = rec->cases = record_alloc(rec, 1, sizeof(*c));
	struct record_metric *m = c->metrics = record_alloc(rec, 2, 2 * sizeof(*m));

	rec->nr_cases = 1;
	*c = (struct record_case) { .name = "map_unmap",
				    .op = "",
				    .id = "map_unmap/batch=1",
				    .driver = "kbench",
				    .reason = "",
				    .metrics = m,
				    .nr_metrics = 2 };
	for (size_t i = 0; i < 2; i++) {
		m[i] = (struct record_metric) { .name = i ? "unmap" : "map",
						.unit = "insn",
						.per = "page",
						.divisor = 1,
						.nr_values = 2,
						.values = record_alloc(rec, 2, sizeof(double)) };
		m[i].values[0] = m[i].values[1] = 100;
		summarize(m[i].values, 2, &m[i].summary);
	}
	rec->unit = "insn";
	rec->tier = TIER_EXACT;
	return rec;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct raw *raw = raw_read(fuzz_file(FUZZ_IN, data, size), &err);
	struct symbols *syms;
	struct profile *p;
	struct record *rec;

	if (!raw)
		return 0;
	syms = symbols_new();
	rec = make_record();
	fuzz_require(!symbols_read(syms, fuzz_file(FUZZ_OUT, names, strlen(names)), &err));
	p = profile_resolve(rec, raw, syms, false, &err);
	if (p)
		profile_show(p, 5);
	profile_free(p);
	record_free(rec);
	symbols_free(syms);
	raw_free(raw);
	return 0;
}
