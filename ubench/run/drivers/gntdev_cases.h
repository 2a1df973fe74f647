/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of the gntdev driver: rows as in kbench/gntbench_cases.h. */

GNTBENCH_CASE(gntdev_map_unmap, "map a batch of grants from user space, then unmap it",
	      "alone shared", GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "map", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "ioctl and mmap" },
		      { "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "munmap and ioctl" }))

GNTBENCH_CASE(gntdev_pipe, "unmap a batch from user space while a page of it is in a pipe", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(GRANTER) | GNTBENCH_TAKES(HOLDS) |
		      GNTBENCH_TAKES(BUSY_PAGES),
	      METRICS({ "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "munmap and ioctl" },
		      { "overshoot", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE,
			"from the pipe drained until gntdev let go of the batch", GNTBENCH_WAITS }))

GNTBENCH_CASE(gntdev_dio, "unmap a batch from user space while it is being written to a disk", "",
	      GNTBENCH_TAKES(BATCH) | GNTBENCH_TAKES(GRANTER),
	      METRICS({ "unmap", GNTBENCH_TIME, GNTBENCH_PER_PAGE, "munmap and ioctl" },
		      { "overshoot", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE,
			"from the write completed until gntdev let go of the batch",
			GNTBENCH_WAITS }))

/* Add a new case here. */
