// SPDX-License-Identifier: GPL-2.0
/*
 * A holder is an hrtimer that drops one page reference, in interrupt context, as a network stack
 * or a disk that finishes with a page does. It doubles as a witness: while it holds the page, the
 * page must stay mapped.
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <xen/page.h>

#include "bench.h"
#include "compat.h"
#include "holder.h"
#include "oracle.h"
#include "sampler.h"

static void release(struct holder *h)
{
	struct page *page = h->page;

	h->lost = !PageForeign(page);
	h->released_ticks = sampler_now();
	WRITE_ONCE(h->page, NULL);
	put_page(page);
}

static enum hrtimer_restart holder_fires(struct hrtimer *timer)
{
	release(container_of(timer, struct holder, timer));
	return HRTIMER_NORESTART;
}

int holders_alloc(struct bench *b, struct holders *all, unsigned int nr)
{
	unsigned int i;

	all->nr = 0;
	all->holder = kvcalloc(nr, sizeof(*all->holder), GFP_KERNEL);
	if (!all->holder)
		return bench_why(b, -ENOMEM, "no memory for %u holders", nr);
	for (i = 0; i < nr; i++)
		hrtimer_setup(&all->holder[i].timer, holder_fires, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL);
	all->nr = nr;
	return 0;
}

void holder_let_go(struct holder *h)
{
	hrtimer_cancel(&h->timer);
	if (h->page)
		release(h);
}

void holders_let_go(struct holders *all)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++)
		holder_let_go(&all->holder[i]);
}

void holders_free(struct holders *all)
{
	kvfree(all->holder);
	all->holder = NULL;
	all->nr = 0;
}

unsigned int holder_position(u64 turn, unsigned int j, unsigned int busy, unsigned int nr)
{
	const unsigned int named[] = { 0, nr - 1, nr / 2 };
	unsigned int first = turn < ARRAY_SIZE(named) ? named[turn] : hash_64(turn, 32) % nr;

	return (first + j * nr / busy) % nr;
}

void holder_take(struct holder *h, struct page *page)
{
	get_page(page);
	h->page = page;
	h->lost = false;
}

void holder_arm(struct holder *h, u64 hold_ns)
{
	hrtimer_start(&h->timer, ns_to_ktime(hold_ns), HRTIMER_MODE_REL);
}

u64 holders_last_release(const struct holders *all)
{
	unsigned int i;
	u64 last = 0;

	for (i = 0; i < all->nr; i++)
		last = max(last, all->holder[i].released_ticks);
	return last;
}

int holders_check(struct bench *b, const struct holders *all)
{
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		bool let_go = !READ_ONCE(all->holder[i].page);

		oracle_check(b, let_go && !all->holder[i].lost,
			     "a page was unmapped while holder %u of %u used it", i, all->nr);
	}
	return oracle_verdict(b);
}
