// SPDX-License-Identifier: GPL-2.0
/*
 * map_unmap: map a batch of grants, then unmap it
 *
 * What a backend pays to see the data of a request and to let go of it, as blkback does: ops with
 * GNTMAP_host_map on the kernel address, no kmap_ops, and pages of gnttab_alloc_pages().
 *
 * "map" is the time of gnttab_map_refs(), "unmap" the time from the call of the unmap mode until
 * the pages are unmapped: the hypercalls, Xen's work, and Linux' work on pages and p2m. No page is
 * busy, so the safe modes take their fast path; async minus immediate is the price of being safe.
 * The ops are made, and the pages looked at, outside of the timed phases.
 *
 * A batch of 1 pays one hypercall and, with PV, one TLB flush of all vCPUs for every page. Xen
 * flushes once for every 32 ops (GNTTAB_UNMAP_BATCH_SIZE, xen/common/grant_table.c).
 *
 * It can't say what a busy page costs (case busy), and a vCPU that does nothing else between two
 * samples has everything in its caches: a backend under load has not.
 */
#include <linux/err.h>

#include "batch.h"
#include "bench.h"

static int map_unmap_setup(struct bench *b)
{
	b->priv = batch_alloc(b, 0, bench_param(b, BATCH));
	return PTR_ERR_OR_ZERO(b->priv);
}

static int map_unmap_sample(struct bench *b, u64 *row)
{
	int err = batch_map(b, b->priv, &row[0]);

	return err ?: batch_unmap(b, b->priv, &row[1]);
}

static void map_unmap_teardown(struct bench *b)
{
	batch_end(b, b->priv);
}

const struct case_ops case_map_unmap_ops = {
	.setup = map_unmap_setup,
	.sample = map_unmap_sample,
	.teardown = map_unmap_teardown,
};
