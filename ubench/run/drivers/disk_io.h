/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver blkback says to a domU with disks, and what that answers, as messages of
 * run/mail.h. Included by the program of the lab's domU (scripts/lab/guest/requester.c), too.
 */
#ifndef UBENCH_DISK_IO_H
#define UBENCH_DISK_IO_H

#include <stdint.h>

#define DISK_DIR "data/gntbench/disk" /* in xenstore, of the domU */

#define DISK_MAX_PAGES 32 /* of one request of the ring: xen-blkfront's max_indirect_segments */
#define DISK_MAX_BYTES (DISK_MAX_PAGES * 4096)

/* In the order of the domU's disks: how blkback has the grants of each. */
enum disk { DISK_PERSISTENT, DISK_MAPPED };

struct disk_request {
	uint64_t token;	      /* of the request, and of its answer */
	uint64_t nr_warmup;   /* samples before those that count */
	uint64_t nr_samples;  /* that count */
	uint32_t nr_requests; /* of the disk, in a sample, one after the other */
	uint32_t bytes;	      /* of each */
	uint32_t disk;	      /* enum disk */
	uint32_t write;	      /* 0: they read */
};

/* Followed by a uint64_t for each sample, its ticks; not to be looked at if there was an error. */
struct disk_answer {
	uint64_t token;
	uint64_t error; /* errno of the first request that failed, or 0 */
};

#endif /* UBENCH_DISK_IO_H */
