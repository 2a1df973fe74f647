/* SPDX-License-Identifier: GPL-2.0 */
/* The cost model: what a map or an unmap is made of. The parts add up to the sample, exactly. */
#ifndef UBENCH_PROFILE_COST_H
#define UBENCH_PROFILE_COST_H

#include <stdint.h>

#include "profile/profile.h"

/* From the bottom of the stack upwards: Xen's parts, then Linux', then the rest. */
enum cost_part {
	COST_HYPERCALL,
	COST_GUEST_COPY,
	COST_GRANT,
	COST_PAGE_REF,
	COST_PTE,
	COST_TLB,
	COST_OTHER_VCPUS,
	COST_XEN,
	COST_P2M,
	COST_FOREIGN,
	COST_PAGE_COUNT,
	COST_REQUEST,
	COST_LINUX,
	COST_KBENCH,
	COST_IDLE,
	NR_COST_PARTS
};

struct cost_part_info {
	const char *name; /* a few words */
	const char *what; /* a sentence */
	const char *color;
};

extern const struct cost_part_info cost_parts[NR_COST_PARTS];

/* Instructions of one sample, by part. */
void profile_cost(const struct profile_phase *phase, uint64_t parts[NR_COST_PARTS]);

#endif /* UBENCH_PROFILE_COST_H */
