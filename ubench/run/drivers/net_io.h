/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver netback says to a domU with a network interface. Included by the program of the
 * lab's domU (scripts/lab/guest/sender.c), too.
 */
#ifndef UBENCH_NET_IO_H
#define UBENCH_NET_IO_H

#include "run/drivers/io_request.h"

#define NET_DIR "data/gntbench/net"

/* As scripts/lab/variants/netback/vif has them. */
#define NET_DOM0 "10.0.0.1"
#define NET_DOMU "10.0.0.2"
#define NET_TYPE 0x88b5 /* of frames that dom0 sends back: IEEE 802, for local experiments */

#define NET_PORT      7	 /* of dom0's end of a stream */
#define NET_MIN_FRAME 64 /* without the checksum, as Linux counts; there is none on a vif */
#define NET_MAX_FRAME 1514
#define NET_MAX_BURST 128 /* frames; the ring has 256 slots */
#define NET_TIMEOUT_S 10  /* until what doesn't come is lost */

enum net_op {
	NET_ECHO,  /* a frame, when the one before has come back */
	NET_BURST, /* all frames of a sample, then they come back */
	NET_TX,	   /* to dom0, by TCP, until it has all and says so with a byte */
	NET_RX,	   /* from dom0, when it gets a byte */
};

struct net_request {
	struct io_request io; /* of frames, or of what is sent at once to a stream */
	uint32_t op;	      /* enum net_op */
	uint32_t unused;
};

#endif /* UBENCH_NET_IO_H */
