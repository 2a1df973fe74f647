/* SPDX-License-Identifier: GPL-2.0 */
/* The bytes of granted pages, and pages of ours to which they are copied. */
#ifndef GNTBENCH_BYTES_H
#define GNTBENCH_BYTES_H

#include <linux/mm.h>
#include <linux/string.h>
#include <linux/types.h>

#include "batch.h"

struct bench;
struct gnttab_copy;

/**
 * struct bytes - a batch of which the first param[BYTES] of the first @nr pages are wanted
 * @batch: the granted pages
 * @ops: copies, one a page
 * @local: where the bytes go
 * @nr: pages that are wanted, at most the batch
 */
struct bytes {
	struct batch *batch;
	struct gnttab_copy *ops;
	struct page **local;
	unsigned int nr;
};

/* For a case's valid(): what can be copied and looked at. */
int bytes_valid(struct bench *b);

/* bytes_free() also after it failed. */
int bytes_alloc(struct bench *b, struct bytes *c, unsigned int nr);
void bytes_free(struct bench *b, struct bytes *c);

/* Makes the ops, clears @local, and lets a granter that is ours write a pattern of this sample. */
void bytes_prepare(struct bench *b, struct bytes *c);

/* One GNTTABOP_copy for all of them, timed; the status of each is looked at after that. */
int bytes_copy_by_xen(struct bench *b, struct bytes *c, u64 *ticks);

/* From the mapped batch, within a phase that the caller times. */
static __always_inline void bytes_copy_mapped(struct bytes *c, unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		memcpy(page_address(c->local[i]), batch_mapping(c->batch, i), bytes);
}

/* They must be the granter's. 0, or -EILSEQ with a reason. */
int bytes_check(struct bench *b, struct bytes *c);

#endif /* GNTBENCH_BYTES_H */
