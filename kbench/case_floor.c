// SPDX-License-Identifier: GPL-2.0
/*
 * floor: what the tool and the kernel cost before any grant is touched
 *
 * empty       a sample with nothing in it: two reads of the clock
 * hypercall   a hypercall that does nothing (XENVER_version): the way to Xen and back
 * page_count  the look at the page counts of a batch that the safe unmap modes make before they
 *             unmap: the loop of __gnttab_unmap_refs_async(), over pages of the same kind
 * work        a work item on the queue that retries unmaps, until the waiter runs again
 * timer       an hrtimer armed to fire at once, until the waiter runs again
 *
 * The first says how much of every other number is the tool. page_count must agree with what async
 * costs more than immediate a page in map_unmap. work and timer bound from below what any retry of
 * a busy page costs; they include two context switches.
 *
 * In the exact tier an idle vCPU's virtual time jumps to the next event: work and timer are then
 * not numbers of instructions only.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <xen/interface/xen.h>
#include <xen/interface/version.h>
#include <asm/xen/hypercall.h>

#include "batch.h"
#include "bench.h"
#include "compat.h"
#include "sampler.h"

#define ROUND_TRIP_MS	1000

struct floor {
	struct batch *batch;	/* for page_count only */
	struct work_struct work;
	struct hrtimer timer;
	struct completion ran;
	u64 (*round)(struct floor *f);
	bool lost;
};

static u64 round_empty(struct floor *f)
{
	u64 start = sampler_begin(MARK_ROUND);

	return sampler_end() - start;
}

static u64 round_hypercall(struct floor *f)
{
	u64 start = sampler_begin(MARK_ROUND);

	HYPERVISOR_xen_version(XENVER_version, NULL);
	return sampler_end() - start;
}

static noinline bool any_busy(const struct gntab_unmap_queue_data *item)
{
	int pc;

	for (pc = 0; pc < item->count; pc++)
		if (page_count(item->pages[pc]) > 1)
			return true;
	return false;
}

static u64 round_page_count(struct floor *f)
{
	u64 start = sampler_begin(MARK_ROUND);

	f->lost = any_busy(&f->batch->item);
	return sampler_end() - start;
}

static void wait_ran(struct floor *f)
{
	if (!wait_for_completion_timeout(&f->ran, msecs_to_jiffies(ROUND_TRIP_MS)))
		f->lost = true;
}

static void work_ran(struct work_struct *work)
{
	complete(&container_of(work, struct floor, work)->ran);
}

static u64 round_work(struct floor *f)
{
	u64 start = sampler_begin(MARK_ROUND);

	schedule_work(&f->work);
	wait_ran(f);
	return sampler_end() - start;
}

static enum hrtimer_restart timer_ran(struct hrtimer *timer)
{
	complete(&container_of(timer, struct floor, timer)->ran);
	return HRTIMER_NORESTART;
}

static u64 round_timer(struct floor *f)
{
	u64 start = sampler_begin(MARK_ROUND);

	hrtimer_start(&f->timer, 0, HRTIMER_MODE_REL);
	wait_ran(f);
	return sampler_end() - start;
}

/* In the order of the row's ops. */
enum { OP_EMPTY, OP_HYPERCALL, OP_PAGE_COUNT, OP_WORK, OP_TIMER };

static u64 (*const rounds[])(struct floor *f) = {
	[OP_EMPTY] = round_empty,
	[OP_HYPERCALL] = round_hypercall,
	[OP_PAGE_COUNT] = round_page_count,
	[OP_WORK] = round_work,
	[OP_TIMER] = round_timer,
};

static int floor_valid(struct bench *b)
{
	if (b->op != OP_PAGE_COUNT && bench_param(b, BATCH) != 1)
		return bench_why(b, -EINVAL, "batch=%u: op %s has no pages, only batch=1",
				 bench_param(b, BATCH), b->args->op[0] ? b->args->op : "empty");
	return 0;
}

static int floor_setup(struct bench *b)
{
	struct floor *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = f;
	f->round = rounds[b->op];
	init_completion(&f->ran);
	INIT_WORK(&f->work, work_ran);
	hrtimer_setup(&f->timer, timer_ran, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	if (b->op != OP_PAGE_COUNT)
		return 0;
	f->batch = batch_alloc(b, 0, bench_param(b, BATCH));
	if (IS_ERR(f->batch))
		return PTR_ERR(f->batch);
	f->batch->item.pages = f->batch->p.mapped;
	f->batch->item.count = f->batch->p.nr;
	return 0;
}

static int floor_sample(struct bench *b, u64 *row)
{
	struct floor *f = b->priv;

	row[0] = f->round(f);
	if (f->lost)
		return bench_why(b, -EIO, b->op == OP_PAGE_COUNT ?
				 "a page that nobody uses has a page count above one" :
				 "no answer in %u ms", ROUND_TRIP_MS);
	return 0;
}

static void floor_teardown(struct bench *b)
{
	struct floor *f = b->priv;

	if (!f)
		return;
	hrtimer_cancel(&f->timer);
	cancel_work_sync(&f->work);
	batch_end(b, f->batch);
	kfree(f);
}

const struct case_ops case_floor_ops = {
	.valid = floor_valid,
	.setup = floor_setup,
	.sample = floor_sample,
	.teardown = floor_teardown,
};
