/* SPDX-License-Identifier: GPL-2.0 */
/* The cases of the netdisk driver: rows as in kbench/gntbench_cases.h. */

GNTBENCH_CASE(busy_io, "the unmaps of blkback while a domU writes to a disk behind a network",
	      NETWORK_NAMES, 0, REQUEST_METRICS)

/* Add a new case here. */
