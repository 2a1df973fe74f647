/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of the netback driver: rows as in kbench/gntbench_cases.h. */

GNTBENCH_CASE(net_echo, "frames of a domU through netback, which its domain sends back as they are",
	      "one burst", GNTBENCH_TAKES(BYTES) | GNTBENCH_TAKES(REQUESTS),
	      METRICS({ "request", GNTBENCH_TIME, GNTBENCH_PER_REQUEST,
			"a frame of so many bytes, there and back, in the domU",
			.phase = MARK_ROUND }))

GNTBENCH_CASE(net_stream, "TCP between a domU and the domain of netback", "tx rx",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(REQUESTS),
	      METRICS({ "request", GNTBENCH_TIME, GNTBENCH_PER_REQUEST,
			"batch pages of the stream, until all of a sample have come",
			.phase = MARK_ROUND }))

/* Add a new case here. */
