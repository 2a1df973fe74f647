// SPDX-License-Identifier: GPL-2.0
/* gntbench list: what there is to run. Needs no module and no Xen. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "run/drivers/driver.h"
#include "run/suite.h"

struct args {
	unsigned int json;
};

static const struct option_row rows[] = {
	{ "format", 'f', "FORMAT", "text or json", TO_WORD(json, "text, json") },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.what = "Lists the cases with their parameters, defaults and limits, and the suites with "
		"the time that they take in the lab.\v"
		"Suites are looked for in $GNTBENCH_SUITES, else beside the command.",
};

static void list_param(const struct param_info *p)
{
	printf("    %-14s %ju to %ju%s%s, default %ju: %s\n", p->name, (uintmax_t)p->min,
	       (uintmax_t)p->max, *p->unit ? " " : "", p->unit, (uintmax_t)p->def, p->what);
}

static void list_metrics(const struct gntbench_case_info *info)
{
	for (const struct gntbench_metric *m = info->metrics; m->name; m++)
		printf("    -> %-11s %s, a %s%s: %s%s\n", m->name,
		       m->unit == GNTBENCH_TIME ? "insn or ns" : "count", per_names[m->per],
		       m->per == GNTBENCH_PER_USE ? " of a page" : "", m->what,
		       m->waits ? "; waits" : "");
	if (info->pageless)
		printf("       a sample in place of a page: op %s\n", info->pageless);
	if (info->waiting)
		printf("       waits, is virtual time in the exact tier: op %s\n", info->waiting);
}

static void list_case(const struct driver *driver, const struct gntbench_case_info *info)
{
	printf("  %s: %s (driver %s)\n", info->name, info->what, driver->name);
	if (*info->ops)
		printf("    %-14s %s, default the first\n", "op", info->ops);
	for (int i = GNTBENCH_P_TIMEOUT_MS + 1; i < GNTBENCH_NR_PARAMS; i++)
		if (case_takes(info, param_infos[i].name))
			list_param(&param_infos[i]);
	if (case_takes(info, "unmap_mode"))
		puts("    unmap_mode     " GNTBENCH_UNMAP_MODES ", default async");
	if (case_takes(info, "granter"))
		puts("    granter        " OWN_GRANTERS ", default self; dom0 with a mapper");
	if (case_takes(info, "hold"))
		puts("    hold           constant:TIME | spread:FROM,TO | uniform:FROM,TO |"
		     " exponential:MEAN | file:PATH;\n"
		     "                   a TIME is 0 to 10s, such as 0.5ms; default constant:1ms");
	list_metrics(info);
}

static void list_cases(void)
{
	printf("Cases (tiers %s):\n", tier_list());
	for (const struct driver *const *d = drivers; *d; d++)
		for (const struct gntbench_case_info *info = (*d)->cases; info->name; info++)
			list_case(*d, info);
	puts("  every case:");
	puts("    mapper         " MAPPERS ", default none: who maps, in a domU by gntbench serve");
	for (int i = 0; i <= GNTBENCH_P_TIMEOUT_MS; i++)
		list_param(&param_infos[i]);
}

/* Where the suites go: to @json, or to stdout if it is NULL. */
struct suites {
	json_t *json;
	int ret;
};

static void list_suite(const char *path, void *arg)
{
	struct plan *plan = plan_new();
	struct suites *suites = arg;
	struct error err;

	if (plan_read_suite(plan, path, &err) || plan_expand(plan, NULL, &err))
		suites->ret = error_print(&err);
	else if (suites->json)
		json_array_append_new(suites->json,
				      json_pack("{s:s, s:s, s:I, s:f}", "name", plan->suite, "what",
						plan->what, "cases", (json_int_t)plan->nr_cases,
						"time_s", plan->time_s));
	else
		printf("  %-10s %4zu cases, %4.0f s: %s\n", plan->suite, plan->nr_cases,
		       plan->time_s, plan->what);
	plan_free(plan);
}

/* The words of a list, as an array. */
static json_t *words_json(const char *list)
{
	json_t *words = json_array();
	char *copy = xstrdup(list), *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word)
			json_array_append_new(words, json_string(word));
	free(copy);
	return words;
}

static json_t *param_json(const struct param_info *p)
{
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "name", p->name, "unit", p->unit, "min",
			 (json_int_t)p->min, "max", (json_int_t)p->max, "default",
			 (json_int_t)p->def, "what", p->what);
}

static json_t *metrics_json(const struct gntbench_case_info *info)
{
	json_t *metrics = json_array();

	for (const struct gntbench_metric *m = info->metrics; m->name; m++)
		json_array_append_new(
			metrics, json_pack("{s:s, s:s, s:s, s:b, s:s}", "name", m->name, "unit",
					   m->unit == GNTBENCH_TIME ? "time" : "count", "per",
					   per_names[m->per], "waits", m->waits, "what", m->what));
	return metrics;
}

static json_t *case_json(const struct driver *driver, const struct gntbench_case_info *info)
{
	static const struct {
		const char *param, *words;
	} lists[] = { { "unmap_mode", GNTBENCH_UNMAP_MODES }, { "granter", OWN_GRANTERS } };
	json_t *params = json_array();
	json_t *json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "name", info->name, "driver",
				 driver->name, "what", info->what, "ops", words_json(info->ops),
				 "params", params, "metrics", metrics_json(info));

	for (int i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (i <= GNTBENCH_P_TIMEOUT_MS || case_takes(info, param_infos[i].name))
			json_array_append_new(params, param_json(&param_infos[i]));
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (case_takes(info, lists[i].param))
			json_object_set_new(json, lists[i].param, words_json(lists[i].words));
	json_object_set_new(json, "hold", json_boolean(case_takes(info, "hold")));
	return json;
}

static int list_json(void)
{
	json_t *cases = json_array(), *tiers = json_array();
	struct suites suites = { .json = json_array() };
	json_t *root = json_pack("{s:o, s:o, s:o, s:o}", "tiers", tiers, "mappers",
				 words_json(MAPPERS), "cases", cases, "suites", suites.json);

	for (size_t i = 0; i < NR_TIERS; i++)
		json_array_append_new(tiers, json_string(tier_names[i]));
	for (const struct driver *const *d = drivers; *d; d++)
		for (const struct gntbench_case_info *info = (*d)->cases; info->name; info++)
			json_array_append_new(cases, case_json(*d, info));
	plan_each_suite(list_suite, &suites);
	json_dumpf(root, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(root);
	return suites.ret;
}

int cmd_list(int argc, char **argv)
{
	struct args args = { 0 };
	struct suites suites = { 0 };

	options_parse(&options, argc, argv, &args);
	if (args.json)
		return list_json();
	list_cases();
	puts("Suites, with the time of make bench SUITE=NAME once all is built:");
	if (plan_each_suite(list_suite, &suites))
		puts("  none found; set GNTBENCH_SUITES to the directory of the .ini files");
	return suites.ret;
}
