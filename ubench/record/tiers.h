/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tiers: how a number was obtained. To add one: a row here and, for the lab, a file in
 * scripts/lab/tiers/. What isn't TIER_EXACT is time, and noisy.
 */
#ifndef UBENCH_TIERS_H
#define UBENCH_TIERS_H

#include <stdbool.h>

/* clang-format off */
/*
 * TIER(ID, name, unit of times, all of it on an emulated CPU,
 *	title, what a number is, what it can say, what it can't)
 */
#define TIERS(TIER)											\
	TIER(EXACT, "exact", "insn", true,								\
	     "guest instructions",									\
	     "Every number is a count of guest instructions, of Xen and of Linux together, on a single " \
	     "deterministic clock. Two runs of the same binaries give the same counts.",		\
	     "A difference that compare finds between two records of this tier is the code's: of one "	\
	     "instruction, or in a share of the samples. What waits is not judged so.",			\
	     "It is not time: caches, TLB misses, the latency of an IPI and waiting for a lock cost "	\
	     "nothing here. Where something waits for a timer, an instruction is a virtual nanosecond.")	\
	TIER(WALL, "wall", "ns", true,									\
	     "ns on an emulated CPU",									\
	     "Every time is in ns of an emulated CPU: only ratios within this record mean anything.",	\
	     "Which of two things of this record is dearer, and by about how much: contention, "	\
	     "TLB-flush IPIs, timers and waiting included.",						\
	     "Absolute times, and small differences between two records: small batches move by up to a " \
	     "factor of two from run to run.")								\
	TIER(HOST, "host", "ns", false,									\
	     "ns on this machine",									\
	     "Every time is in ns, by this machine's clock.",						\
	     "What this machine does, with this Xen and this Linux.",					\
	     "What another machine does.")								\
	/* Add a new tier here. */
/* clang-format on */

enum tier {
#define TIER(id, ...) TIER_##id,
	TIERS(TIER)
#undef TIER
		NR_TIERS
};

struct tier_info {
	const char *name;
	const char *unit;
	bool emulated;
	const char *title, *what, *can_say, *cannot_say;
};

extern const struct tier_info tiers[NR_TIERS];
extern const char *const tier_names[NR_TIERS];

/* "exact, wall and host" */
const char *tier_list(void);

#endif /* UBENCH_TIERS_H */
