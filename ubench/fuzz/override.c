// SPDX-License-Identifier: GPL-2.0
/* --set and --case of gntbench run: lines of KEY=VALUES, and the last one selects. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "run/suite.h"

static const char suite[] = "[suite]\nwhat = some of each\ntime_s = 1\n"
			    "[case floor]\nop = empty,hypercall\nbatch = 1\n"
			    "[case map_unmap]\nbatch = 1,32\nunmap_mode = async,sync\n"
			    "[case busy]\nhold = constant:1ms|spread:0ms,5ms\nbatch = 16\n"
			    "[case gntdev]\nbatch = 1\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *rest = text, *line;
	struct plan *plan = plan_new();
	struct error err;
	int ret = plan_read_suite(plan, fuzz_file(FUZZ_IN, suite, sizeof(suite) - 1), &err);

	plan->tier = ANY_TIER;
	while (!ret && (line = strsep(&rest, "\n")) && rest)
		ret = plan_override(plan, line, &err);
	if (!ret && !plan_expand(plan, *line ? line : NULL, &err))
		for (size_t i = 0; i < plan->nr_cases; i++)
			free(plan_case_id(&plan->cases[i], NULL));
	plan_free(plan);
	free(text);
	return 0;
}
