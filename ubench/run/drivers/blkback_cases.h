/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of the blkback driver: rows as in kbench/gntbench_cases.h. */

GNTBENCH_CASE(disk_io, "requests of a domU to a disk of blkback's, one after the other",
	      "write read write_persistent read_persistent",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(REQUESTS),
	      METRICS({ "request", GNTBENCH_TIME, GNTBENCH_PER_REQUEST,
			"a read or write of batch pages, in the domU", .phase = MARK_ROUND }))

GNTBENCH_CASE(disk_queue, "requests of a domU to a disk of blkback's, all of a sample at once",
	      "write read write_persistent read_persistent",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(REQUESTS),
	      METRICS({ "request", GNTBENCH_TIME, GNTBENCH_PER_REQUEST,
			"a read or write of batch pages, in the domU", .phase = MARK_ROUND }))

/* Add a new case here. */
