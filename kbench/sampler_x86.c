// SPDX-License-Identifier: GPL-2.0
/* Whether the time-stamp counter can be trusted, whether Xen emulates it or looks at it. */
#include <linux/bits.h>
#include <linux/time64.h>
#include <asm/processor.h>
#include <asm/pvclock.h>
#include <asm/tsc.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/hypervisor.h>
#include <xen/interface/vcpu.h>
#include <xen/xen-ops.h>

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

/*
 * Xen sets each vCPU's clock anew once a second, in an interrupt that Linux doesn't see but for the
 * clock's version. Linux' own copy is not for modules, unless it is also user space's (the vDSO's).
 */
static struct pvclock_vcpu_time_info own_clock;
static const struct pvclock_vcpu_time_info *clock;

static int set_own_clock(struct pvclock_vcpu_time_info *info)
{
	struct vcpu_register_time_memory_area area = { .addr.v = info };

	return HYPERVISOR_vcpu_op(VCPUOP_register_vcpu_time_memory_area, xen_vcpu_nr(0), &area);
}

void sampler_start(void)
{
	struct pvclock_vsyscall_time_info *linux_clock = pvclock_get_pvti_cpu0_va();

	if (linux_clock)
		clock = &linux_clock->pvti;
	else if (!clock && !set_own_clock(&own_clock))
		clock = &own_clock;
}

void sampler_exit(void)
{
	if (clock == &own_clock)
		set_own_clock(NULL);
}

u32 sampler_clock_sets(void)
{
	/* Odd while Xen writes: it counts up by two. */
	return clock ? READ_ONCE(clock->version) / 2 : 0;
}
