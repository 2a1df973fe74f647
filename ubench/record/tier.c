// SPDX-License-Identifier: GPL-2.0
#include "record/tier.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"

/* QEMU -icount shift=0 makes an instruction take 1 ns, so the TSC runs at 1000 MHz; Xen measures
 * that frequency, to about 0.01 %.
 */
#define EXACT_KHZ	1000000
#define EXACT_KHZ_SLACK 1000

bool clock_counts_insn(const struct gntbench_info *info)
{
	int64_t khz_off = (int64_t)info->tick_khz - EXACT_KHZ;
	int64_t proof_off = (int64_t)(info->proof_ticks - info->proof_insn);

	return info->proof_insn && llabs(khz_off) <= EXACT_KHZ_SLACK &&
	       llabs(proof_off) <= PROOF_SLACK_TICKS;
}

int tier_prove(enum tier tier, const struct gntbench_info *info, struct error *err)
{
	if (!info->tick_khz)
		return error_set(err, "the module reports a clock of 0 kHz: no time can be told");
	if (tier != TIER_EXACT || clock_counts_insn(info))
		return 0;
	return error_set(err,
			 "tier exact refused: a loop of %ju instructions took %ju ticks of a "
			 "clock of %u kHz; in the exact tier it takes as many ticks (up to %d "
			 "more) of 1000000 kHz. Boot the lab with --tier exact (QEMU -icount), or "
			 "measure with --tier wall or host",
			 (uintmax_t)info->proof_insn, (uintmax_t)info->proof_ticks, info->tick_khz,
			 PROOF_SLACK_TICKS);
}

const char *tier_unit(enum tier tier)
{
	return tiers[tier].unit;
}

double tier_time(enum tier tier, uint64_t ticks, uint32_t tick_khz)
{
	if (tier == TIER_EXACT)
		return ticks;
	return round(ticks * (1e9 / tick_khz)) / 1e3;
}

static const struct {
	uint32_t flag;
	const char *what;
} doubts[] = {
	{ GNTBENCH_KERNEL_KASAN, "kernel built with KASAN: every memory access is dearer" },
	{ GNTBENCH_KERNEL_LOCKDEP, "kernel built with lockdep: every lock is dearer" },
	{ GNTBENCH_KERNEL_DEBUG_PREEMPT, "kernel built with DEBUG_PREEMPT: per-CPU accesses are "
					 "dearer" },
	{ GNTBENCH_KERNEL_TSC_UNSTABLE, "the kernel calls the TSC unstable: times of different "
					"vCPUs may not fit" },
	{ GNTBENCH_KERNEL_TSC_EMULATED, "rdtsc traps to Xen: every sample holds two traps; see "
					"tsc_mode" },
	{ GNTBENCH_KERNEL_FAULTS, "module loaded with faults=1: for tests, not for measuring" },
};

void tier_warn(struct record *rec, const struct gntbench_info *info)
{
	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++)
		if (info->kernel_flags & doubts[i].flag)
			record_warn(rec, "%s", doubts[i].what);
	if (rec->tier != TIER_EXACT && clock_counts_insn(info))
		record_warn(rec, "the clock counts instructions (QEMU -icount): these are not "
				 "times; use --tier exact");
}
