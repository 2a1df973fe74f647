// SPDX-License-Identifier: GPL-2.0
/*
 * limits: map and unmap a batch while few of Xen's handles, or of our grants, are left
 *
 * maptrack  of all handles (maptrack entries) that Xen lets us have, free % are left
 * grants    of all grants that Linux can give, free % are left; the batch is of those
 * turns     as maptrack, and the vCPUs take turns, a sample each
 * fail      a batch of which the last op finds no handle; map is of the whole batch, unmap of the
 *           others, and both are divided by batch
 *
 * At least a batch is left, so free=0 is exactly that. How many there are is found out by taking
 * them all: handles by mapping a page of ours for a device, which takes no address.
 *
 * Xen keeps a list of free handles for each vCPU (get_maptrack_handle(), common/grant_table.c). A
 * vCPU whose list is empty takes maptrack_lock, and a new frame; at the limit it steals handle by
 * handle from the lists of the others, beginning at a random one. What it stole goes back to its
 * own list. So one vCPU steals once, and those that take turns, with a batch left, steal each time.
 * The op that fails has looked at the list of every vCPU.
 */
#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/xen/hypercall.h>
#include <xen/page.h>

#include "batch.h"
#include "bench.h"
#include "oracle.h"
#include "p2m.h"
#include "sampler.h"

#define MOST_TAKEN	1048576
#define PER_GREF	64	/* mappings of one grant: Xen counts up to 128 */

/* In the order of the row's ops. */
enum { OP_MAPTRACK, OP_GRANTS, OP_TURNS, OP_FAIL };

/*
 * struct limits - what was taken, and the batch
 * @page: what the grants that were taken grant
 * @bus_addr: its address as Xen has it
 * @grefs: grants that were taken, @nr_grefs
 * @handles: mappings of them, @nr_handles
 * @nr_left: handles or grants, with those of the batch
 * @map, @unmap: ops of one hypercall
 * @row: values of the sample
 */
struct limits {
	struct bench *b;
	struct batch *batch;
	struct page *page;
	u64 bus_addr;
	grant_ref_t *grefs;
	unsigned int nr_grefs;
	grant_handle_t *handles;
	unsigned int nr_handles;
	unsigned int nr_left;
	struct gnttab_map_grant_ref map[PER_GREF];
	struct gnttab_unmap_grant_ref unmap[PER_GREF];
	u64 *row;
};

static int limits_valid(struct bench *b)
{
	if (b->op == OP_TURNS && num_online_cpus() < 2)
		return bench_why(b, -EOPNOTSUPP, "a second vCPU is needed");
	if (b->op == OP_FAIL && (bench_param(b, BATCH) < 2 || bench_param(b, FREE)))
		return bench_why(b, -EINVAL, "op fail takes a batch of two or more, and free=0");
	return pages_can_self_grant(b);
}

/* 1, 0 if none is left, or an errno. */
static int take_grant(struct limits *l)
{
	int gref;

	if (l->nr_grefs == MOST_TAKEN)
		return bench_why(l->b, -EOPNOTSUPP, "more than %u grants can be given", MOST_TAKEN);
	gref = gnttab_grant_foreign_access(OWN_DOMID, xen_page_to_gfn(l->page), 0);
	if (gref < 0)
		return 0;
	l->grefs[l->nr_grefs++] = gref;
	return 1;
}

static int take_grants(struct limits *l)
{
	int err;

	do {
		err = l->nr_grefs % PER_GREF ? 0 : bench_check(l->b);
		err = err ?: take_grant(l);
	} while (err > 0);
	return err;
}

/* 1, 0 if Xen had fewer than PER_GREF handles, or an errno. */
static int take_handles(struct limits *l)
{
	unsigned int i, nr_full = 0;
	int err;

	if (l->nr_handles > MOST_TAKEN - PER_GREF)
		return bench_why(l->b, -EOPNOTSUPP, "more than %u handles can be had", MOST_TAKEN);
	err = take_grant(l);
	if (err <= 0)
		return err ?: bench_why(l->b, -ENOSPC, "no grant is left before the last handle");
	for (i = 0; i < PER_GREF; i++)
		gnttab_set_map_op(&l->map[i], 0, GNTMAP_device_map, l->grefs[l->nr_grefs - 1],
				  OWN_DOMID);
	gnttab_batch_map(l->map, PER_GREF);
	for (i = 0; i < PER_GREF; i++) {
		if (l->map[i].status == GNTST_okay) {
			l->bus_addr = l->map[i].dev_bus_addr;
			l->handles[l->nr_handles++] = l->map[i].handle;
		} else if (oracle_no_handle(l->map[i].status)) {
			nr_full++;
		} else {
			err = bench_why(l->b, -EIO, "mapping for a device: status %d",
					l->map[i].status);
		}
	}
	return err < 0 ? err : !nr_full;
}

/* Of those that were taken, as many handles as @nr, the last ones first. */
static void give_handles(struct limits *l, unsigned int nr)
{
	unsigned int i, n;
	int err;

	for (; nr; nr -= n) {
		n = min(nr, PER_GREF);
		for (i = 0; i < n; i++)
			l->unmap[i] = (struct gnttab_unmap_grant_ref) {
				.dev_bus_addr = l->bus_addr,
				.handle = l->handles[--l->nr_handles],
			};
		err = HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, l->unmap, n);
		for (i = 0; i < n; i++)
			oracle_check(l->b, !err && l->unmap[i].status == GNTST_okay,
				     "a handle that was taken can't be given back: %d, status %d",
				     err, l->unmap[i].status);
	}
}

static void give_grants(struct limits *l, unsigned int nr)
{
	while (nr--) {
		grant_ref_t gref = l->grefs[--l->nr_grefs];
		bool ended = gnttab_try_end_foreign_access(gref);

		oracle_check(l->b, ended, "gref %u, that was taken, is in use in the end", gref);
		/* Linux frees grant and page later: a reference for each. */
		if (!ended) {
			get_page(l->page);
			gnttab_end_foreign_access(gref, l->page);
		}
	}
}

/* What is left of @taken, in any case enough for the batch. */
static unsigned int left_of(const struct limits *l, unsigned int taken)
{
	unsigned int free = mult_frac(taken, bench_param(l->b, FREE), 100u);

	return max(free, bench_param(l->b, BATCH));
}

static int too_few(struct limits *l, unsigned int taken)
{
	return bench_why(l->b, -ENOSPC, "batch=%u: only %u can be had", bench_param(l->b, BATCH),
			 taken);
}

/* In one go on one vCPU: the lists of the others are empty then, and what is left is in its own. */
static long use_up_handles(void *data)
{
	struct limits *l = data;
	int err;

	do {
		err = bench_check(l->b) ?: take_handles(l);
	} while (err > 0);
	if (err)
		return err;
	if (l->nr_handles < bench_param(l->b, BATCH))
		return too_few(l, l->nr_handles);
	l->nr_left = left_of(l, l->nr_handles);
	if (l->b->op == OP_FAIL)
		l->nr_left--;
	give_handles(l, l->nr_left);
	return oracle_verdict(l->b);
}

static int use_up_grants(struct limits *l)
{
	int err = take_grants(l);

	if (err)
		return err;
	if (l->nr_grefs < bench_param(l->b, BATCH))
		return too_few(l, l->nr_grefs);
	l->nr_left = left_of(l, l->nr_grefs);
	give_grants(l, l->nr_left);
	return oracle_verdict(l->b);
}

static long map_unmap(void *data)
{
	struct limits *l = data;

	return batch_map(l->b, l->batch, &l->row[0]) ?: batch_unmap(l->b, l->batch, &l->row[1]);
}

/* The last entry of a vCPU's list is never given: a vCPU that had none takes one more at first. */
static int use_every_vcpu(struct limits *l)
{
	u64 scratch[GNTBENCH_MAX_METRICS];
	unsigned int cpu;
	int err = 0;

	l->row = scratch;
	for_each_online_cpu(cpu)
		err = err ?: bench_on_vcpu(l->b, cpu, map_unmap, l);
	return err;
}

static int alloc_batch(struct limits *l)
{
	l->batch = batch_alloc(l->b, 0, bench_param(l->b, BATCH));
	return PTR_ERR_OR_ZERO(l->batch);
}

static int limits_setup(struct bench *b)
{
	struct limits *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = l;
	l->b = b;
	l->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	l->grefs = kvcalloc(MOST_TAKEN, sizeof(*l->grefs), GFP_KERNEL);
	l->handles = kvcalloc(MOST_TAKEN, sizeof(*l->handles), GFP_KERNEL);
	if (!l->page || !l->grefs || !l->handles)
		return bench_why(b, -ENOMEM, "no memory for %u grants and handles", MOST_TAKEN);
	if (b->op == OP_GRANTS)
		return use_up_grants(l) ?: alloc_batch(l);
	return alloc_batch(l) ?: use_every_vcpu(l) ?:
	       bench_on_vcpu(b, cpumask_first(cpu_online_mask), use_up_handles, l);
}

/* The page of the op that failed is as it was, and nobody maps its grant. */
static int check_failed(struct limits *l, unsigned int last)
{
	const struct pages *p = &l->batch->p;
	struct page *page = p->mapped[last];
	bool ended = gnttab_end_foreign_access_ref(p->grefs[last]);

	oracle_check(l->b, !PageForeign(page) && page_count(page) == 1 && p2m_is_invalid(page),
		     "the page of the op that failed is not as it was");
	oracle_check(l->b, ended, "the grant of the op that failed is in use");
	if (ended)
		gnttab_grant_foreign_access_ref(p->grefs[last], p->granter,
						xen_page_to_gfn(p->granted[last]), 0);
	return oracle_verdict(l->b);
}

/* As batch_map() and batch_unmap(), with one op that must fail. */
static long fail(void *data)
{
	struct limits *l = data;
	struct batch *batch = l->batch;
	unsigned int last = batch->p.nr - 1;
	u64 start;
	int err;

	batch_prepare_map(batch);
	oracle_before_map(l->b, batch);
	batch->mapped = true;
	start = sampler_begin(MARK_MAP);
	err = gnttab_map_refs(batch->map, NULL, batch->p.mapped, batch->p.nr);
	l->row[0] = sampler_end() - start;

	oracle_check(l->b, oracle_no_handle(batch->map[last].status),
		     "the last op of %u: status %d, and no handle was left", last + 1,
		     batch->map[last].status);
	/* Without the last one it is a batch like any other. */
	batch->p.nr = last;
	err = oracle_map_status(l->b, batch, err) ?: oracle_write(l->b, batch) ?:
	      oracle_mapped(l->b, batch) ?: batch_unmap(l->b, batch, &l->row[1]);
	batch->p.nr = last + 1;
	return err ?: check_failed(l, last);
}

static int limits_sample(struct bench *b, u64 *row)
{
	struct limits *l = b->priv;
	unsigned int nth = b->op == OP_TURNS ? b->nr_sample % b->nr_vcpus : 0;

	l->row = row;
	row[2] = l->nr_left;
	return bench_on_vcpu(b, cpumask_nth(nth, cpu_online_mask),
			     b->op == OP_FAIL ? fail : map_unmap, l);
}

static void limits_teardown(struct bench *b)
{
	struct limits *l = b->priv;

	if (!l)
		return;
	batch_end(b, l->batch);
	give_handles(l, l->nr_handles);
	give_grants(l, l->nr_grefs);
	kvfree(l->handles);
	kvfree(l->grefs);
	if (l->page)
		put_page(l->page);
	kfree(l);
}

const struct case_ops case_limits_ops = {
	.valid = limits_valid,
	.setup = limits_setup,
	.sample = limits_sample,
	.teardown = limits_teardown,
};
