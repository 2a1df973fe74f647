// SPDX-License-Identifier: GPL-2.0
/*
 * busy: what the safe unmap costs when a page is in use
 *
 * Of a mapped batch, busy_pages pages, evenly spread, carry an extra reference that an hrtimer
 * drops at a programmed hold time after gnttab_unmap_refs_async() was called. One request is
 * outstanding.
 *
 * latency   from the call until done()
 * hold      from the call until the last extra reference was dropped, as it really happened
 * overshoot latency minus hold: what the request waited for nothing
 * idle_page from the call until an idle page of the batch was unmapped, as seen by PG_foreign being
 *           cleared; the mean over the idle pages. 0 if there are none.
 * attempts  looks at the page counts, the caller's own included, as seen by the work items of the
 *           core that ran
 *
 * Stock Linux looks at 0, 5, 15, 30, 50, ... ms, each delay rounded up to jiffies and begun at the
 * next one, and unmaps nothing of the batch before all of it is idle (__gnttab_unmap_refs_async(),
 * drivers/xen/grant-table.c): overshoot grows with the hold time and idle_page follows latency.
 *
 * It can't say how often pages are busy in real use, nor for how long: hold times are an input.
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "batch.h"
#include "bench.h"
#include "holder.h"
#include "oracle.h"
#include "sampler.h"
#include "unmap_modes.h"
#include "watch.h"

struct busy {
	struct batch *batch;
	struct holders holders;
	struct watch watch;
};

/* In the order of the row. */
enum { LATENCY, HOLD, OVERSHOOT, IDLE_PAGE, ATTEMPTS };

static int busy_valid(struct bench *b)
{
	if (bench_param(b, BUSY_PAGES) > bench_param(b, BATCH))
		return bench_why(b, -EINVAL, "busy_pages=%u is more than batch=%u",
				 bench_param(b, BUSY_PAGES), bench_param(b, BATCH));
	return watch_possible(b);
}

static int busy_setup(struct bench *b)
{
	struct busy *busy = kzalloc(sizeof(*busy), GFP_KERNEL);
	int err;

	if (!busy)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = busy;
	b->mode = unmap_mode_find(b->args->fault == GNTBENCH_F_UNSAFE ? "immediate" : "async");
	err = holders_alloc(b, &busy->holders, bench_param(b, BUSY_PAGES));
	if (err)
		return err;
	busy->batch = batch_alloc(b, 0, bench_param(b, BATCH));
	if (IS_ERR(busy->batch))
		return PTR_ERR(busy->batch);
	return watch_start(b, &busy->watch, bench_param(b, BATCH));
}

static void take_pages(struct bench *b, struct busy *busy)
{
	struct pages *p = &busy->batch->p;
	unsigned int i, j, nr_busy = busy->holders.nr;

	for (j = 0; j < nr_busy; j++)
		holder_take(&busy->holders.holder[j],
			    p->mapped[holder_position(b->nr_sample, j, nr_busy, p->nr)]);
	watch_reset(&busy->watch);
	for (i = 0; i < p->nr; i++)
		if (page_count(p->mapped[i]) == 1)
			watch_page(&busy->watch, p->mapped[i]);
}

static void arm_holders(struct bench *b, struct holders *holders)
{
	const u64 *hold_ns = bench_holds(b);
	unsigned int i;

	for (i = 0; i < holders->nr; i++)
		holder_arm(&holders->holder[i], hold_ns[i]);
}

static void fill_row(struct busy *busy, u64 start, u64 *row)
{
	u64 released = holders_last_release(&busy->holders);
	unsigned int idle = busy->watch.nr_pages;

	if (!busy->holders.nr)
		released = start;
	row[LATENCY] = busy->batch->done_ticks - start;
	row[HOLD] = released - start;
	row[OVERSHOOT] = busy->batch->done_ticks - min(busy->batch->done_ticks, released);
	row[IDLE_PAGE] = idle ? watch_mapped_ticks(&busy->watch, start) / idle : 0;
	row[ATTEMPTS] = watch_attempts(&busy->watch);
}

static int busy_sample(struct bench *b, u64 *row)
{
	struct busy *busy = b->priv;
	u64 map_ticks, start;
	int err;

	err = batch_map(b, busy->batch, &map_ticks);
	if (err)
		return err;
	take_pages(b, busy);
	batch_prepare_unmap(b, busy->batch);

	start = sampler_begin(MARK_UNMAP);
	arm_holders(b, &busy->holders);
	b->mode->unmap(busy->batch);
	watch_look(&busy->watch);

	err = batch_wait(b, busy->batch);
	if (err)
		return err;
	watch_look(&busy->watch);
	err = holders_check(b, &busy->holders);
	if (err)
		return err;
	fill_row(busy, start, row);
	return batch_unmapped(b, busy->batch);
}

static void busy_teardown(struct bench *b)
{
	struct busy *busy = b->priv;

	if (!busy)
		return;
	holders_let_go(&busy->holders);
	batch_end(b, busy->batch);
	watch_stop(&busy->watch);
	holders_free(&busy->holders);
	kfree(busy);
}

const struct case_ops case_busy_ops = {
	.valid = busy_valid,
	.setup = busy_setup,
	.sample = busy_sample,
	.teardown = busy_teardown,
};
