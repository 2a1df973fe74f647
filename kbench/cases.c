// SPDX-License-Identifier: GPL-2.0
/* The table of cases: gntbench_cases.h, with the functions of each row. */
#include <linux/kernel.h>
#include <linux/stddef.h>

#include "bench.h"

#define METRICS(...)	{ __VA_ARGS__ }
#define COUNTERS(...)	{ __VA_ARGS__ }

#define GNTBENCH_CASE(_name, _what, _op_names, _params, _metrics, _counters, _pageless...)	\
	{									\
		.info = {							\
			.name = #_name,						\
			.what = _what,						\
			.ops = _op_names,					\
			.params = _params,					\
			.metrics = _metrics,					\
			.counters = _counters,					\
			.pageless = "" _pageless,				\
		},								\
		.ops = &case_##_name##_ops,					\
	},
const struct gntbench_case gntbench_cases[] = {
#include "gntbench_cases.h"
};

const unsigned int gntbench_nr_cases = ARRAY_SIZE(gntbench_cases);
