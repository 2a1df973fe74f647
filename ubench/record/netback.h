/* SPDX-License-Identifier: GPL-2.0 */
/* Of netback, what run checks and report tells. */
#ifndef UBENCH_NETBACK_H
#define UBENCH_NETBACK_H

/* Of a packet that it gets so many bytes are copied, and the rest is mapped:
 * XEN_NETBACK_TX_COPY_LEN of drivers/net/xen-netback/netback.c.
 */
#define NETBACK_COPY_BYTES 128

#endif /* UBENCH_NETBACK_H */
