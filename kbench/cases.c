// SPDX-License-Identifier: GPL-2.0
/* The table of cases: gntbench_cases.h, with the functions of each row. */
#include <linux/kernel.h>
#include <linux/stddef.h>

#include "bench.h"

#define GNTBENCH_CASE(_name, ...)								\
	{ .info = GNTBENCH_CASE_INFO(_name, __VA_ARGS__), .ops = &case_##_name##_ops },
const struct gntbench_case gntbench_cases[] = {
#include "gntbench_cases.h"
};

const unsigned int gntbench_nr_cases = ARRAY_SIZE(gntbench_cases);
