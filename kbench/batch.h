/* SPDX-License-Identifier: GPL-2.0 */
/* A batch: what one hypercall maps and one request unmaps. */
#ifndef GNTBENCH_BATCH_H
#define GNTBENCH_BATCH_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <xen/grant_table.h>

#include "pages.h"

struct bench;

/**
 * struct batch - pages, their map and unmap ops, and the unmap request
 * @p: the pages
 * @map: map ops; status and handle as the last map left them
 * @unmap: unmap ops, made from the handles
 * @item: the unmap request of the safe modes
 * @expected: what a read of each foreign page must find, or 0: nothing known
 * @mapped: set while any of @map may be mapped
 * @pending: set from the unmap request until its end was waited for
 * @done: completed by done()
 * @nr_done: calls of done() for this request
 * @look_when_done: done() looks whether the pages are unmapped; set by batch_prepare_unmap()
 * @nr_early: pages that were not when it was called
 * @result: of the unmap
 * @done_ticks: sampler_end() when the unmap was done
 * @refs: the run's, and one of a pending request; the last one frees the batch
 * @reap: see batch_put_from_done()
 *
 * A batch doesn't refer to the run that made it, and pins the module: a request that waits for a
 * page that is never released outlives its run.
 */
struct batch {
	struct pages p;
	struct gnttab_map_grant_ref *map;
	struct gnttab_unmap_grant_ref *unmap;
	struct gntab_unmap_queue_data item;
	u64 *expected;
	bool mapped;
	bool pending;
	struct completion done;
	unsigned int nr_done;
	bool look_when_done;
	unsigned int nr_early;
	int result;
	u64 done_ticks;
	refcount_t refs;
	struct list_head reap;
};

/* A batch of @nr pages; foreign ones are the grefs of @b from @first on. Or an ERR_PTR(). */
struct batch *batch_alloc(struct bench *b, unsigned int first, unsigned int nr);

/*
 * Ends the run's use of @batch: unmaps what is mapped and frees everything. If the request is still
 * pending, Linux can't be told to forget it: the batch is freed when done() comes, and a line in
 * the kernel's log says so. @batch may be NULL or an ERR_PTR().
 */
void batch_end(struct bench *b, struct batch *batch);

/*
 * Maps @batch, timed: @ticks is the time of gnttab_map_refs() alone. The ops are made before, the
 * oracle looks after. 0, or an errno with a reason; batch_end() unmaps what was mapped.
 */
int batch_map(struct bench *b, struct batch *batch, u64 *ticks);

/* A part of batch_map(): makes the map ops. Set batch->mapped before they are used. */
void batch_prepare_map(struct batch *batch);

/*
 * batch_unmap() in parts: makes the unmap ops from the handles that the map returned, and the
 * request from them; and, after batch_wait(), lets the oracle look.
 */
void batch_prepare_unmap(struct bench *b, struct batch *batch);
int batch_unmapped(struct bench *b, struct batch *batch);

/*
 * Unmaps @batch in the run's mode, timed: @ticks is the time from the call until all is unmapped,
 * for the async mode until done() is called. 0, or an errno with a reason.
 */
int batch_unmap(struct bench *b, struct batch *batch, u64 *ticks);

/*
 * Waits for the end of a request. 0, or -EINTR, -ETIMEDOUT, or -EILSEQ for one that never ends,
 * with the request still pending.
 */
int batch_wait(struct bench *b, struct batch *batch);

/* The done() of a request. */
void batch_done(int result, struct gntab_unmap_queue_data *item);

/* For rmmod: batches that outlived their run are freed when this returns. */
void batch_reap_flush(void);

static inline void *batch_mapping(const struct batch *batch, unsigned int i)
{
	return page_address(batch->p.mapped[i]);
}

#endif /* GNTBENCH_BATCH_H */
