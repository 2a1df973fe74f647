/* SPDX-License-Identifier: GPL-2.0 */
/* Granted pages, the pages that they are mapped to, and their grefs. */
#ifndef GNTBENCH_PAGES_H
#define GNTBENCH_PAGES_H

#include <linux/types.h>
#include <xen/interface/grant_table.h>

struct bench;
struct page;

#define OWN_DOMID	0	/* pages_can_self_grant() admits dom0 only */

/**
 * struct pages - @nr grants and as many pages to map them to
 * @granter: who grants them
 * @granted: the granter's pages; NULL if they are another domain's
 * @grefs: the grants
 * @mapped: from gnttab_alloc_pages(): no memory behind them until a grant is mapped there
 */
struct pages {
	unsigned int nr;
	domid_t granter;
	struct page **granted;
	grant_ref_t *grefs;
	struct page **mapped;
};

/* How many pages the run maps at once. */
u64 pages_needed(const struct bench *b);

/* 0, or -EOPNOTSUPP with the reason: whether this domain can map what it granted itself. */
int pages_can_self_grant(struct bench *b);

/* Self-grants @nr pages, or takes @nr of the foreign grefs of @b from @first on. */
int pages_alloc(struct bench *b, struct pages *p, unsigned int first, unsigned int nr);

/*
 * Ends the grants and frees everything. A grant that is still in use is left to Linux, which frees
 * it and its page once it is not (gnttab_end_foreign_access()). Returns how many those are.
 */
unsigned int pages_free(struct pages *p);

#endif /* GNTBENCH_PAGES_H */
