// SPDX-License-Identifier: GPL-2.0
/* The table of plots. To add one: a script in scripts/ and a row here. */
#include "base/embed.h"
#include "plot/plot.h"

/*
 * PLOT(name, file, .field = value, …)
 *
 * The script becomes a part of the program, so that it needs no installed files. Cases that are
 * drawn alike may share one.
 */
/* clang-format off */
#define PLOTS(PLOT)										\
	PLOT(map_unmap_mapper, "cost_by_batch.gp", .case_name = "map_unmap", .section = "mappers",	\
	     .title = "Who maps, unmapped async",						\
	     .what = "What one page costs to map and to unmap, against the batch, by who maps "	\
		     "it: dom0, or a domU of that type.",					\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap",					\
	     .prefer = "unmap_mode=async granter=dom*",						\
	     .merge = "granter", .by = "mapper", .min_points = 2)				\
	PLOT(map_unmap_cost, "cost_by_batch.gp", .case_name = "map_unmap",			\
	     .title = "Cost of a page, by batch",						\
	     .what = "What one page costs to map and to unmap, against the batch, for each "	\
		     "unmap mode: medians.",							\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap",					\
	     .prefer = "granter=self mapper=dom0", \
	     .min_points = 2)									\
	PLOT(map_unmap_throughput, "map_unmap_throughput.gp", .case_name = "map_unmap",		\
	     .title = "Pages mapped and unmapped, by batch",					\
	     .what = "How many pages are mapped and unmapped, against the batch, for each "	\
		     "unmap mode.",								\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap",					\
	     .prefer = "granter=self mapper=dom0", \
	     .min_points = 2)									\
	PLOT(map_unmap_latency, "map_unmap_latency.gp", .case_name = "map_unmap", .section = "latency",		\
	     .title = "How long the unmap of a batch takes",					\
	     .what = "How long the unmap of a whole batch takes: the share of the samples "	\
		     "that took longer falls tenfold from one mark of the x axis to the next.",	\
	     .kind = PLOT_RANKS, .x = "batch", .y = "unmap",					\
	     .prefer = "granter=self mapper=dom0") \
	PLOT(map_unmap_price, "map_unmap_price.gp", .case_name = "map_unmap", .section = "price",			\
	     .title = "The price of the safe unmap: what it adds to a page",			\
	     .what = "What async and sync cost a page more than immediate, with the straight "	\
		     "line's split into a request and a page.",					\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap",					\
	     .prefer = "granter=self mapper=dom0", \
	     .by = "unmap_mode", .min_points = 2, .tiers = 1 << TIER_EXACT)			\
	PLOT(map_unmap_granter, "cost_by_batch.gp", .case_name = "map_unmap", .section = "granters",			\
	     .title = "Grants of this domain and of another, unmapped async",			\
	     .what = "What one page costs to map and to unmap, against the batch, for pages "	\
		     "of this domain and of another.",						\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap",					\
	     .prefer = "unmap_mode=async mapper=dom0",						\
	     .by = "granter", .min_points = 2)							\
	PLOT(gntdev_cost, "cost_by_batch.gp", .case_name = "gntdev_map_unmap",			\
	     .title = "Cost of a page from user space, by batch",				\
	     .what = "What one page costs to map and to unmap through gntdev, against the "	\
		     "batch: medians.",								\
	     .kind = PLOT_CASES, .x = "batch", .y = "unmap", .min_points = 2)			\
	PLOT(busy_overshoot, "busy_overshoot.gp", .case_name = "busy",				\
	     .title = "A busy page: how late its unmap is, and after how many attempts",	\
	     .what = "Above, the overshoot of each sample against the hold time of its busy "	\
		     "page; below, the attempts. The line is the closed form of the schedule "	\
		     "of an unpatched kernel: 5, 10, 15, … ms, each rounded up to jiffies and "	\
		     "one more.",								\
	     .kind = PLOT_SAMPLES, .y = "overshoot", .merge = "hold",				\
	     .prefer = "granter=self busy_pages=1")						\
	PLOT(busy_idle, "busy_idle.gp", .case_name = "busy",					\
	     .title = "How long idle pages stay mapped because another one is busy",		\
	     .what = "For each sample, how long the idle pages of the batch stayed mapped, "	\
		     "against the hold time of the busy one.",					\
	     .kind = PLOT_SAMPLES, .y = "idle_page", .merge = "hold",				\
	     .prefer = "granter=self busy_pages=1")						\
	PLOT(busy_cdf, "busy_cdf.gp", .case_name = "busy",					\
	     .title = "A busy page: until its unmap is done",					\
	     .what = "The share of the unmaps that were done by then, for each hold time.",	\
	     .kind = PLOT_RANKS, .y = "latency",						\
	     .prefer = "granter=self busy_pages=1 hold=constant:*",				\
	     .tiers = 1 << TIER_WALL | 1 << TIER_HOST)						\
	PLOT(drain, "drain.gp", .case_name = "drain",						\
	     .title = "Many unmap requests at once, some of them busy",				\
	     .what = "Until the last request is done, the CPU time that the core spends on "	\
		     "looking again, and the work items that do it, against the number of "	\
		     "busy requests.",								\
	     .kind = PLOT_CASES, .x = "busy_requests", .y = "drain",				\
	     .min_points = 2)									\
	PLOT(busy_io, "busy_io.gp", .case_name = "busy_io",					\
	     .title = "Unmaps of blkback in front of a disk behind a network",			\
	     .what = "For each network, the share of the unmap requests that found a page in "	\
		     "use and were deferred, and how long after the last use of its pages each "	\
		     "of those was done.",							\
	     .kind = PLOT_SAMPLES, .y = "overshoot")						\
	PLOT(refcount, "lines.gp", .case_name = "refcount",					\
	     .title = "Looks at the struct pages of a batch",					\
	     .what = "What a look at the struct page, and setting and clearing what the grant "	\
		     "code keeps there, costs a page, against the batch.",			\
	     .kind = PLOT_CASES, .x = "batch", .x_label = "batch, pages", .y = "cost",		\
	     .min_points = 2)									\
	PLOT(copy, "copy.gp", .case_name = "copy",						\
	     .title = "Copy the bytes, or map the page?",					\
	     .what = "What the bytes of a page cost when Xen copies them, and when the page is "\
		     "mapped, copied and unmapped, against the bytes that are used of it.",	\
	     .kind = PLOT_CASES, .x = "bytes", .y = "total", .prefer = "granter=self",		\
	     .min_points = 2)									\
	PLOT(strategy, "strategy.gp", .case_name = "strategy",					\
	     .title = "Copy, map each time, or keep mapped?",					\
	     .what = "What a use of a page costs each way, in times of the cheapest, against "	\
		     "the bytes that are wanted of it, for each batch.",			\
	     .kind = PLOT_CASES, .x = "bytes", .y = "total",					\
	     .prefer = "granter=self touched=100", .min_points = 2)				\
	PLOT(granter, "lines.gp", .case_name = "granter", .ops = "grant end try_end",		\
	     .title = "The granting side: granting a page, and taking it back",			\
	     .what = "What a page costs its granter, against the pages granted or ended in a "	\
		     "row.",									\
	     .kind = PLOT_CASES, .x = "batch", .x_label = "pages in a row", .y = "cost",	\
	     .min_points = 2)									\
	PLOT(granter_reclaim, "reclaim.gp", .case_name = "granter", .ops = "reclaim",		\
	     .title = "Grants ended while mapped: until Linux has freed them all",		\
	     .what = "How long Linux takes to free grants that were ended while they were mapped, "\
		     "from when the mapper lets go, against their number.",			\
	     .kind = PLOT_CASES, .x = "batch", .x_label = "deferred grants", .y = "cost",	\
	     .min_points = 2)									\
	PLOT(contend, "contend.gp", .case_name = "contend",					\
	     .title = "vCPUs that map and unmap at once, each its own pages",			\
	     .what = "Throughput of all vCPUs together, against their number.",			\
	     .kind = PLOT_CASES, .x = "vcpus", .y = "round", .min_points = 2,			\
	     .tiers = 1 << TIER_WALL | 1 << TIER_HOST)						\
	/* Add a new plot here. */

#define SCRIPT(plot, file, ...) EMBED(script_##plot, "plot/scripts/" file);
PLOTS(SCRIPT)
#undef SCRIPT
/* clang-format on */

const struct plot plots[] = {
#define ROW(plot, file, ...) { .name = #plot, .script = script_##plot, __VA_ARGS__ },
	PLOTS(ROW)
#undef ROW
};

const size_t nr_plots = sizeof(plots) / sizeof(plots[0]);
