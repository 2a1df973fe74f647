/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cases: a row each. Included several times, each time with another GNTBENCH_CASE(), so it has
 * no include guard. The code of case NAME is kbench/case_NAME.c.
 *
 * GNTBENCH_CASE(name, what, ops, params, METRICS(…)[, other fields of gntbench_case_info])
 */

GNTBENCH_CASE(floor, "what the tool and the kernel cost before any grant is touched",
	      "empty hypercall page_count work timer",
	      GNTBENCH_TAKES(BATCH),
	      METRICS({ "cost", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "one round of the op",
		      .phase = MARK_ROUND }),
	      .pageless = "empty hypercall work timer", .waiting = "work timer")

GNTBENCH_CASE(map_unmap, "map a batch of grants, then unmap it", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(UNMAP_MODE) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "map", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "gnttab_map_refs()",
		      .phase = MARK_MAP },
		      { "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "asked for until done",
		      .phase = MARK_UNMAP }))

GNTBENCH_CASE(busy, "unmap a batch of which some pages are in use", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(BUSY_PAGES) | GNTBENCH_TAKES(GRANTER) |
	      GNTBENCH_TAKES(HOLDS),
	      METRICS({ "latency", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "asked for until done",
		      GNTBENCH_WAITS,
		      .phase = MARK_UNMAP },
		      { "hold", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "until the last is let go",
		      GNTBENCH_WAITS },
		      { "overshoot", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "latency minus hold",
		      GNTBENCH_WAITS },
		      { "idle_page", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "idle pages stay mapped",
		      GNTBENCH_WAITS },
		      { "attempts", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "looks at page counts",
		      GNTBENCH_WAITS }))

GNTBENCH_CASE(drain, "many unmap requests outstanding, some of them busy", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(REQUESTS) | GNTBENCH_TAKES(BUSY_REQUESTS) |
	      GNTBENCH_TAKES(INTERVAL_US) | GNTBENCH_TAKES(BUSY_PAGES) | GNTBENCH_TAKES(GRANTER) |
	      GNTBENCH_TAKES(HOLDS),
	      METRICS({ "submit", GNTBENCH_TIME, GNTBENCH_PER_REQUEST, "the calls alone",
		      .phase = MARK_UNMAP },
		      { "drain", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "first call until last done",
		      GNTBENCH_WAITS },
		      { "overshoot", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "drain minus last hold",
		      GNTBENCH_WAITS },
		      { "retry_cpu", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "of looks in vain",
		      GNTBENCH_WAITS },
		      { "control_cpu", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "had none been busy",
		      GNTBENCH_WAITS },
		      { "busy_cpu", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "not idle, after calls",
		      GNTBENCH_WAITS },
		      { "work_items", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "of the core, run",
		      GNTBENCH_WAITS }))

GNTBENCH_CASE(refcount, "looks at the struct page of each page of a batch",
	      "check lookup set clear check_cold lookup_cold",
	      GNTBENCH_TAKES(BATCH),
	      METRICS({ "cost", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "one round of the op",
		      .phase = MARK_ROUND }))

GNTBENCH_CASE(copy, "bytes of granted pages, copied by Xen or through a mapping", "copy map",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(BYTES) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "total", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "from grants to bytes",
		      .phase = MARK_ROUND }))

GNTBENCH_CASE(granter, "the granting side", "grant end try_end reclaim",
	      GNTBENCH_TAKES(BATCH),
	      METRICS({ "cost", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "one round of the op",
		      .phase = MARK_ROUND }),
	      .waiting = "reclaim")

GNTBENCH_CASE(contend, "vCPUs that map and unmap at once, each its own batch", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(VCPUS) | GNTBENCH_TAKES(UNMAP_MODE) |
	      GNTBENCH_TAKES(GRANTER),
	      METRICS({ "round", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "a batch on every vCPU",
		      GNTBENCH_WAITS,
		      .phase = MARK_STEPS },
		      { "least", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "rounds of the slowest",
		      GNTBENCH_WAITS }))

GNTBENCH_CASE(lines, "memory touched on purpose: what the profiler must count",
	      "touch turns pair apart",
	      GNTBENCH_TAKES(LINES),
	      METRICS({ "cost", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "a word of each line written",
		      .phase = MARK_ROUND }))

GNTBENCH_CASE(handoff, "map on one vCPU, unmap on another", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(UNMAP_MODE) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "map", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "gnttab_map_refs()",
		      .phase = MARK_MAP },
		      { "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "asked for until done",
		      .phase = MARK_UNMAP }))

GNTBENCH_CASE(strategy, "a page's bytes: copied, mapped each time, or kept mapped",
	      "copy map_copy map_touch keep",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(BYTES) | GNTBENCH_TAKES(TOUCHED) |
	      GNTBENCH_TAKES(USES) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "total", GNTBENCH_TIME, GNTBENCH_PER_USE, "from grants to bytes",
		      .phase = MARK_ROUND }))

GNTBENCH_CASE(backend, "the unmap requests of this machine's own backends, as they come", "", 0,
	      REQUEST_METRICS)

GNTBENCH_CASE(limits, "map and unmap while few handles, or grants, are left",
	      "maptrack grants turns fail",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(FREE) | GNTBENCH_TAKES(UNMAP_MODE),
	      METRICS({ "map", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "gnttab_map_refs()",
		      .phase = MARK_MAP },
		      { "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "asked for until done",
		      .phase = MARK_UNMAP },
		      { "left", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "when the samples began" }))

/* Add a new case here. */
