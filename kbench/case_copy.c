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
 * A backend that hands the pages on, to a disk or a network card, need not copy what it mapped, and
 * one that keeps them mapped pays for that once: case strategy. In the exact tier a copied byte
 * costs instructions, not memory bandwidth, and "rep movsb" counts as few: believe the host tier
 * for large copies.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "bench.h"
#include "bytes.h"
#include "sampler.h"
#include "unmap_modes.h"

/* In the order of the row's ops. */
enum { OP_COPY, OP_MAP };

static int copy_setup(struct bench *b)
{
	struct bytes *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = c;
	b->mode = unmap_mode_find("async");
	return bytes_alloc(b, c, bench_param(b, BATCH));
}

static int copy_by_map(struct bench *b, struct bytes *c, u64 *ticks)
{
	unsigned int bytes = bench_param(b, BYTES);
	u64 map_ticks, unmap_ticks, start;
	int err;

	err = batch_map(b, c->batch, &map_ticks);
	if (err)
		return err;
	bytes_prepare(b, c);

	start = sampler_begin(MARK_ROUND);
	bytes_copy_mapped(c, bytes);
	*ticks = sampler_end() - start;

	err = batch_unmap(b, c->batch, &unmap_ticks);
	*ticks += map_ticks + unmap_ticks;
	return err;
}

static int copy_sample(struct bench *b, u64 *row)
{
	struct bytes *c = b->priv;
	int err;

	if (b->op == OP_COPY) {
		bytes_prepare(b, c);
		err = bytes_copy_by_xen(b, c, &row[0]);
	} else {
		err = copy_by_map(b, c, &row[0]);
	}
	return err ?: bytes_check(b, c);
}

static void copy_teardown(struct bench *b)
{
	if (b->priv)
		bytes_free(b, b->priv);
	kfree(b->priv);
}

const struct case_ops case_copy_ops = {
	.valid = bytes_valid,
	.setup = copy_setup,
	.sample = copy_sample,
	.teardown = copy_teardown,
};
