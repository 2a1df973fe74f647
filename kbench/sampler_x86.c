// SPDX-License-Identifier: GPL-2.0
/* Whether the time-stamp counter can be trusted, and whether Xen emulates it. */
#include <linux/bits.h>
#include <asm/processor.h>
#include <asm/tsc.h>
#include <asm/xen/hypervisor.h>

#include "sampler.h"

/* Xen's time leaf, sub-leaf 0: xen/include/public/arch-x86/cpuid.h. Linux 6.1 has no names. */
#define TIME_LEAF		3
#define TIME_TSC_EMULATED	BIT(0)	/* in eax */

static bool tsc_emulated(void)
{
	u32 base = xen_cpuid_base();

	return base && cpuid_eax(base + TIME_LEAF) & TIME_TSC_EMULATED;
}

u32 sampler_flags(void)
{
	u32 flags = 0;

	if (check_tsc_unstable())
		flags |= GNTBENCH_KERNEL_TSC_UNSTABLE;
	if (tsc_emulated())
		flags |= GNTBENCH_KERNEL_TSC_EMULATED;
	return flags;
}
