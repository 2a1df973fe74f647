// SPDX-License-Identifier: GPL-2.0
/*
 * The oracle. Each invariant that is looked at counts in oracle_checks, each broken one in
 * oracle_broken, and the first broken one is the reason of the run's failure.
 *
 * The granter is us for self-grants. Of a foreign granter nothing is seen but its memory: it must
 * begin with the word that names its gref, and a write by the mapper must be found again by the
 * next map of the grant.
 */
#include <linux/mm.h>
#include <linux/uaccess.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "batch.h"
#include "bench.h"
#include "oracle.h"
#include "p2m.h"
#include "unmap_modes.h"

/* Out of maptrack entries: Xen's public/grant_table.h; Linux's copy of it ends at -12. */
#define XEN_GNTST_NO_SPACE	(-13)

/* Words of a page: the granter's are its first and its last, the mapper's is in the middle. */
#define WORDS		(PAGE_SIZE / sizeof(u64))
#define FIRST_WORD	0
#define MAPPER_WORD	(WORDS / 2)
#define LAST_WORD	(WORDS - 1)

/* Many times what any kernel waits before it looks again at a page that was held for 10 s. */
#define DONE_LIMIT_MS	10000u

u64 oracle_pattern(const struct bench *b, const struct batch *batch, unsigned int i,
		   unsigned int word)
{
	return (b->nr_sample + 1) << 42 ^ (u64)batch->p.grefs[i] << 10 ^ word;
}

void oracle_before_map(struct bench *b, struct batch *batch)
{
	unsigned int i;
	u64 *words;

	/* A page is mapped to the same gref again and again: what the last map left would do. */
	for (i = 0; BITS_PER_LONG == 64 && i < batch->p.nr; i++)
		set_page_private(batch->p.mapped[i], ~0UL);
	if (!batch->p.granted)
		return;
	for (i = 0; i < batch->p.nr; i++) {
		words = page_address(batch->p.granted[i]);
		words[FIRST_WORD] = oracle_pattern(b, batch, i, FIRST_WORD);
		words[MAPPER_WORD] = 0;
		words[LAST_WORD] = oracle_pattern(b, batch, i, LAST_WORD);
	}
}

bool oracle_no_handle(int status)
{
	return status == XEN_GNTST_NO_SPACE || status == GNTST_no_device_space;
}

/* A status that is not the fault of the code under test. */
static int map_refused(struct bench *b, struct batch *batch, unsigned int i)
{
	int status = batch->map[i].status;

	if (oracle_no_handle(status))
		return bench_why(b, -ENOSPC, "map op %u of %u: Xen's maptrack is exhausted", i,
				 batch->p.nr);
	if (!batch->p.granted)
		return bench_why(b, -EIO,
				 "map op %u of %u, gref %u of domain %u: status %d: is it gone?", i,
				 batch->p.nr, batch->p.grefs[i], batch->p.granter, status);
	return 0;
}

int oracle_map_status(struct bench *b, struct batch *batch, int result)
{
	unsigned int i;
	int err;

	for (i = 0; i < batch->p.nr; i++) {
		int status = batch->map[i].status;

		if (status != GNTST_okay) {
			err = map_refused(b, batch, i);
			if (err)
				return err;
		}
		oracle_check(b, status == GNTST_okay, "map op %u of %u, gref %u: status %d", i,
			     batch->p.nr, batch->map[i].ref, status);
	}
	oracle_check(b, !result, "gnttab_map_refs() of %u pages returned %d", batch->p.nr, result);
	return oracle_verdict(b);
}

/* Another domain's page: it must be one of those that a granter of gntbench's offers. */
static void check_offered(struct bench *b, struct batch *batch, unsigned int i)
{
	u64 *words = batch_mapping(batch, i);
	u64 word = READ_ONCE(words[FIRST_WORD]);

	oracle_check(b, word == (GNTBENCH_FOREIGN_WORD | batch->p.grefs[i]),
		     "page %u of %u: begins with %#llx: is it a granter of gntbench's?", i,
		     batch->p.nr, word);
}

int oracle_write(struct bench *b, struct batch *batch)
{
	unsigned int i;
	u64 *words;

	for (i = 0; !batch->p.granted && i < batch->p.nr; i++)
		check_offered(b, batch, i);
	if (oracle_verdict(b))
		return oracle_verdict(b);
	for (i = 0; i < batch->p.nr; i++) {
		words = batch_mapping(batch, i);
		if (!batch->p.granted && batch->expected[i])
			oracle_check(b, READ_ONCE(words[MAPPER_WORD]) == batch->expected[i],
				     "page %u of %u: what the mapper wrote is lost", i,
				     batch->p.nr);
		batch->expected[i] = oracle_pattern(b, batch, i, MAPPER_WORD);
		WRITE_ONCE(words[MAPPER_WORD], batch->expected[i]);
	}
	return oracle_verdict(b);
}

static void check_memory(struct bench *b, struct batch *batch, unsigned int i)
{
	u64 *mapped = batch_mapping(batch, i);
	u64 *granted;

	if (!batch->p.granted) {
		check_offered(b, batch, i);
		return;
	}
	granted = page_address(batch->p.granted[i]);
	oracle_check(b,
		     READ_ONCE(mapped[FIRST_WORD]) == oracle_pattern(b, batch, i, FIRST_WORD) &&
		     READ_ONCE(mapped[LAST_WORD]) == oracle_pattern(b, batch, i, LAST_WORD),
		     "page %u of %u: the mapper does not read the granter's pattern", i,
		     batch->p.nr);
	oracle_check(b, READ_ONCE(granted[MAPPER_WORD]) == batch->expected[i],
		     "page %u of %u: the granter does not see the mapper's write", i, batch->p.nr);
}

static void check_foreign(struct bench *b, struct batch *batch, unsigned int i)
{
	struct page *page = batch->p.mapped[i];
	struct xen_page_foreign *foreign = xen_page_foreign(page);

	oracle_check(b, foreign, "page %u of %u: PG_foreign is not set while mapped", i,
		     batch->p.nr);
	if (foreign)
		oracle_check(b, foreign->domid == batch->p.granter &&
			     foreign->gref == batch->p.grefs[i],
			     "page %u of %u: page->private has domid %u gref %u, not %u %u", i,
			     batch->p.nr, foreign->domid, foreign->gref, batch->p.granter,
			     batch->p.grefs[i]);
	if (!have_p2m())
		return;
	oracle_check(b, p2m_is_foreign(page),
		     "page %u of %u: p2m entry %#lx lacks FOREIGN_FRAME_BIT while mapped", i,
		     batch->p.nr, p2m_entry(page));
	if (batch->p.granted)
		oracle_check(b, p2m_frame(page) == xen_page_to_gfn(batch->p.granted[i]),
			     "page %u of %u: p2m entry %#lx is not the granter's frame", i,
			     batch->p.nr, p2m_entry(page));
}

int oracle_mapped(struct bench *b, struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->p.nr; i++) {
		check_memory(b, batch, i);
		check_foreign(b, batch, i);
	}
	return oracle_verdict(b);
}

static bool any_in_use(const struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->p.nr; i++)
		if (page_count(batch->p.mapped[i]) > 1)
			return true;
	return false;
}

int oracle_pending(struct bench *b, struct batch *batch, ktime_t *idle_since)
{
	ktime_t now = ktime_get();

	if (!*idle_since || any_in_use(batch))
		*idle_since = now;
	if (ktime_ms_delta(now, *idle_since) <= DONE_LIMIT_MS)
		return 0;
	oracle_check(b, false, "done() was not called: no page was in use for %u ms",
		     DONE_LIMIT_MS);
	return oracle_verdict(b);
}

static void check_gone(struct bench *b, struct batch *batch, unsigned int i)
{
	struct page *page = batch->p.mapped[i];
	u64 word;

	oracle_check(b, batch->unmap[i].status == GNTST_okay, "unmap op %u of %u: status %d", i,
		     batch->p.nr, batch->unmap[i].status);
	oracle_check(b, !xen_page_foreign(page), "page %u of %u: PG_foreign is set after the unmap",
		     i, batch->p.nr);
	oracle_check(b, page_count(page) == 1, "page %u of %u: page count %d after the unmap", i,
		     batch->p.nr, page_count(page));
	if (!have_p2m())
		return;
	oracle_check(b, p2m_is_invalid(page), "page %u of %u: p2m entry %#lx after the unmap", i,
		     batch->p.nr, p2m_entry(page));
	oracle_check(b, copy_from_kernel_nofault(&word, batch_mapping(batch, i), sizeof(word)),
		     "page %u of %u: can be read after the unmap", i, batch->p.nr);
}

/* Ends the grant and gives it anew: Linux ends it only if Xen says that nobody maps it. */
static void check_grant(struct bench *b, struct batch *batch, unsigned int i)
{
	grant_ref_t gref = batch->p.grefs[i];
	bool ended = gnttab_end_foreign_access_ref(gref);

	oracle_check(b, ended, "page %u of %u: gref %u is in use after the unmap", i, batch->p.nr,
		     gref);
	if (ended)
		gnttab_grant_foreign_access_ref(gref, batch->p.granter,
						xen_page_to_gfn(batch->p.granted[i]), 0);
}

int oracle_unmapped(struct bench *b, struct batch *batch)
{
	unsigned int i;

	oracle_check(b, !batch->result, "the unmap of %u pages returned %d", batch->p.nr,
		     batch->result);
	if (b->mode->calls_done) {
		oracle_check(b, batch->nr_done == 1, "done() was called %u times", batch->nr_done);
		oracle_check(b, !batch->nr_early,
			     "done() was called before %u of %u pages were unmapped",
			     batch->nr_early, batch->p.nr);
	}
	for (i = 0; i < batch->p.nr; i++) {
		check_gone(b, batch, i);
		if (batch->p.granted)
			check_grant(b, batch, i);
	}
	return oracle_verdict(b);
}
