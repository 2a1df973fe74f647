// SPDX-License-Identifier: GPL-2.0
/*
 * granter: what granting costs, and how fast Linux takes back grants that were in use
 *
 * grant    gnttab_grant_foreign_access() of each page of the batch
 * end      gnttab_end_foreign_access(), with a page reference to drop, of unused grants
 * try_end  gnttab_try_end_foreign_access() of unused grants
 * reclaim  grants are ended while they are mapped, so that Linux defers them; from when the mapper
 *          lets go until the last of them was freed
 *
 * The granter is this domain. Stock Linux looks at deferred grants once a second and frees at most
 * ten then (gnttab_handle_deferred(), drivers/xen/grant-table.c; parameter free_per_iteration):
 * the "cost" of a page of reclaim is then a tenth of a second, of waiting. A kernel that frees a
 * page while its grant is mapped fails; how long it may leave alone one that nobody maps any more
 * depends on how many others wait.
 *
 * reclaim is seen by the drop of Linux's page reference, to POLL_US.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "batch.h"
#include "bench.h"
#include "oracle.h"
#include "sampler.h"

#define POLL_US		1000
#define MAPPER_DOMID	0

/* In the order of the row's ops. */
enum { OP_GRANT, OP_END, OP_TRY_END, OP_RECLAIM };

/*
 * struct granter - pages to grant; not used by reclaim
 * @nr_granted: the first of @page are granted, by @gref
 */
struct granter {
	unsigned int nr;
	unsigned int nr_granted;
	struct page **page;
	grant_ref_t *gref;
};

static int granter_valid(struct bench *b)
{
	return b->op == OP_RECLAIM ? pages_can_self_grant(b) : 0;
}

static int granter_setup(struct bench *b)
{
	struct granter *g = kzalloc(sizeof(*g), GFP_KERNEL);
	unsigned int i;

	if (!g)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = g;
	g->nr = bench_param(b, BATCH);
	g->gref = kvcalloc(g->nr, sizeof(*g->gref), GFP_KERNEL);
	g->page = kvcalloc(g->nr, sizeof(*g->page), GFP_KERNEL);
	for (i = 0; g->page && i < g->nr; i++)
		g->page[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!g->gref || !g->page || !g->page[g->nr - 1])
		return bench_why(b, -ENOMEM, "no memory for %u pages", g->nr);
	return 0;
}

static u64 grant_all(struct granter *g)
{
	u64 start = sampler_begin(MARK_ROUND);
	unsigned int i;
	int gref;

	for (i = 0; i < g->nr; i++) {
		gref = gnttab_grant_foreign_access(MAPPER_DOMID, xen_page_to_gfn(g->page[i]), 0);
		if (gref < 0)
			break;
		g->gref[i] = gref;
	}
	g->nr_granted = i;
	return sampler_end() - start;
}

static u64 try_end_all(struct granter *g, unsigned int *ended)
{
	u64 start = sampler_begin(MARK_ROUND);
	unsigned int i;

	*ended = 0;
	for (i = 0; i < g->nr_granted; i++)
		*ended += gnttab_try_end_foreign_access(g->gref[i]);
	g->nr_granted = 0;
	return sampler_end() - start;
}

/* Linux has a reference of each page, besides ours, until it has freed the grant. */
static unsigned int nr_not_freed(struct page **page, unsigned int nr)
{
	unsigned int i, not_freed = 0;

	for (i = 0; i < nr; i++)
		not_freed += page_count(page[i]) > 1;
	return not_freed;
}

static u64 end_all(struct granter *g, unsigned int *ended)
{
	unsigned int i;
	u64 start, ticks;

	for (i = 0; i < g->nr_granted; i++)
		get_page(g->page[i]);
	start = sampler_begin(MARK_ROUND);
	for (i = 0; i < g->nr_granted; i++)
		gnttab_end_foreign_access(g->gref[i], g->page[i]);
	ticks = sampler_end() - start;

	*ended = g->nr_granted - nr_not_freed(g->page, g->nr_granted);
	g->nr_granted = 0;
	return ticks;
}

static int sample_unused(struct bench *b, struct granter *g, u64 *row)
{
	u64 grant_ticks = grant_all(g), end_ticks;
	unsigned int granted = g->nr_granted;
	unsigned int ended;

	end_ticks = b->op == OP_END ? end_all(g, &ended) : try_end_all(g, &ended);
	if (granted < g->nr)
		return bench_why(b, -ENOSPC, "grant table exhausted at page %u of %u", granted,
				 g->nr);
	row[0] = b->op == OP_GRANT ? grant_ticks : end_ticks;
	oracle_check(b, ended == g->nr, "%u of %u unused grants could not be ended", g->nr - ended,
		     g->nr);
	return oracle_verdict(b);
}

static int wait_reclaimed(struct bench *b, struct page **page, unsigned int nr)
{
	int err = 0;

	while (!err && nr_not_freed(page, nr)) {
		usleep_range(POLL_US, POLL_US + POLL_US / 10);
		err = bench_check(b);
	}
	return err;
}

static int sample_reclaim(struct bench *b, u64 *row)
{
	struct batch *batch = batch_alloc(b, 0, bench_param(b, BATCH));
	unsigned int i, freed, nr = bench_param(b, BATCH);
	struct page **granted;
	u64 start, ticks;
	int err;

	if (IS_ERR(batch))
		return PTR_ERR(batch);
	err = batch_map(b, batch, &ticks);
	if (err) {
		batch_end(b, batch);
		return err;
	}
	granted = batch->p.granted;
	batch->p.granted = NULL;
	for (i = 0; i < nr; i++) {
		get_page(granted[i]);
		gnttab_end_foreign_access(batch->p.grefs[i], granted[i]);
	}
	freed = nr - nr_not_freed(granted, nr);
	oracle_check(b, !freed, "%u of %u grants ended while they were mapped", freed, nr);
	err = oracle_verdict(b);
	batch_end(b, batch);

	start = sampler_now();
	err = err ?: wait_reclaimed(b, granted, nr);
	row[0] = sampler_now() - start;
	for (i = 0; i < nr; i++)
		put_page(granted[i]);
	kvfree(granted);
	return err;
}

static int granter_sample(struct bench *b, u64 *row)
{
	return b->op == OP_RECLAIM ? sample_reclaim(b, row) : sample_unused(b, b->priv, row);
}

static void granter_teardown(struct bench *b)
{
	struct granter *g = b->priv;
	unsigned int i;

	if (!g)
		return;
	for (i = 0; g->page && i < g->nr; i++)
		if (g->page[i])
			__free_page(g->page[i]);
	kvfree(g->page);
	kvfree(g->gref);
	kfree(g);
}

const struct case_ops case_granter_ops = {
	.valid = granter_valid,
	.setup = granter_setup,
	.sample = granter_sample,
	.teardown = granter_teardown,
};
