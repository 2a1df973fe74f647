/* SPDX-License-Identifier: GPL-2.0 */
/* The time-stamp counter. */
#ifndef GNTBENCH_SAMPLER_X86_H
#define GNTBENCH_SAMPLER_X86_H

#include <asm/tsc.h>

#include "gntbench_abi.h"

static __always_inline u64 sampler_now(void)
{
	return rdtsc_ordered();
}

/*
 * A read of the clock that says, to who looks at the instructions, that it is mark @nr, of 0 to 15:
 * by two segment prefixes of two bits each, which the CPU ignores. No instruction is added.
 */
static __always_inline u64 sampler_mark(const unsigned int nr)
{
	u32 low, high;

	asm volatile("lfence\n\t"
		     ".byte %c2, %c3\n\t"
		     "rdtsc"
		     : "=a" (low), "=d" (high)
		     : "i" (0x26 | (nr >> 2) << 3), "i" (0x26 | (nr & 3) << 3)
		     : "memory");
	return (u64)high << 32 | low;
}

/*
 * Loads a byte at @p and says, to who looks at the instructions, what it is: enum told. By
 * prefixes, as sampler_mark(). Outside of timed phases.
 */
#define sampler_tell(told, p)							\
do {										\
	u8 byte_;								\
										\
	asm volatile(".byte %c2, %c3\n\t"					\
		     "movb (%1), %0"						\
		     : "=q" (byte_)						\
		     : "r" (p), "i" (0x26 | ((told) >> 2) << 3),		\
		       "i" (0x26 | ((told) & 3) << 3));			\
} while (0)

static inline u32 sampler_khz(void)
{
	return tsc_khz;
}

/* GNTBENCH_KERNEL_TSC_*: what is wrong with the clock. */
u32 sampler_flags(void);

#define SAMPLER_PROOF_ROUNDS	10000
#define SAMPLER_PROOF_INSN	(1 + 2 * SAMPLER_PROOF_ROUNDS)

/* Runs SAMPLER_PROOF_INSN instructions: one mov, then a dec and a jnz each round. */
static __always_inline void sampler_proof_loop(void)
{
	u32 rounds;

	asm volatile("movl %1, %0\n"
		     "1: decl %0\n\t"
		     "jnz 1b"
		     : "=r" (rounds) : "i" (SAMPLER_PROOF_ROUNDS) : "cc");
}

#endif /* GNTBENCH_SAMPLER_X86_H */
