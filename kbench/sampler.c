// SPDX-License-Identifier: GPL-2.0
/*
 * What interrupts a timed phase, and where a sample begins.
 *
 * One phase is timed at a time; only the threads of case contend time theirs at once, and there a
 * count would say nothing: every metric of it waits.
 */
#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/sched.h>

#include "sampler.h"

static u64 at_begin;
static u32 in_phases;

static u64 irqs_handled(void)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_online_cpu(cpu)
		sum += kstat_cpu_irqs_sum(cpu);
	return sum + sampler_clock_sets();
}

void sampler_phase_begins(void)
{
	at_begin = irqs_handled();
}

void sampler_phase_ends(void)
{
	if (!at_begin)
		return;
	in_phases += irqs_handled() - at_begin;
	at_begin = 0;
}

u32 sampler_interrupts(void)
{
	u32 nr = in_phases;

	in_phases = 0;
	at_begin = 0;
	return nr;
}

void sampler_align(unsigned int ticks)
{
	/* A timeout of one tick takes up to two. */
	do
		schedule_timeout_uninterruptible(1);
	while (jiffies % ticks > 1);
}
