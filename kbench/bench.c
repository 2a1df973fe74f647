// SPDX-License-Identifier: GPL-2.0
/* What every part of a run may say and ask. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/workqueue.h>

#include "bench.h"

bool gntbench_faults;
module_param_named(faults, gntbench_faults, bool, 0444);
MODULE_PARM_DESC(faults, "allow gntbench_run.fault: for tests of the oracle, not for measuring");

int bench_why(struct bench *b, int err, const char *fmt, ...)
{
	va_list ap;

	if (b->args->why[0])
		return err;
	va_start(ap, fmt);
	vscnprintf(b->args->why, sizeof(b->args->why), fmt, ap);
	va_end(ap);
	return err;
}

int bench_check_vcpus(struct bench *b)
{
	if (num_online_cpus() != b->nr_vcpus)
		return bench_why(b, -EIO, "%u vCPUs were online, now %u are", b->nr_vcpus,
				 num_online_cpus());
	return 0;
}

int bench_check(struct bench *b)
{
	if (signal_pending(current))
		return bench_why(b, -EINTR, "a signal ended the run");
	if (ktime_after(ktime_get(), b->deadline))
		return bench_why(b, -ETIMEDOUT, "timeout_ms=%llu is over",
				 b->args->param[GNTBENCH_P_TIMEOUT_MS]);
	return bench_check_vcpus(b);
}

/* A vCPU may go at any time; work_on_cpu() of it is an oops, and 7.3 has no work_on_cpu_safe(). */
int bench_on_vcpu(struct bench *b, unsigned int cpu, long (*fn)(void *data), void *data)
{
	bool online;
	int err = 0;

	cpus_read_lock();
	online = cpu < nr_cpu_ids && cpu_online(cpu);
	if (online)
		err = work_on_cpu(cpu, fn, data);
	cpus_read_unlock();
	return online ? err : bench_why(b, -EIO, "a vCPU went offline");
}
