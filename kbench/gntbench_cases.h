/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases: a row each. Included several times, each time with another GNTBENCH_CASE(), so it has
 * no include guard. The code of case NAME is kbench/case_NAME.c.
 *
 * GNTBENCH_CASE(name, what, ops, params, METRICS(…), COUNTERS(…))
 */

GNTBENCH_CASE(floor, "what the tool and the kernel cost before any grant is touched",
	      "empty hypercall page_count work timer",
	      GNTBENCH_TAKES(BATCH),
	      METRICS({ "cost", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "one round of the op" }),
	      COUNTERS(NULL))

GNTBENCH_CASE(map_unmap, "map a batch of grants, then unmap it", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(UNMAP_MODE) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "map", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "gnttab_map_refs()" },
		      { "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "asked for until done" }),
	      COUNTERS(NULL))

/* Add a new case here. */
