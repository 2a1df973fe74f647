// SPDX-License-Identifier: GPL-2.0
/*
 * owned: unmap pages of which the caller itself holds more than one reference
 *
 * Every page of a mapped batch has refs references, all of them the caller's, as the pages of a DRM
 * dumb buffer have two. gnttab_unmap_refs_async() takes such pages for busy and never unmaps them.
 * gnttab_unmap_refs_async_owned(), of the series in kernel-patches, is told of them.
 *
 * "unmap" is to be compared with that of map_unmap, mode async: the extra references must cost
 * nothing. A kernel without the function can't run the case.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "batch.h"
#include "bench.h"
#include "sampler.h"
#include "unmap_modes.h"

#define FUNCTION	"gnttab_unmap_refs_async_owned"

/**
 * struct owned - state of the case
 * @unmap: FUNCTION; its module, if it is in one, stays as long as this is set
 * @batch: the pages
 * @extra_refs: references of each page beyond the first that are held now
 */
struct owned {
	void (*unmap)(struct gntab_unmap_queue_data *item, unsigned int refs);
	struct batch *batch;
	unsigned int extra_refs;
};

static int owned_valid(struct bench *b)
{
	if (!__symbol_get(FUNCTION))
		return bench_why(b, -EOPNOTSUPP, "this kernel has no " FUNCTION "()");
	__symbol_put(FUNCTION);
	return 0;
}

static int owned_setup(struct bench *b)
{
	struct owned *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = o;
	b->mode = unmap_mode_find("async");
	o->unmap = __symbol_get(FUNCTION);
	if (!o->unmap)
		return bench_why(b, -EOPNOTSUPP, FUNCTION "() went away");
	o->batch = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(o->batch);
}

static void take_refs(struct owned *o, unsigned int nr)
{
	unsigned int i;

	for (; o->extra_refs < nr; o->extra_refs++)
		for (i = 0; i < o->batch->p.nr; i++)
			get_page(o->batch->p.mapped[i]);
}

static void drop_refs(struct owned *o)
{
	unsigned int i;

	for (; o->extra_refs; o->extra_refs--)
		for (i = 0; i < o->batch->p.nr; i++)
			put_page(o->batch->p.mapped[i]);
}

static int owned_sample(struct bench *b, u64 *row)
{
	struct owned *o = b->priv;
	unsigned int refs = bench_param(b, REFS);
	u64 map_ticks, start;
	int err;

	err = batch_map(b, o->batch, &map_ticks);
	if (err)
		return err;
	take_refs(o, refs - 1);
	batch_prepare_unmap(b, o->batch);

	start = sampler_begin(MARK_UNMAP);
	o->unmap(&o->batch->item, refs);

	err = batch_wait(b, o->batch);
	drop_refs(o);
	if (err)
		return err;
	row[0] = o->batch->done_ticks - start;
	return batch_unmapped(b, o->batch);
}

static void owned_teardown(struct bench *b)
{
	struct owned *o = b->priv;

	if (!o)
		return;
	batch_end(b, o->batch);
	if (o->unmap)
		__symbol_put(FUNCTION);
	kfree(o);
}

const struct case_ops case_owned_ops = {
	.valid = owned_valid,
	.setup = owned_setup,
	.sample = owned_sample,
	.teardown = owned_teardown,
};
