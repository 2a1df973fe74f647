// SPDX-License-Identifier: GPL-2.0
/* A suite, and its cases. */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "run/run.h"
#include "run/suite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan *plan = plan_new();
	struct error err;
	size_t nr;

	plan->tier = size & 1 ? ANY_TIER : TIER_WALL;
	if (!plan_read_suite(plan, fuzz_file(FUZZ_IN, data, size), &err) &&
	    !plan_expand(plan, NULL, &err)) {
		for (size_t i = 0; i < plan->nr_cases; i++)
			free(plan_case_id(&plan->cases[i], plan->interleave));
		free(make_turns(plan, plan->interleave, &nr));
	}
	plan_free(plan);
	return 0;
}
