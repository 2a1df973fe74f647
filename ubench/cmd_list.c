// SPDX-License-Identifier: GPL-2.0
/* gntbench list: what there is to run. Needs no module and no Xen. */
#include <argp.h>
#include <stdio.h>

#include "cmd.h"
#include "drivers/driver.h"

static const struct argp argp = {
	.doc = "Cases with their parameters, defaults and limits.",
};

static void list_case(const struct driver *driver, const struct gntbench_case_info *info)
{
	printf("%-12s %s (driver %s)\n", info->name, info->what, driver->name);
	if (*info->ops)
		printf("  %-14s %s\n", "op", info->ops);
	for (int i = 0; i < GNTBENCH_NR_PARAMS; i++) {
		const struct param_info *p = &param_infos[i];

		if (info->params >> i & 1)
			printf("  %-14s %ju to %ju %s, default %ju: %s\n", p->name,
			       (uintmax_t)p->min, (uintmax_t)p->max, p->unit, (uintmax_t)p->def,
			       p->what);
	}
}

int cmd_list(int argc, char **argv)
{
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	for (const struct driver *const *d = drivers; *d; d++)
		for (const struct gntbench_case_info *info = (*d)->cases; info->name; info++)
			list_case(*d, info);
	return STATUS_OK;
}
