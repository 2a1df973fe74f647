/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The networks between a backend and its disk: an op of case busy_io each, which run sets and report
 * names. What netem is told of either direction (tc-netem(8)); "" leaves the network alone.
 */
#ifndef UBENCH_NETWORKS_H
#define UBENCH_NETWORKS_H

/* clang-format off */
#define NETWORKS(NETWORK) \
	NETWORK("none", "") \
	NETWORK("slow", "delay 5ms") \
	NETWORK("twice", "delay 5ms 4ms duplicate 20%") \
	NETWORK("lossy", "delay 10ms 2ms loss 2%") \
	NETWORK("far", "delay 40ms 20ms loss 3% duplicate 10%") \
	NETWORK("satellite", "delay 300ms 60ms loss 2%")
/* clang-format on */

#define NETWORK_NAMES "none slow twice lossy far satellite"

#endif /* UBENCH_NETWORKS_H */
