/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a driver says to a domU that does I/O for it, and what that answers, as messages of
 * run/mail.h. Included by the programs of the lab's domUs (scripts/lab/guest/io.h), too.
 *
 * DIR is of the domU, in xenstore: DIR/request and DIR/answer are boxes, DIR/ready is written once,
 * when requests are taken.
 */
#ifndef UBENCH_IO_REQUEST_H
#define UBENCH_IO_REQUEST_H

#include <stdint.h>

#define IO_MAX_SAMPLES 65536

/* A request begins with it; what more it says is the driver's. */
struct io_request {
	uint64_t token;	      /* of the request, and of its answer */
	uint64_t nr_warmup;   /* samples before those that count */
	uint64_t nr_samples;  /* that count; at most IO_MAX_SAMPLES */
	uint32_t nr_requests; /* in a sample */
	uint32_t bytes;	      /* of each */
};

/* Followed by a uint64_t for each sample, its ticks; not to be looked at if there was an error. */
struct io_answer {
	uint64_t token;
	uint64_t error; /* errno of the first request that failed, or 0 */
};

#endif /* UBENCH_IO_REQUEST_H */
