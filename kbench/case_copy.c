// SPDX-License-Identifier: GPL-2.0
/*
 * copy: is mapping always dearer than copying?
 *
 * copy  one GNTTABOP_copy hypercall for the batch: Xen copies the first bytes of each granted page
 *       into a page of ours
 * map   the batch is mapped, the same bytes are copied by memcpy(), and it is unmapped with
 *       gnttab_unmap_refs_async()
 *
 * "total" is the time of all of it, without the making of ops. The two lines over bytes cross, or
 * don't: a hypercall a batch and no TLB flush speak for copy, one mapping for 4 KiB for map.
 *
 * A backend that hands the pages on, to a disk or a network card, need not copy what it mapped:
 * then map_unmap is the cost to compare with. In the exact tier a copied byte costs instructions,
 * not memory bandwidth, and "rep movsb" counts as few: believe the host tier for large copies.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "batch.h"
#include "bench.h"
#include "sampler.h"
#include "unmap_modes.h"

struct copy {
	struct batch *batch;
	struct gnttab_copy *ops;
	struct page **local;	/* where the bytes go */
};

/* In the order of the row's ops. */
enum { OP_COPY, OP_MAP };

#define LAST_WORD	(PAGE_SIZE / sizeof(u64) - 1)

/* What the granter's page holds in its first word and in the last one that is copied. */
static u64 pattern(const struct bench *b, const struct batch *batch, unsigned int i)
{
	return batch->p.granted ? (b->nr_sample + 1) << 32 | batch->p.grefs[i] :
				  GNTBENCH_FOREIGN_WORD | batch->p.grefs[i];
}

static unsigned int last_word(const struct bench *b)
{
	return bench_param(b, BYTES) / sizeof(u64) - 1;
}

static int copy_valid(struct bench *b)
{
	if (bench_param(b, BYTES) % sizeof(u64))
		return bench_why(b, -EINVAL, "bytes=%u is not a multiple of %zu",
				 bench_param(b, BYTES), sizeof(u64));
	return 0;
}

static int copy_setup(struct bench *b)
{
	struct copy *c = kzalloc(sizeof(*c), GFP_KERNEL);
	unsigned int i, nr = bench_param(b, BATCH);

	if (!c)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = c;
	b->mode = unmap_mode_find("async");
	c->ops = kvcalloc(nr, sizeof(*c->ops), GFP_KERNEL);
	c->local = kvcalloc(nr, sizeof(*c->local), GFP_KERNEL);
	for (i = 0; c->local && i < nr; i++)
		c->local[i] = alloc_page(GFP_KERNEL);
	if (!c->ops || !c->local || !c->local[nr - 1])
		return bench_why(b, -ENOMEM, "no memory for %u pages", nr);
	c->batch = batch_alloc(b, 0, nr);
	return PTR_ERR_OR_ZERO(c->batch);
}

static void prepare(struct bench *b, struct copy *c)
{
	struct pages *p = &c->batch->p;
	unsigned int i;
	u64 *words;

	for (i = 0; i < p->nr; i++) {
		memset(page_address(c->local[i]), 0, PAGE_SIZE);
		c->ops[i] = (struct gnttab_copy) {
			.source = { .u.ref = p->grefs[i], .domid = p->granter },
			.dest = { .u.gmfn = xen_page_to_gfn(c->local[i]), .domid = DOMID_SELF },
			.len = bench_param(b, BYTES),
			.flags = GNTCOPY_source_gref,
			.status = 1,
		};
		if (!p->granted)
			continue;
		words = page_address(p->granted[i]);
		words[last_word(b)] = pattern(b, c->batch, i);
		words[0] = pattern(b, c->batch, i);
	}
	if (b->args->fault == GNTBENCH_F_BAD_GREF)
		c->ops[0].source.u.ref = U32_MAX / 2;
}

static int copy_by_xen(struct bench *b, struct copy *c, u64 *ticks)
{
	unsigned int i, nr = c->batch->p.nr;
	u64 start;

	start = sampler_begin(MARK_ROUND);
	gnttab_batch_copy(c->ops, nr);
	*ticks = sampler_end() - start;

	for (i = 0; i < nr; i++) {
		b->args->oracle_checks++;
		if (c->ops[i].status == GNTST_okay)
			continue;
		if (!c->batch->p.granted)
			return bench_why(b, -EIO,
					 "copy op %u of %u, gref %u of domain %u: status %d: is it gone?",
					 i, nr, c->ops[i].source.u.ref, c->batch->p.granter,
					 c->ops[i].status);
		b->args->oracle_broken++;
		return bench_why(b, -EILSEQ, "copy op %u of %u, gref %u: status %d", i, nr,
				 c->ops[i].source.u.ref, c->ops[i].status);
	}
	return 0;
}

static int copy_by_map(struct bench *b, struct copy *c, u64 *ticks)
{
	unsigned int i, bytes = bench_param(b, BYTES);
	u64 map_ticks, unmap_ticks, start;
	int err;

	err = batch_map(b, c->batch, &map_ticks);
	if (err)
		return err;
	prepare(b, c);

	start = sampler_begin(MARK_ROUND);
	for (i = 0; i < c->batch->p.nr; i++)
		memcpy(page_address(c->local[i]), batch_mapping(c->batch, i), bytes);
	*ticks = sampler_end() - start;

	err = batch_unmap(b, c->batch, &unmap_ticks);
	*ticks += map_ticks + unmap_ticks;
	return err;
}

/* The bytes must be the granter's; of a foreign granter only the first word is known. */
static int check_bytes(struct bench *b, struct copy *c)
{
	unsigned int i;

	for (i = 0; i < c->batch->p.nr; i++) {
		u64 *words = page_address(c->local[i]);
		bool ok = words[0] == pattern(b, c->batch, i);

		if (c->batch->p.granted)
			ok = ok && words[last_word(b)] == words[0];
		if (last_word(b) < LAST_WORD)
			ok = ok && !words[last_word(b) + 1];
		b->args->oracle_checks++;
		if (ok)
			continue;
		b->args->oracle_broken++;
		return bench_why(b, -EILSEQ, "page %u of %u: not the granter's bytes were copied",
				 i, c->batch->p.nr);
	}
	return 0;
}

static int copy_sample(struct bench *b, u64 *row)
{
	struct copy *c = b->priv;
	int err;

	prepare(b, c);
	err = b->op == OP_COPY ? copy_by_xen(b, c, &row[0]) : copy_by_map(b, c, &row[0]);
	if (err)
		return err;
	if (b->args->fault == GNTBENCH_F_LOST_WRITE)
		memset(page_address(c->local[0]), 0, sizeof(u64));
	return check_bytes(b, c);
}

static void copy_teardown(struct bench *b)
{
	struct copy *c = b->priv;
	unsigned int i;

	if (!c)
		return;
	batch_end(b, c->batch);
	for (i = 0; c->local && i < bench_param(b, BATCH); i++)
		if (c->local[i])
			__free_page(c->local[i]);
	kvfree(c->local);
	kvfree(c->ops);
	kfree(c);
}

const struct case_ops case_copy_ops = {
	.valid = copy_valid,
	.setup = copy_setup,
	.sample = copy_sample,
	.teardown = copy_teardown,
};
