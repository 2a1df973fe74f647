// SPDX-License-Identifier: GPL-2.0
/*
 * Each fault breaks one thing of the last page of a batch for real: in Xen, in the page or in the
 * p2m, never in the oracle's own variables. The numbers and their meanings are GNTBENCH_FAULTS.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/workqueue.h>
#include <xen/grant_table.h>
#include <xen/page.h>
#include <asm/xen/hypercall.h>

#include "batch.h"
#include "bench.h"
#include "fault.h"
#include "p2m.h"

#define NO_SUCH_GREF	0x7fffffffu
#define NO_SUCH_HANDLE	0x7fffffffu
#define LETS_GO_MS	3000

struct fault {
	enum fault_stage planted;	/* plant() runs at this stage */
	enum fault_stage repaired;	/* repair() runs after the oracle looked at this one */
	void (*plant)(struct batch *batch);
	void (*repair)(struct batch *batch);
};

/* Not page 0, where an oracle that looks at one page looks; a batch of one page has it. */
static unsigned int last(const struct batch *batch)
{
	return batch->p.nr - 1;
}

static struct page *last_page(struct batch *batch)
{
	return batch->p.mapped[last(batch)];
}

static void plant_bad_gref(struct batch *batch)
{
	batch->map[last(batch)].ref = NO_SUCH_GREF;
}

/* The first word of a page that is alone, the last word else. */
static void plant_pattern(struct batch *batch)
{
	u64 *words = batch_mapping(batch, last(batch));

	words[last(batch) ? PAGE_SIZE / sizeof(u64) - 1 : 0] ^= 1;
}

static void plant_lost_write(struct batch *batch)
{
	memset(batch_mapping(batch, last(batch)) + PAGE_SIZE / 2, 0, sizeof(u64));
}

static void plant_not_foreign(struct batch *batch)
{
	ClearPageForeign(last_page(batch));
}

static void repair_not_foreign(struct batch *batch)
{
	SetPageForeign(last_page(batch));
}

static void plant_private(struct batch *batch)
{
	xen_page_foreign(last_page(batch))->gref++;
}

static void repair_private(struct batch *batch)
{
	xen_page_foreign(last_page(batch))->gref--;
}

static void plant_p2m(struct batch *batch)
{
	if (have_p2m())
		p2m_plant(last_page(batch), p2m_entry(last_page(batch)) & ~FOREIGN_FRAME_BIT);
}

static void repair_p2m(struct batch *batch)
{
	if (have_p2m())
		p2m_plant(last_page(batch), p2m_entry(last_page(batch)) | FOREIGN_FRAME_BIT);
}

/* The neighbour's frame. */
static void plant_frame(struct batch *batch)
{
	if (have_p2m())
		p2m_plant(last_page(batch), p2m_entry(last_page(batch)) ^ 1);
}

static void plant_bad_handle(struct batch *batch)
{
	batch->unmap[last(batch)].handle = NO_SUCH_HANDLE;
}

static void plant_left_out(struct batch *batch)
{
	batch->item.count--;
}

static void plant_still_p2m(struct batch *batch)
{
	if (have_p2m() && batch->p.granted)
		p2m_plant(last_page(batch),
			  FOREIGN_FRAME(xen_page_to_gfn(batch->p.granted[last(batch)])));
}

static void repair_still_p2m(struct batch *batch)
{
	if (have_p2m() && batch->p.granted)
		p2m_plant(last_page(batch), INVALID_P2M_ENTRY);
}

static void plant_page_count(struct batch *batch)
{
	get_page(last_page(batch));
}

static void repair_page_count(struct batch *batch)
{
	put_page(last_page(batch));
}

static void plant_done_twice(struct batch *batch)
{
	if (batch->nr_done)
		batch->item.done(0, &batch->item);
}

/* The second mapping of still_mapped: of one batch only, if a run has several. */
static struct page *second_page;
static struct gnttab_map_grant_ref second_map;

static void plant_still_mapped(struct batch *batch)
{
	if (second_page)
		return;
	if (gnttab_alloc_pages(1, &second_page)) {
		second_page = NULL;
		return;
	}
	gnttab_set_map_op(&second_map, (unsigned long)page_address(second_page), GNTMAP_host_map,
			  batch->p.grefs[last(batch)], batch->p.granter);
	if (gnttab_map_refs(&second_map, NULL, &second_page, 1) || second_map.status != GNTST_okay)
		pr_err("can't map gref %u twice: status %d\n", second_map.ref, second_map.status);
}

static void repair_still_mapped(struct batch *batch)
{
	struct gnttab_unmap_grant_ref op;

	if (!second_page)
		return;
	if (second_map.status == GNTST_okay) {
		gnttab_set_unmap_op(&op, (unsigned long)page_address(second_page), GNTMAP_host_map,
				    second_map.handle);
		if (gnttab_unmap_refs(&op, NULL, &second_page, 1))
			pr_err("can't unmap gref %u: status %d\n", second_map.ref, op.status);
	}
	gnttab_free_pages(1, &second_page);
	second_page = NULL;
}

/* Behind Linux' back, which thinks it unmapped. Of one batch only, if a run has several. */
static struct batch *hidden_batch;
static struct gnttab_map_grant_ref hidden_map;

static void plant_readable(struct batch *batch)
{
	if (hidden_batch)
		return;
	gnttab_set_map_op(&hidden_map, (unsigned long)page_address(last_page(batch)),
			  GNTMAP_host_map, batch->p.grefs[last(batch)], batch->p.granter);
	if (HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, &hidden_map, 1) ||
	    hidden_map.status != GNTST_okay)
		pr_err("can't map gref %u: status %d\n", hidden_map.ref, hidden_map.status);
	else
		hidden_batch = batch;
}

static void repair_readable(struct batch *batch)
{
	struct gnttab_unmap_grant_ref op;

	if (hidden_batch != batch)
		return;
	hidden_batch = NULL;
	gnttab_set_unmap_op(&op, (unsigned long)page_address(last_page(batch)), GNTMAP_host_map,
			    hidden_map.handle);
	if (HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, &op, 1) || op.status != GNTST_okay)
		pr_err("can't unmap gref %u: status %d\n", hidden_map.ref, op.status);
}

/* The page of never_lets_go: of one batch only, if a run has several. */
static struct page *held_page;

static void let_go(struct work_struct *work)
{
	put_page(held_page);
	WRITE_ONCE(held_page, NULL);
}

static DECLARE_DELAYED_WORK(let_go_work, let_go);

static void plant_never_lets_go(struct batch *batch)
{
	if (READ_ONCE(held_page))
		return;
	held_page = last_page(batch);
	get_page(held_page);
	schedule_delayed_work(&let_go_work, msecs_to_jiffies(LETS_GO_MS));
}

static void repair_never_lets_go(struct batch *batch)
{
	if (cancel_delayed_work_sync(&let_go_work))
		let_go(NULL);
}

static const struct fault faults[GNTBENCH_NR_FAULTS] = {
	[GNTBENCH_F_BAD_GREF] = { FAULT_BEFORE_MAP, FAULT_MAPPED, plant_bad_gref },
	[GNTBENCH_F_PATTERN] = { FAULT_MAPPED, FAULT_MAPPED, plant_pattern },
	[GNTBENCH_F_LOST_WRITE] = { FAULT_MAPPED, FAULT_MAPPED, plant_lost_write },
	[GNTBENCH_F_NOT_FOREIGN] = { FAULT_MAPPED, FAULT_MAPPED, plant_not_foreign,
				     repair_not_foreign },
	[GNTBENCH_F_PRIVATE] = { FAULT_MAPPED, FAULT_MAPPED, plant_private, repair_private },
	[GNTBENCH_F_P2M] = { FAULT_MAPPED, FAULT_MAPPED, plant_p2m, repair_p2m },
	[GNTBENCH_F_BAD_HANDLE] = { FAULT_BEFORE_UNMAP, FAULT_UNMAPPED, plant_bad_handle },
	[GNTBENCH_F_STILL_FOREIGN] = { FAULT_UNMAPPED, FAULT_UNMAPPED, repair_not_foreign,
				       plant_not_foreign },
	[GNTBENCH_F_STILL_P2M] = { FAULT_UNMAPPED, FAULT_UNMAPPED, plant_still_p2m,
				   repair_still_p2m },
	[GNTBENCH_F_PAGE_COUNT] = { FAULT_UNMAPPED, FAULT_UNMAPPED, plant_page_count,
				    repair_page_count },
	[GNTBENCH_F_DONE_TWICE] = { FAULT_UNMAPPED, FAULT_UNMAPPED, plant_done_twice },
	[GNTBENCH_F_STILL_MAPPED] = { FAULT_BEFORE_UNMAP, FAULT_UNMAPPED, plant_still_mapped,
				      repair_still_mapped },
	[GNTBENCH_F_NEVER_LETS_GO] = { FAULT_BEFORE_UNMAP, FAULT_UNMAPPED, plant_never_lets_go,
				       repair_never_lets_go },
	[GNTBENCH_F_FRAME] = { FAULT_MAPPED, FAULT_MAPPED, plant_frame, plant_frame },
	[GNTBENCH_F_LEFT_OUT] = { FAULT_BEFORE_UNMAP, FAULT_UNMAPPED, plant_left_out },
	[GNTBENCH_F_READABLE] = { FAULT_UNMAPPED, FAULT_UNMAPPED, plant_readable, repair_readable },
};

/* For the threads of one run; only one run exists at a time. */
static DEFINE_MUTEX(fault_lock);

void fault_plant(struct bench *b, struct batch *batch, enum fault_stage stage)
{
	const struct fault *f = &faults[b->args->fault];

	if (!f->plant || f->planted != stage)
		return;
	mutex_lock(&fault_lock);
	f->plant(batch);
	mutex_unlock(&fault_lock);
}

void fault_repair(struct bench *b, struct batch *batch, enum fault_stage stage)
{
	const struct fault *f = &faults[b->args->fault];

	if (!f->repair || f->repaired != stage)
		return;
	mutex_lock(&fault_lock);
	f->repair(batch);
	mutex_unlock(&fault_lock);
}

void fault_end(void)
{
	repair_still_mapped(NULL);
}

void fault_flush(void)
{
	flush_delayed_work(&let_go_work);
}
