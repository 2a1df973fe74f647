// SPDX-License-Identifier: GPL-2.0
/* What the module knows of the machine, and the proof of its clock. */
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/string.h>
#include <xen/xen.h>

#include "bench.h"
#include "sampler.h"

#define PROOF_TRIES	8

/* The least of several tries: an interrupt of the hypervisor can't be masked from here. */
static u64 proof_ticks(void)
{
	u64 start, ticks, least = U64_MAX;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < PROOF_TRIES; i++) {
		local_irq_save(flags);
		start = sampler_mark(MARK_PROOF);
		sampler_proof_loop();
		ticks = sampler_now() - start;
		local_irq_restore(flags);
		least = min(least, ticks);
	}
	return least;
}

static u32 kernel_flags(void)
{
	u32 flags = sampler_flags();

	if (IS_ENABLED(CONFIG_KASAN))
		flags |= GNTBENCH_KERNEL_KASAN;
	if (IS_ENABLED(CONFIG_PROVE_LOCKING))
		flags |= GNTBENCH_KERNEL_LOCKDEP;
	if (IS_ENABLED(CONFIG_DEBUG_PREEMPT))
		flags |= GNTBENCH_KERNEL_DEBUG_PREEMPT;
	if (gntbench_faults)
		flags |= GNTBENCH_KERNEL_FAULTS;
	return flags;
}

void gntbench_info_fill(struct gntbench_info *info)
{
	info->abi = GNTBENCH_ABI;
	info->kernel_flags = kernel_flags();
	info->tick_khz = sampler_khz();
	info->hz = HZ;
	info->vcpus = num_online_cpus();
	info->domid = xen_initial_domain() ? 0 : GNTBENCH_SELF;
	info->pv = xen_pv_domain();
	info->nr_cases = gntbench_nr_cases;
	info->proof_insn = SAMPLER_PROOF_INSN;
	info->proof_ticks = proof_ticks();
	if (THIS_MODULE->srcversion)
		strscpy(info->build, THIS_MODULE->srcversion, sizeof(info->build));
}
