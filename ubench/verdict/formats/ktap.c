// SPDX-License-Identifier: GPL-2.0
/* KTAP version 1, the kernel's own: Documentation/dev-tools/ktap.rst. */
#include "verdict/formats/formats.h"

#include "base/text.h"

struct ktap {
	FILE *out;
	size_t nr;
};

static void print_result(const struct comparison *c, const struct result *r, void *data)
{
	struct ktap *k = data;
	bool bad = r->outcome == OUTCOME_FAIL || r->outcome == OUTCOME_ERROR ||
		   r->outcome == OUTCOME_MISS;

	(void)c;
	if (r->outcome != OUTCOME_PASS) {
		fputs("# ", k->out);
		put_clean(r->text, "", k->out);
		putc('\n', k->out);
	}
	fprintf(k->out, "%s %zu %s", bad ? "not ok" : "ok", ++k->nr, r->name);
	if (r->outcome == OUTCOME_SKIP || r->outcome == OUTCOME_DONE) {
		fputs(" # SKIP ", k->out);
		put_clean(r->text, "#", k->out);
	}
	putc('\n', k->out);
}

void format_ktap(const struct comparison *c, FILE *out)
{
	struct ktap k = { .out = out };

	fprintf(out, "KTAP version 1\n1..%zu\n", format_results(c, NULL, NULL));
	format_results(c, print_result, &k);
}
