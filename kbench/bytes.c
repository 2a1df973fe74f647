// SPDX-License-Identifier: GPL-2.0
/*
 * The bytes of granted pages. A granter that is ours writes a pattern, another of each sample, into
 * every word that is wanted; of a foreign granter only the first word is known
 * (GNTBENCH_FOREIGN_WORD).
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "bench.h"
#include "bytes.h"
#include "oracle.h"
#include "sampler.h"

#define LAST_WORD	(PAGE_SIZE / sizeof(u64) - 1)

/* Where nothing is copied to there is 0: so few of its bytes are. */
static u64 pattern(const struct bench *b, const struct batch *batch, unsigned int i,
		   unsigned int word)
{
	if (!batch->p.granted)
		return GNTBENCH_FOREIGN_WORD | batch->p.grefs[i];
	return ~oracle_pattern(b, batch, i, word);
}

static unsigned int last_word(const struct bench *b)
{
	return bench_param(b, BYTES) / sizeof(u64) - 1;
}

int bytes_valid(struct bench *b)
{
	if (bench_param(b, BYTES) % sizeof(u64))
		return bench_why(b, -EINVAL, "bytes=%u is not a multiple of %zu",
				 bench_param(b, BYTES), sizeof(u64));
	return 0;
}

int bytes_alloc(struct bench *b, struct bytes *c, unsigned int nr)
{
	unsigned int i;

	c->nr = nr;
	c->ops = vcalloc(nr, sizeof(*c->ops)); /* see batch_alloc() */
	c->local = kvcalloc(nr, sizeof(*c->local), GFP_KERNEL);
	for (i = 0; c->local && i < nr; i++)
		c->local[i] = alloc_page(GFP_KERNEL);
	if (!c->ops || !c->local || !c->local[nr - 1])
		return bench_why(b, -ENOMEM, "no memory for %u pages", nr);
	c->batch = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(c->batch);
}

void bytes_free(struct bench *b, struct bytes *c)
{
	unsigned int i;

	batch_end(b, c->batch);
	for (i = 0; c->local && i < c->nr; i++)
		if (c->local[i])
			__free_page(c->local[i]);
	kvfree(c->local);
	vfree(c->ops);
}

void bytes_prepare(struct bench *b, struct bytes *c)
{
	struct pages *p = &c->batch->p;
	unsigned int i, word;
	u64 *words;

	for (i = 0; i < c->nr; i++) {
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
		for (word = 0; word <= last_word(b); word++)
			words[word] = pattern(b, c->batch, i, word);
	}
	if (b->args->fault == GNTBENCH_F_BAD_GREF)
		c->ops[c->nr - 1].source.u.ref = U32_MAX / 2;
}

int bytes_copy_by_xen(struct bench *b, struct bytes *c, u64 *ticks)
{
	unsigned int i;
	u64 start;

	start = sampler_begin(MARK_ROUND);
	gnttab_batch_copy(c->ops, c->nr);
	*ticks = sampler_end() - start;

	for (i = 0; i < c->nr; i++) {
		bool ok = c->ops[i].status == GNTST_okay;

		if (!ok && !c->batch->p.granted)
			return bench_why(b, -EIO,
					 "copy op %u of %u, gref %u of domain %u: status %d: is it gone?",
					 i, c->nr, c->ops[i].source.u.ref, c->batch->p.granter,
					 c->ops[i].status);
		oracle_check(b, ok, "copy op %u of %u, gref %u: status %d", i, c->nr,
			     c->ops[i].source.u.ref, c->ops[i].status);
	}
	return oracle_verdict(b);
}

int bytes_check(struct bench *b, struct bytes *c)
{
	unsigned int i, word, known = c->batch->p.granted ? last_word(b) : 0;

	if (b->args->fault == GNTBENCH_F_LOST_WRITE)
		memset(page_address(c->local[c->nr - 1]), 0, sizeof(u64));
	for (i = 0; i < c->nr; i++) {
		u64 *words = page_address(c->local[i]);
		bool ok = true;

		for (word = 0; word <= known; word++)
			ok = ok && words[word] == pattern(b, c->batch, i, word);
		if (last_word(b) < LAST_WORD)
			ok = ok && !words[last_word(b) + 1];
		oracle_check(b, ok, "page %u of %u: not the granter's bytes were copied", i, c->nr);
	}
	return oracle_verdict(b);
}
