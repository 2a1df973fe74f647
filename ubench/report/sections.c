// SPDX-License-Identifier: GPL-2.0
/* The sections of a record's part, in their order. To add one: a file in sections/ and a row. */
#include "base/array.h"
#include "report/report.h"

const struct report_section report_sections[] = {
	{ "map_unmap", "map_unmap", report_map_unmap_at_a_glance, report_map_unmap },
	{ "mappers", "map_unmap", report_mappers_at_a_glance, report_mappers },
	{ "latency", "map_unmap", NULL, report_latency },
	{ "price", "map_unmap", report_price_at_a_glance, report_price },
	{ "granters", "map_unmap", report_granters_at_a_glance, report_granters },
	{ "busy", "busy", report_busy_at_a_glance, report_busy },
	{ "drain", "drain", report_drain_at_a_glance, report_drain },
	{ "busy_io", "busy_io", report_busy_io_at_a_glance, report_busy_io },
	{ "blkback", "disk_io", report_blkback_at_a_glance, report_blkback },
	{ "blkback_queue", "disk_queue", report_blkback_queue_at_a_glance, report_blkback_queue },
	{ "netback", "net_echo", report_netback_at_a_glance, report_netback },
	{ "backend", "backend", report_backend_at_a_glance, report_backend },
	{ "copy", "copy", report_copy_at_a_glance, report_copy },
	{ "strategy", "strategy", report_strategy_at_a_glance, report_strategy },
	{ "granter", "granter", NULL, report_granter },
	{ "floor", "floor", NULL, report_floor },
	{ "fits", "", NULL, report_fits },
};

const size_t nr_report_sections = ARRAY_SIZE(report_sections);
