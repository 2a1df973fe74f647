// SPDX-License-Identifier: GPL-2.0
#include "run/drivers/driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

const struct driver *const drivers[] = {
#define DRIVER(name) &name##_driver,
	DRIVERS(DRIVER)
#undef DRIVER
		NULL
};

const char *const per_names[] = {
	[GNTBENCH_PER_SAMPLE] = "sample",
	[GNTBENCH_PER_PAGE] = "page",
	[GNTBENCH_PER_REQUEST] = "request",
	[GNTBENCH_PER_USE] = "use",
};

const struct param_info param_infos[GNTBENCH_NR_PARAMS] = {
#define GNTBENCH_PARAM(id, name, unit, min, max, def, what) \
	[GNTBENCH_P_##id] = { name, unit, min, max, def, what },
	GNTBENCH_PARAMS(GNTBENCH_PARAM)
#undef GNTBENCH_PARAM
};

const struct gntbench_case_info *find_case(const char *name, const struct driver **driver)
{
	const struct gntbench_case_info *info;

	for (const struct driver *const *d = drivers; *d; d++) {
		for (info = (*d)->cases; info->name; info++) {
			if (strcmp(info->name, name))
				continue;
			if (driver)
				*driver = *d;
			return info;
		}
	}
	return NULL;
}

size_t count_metrics(const struct gntbench_case_info *info)
{
	size_t n = 0;

	while (info->metrics[n].name)
		n++;
	return n;
}

bool outcome_stop(struct outcome *out, enum case_status status, const char *format, ...)
{
	va_list args;

	if (out->status != CASE_OK)
		return false;
	out->status = status;
	va_start(args, format);
	vsnprintf(out->reason, sizeof(out->reason), format, args);
	va_end(args);
	return false;
}

int request_granter(const struct request *req, struct granter *out, struct error *err)
{
	if (!req->granter)
		return granter_find(req->c->granter, out, err);
	*out = *req->granter;
	out->grefs = xcalloc(out->nr_grefs, sizeof(*out->grefs));
	if (out->nr_grefs)
		memcpy(out->grefs, req->granter->grefs, out->nr_grefs * sizeof(*out->grefs));
	return 0;
}
