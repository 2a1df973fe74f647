// SPDX-License-Identifier: GPL-2.0
/* gntbench trend: one case over a history, its steps, and changes of the environment. */
#include <stdint.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "store/trend.h"

struct args {
	const char *dir, *plot;
	unsigned int json;
	struct trend_query query;
	struct operands operands;
};

static int take_tier(void *field, const char *text, struct error *err)
{
	int tier = tier_by_name(text);

	if (tier < 0)
		return error_set(err, "there are %s", tier_list());
	*(int *)field = tier;
	return 0;
}

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "the history (" HISTORY_DIR ")", TO_TEXT(dir) },
	{ "metric", 'm', "NAME", "if the case has several", TO_TEXT(query.metric) },
	{ "tier", 't', "TIER", "exact, wall or host (that of the newest record)",
	  TO_TAKE(query.tier, take_tier) },
	{ "last", 'n', "N", "only the newest N records", TO_COUNT(query.last, 1, UINT32_MAX) },
	{ "plot", 'p', "FILE", "draw to FILE.svg or FILE.png, with gnuplot", TO_TEXT(plot) },
	{ "format", 'f', "FORMAT", "text or json", TO_WORD(json, "text, json") },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "CASE",
	.what = "Print and plot one case over the records of a history, its steps, and the changes "
		"of the environment.",
	OPERANDS(1, 1, "a case is needed: its id, or a pattern like 'map_unmap/batch=32*async'"),
};

int cmd_trend(int argc, char **argv)
{
	struct args args = { .dir = HISTORY_DIR, .query = { .tier = -1 } };
	struct history *h;
	struct trend t;
	struct error err;
	int ret;

	options_parse(&options, argc, argv, &args);
	args.query.series = args.operands.all[0];
	h = history_open(args.dir, &err);
	if (!h)
		return error_print(&err);
	ret = trend_make(&t, h, &args.query, &err);
	if (!ret)
		ret = args.json ? trend_print_json(&t, &err) : trend_print(&t, &err);
	if (!ret && args.plot)
		ret = trend_plot(&t, args.plot, &err);
	trend_free(&t);
	history_free(h);
	return ret ? error_print(&err) : STATUS_OK;
}
