/* SPDX-License-Identifier: GPL-2.0 */
/* What makes the numbers of a tier believable on this machine. */
#ifndef UBENCH_TIER_H
#define UBENCH_TIER_H

#include "gntbench_abi.h"
#include "record/record.h"

/* The clock reads around the self-proof's loop may take this many ticks (gntbench_abi.h). */
#define PROOF_SLACK_TICKS 16

/* Whether the clock counts instructions: 1000 MHz, and the self-proof's loop took its length. */
bool clock_counts_insn(const struct gntbench_info *info);

/* 0, or -1 and why TIER is refused. */
int tier_prove(enum tier tier, const struct gntbench_info *info, struct error *err);

/* "insn" or "ns" */
const char *tier_unit(enum tier tier);

/* A time in the unit of TIER: instructions as they are, ns with three decimals. */
double tier_time(enum tier tier, uint64_t ticks, uint32_t tick_khz);

/* A line for each of the kernel's flags that make a number doubtful. */
void tier_warn(struct record *rec, const struct gntbench_info *info);

#endif /* UBENCH_TIER_H */
