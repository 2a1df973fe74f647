// SPDX-License-Identifier: GPL-2.0
/* The life of a batch. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <xen/page.h>

#include "batch.h"
#include "bench.h"
#include "fault.h"
#include "oracle.h"
#include "sampler.h"
#include "unmap_modes.h"

#define NOT_UNMAPPED	1	/* any value that is no status of Xen's */
#define WAIT_SLICE_MS	20
/*
 * For all batches of a run together, after our own holders let go. Linux's next look at the pages
 * is at most a retry interval away: 320 ms after the longest hold time.
 */
#define LAST_WAIT_MS	500

static void batch_free(struct batch *batch)
{
	unsigned int in_use = pages_free(&batch->p);

	if (in_use)
		pr_warn("%u grants are still in use: Linux frees them later\n", in_use);
	kvfree(batch->expected);
	vfree(batch->unmap);
	vfree(batch->map);
	kfree(batch);
	module_put(THIS_MODULE);
}

static LIST_HEAD(reap_list);
static DEFINE_SPINLOCK(reap_lock);

static void reap(struct work_struct *work)
{
	struct batch *batch, *next;
	LIST_HEAD(list);

	spin_lock_irq(&reap_lock);
	list_splice_init(&reap_list, &list);
	spin_unlock_irq(&reap_lock);
	list_for_each_entry_safe(batch, next, &list, reap)
		batch_free(batch);
}

static DECLARE_WORK(reap_work, reap);

void batch_reap_flush(void)
{
	flush_work(&reap_work);
}

/* The last user is either the run or done(), and done() must not sleep on our behalf. */
static void batch_put_from_done(struct batch *batch)
{
	unsigned long flags;

	if (!refcount_dec_and_test(&batch->refs))
		return;
	spin_lock_irqsave(&reap_lock, flags);
	list_add_tail(&batch->reap, &reap_list);
	spin_unlock_irqrestore(&reap_lock, flags);
	schedule_work(&reap_work);
}

static unsigned int nr_mapped(const struct batch *batch)
{
	unsigned int i, nr = 0;

	for (i = 0; i < batch->p.nr; i++)
		nr += !!PageForeign(batch->p.mapped[i]);
	return nr;
}

void batch_done(int result, struct gntab_unmap_queue_data *item)
{
	struct batch *batch = item->data;

	batch->done_ticks = sampler_end();
	batch->result = result;
	if (batch->look_when_done)
		batch->nr_early += nr_mapped(batch);
	if (batch->nr_done++)
		return;
	complete(&batch->done);
	batch_put_from_done(batch);
}

struct batch *batch_alloc(struct bench *b, unsigned int first, unsigned int nr)
{
	struct batch *batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	int err = -ENOMEM;

	if (!batch)
		return ERR_PTR(bench_why(b, err, "no memory for a batch"));
	/*
	 * As blkback's, on its stack, and netback's: mapped by 4 KiB. Of a PVH mapper Xen walks
	 * the page tables for each op, and the walk is a level less where they map 2 MiB.
	 */
	batch->map = vcalloc(nr, sizeof(*batch->map));
	batch->unmap = vcalloc(nr, sizeof(*batch->unmap));
	batch->expected = kvcalloc(nr, sizeof(*batch->expected), GFP_KERNEL);
	if (!batch->map || !batch->unmap || !batch->expected) {
		bench_why(b, err, "no memory for a batch of %u", nr);
		goto free;
	}
	err = pages_alloc(b, &batch->p, first, nr);
	if (err)
		goto free;
	init_completion(&batch->done);
	refcount_set(&batch->refs, 1);
	__module_get(THIS_MODULE);
	return batch;

free:
	kvfree(batch->expected);
	vfree(batch->unmap);
	vfree(batch->map);
	kfree(batch);
	return ERR_PTR(err);
}

void batch_prepare_map(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->p.nr; i++) {
		gnttab_set_map_op(&batch->map[i], (unsigned long)batch_mapping(batch, i),
				  GNTMAP_host_map, batch->p.grefs[i], batch->p.granter);
		batch->unmap[i].status = NOT_UNMAPPED;
	}
}

int batch_map(struct bench *b, struct batch *batch, u64 *ticks)
{
	u64 start;
	int err;

	batch_prepare_map(batch);
	oracle_before_map(b, batch);
	fault_plant(b, batch, FAULT_BEFORE_MAP);
	batch->mapped = true;

	start = sampler_begin(MARK_MAP);
	err = gnttab_map_refs(batch->map, NULL, batch->p.mapped, batch->p.nr);
	*ticks = sampler_end() - start;

	err = oracle_map_status(b, batch, err);
	if (err)
		return err;
	err = oracle_write(b, batch);
	if (err)
		return err;
	fault_plant(b, batch, FAULT_MAPPED);
	err = oracle_mapped(b, batch);
	fault_repair(b, batch, FAULT_MAPPED);
	return err;
}

void batch_prepare_unmap(struct bench *b, struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->p.nr; i++) {
		gnttab_set_unmap_op(&batch->unmap[i], (unsigned long)batch_mapping(batch, i),
				    GNTMAP_host_map, batch->map[i].handle);
		batch->unmap[i].status = NOT_UNMAPPED;
	}
	batch->item = (struct gntab_unmap_queue_data) {
		.data = batch,
		.done = batch_done,
		.unmap_ops = batch->unmap,
		.pages = batch->p.mapped,
		.count = batch->p.nr,
	};
	reinit_completion(&batch->done);
	batch->nr_done = 0;
	batch->nr_early = 0;
	batch->look_when_done = true;
	batch->pending = b->mode->calls_done;
	if (batch->pending)
		refcount_inc(&batch->refs);
	fault_plant(b, batch, FAULT_BEFORE_UNMAP);
}

int batch_unmapped(struct bench *b, struct batch *batch)
{
	int err;

	fault_plant(b, batch, FAULT_UNMAPPED);
	err = oracle_unmapped(b, batch);
	fault_repair(b, batch, FAULT_UNMAPPED);
	if (!err)
		batch->mapped = false;
	return err;
}

int batch_unmap(struct bench *b, struct batch *batch, u64 *ticks)
{
	u64 start;
	int err;

	batch_prepare_unmap(b, batch);

	start = sampler_begin(MARK_UNMAP);
	b->mode->unmap(batch);

	err = batch_wait(b, batch);
	if (err)
		return err;
	*ticks = batch->done_ticks - start;
	return batch_unmapped(b, batch);
}

/* False if the request is still pending when LAST_WAIT_MS after the first call are over. */
static bool last_wait(struct bench *b, struct batch *batch)
{
	s64 left_ms;

	if (!b->last_wait)
		b->last_wait = ktime_add_ms(ktime_get(), LAST_WAIT_MS);
	left_ms = max(0ll, ktime_ms_delta(b->last_wait, ktime_get()));
	if (wait_for_completion_timeout(&batch->done, msecs_to_jiffies(left_ms)))
		batch->pending = false;
	return !batch->pending;
}

int batch_wait(struct bench *b, struct batch *batch)
{
	ktime_t idle_since = 0;
	int err;

	while (batch->pending) {
		if (try_wait_for_completion(&batch->done)) {
			batch->pending = false;
			return 0;
		}
		err = bench_check(b) ?: oracle_pending(b, batch, &idle_since);
		if (err)
			return err;
		if (wait_for_completion_interruptible_timeout(&batch->done,
							      msecs_to_jiffies(WAIT_SLICE_MS)) > 0)
			batch->pending = false;
	}
	return 0;
}

/* Unmaps, one by one, whatever is mapped, no matter what the page counts are. */
static void unmap_rest(struct batch *batch)
{
	unsigned int i;

	for (i = 0; batch->mapped && i < batch->p.nr; i++) {
		struct gnttab_unmap_grant_ref op;

		if (batch->map[i].status != GNTST_okay || batch->unmap[i].status == GNTST_okay)
			continue;
		gnttab_set_unmap_op(&op, (unsigned long)batch_mapping(batch, i), GNTMAP_host_map,
				    batch->map[i].handle);
		/* Fails for a page that Linux thinks is not foreign; only Xen's word counts. */
		gnttab_unmap_refs(&op, NULL, &batch->p.mapped[i], 1);
		if (op.status != GNTST_okay)
			pr_err("gref %u of domain %u stays mapped: status %d\n",
			       batch->p.grefs[i], batch->p.granter, op.status);
	}
	batch->mapped = false;
}

void batch_end(struct bench *b, struct batch *batch)
{
	unsigned int i;

	if (IS_ERR_OR_NULL(batch))
		return;
	if (batch->pending && !last_wait(b, batch)) {
		pr_warn("%u pages stay mapped until the last of them is no longer in use\n",
			batch->p.nr);
	} else {
		unmap_rest(batch);
		/* done() completes the batch, then lets go of it: if that is late, it frees it. */
		for (i = 0; i < HZ && refcount_read(&batch->refs) > 1; i++)
			schedule_timeout_uninterruptible(1);
	}
	if (refcount_dec_and_test(&batch->refs))
		batch_free(batch);
}
