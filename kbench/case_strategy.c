// SPDX-License-Identifier: GPL-2.0
/*
 * strategy: copy, map, or keep mapped?
 *
 * A backend is asked for the first "bytes" of "touched" percent of a batch's pages, "uses" times:
 *
 * copy      each time one GNTTABOP_copy for those that are wanted
 * map_copy  each time the batch is mapped, the bytes are copied by memcpy(), and it is unmapped
 * map_touch each time the batch is mapped, one word of each 64 bytes is read, and it is unmapped:
 *           a backend that needs no copy, such as one that hands the pages to a disk
 * keep      the batch is mapped once, the bytes are copied each time, and in the end it is
 *           unmapped, as with persistent grants. One in "uses" misses the pool, so that an LRU
 *           which finds a page h times of a hundred is uses = 100 / (100 - h)
 *
 * "total" is the time of hypercalls, copies and reads of all uses, without the making of ops, and
 * divided by the pages that were wanted and by the uses. All unmaps are async. With uses=1, keep is
 * map_copy.
 *
 * It can't say what looking for a page in the pool costs, which is the backend's own affair
 * (blkback: a red-black tree), nor what the pool's memory would have been good for. In the exact
 * tier a copied byte costs instructions, not bandwidth.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "bench.h"
#include "bytes.h"
#include "sampler.h"
#include "unmap_modes.h"

#define LINE_BYTES 64

static int strategy_setup(struct bench *b)
{
	struct bytes *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = c;
	b->mode = unmap_mode_find("async");
	return bytes_alloc(b, c,
			   DIV_ROUND_UP(bench_param(b, BATCH) * bench_param(b, TOUCHED), 100));
}

static int by_xen(struct bench *b, struct bytes *c, u64 *ticks)
{
	bytes_prepare(b, c);
	return bytes_copy_by_xen(b, c, ticks) ?: bytes_check(b, c);
}

static int copied(struct bench *b, struct bytes *c, u64 *ticks)
{
	unsigned int bytes = bench_param(b, BYTES);
	u64 start;

	bytes_prepare(b, c);
	start = sampler_begin(MARK_ROUND);
	bytes_copy_mapped(c, bytes);
	*ticks = sampler_end() - start;
	return bytes_check(b, c);
}

static int touched(struct bench *b, struct bytes *c, u64 *ticks)
{
	unsigned int i, at, bytes = bench_param(b, BYTES);
	u64 start;

	start = sampler_begin(MARK_ROUND);
	for (i = 0; i < c->nr; i++)
		for (at = 0; at < bytes; at += LINE_BYTES)
			READ_ONCE(*(u64 *)(batch_mapping(c->batch, i) + at));
	*ticks = sampler_end() - start;
	return 0;
}

/* @use of the mapped batch, @nr times; the time of all of it is added to @sum. */
static int mapped(struct bench *b, struct bytes *c, unsigned int nr,
		  int (*use)(struct bench *b, struct bytes *c, u64 *ticks), u64 *sum)
{
	u64 map_ticks = 0, unmap_ticks = 0, ticks = 0;
	int err = batch_map(b, c->batch, &map_ticks);

	for (*sum += map_ticks; !err && nr; nr--) {
		err = use(b, c, &ticks) ?: bench_check(b);
		*sum += ticks;
	}
	err = err ?: batch_unmap(b, c->batch, &unmap_ticks);
	*sum += unmap_ticks;
	return err;
}

/* In the order of the row's ops. */
enum { OP_COPY, OP_MAP_COPY, OP_MAP_TOUCH, OP_KEEP };

static int strategy_sample(struct bench *b, u64 *row)
{
	unsigned int nr, uses = bench_param(b, USES);
	struct bytes *c = b->priv;
	u64 ticks = 0, sum = 0;
	int err = 0;

	if (b->op == OP_KEEP) {
		err = mapped(b, c, uses, copied, &sum);
		uses = 0;
	}
	for (nr = 0; !err && nr < uses; nr++) {
		if (b->op == OP_COPY)
			err = by_xen(b, c, &ticks);
		else
			err = mapped(b, c, 1, b->op == OP_MAP_COPY ? copied : touched, &sum);
		sum += ticks;
		err = err ?: bench_check(b);
	}
	row[0] = sum;
	return err;
}

static void strategy_teardown(struct bench *b)
{
	if (b->priv)
		bytes_free(b, b->priv);
	kfree(b->priv);
}

const struct case_ops case_strategy_ops = {
	.valid = bytes_valid,
	.setup = strategy_setup,
	.sample = strategy_sample,
	.teardown = strategy_teardown,
};
