/* SPDX-License-Identifier: GPL-2.0 */
/* Watches the unmap requests of others: of backends, on any kernel that has kprobes. */
#ifndef GNTBENCH_REQUESTS_H
#define GNTBENCH_REQUESTS_H

#include <linux/list.h>
#include <linux/types.h>
#include <xen/grant_table.h>

struct bench;

/* How often pages in use are looked at: as much later than true they are seen to be idle. */
#define REQUESTS_LOOK_NS	200000

/**
 * struct unmap_request - one call of gnttab_unmap_refs_async(), from the call until done()
 * @done: of who called it
 * @data: likewise
 * @item: the request, while it waits for pages in use
 * @waiting: among those that do
 * @start_ticks: at the call
 * @idle_ticks: when no page was in use any more, as far as REQUESTS_LOOK_NS can tell
 * @done_ticks: at done(), before that of the caller; 0 until then
 * @nr_pages: of the request
 * @nr_busy: of them, in use at the call
 * @nr_looks: at the page counts, by the kernel
 * @nr_mapped: pages that were still foreign at done()
 * @nr_used: pages that were in use at done()
 * @result: of the unmap
 */
struct unmap_request {
	gnttab_unmap_refs_done done;
	void *data;
	struct gntab_unmap_queue_data *item;
	struct list_head waiting;
	u64 start_ticks;
	u64 idle_ticks;
	u64 done_ticks;
	unsigned int nr_pages;
	unsigned int nr_busy;
	unsigned int nr_looks;
	unsigned int nr_mapped;
	unsigned int nr_used;
	int result;
};

/* 0, or -EOPNOTSUPP with a reason: this kernel can't be watched. */
int requests_possible(struct bench *b);

/*
 * Follows the first @nr requests from now on, each to its end. 0 or an errno with a reason;
 * requests_stop() must follow in any case.
 */
int requests_start(struct bench *b, unsigned int nr);
void requests_stop(struct bench *b);

/* Waits for the end of request @i. NULL, with a reason, if the run ends before. */
const struct unmap_request *requests_wait(struct bench *b, unsigned int i, int *err);

/* For rmmod. */
void requests_exit(void);

#endif /* GNTBENCH_REQUESTS_H */
