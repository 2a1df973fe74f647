// SPDX-License-Identifier: GPL-2.0
/*
 * refcount: what the looks at struct page cost, that the grant code makes for every page
 *
 * check       the page count is one: what the safe unmap adds
 * lookup      xen_page_foreign(): which domain's page, which gref?
 * set, clear  PG_foreign and page->private, as gnttab_map_refs() and gnttab_unmap_refs() do
 * *_cold      the same, with the struct pages flushed from the caches before each sample
 *
 * The pages are of the kind that grants are mapped to; their struct pages are neighbours, as after
 * a fresh allocation. check is the loop of floor's page_count: the two must agree.
 *
 * In the emulated tiers there are no caches and *_cold equals the others; only the host tier shows
 * what a miss costs.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <xen/page.h>

#ifdef CONFIG_X86
#include <asm/cacheflush.h>
#endif

#include "batch.h"
#include "bench.h"
#include "oracle.h"
#include "sampler.h"

/* In the order of the row's ops. */
enum { OP_CHECK, OP_LOOKUP, OP_SET, OP_CLEAR, OP_CHECK_COLD, OP_LOOKUP_COLD };

static void flush(struct pages *p)
{
#ifdef CONFIG_X86
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		clflush_cache_range(p->mapped[i], sizeof(struct page));
#endif
}

static noinline u32 check(const struct pages *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		if (page_count(p->mapped[i]) > 1)
			return i + 1;
	return 0;
}

static noinline u32 lookup(const struct pages *p)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < p->nr; i++)
		sum += xen_page_foreign(p->mapped[i])->gref;
	return sum;
}

static noinline void set(const struct pages *p)
{
	struct xen_page_foreign *foreign;
	unsigned int i;

	for (i = 0; i < p->nr; i++) {
		SetPageForeign(p->mapped[i]);
		foreign = xen_page_foreign(p->mapped[i]);
		foreign->domid = p->granter;
		foreign->gref = p->grefs[i];
	}
}

static noinline void clear(const struct pages *p)
{
	unsigned int i;

	for (i = 0; i < p->nr; i++)
		ClearPageForeign(p->mapped[i]);
}

static int refcount_valid(struct bench *b)
{
	if (b->op >= OP_CHECK_COLD && !IS_ENABLED(CONFIG_X86))
		return bench_why(b, -EOPNOTSUPP, "can't flush caches on this architecture");
	return 0;
}

static int refcount_setup(struct bench *b)
{
	b->priv = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(b->priv);
}

static u32 expected_sum(const struct pages *p)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < p->nr; i++)
		sum += p->grefs[i];
	return sum;
}

static u64 time_op(unsigned int op, const struct pages *p, u32 *result)
{
	u64 start = sampler_begin(MARK_ROUND);

	switch (op) {
	case OP_SET:
		set(p);
		break;
	case OP_CLEAR:
		clear(p);
		break;
	case OP_LOOKUP:
	case OP_LOOKUP_COLD:
		*result = lookup(p);
		break;
	default:
		*result = check(p);
	}
	return sampler_end() - start;
}

static int refcount_sample(struct bench *b, u64 *row)
{
	struct pages *p = &((struct batch *)b->priv)->p;
	bool looks_up = b->op == OP_LOOKUP || b->op == OP_LOOKUP_COLD;
	u32 expected = 0, result = 0;

	if (looks_up || b->op == OP_CLEAR)
		set(p);
	if (b->op >= OP_CHECK_COLD)
		flush(p);
	row[0] = time_op(b->op, p, &result);
	if (looks_up)
		expected = expected_sum(p);
	clear(p);

	oracle_check(b, result == expected, looks_up ? "the grefs sum up to %u, not %u" :
		     "page %u has a page count above one, expected %u", result, expected);
	return oracle_verdict(b);
}

static void refcount_teardown(struct bench *b)
{
	batch_end(b, b->priv);
}

const struct case_ops case_refcount_ops = {
	.valid = refcount_valid,
	.setup = refcount_setup,
	.sample = refcount_sample,
	.teardown = refcount_teardown,
};
