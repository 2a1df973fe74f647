// SPDX-License-Identifier: GPL-2.0
/* Cases that run inside the kernel: one ioctl of /dev/gntbench each. */
#include "driver.h"

#include <stddef.h>

#define METRICS(...) { __VA_ARGS__ }
#define COUNTERS(...) { __VA_ARGS__ }
#define GNTBENCH_CASE(name, what, ops, params, metrics, counters) \
	{ #name, what, ops, params, metrics, counters },
static const struct gntbench_case_info cases[] = {
#include "gntbench_cases.h"
	{ .name = NULL },
};

const struct driver kbench_driver = {
	.name = "kbench",
	.what = "in the kernel, through " GNTBENCH_DEVICE,
	.cases = cases,
};
