// SPDX-License-Identifier: GPL-2.0
/*
 * Self-grants: our own pages, granted to our own domain. Foreign grants: the user passes grefs that
 * another domain gave us.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "bench.h"
#include "p2m.h"
#include "pages.h"
#include "sampler.h"

u64 pages_needed(const struct bench *b)
{
	static const unsigned int factors[] = {
		GNTBENCH_P_BATCH, GNTBENCH_P_REQUESTS, GNTBENCH_P_VCPUS
	};
	u64 nr = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(factors); i++)
		if (b->args->param[factors[i]])
			nr *= b->args->param[factors[i]];
	return nr;
}

int pages_can_self_grant(struct bench *b)
{
	if (!xen_initial_domain())
		return bench_why(b, -EOPNOTSUPP, "self-grants need dom0: our domid is not known");
	if (IS_ENABLED(CONFIG_X86) && xen_feature(XENFEAT_auto_translated_physmap))
		return bench_why(b, -EOPNOTSUPP,
				 "Xen refuses self-grants in a PVH dom0: give a granter domain");
	return 0;
}

static int grant_one(struct bench *b, struct pages *p, unsigned int i)
{
	int gref;

	p->granted[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!p->granted[i])
		return bench_why(b, -ENOMEM, "no memory for page %u of %u to grant", i, p->nr);

	gref = gnttab_grant_foreign_access(p->granter, xen_page_to_gfn(p->granted[i]), 0);
	if (gref < 0) {
		__free_page(p->granted[i]);
		p->granted[i] = NULL;
		return bench_why(b, -ENOSPC, "grant table exhausted at page %u of %u", i, p->nr);
	}
	p->grefs[i] = gref;
	return 0;
}

static int self_grant(struct bench *b, struct pages *p)
{
	unsigned int i;
	int err;

	p->granter = OWN_DOMID;
	p->granted = kvcalloc(p->nr, sizeof(*p->granted), GFP_KERNEL);
	if (!p->granted)
		return bench_why(b, -ENOMEM, "no memory for %u page pointers", p->nr);
	for (i = 0; i < p->nr; i++) {
		err = grant_one(b, p, i);
		if (err)
			return err;
	}
	return 0;
}

static unsigned int end_self_grants(struct pages *p)
{
	unsigned int i, in_use = 0;

	for (i = 0; i < p->nr && p->granted[i]; i++) {
		if (gnttab_try_end_foreign_access(p->grefs[i])) {
			__free_page(p->granted[i]);
		} else {
			gnttab_end_foreign_access(p->grefs[i], p->granted[i]);
			in_use++;
		}
	}
	kvfree(p->granted);
	return in_use;
}

/* What the profiler can't find out: which memory a grant and its mapping are. */
static void tell(const struct pages *p)
{
	unsigned int i, level;

	for (i = 0; i < p->nr; i++) {
		const void *slot = p2m_slot(p->mapped[i]);
		pte_t *pte = lookup_address((unsigned long)page_address(p->mapped[i]), &level);

		if (p->granted)
			sampler_tell(TOLD_GRANTED, page_address(p->granted[i]));
		if (slot)
			sampler_tell(TOLD_P2M, slot);
		if (pte)
			sampler_tell(TOLD_TABLE, pte);
	}
}

int pages_alloc(struct bench *b, struct pages *p, unsigned int first, unsigned int nr)
{
	int err = -ENOMEM;

	memset(p, 0, sizeof(*p));
	p->nr = nr;
	p->grefs = kvcalloc(nr, sizeof(*p->grefs), GFP_KERNEL);
	p->mapped = kvcalloc(nr, sizeof(*p->mapped), GFP_KERNEL);
	if (!p->grefs || !p->mapped) {
		bench_why(b, err, "no memory for %u grefs", nr);
		goto free;
	}
	err = gnttab_alloc_pages(nr, p->mapped);
	if (err) {
		bench_why(b, err, "gnttab_alloc_pages(%u) failed: %d", nr, err);
		goto free;
	}
	if (b->grefs) {
		p->granter = b->args->granter;
		memcpy(p->grefs, b->grefs + first, nr * sizeof(*p->grefs));
	} else {
		err = self_grant(b, p);
	}
	if (err)
		pages_free(p);
	else
		tell(p);
	return err;

free:
	kvfree(p->mapped);
	kvfree(p->grefs);
	memset(p, 0, sizeof(*p));
	return err;
}

unsigned int pages_free(struct pages *p)
{
	unsigned int in_use = 0;

	if (p->granted)
		in_use = end_self_grants(p);
	if (p->mapped)
		gnttab_free_pages(p->nr, p->mapped);
	kvfree(p->mapped);
	kvfree(p->grefs);
	memset(p, 0, sizeof(*p));
	return in_use;
}
