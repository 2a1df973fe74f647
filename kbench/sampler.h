/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock of every timed phase: sampler_now(), in ticks of sampler_khz().
 *
 * A read is ordered against the code on both sides as far as the architecture can, takes no lock
 * and makes no call. Everything that differs between architectures is in sampler_ARCH.h.
 *
 * Where a timed phase begins and ends the clock is read by sampler_begin() and sampler_end(): they
 * cost what sampler_now() costs, and the exact profiler (scripts/lab/plugin) sees by them which
 * instructions are the phase's.
 */
#ifndef GNTBENCH_SAMPLER_H
#define GNTBENCH_SAMPLER_H

#include "marks.h"

/* At a run's begin, and for rmmod; of the architecture. */
void sampler_start(void);
void sampler_exit(void);

/* How often Xen set this vCPU's clock, in an interrupt of its own; of the architecture. */
u32 sampler_clock_sets(void);

#if defined(CONFIG_X86_64)
#include "sampler_x86.h"
#else
#error "no clock for this architecture: add sampler_ARCH.h"
#endif

/*
 * Count the interrupts in between that Linux handles, on any vCPU, and those in which Xen sets this
 * vCPU's clock; outside of what is timed.
 */
void sampler_phase_begins(void);
void sampler_phase_ends(void);

/* How many since it was last asked. */
u32 sampler_interrupts(void);

/* Sleeps until right behind a tick whose number @ticks divides, or the next one. */
void sampler_align(unsigned int ticks);

static __always_inline u64 sampler_begin(enum mark phase)
{
	sampler_phase_begins();
	return sampler_mark(phase);
}

/* Without a sampler_begin() before it, it is sampler_now(). */
static __always_inline u64 sampler_end(void)
{
	u64 ticks = sampler_mark(MARK_END);

	sampler_phase_ends();
	return ticks;
}

#endif /* GNTBENCH_SAMPLER_H */
