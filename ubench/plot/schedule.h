/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When Linux looks at the page counts again: the closed form of what gnttab_unmap_refs_async() does
 * since 4.0 (drivers/xen/grant-table.c).
 *
 * The first attempt is made at once. If a page is busy, the next one follows after 5, 10, 15, … ms,
 * GNTTAB_UNMAP_REFS_DELAY * (age + 1), each counted from the attempt before. The delay is rounded
 * up to jiffies, and the timer wheel adds one more, so that a timer is never early (calc_index() in
 * kernel/time/timer.c; from 63 jiffies on up to eight, and so on). All attempts but the first come
 * at a tick; how long before a tick the first one came is not known. So an attempt has an earliest
 * and a latest moment.
 */
#ifndef UBENCH_SCHEDULE_H
#define UBENCH_SCHEDULE_H

struct attempt {
	double earliest_ns; /* since the first attempt */
	double latest_ns;
};

/* Attempt @nr (0: the first, made at once) of a kernel with CONFIG_HZ @hz, at least 1. */
struct attempt schedule_attempt(unsigned int nr, unsigned int hz);

/*
 * The attempt that finds a page idle which is held for @hold_ns: the first whose middle is not
 * before it.
 */
unsigned int schedule_last_attempt(double hold_ns, unsigned int hz);

#endif /* UBENCH_SCHEDULE_H */
