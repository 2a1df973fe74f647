// SPDX-License-Identifier: GPL-2.0
/* The table of plots. To add one: plots/NAME.gp and a row here. */
#include "plot.h"

/*
 * PLOT(name, .field = value, …)
 *
 * The script becomes a part of the program, so that it needs no installed files.
 */
#define PLOTS(PLOT)								\
	PLOT(map_unmap_cost, .case_name = "map_unmap", .kind = PLOT_CASES,	\
	     .x = "batch", .y = "unmap", .prefer = "granter=self",		\
	     .min_points = 2, .min_series = 1,					\
	     .what = "What one page costs to map and to unmap, against the batch, for each "	\
		     "unmap mode: medians.")					\
	PLOT(map_unmap_throughput, .case_name = "map_unmap", .kind = PLOT_CASES,	\
	     .x = "batch", .y = "unmap", .prefer = "granter=self",		\
	     .min_points = 2, .min_series = 1,					\
	     .what = "How many pages are mapped and unmapped, against the batch, for each "	\
		     "unmap mode.")						\
	PLOT(map_unmap_latency, .case_name = "map_unmap", .kind = PLOT_RANKS,	\
	     .x = "batch", .y = "unmap", .prefer = "granter=self",		\
	     .min_points = 2, .min_series = 1,					\
	     .what = "How long the unmap of a whole batch takes: the share of the samples "	\
		     "that took longer falls tenfold from one mark of the x axis to the next.") \
	PLOT(map_unmap_price, .case_name = "map_unmap", .kind = PLOT_CASES,	\
	     .x = "batch", .y = "unmap", .prefer = "granter=self",		\
	     .min_points = 2, .min_series = 2, .tiers = 1 << TIER_EXACT,		\
	     .what = "The price of the safe unmap: what async and sync cost a page more than "	\
		     "immediate, with the straight line's split into a request and a page.")	\
	/* Add a new plot here. */

#define SCRIPT(plot, ...)						\
	__asm__(".pushsection .rodata\n"				\
		"script_" #plot ": .incbin \"plots/" #plot ".gp\"\n"	\
		".byte 0\n"						\
		".popsection\n");					\
	extern const char script_##plot[];
PLOTS(SCRIPT)
#undef SCRIPT

const struct plot plots[] = {
#define ROW(plot, ...) { .name = #plot, .script = script_##plot, __VA_ARGS__ },
	PLOTS(ROW)
#undef ROW
};

const size_t nr_plots = sizeof(plots) / sizeof(plots[0]);
