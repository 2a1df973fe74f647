/* SPDX-License-Identifier: GPL-2.0 */
/* Watches how the core grant table code retries, on any kernel, without knowing its code. */
#ifndef GNTBENCH_WATCH_H
#define GNTBENCH_WATCH_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct bench;
struct page;

#define WATCH_FUNCTIONS	32	/* different functions of work items */

/**
 * struct watch - what was seen since watch_reset()
 * @work_items: work items of the core that ran
 * @ticks: time spent in them
 * @lock: taken by probes in any context
 * @pages: pages that are watched until they are not foreign any more
 * @nr_pages: of them
 * @nr_left: those that are still foreign
 * @gone_ticks: for each page when it was first seen not to be foreign, or 0
 * @function: functions seen, and whether they are the core's
 * @nr_functions: of them
 */
struct watch {
	atomic_t work_items;
	atomic64_t ticks;
	spinlock_t lock;	/* protects what follows */
	struct page **pages;
	unsigned int nr_pages;
	unsigned int nr_left;
	u64 *gone_ticks;
	struct {
		void *address;
		bool core;
	} function[WATCH_FUNCTIONS];
	unsigned int nr_functions;
};

/* 0, or -EOPNOTSUPP with a reason: the kernel has no tracepoints. */
int watch_possible(struct bench *b);

/*
 * Starts to watch, with room for @nr_pages pages. 0 or an errno with a reason. watch_stop() must
 * follow in any case, before @w, zeroed at first, goes away.
 */
int watch_start(struct bench *b, struct watch *w, unsigned int nr_pages);
void watch_stop(struct watch *w);

/* For rmmod. */
void watch_exit(void);

/* From now on. The first attempt is the caller's own: watch_look() after it. */
void watch_reset(struct watch *w);
void watch_page(struct watch *w, struct page *page);
void watch_look(struct watch *w);

/*
 * Looks at page counts since watch_reset() if one request was outstanding: the caller's own, and
 * one for each work item.
 */
unsigned int watch_attempts(const struct watch *w);

/* Sum over the watched pages of the time from @start until they were gone. */
u64 watch_mapped_ticks(const struct watch *w, u64 start);

#endif /* GNTBENCH_WATCH_H */
