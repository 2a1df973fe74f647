// SPDX-License-Identifier: GPL-2.0
/*
 * map_unmap: map a batch of grants, then unmap it
 *
 * What a backend pays to see the data of a request and to let go of it, as blkback does: ops with
 * GNTMAP_host_map on the kernel address, no kmap_ops, and pages of gnttab_alloc_pages().
 *
 * "map" is the time of gnttab_map_refs(), "unmap" the time from the call of the unmap mode until
 * the pages are unmapped: the hypercalls, Xen's work, and Linux' work on pages and p2m. No page is
 * busy, so the safe modes take their fast path; async minus immediate is the price of being safe.
 * The ops are made, and the pages looked at, outside of the timed phases.
 *
 * A batch of 1 pays one hypercall and, with PV, one TLB flush of all vCPUs for every page. Xen
 * flushes once for every 32 ops (GNTTAB_UNMAP_BATCH_SIZE, xen/common/grant_table.c).
 *
 * Speed is praised only if the unmap is safe: the first warm-up batches of the safe modes have a
 * page in use, at the begin, the end, the middle and anywhere, that must stay mapped until it is
 * not.
 *
 * It can't say what a busy page costs (case busy), and a vCPU that does nothing else between two
 * samples has everything in its caches: a backend under load has not.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "batch.h"
#include "bench.h"
#include "holder.h"
#include "unmap_modes.h"

#define NR_HELD		6	/* batches with a page in use */
#define NR_AFTER	2	/* so many more of the warm-up at least: they leave no trace */
#define HOLD_NS		2000000

struct map_unmap {
	struct batch *batch;
	struct holders holders;	/* one; none if the mode doesn't look at page counts */
};

static int map_unmap_setup(struct bench *b)
{
	struct map_unmap *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int err;

	if (!m)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = m;
	err = holders_alloc(b, &m->holders, b->mode->safe);
	if (err)
		return err;
	if (b->args->fault == GNTBENCH_F_UNSAFE)
		b->mode = unmap_mode_find("immediate");
	m->batch = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(m->batch);
}

static int unmap_held(struct bench *b, struct map_unmap *m)
{
	struct holder *h = m->holders.holder;
	struct pages *p = &m->batch->p;
	int err;

	holder_take(h, p->mapped[holder_position(b->nr_sample, 0, 1, p->nr)]);
	batch_prepare_unmap(b, m->batch);
	holder_arm(h, HOLD_NS);
	b->mode->unmap(m->batch);
	err = batch_wait(b, m->batch);
	holders_let_go(&m->holders);
	return err ?: holders_check(b, &m->holders) ?: batch_unmapped(b, m->batch);
}

static int map_unmap_sample(struct bench *b, u64 *row)
{
	struct map_unmap *m = b->priv;
	bool held = m->holders.nr && b->nr_sample < NR_HELD &&
		    b->nr_sample + NR_AFTER < b->args->param[GNTBENCH_P_WARMUP];
	int err = batch_map(b, m->batch, &row[0]);

	if (err)
		return err;
	if (held)
		return unmap_held(b, m);
	return batch_unmap(b, m->batch, &row[1]);
}

static void map_unmap_teardown(struct bench *b)
{
	struct map_unmap *m = b->priv;

	if (!m)
		return;
	holders_let_go(&m->holders);
	batch_end(b, m->batch);
	holders_free(&m->holders);
	kfree(m);
}

const struct case_ops case_map_unmap_ops = {
	.setup = map_unmap_setup,
	.sample = map_unmap_sample,
	.teardown = map_unmap_teardown,
};
