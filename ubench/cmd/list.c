// SPDX-License-Identifier: GPL-2.0
/* gntbench list: what there is to run. Needs no module and no Xen. */
#include <stdio.h>
#include <string.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "run/drivers/driver.h"
#include "run/suite.h"

static const struct options options = {
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
	static const char *const per[] = {
		[GNTBENCH_PER_SAMPLE] = "a sample",
		[GNTBENCH_PER_PAGE] = "a page",
		[GNTBENCH_PER_REQUEST] = "a request",
		[GNTBENCH_PER_USE] = "a use of a page",
	};

	for (const struct gntbench_metric *m = info->metrics; m->name; m++)
		printf("    -> %-11s %s, %s: %s%s\n", m->name,
		       m->unit == GNTBENCH_TIME ? "insn or ns" : "count", per[m->per], m->what,
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

static void list_suite(const char *path, void *arg)
{
	struct plan *plan = plan_new();
	struct error err;
	int *ret = arg;

	if (plan_read_suite(plan, path, &err) || plan_expand(plan, NULL, &err))
		*ret = error_print(&err);
	else
		printf("  %-10s %4zu cases, %4.0f s: %s\n", plan->suite, plan->nr_cases,
		       plan->time_s, plan->what);
	plan_free(plan);
}

int cmd_list(int argc, char **argv)
{
	int ret = STATUS_OK;

	options_parse(&options, argc, argv, NULL);
	list_cases();
	puts("Suites, with the time of make bench SUITE=NAME once all is built:");
	if (plan_each_suite(list_suite, &ret))
		puts("  none found; set GNTBENCH_SUITES to the directory of the .ini files");
	return ret;
}
