/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver blkback says to a domU with disks. Included by the program of the lab's domU
 * (scripts/lab/guest/requester.c), too.
 */
#ifndef UBENCH_DISK_IO_H
#define UBENCH_DISK_IO_H

#include "run/drivers/io_request.h"

#define DISK_DIR "data/gntbench/disk"

#define DISK_MAX_PAGES 32 /* of one request of the ring: xen-blkfront's max_indirect_segments */
#define DISK_MAX_BYTES (DISK_MAX_PAGES * 4096)
#define DISK_MAX_QUEUE 32 /* requests of the ring */

/* In the order of the domU's disks: how blkback has the grants of each. */
enum disk { DISK_PERSISTENT, DISK_MAPPED };

struct disk_request {
	struct io_request io;
	uint16_t disk;	  /* enum disk */
	uint16_t at_once; /* 0: one request after the other */
	uint32_t write;	  /* 0: they read */
};

#endif /* UBENCH_DISK_IO_H */
