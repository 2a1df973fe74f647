// SPDX-License-Identifier: GPL-2.0
/*
 * handoff: map a batch on one vCPU, unmap it on another
 *
 * What netback does, whose receiving and freeing sides are two threads. Both phases are those of
 * map_unmap, with the same instructions; what differs is where the lines are that they touch:
 * the p2m, the page tables, struct pages, and Xen's maptrack and active entries were written
 * last by the other vCPU. In the exact tier that costs nothing; make profile counts it, and the
 * wall and host tiers pay for it.
 *
 * Before each batch all vCPUs run at once, so each on a CPU of its own, as in a domain that has
 * work for all of them. Xen flushes the TLBs of the CPUs where the domain ran last, which else are
 * more or fewer by chance: an unmap here asks all of them.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/stop_machine.h>

#include "batch.h"
#include "bench.h"

#define ASLEEP_US	100	/* after which the other vCPUs are idle again */

struct handoff {
	struct bench *b;
	struct batch *batch;
	u64 ticks;
};

static long do_map(void *data)
{
	struct handoff *h = data;

	return batch_map(h->b, h->batch, &h->ticks);
}

static long do_unmap(void *data)
{
	struct handoff *h = data;

	return batch_unmap(h->b, h->batch, &h->ticks);
}

static int nothing(void *data)
{
	return 0;
}

/* All must have come before one may go. */
static void run_all_vcpus(void)
{
	stop_machine(nothing, NULL, NULL);
	usleep_range(ASLEEP_US, 2 * ASLEEP_US);
}

static int handoff_valid(struct bench *b)
{
	if (num_online_cpus() < 2)
		return bench_why(b, -EOPNOTSUPP, "a second vCPU is needed");
	return 0;
}

static int handoff_setup(struct bench *b)
{
	b->priv = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(b->priv);
}

static int handoff_sample(struct bench *b, u64 *row)
{
	struct handoff h = { .b = b, .batch = b->priv };
	unsigned int first = cpumask_first(cpu_online_mask);
	int err;

	run_all_vcpus();
	err = bench_on_vcpu(b, first, do_map, &h);
	if (err)
		return err;
	row[0] = h.ticks;
	err = bench_on_vcpu(b, cpumask_next(first, cpu_online_mask), do_unmap, &h);
	row[1] = h.ticks;
	return err;
}

static void handoff_teardown(struct bench *b)
{
	batch_end(b, b->priv);
}

const struct case_ops case_handoff_ops = {
	.valid = handoff_valid,
	.setup = handoff_setup,
	.sample = handoff_sample,
	.teardown = handoff_teardown,
};
