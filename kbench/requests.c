// SPDX-License-Identifier: GPL-2.0
/*
 * A kprobe at the entry of gnttab_unmap_refs_async() sees every request before the kernel does, and
 * puts its own done() before the caller's. That is all: how the kernel waits for pages in use is
 * neither known nor changed, and how often it looked again is in the request (age). Pages that were
 * in use at the call are looked at by a timer, as long as there are any, to know when they were let
 * go of. What watching costs, two calls a request and the timer, is the request's. With the series
 * of kernel-patches gnttab_unmap_refs_sync() doesn't come by here: blkback's purge isn't seen.
 *
 * The probe is set once, as those of watch.c are and for their reason; without a run it does
 * nothing. A request that waits when its run ends keeps the module, and the next run is refused
 * until its end.
 */
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <xen/page.h>

#include "bench.h"
#include "compat.h"
#include "requests.h"
#include "sampler.h"

#define FUNCTION	"gnttab_unmap_refs_async"
#define SILENCE_MS	3000	/* without any request: there is nobody to watch */
#define LAST_WAIT_MS	10000	/* for those that wait when a run ends */

static DEFINE_SPINLOCK(lock);	/* protects what follows */
static struct unmap_request *requests;
static unsigned int nr_wanted, nr_asked;
static unsigned int nr_outstanding;
static LIST_HEAD(waiting);

static struct hrtimer look_timer;
static DECLARE_WAIT_QUEUE_HEAD(ended);

static unsigned int nr_in_use(const struct gntab_unmap_queue_data *item)
{
	unsigned int i, nr = 0;

	for (i = 0; i < item->count; i++)
		nr += page_count(item->pages[i]) > 1;
	return nr;
}

static unsigned int nr_foreign(const struct gntab_unmap_queue_data *item)
{
	unsigned int i, nr = 0;

	for (i = 0; i < item->count; i++)
		nr += !!PageForeign(item->pages[i]);
	return nr;
}

static enum hrtimer_restart look(struct hrtimer *timer)
{
	struct unmap_request *req, *next;
	unsigned long flags;
	bool again;

	spin_lock_irqsave(&lock, flags);
	list_for_each_entry_safe(req, next, &waiting, waiting) {
		if (nr_in_use(req->item))
			continue;
		req->idle_ticks = sampler_now();
		list_del_init(&req->waiting);
	}
	/* Another vCPU may have started it anew, for a list that was empty in between. */
	again = !list_empty(&waiting) && !hrtimer_is_queued(timer);
	if (again)
		hrtimer_forward_now(timer, ns_to_ktime(REQUESTS_LOOK_NS));
	spin_unlock_irqrestore(&lock, flags);
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void request_done(int result, struct gntab_unmap_queue_data *item)
{
	struct unmap_request *req = item->data;
	u64 now = sampler_now();
	unsigned long flags;

	item->done = req->done;
	item->data = req->data;
	spin_lock_irqsave(&lock, flags);
	if (!list_empty(&req->waiting)) {
		list_del_init(&req->waiting);
		req->idle_ticks = now;
	}
	req->result = result;
	req->nr_looks = item->age + 1;
	req->nr_mapped = nr_foreign(item);
	req->nr_used = nr_in_use(item);
	smp_store_release(&req->done_ticks, now);	/* the last; requests_wait() */
	nr_outstanding--;
	wake_up(&ended);
	spin_unlock_irqrestore(&lock, flags);
	item->done(result, item);
	module_put(THIS_MODULE);
}

static void follow(struct unmap_request *req, struct gntab_unmap_queue_data *item)
{
	__module_get(THIS_MODULE);
	nr_outstanding++;
	req->done = item->done;
	req->data = item->data;
	req->item = item;
	item->done = request_done;
	item->data = req;
	req->nr_pages = item->count;
	req->nr_busy = nr_in_use(item);
	INIT_LIST_HEAD(&req->waiting);
	req->start_ticks = sampler_now();
	req->idle_ticks = req->start_ticks;
	if (!req->nr_busy)
		return;
	if (list_empty(&waiting))
		hrtimer_start(&look_timer, ns_to_ktime(REQUESTS_LOOK_NS), HRTIMER_MODE_REL);
	list_add_tail(&req->waiting, &waiting);
}

static int request_begins(struct kprobe *probe, struct pt_regs *regs)
{
	struct gntab_unmap_queue_data *item = (void *)regs_get_kernel_argument(regs, 0);
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	if (nr_asked < nr_wanted)
		follow(&requests[nr_asked++], item);
	spin_unlock_irqrestore(&lock, flags);
	return 0;
}

static struct kprobe probe = {
	.symbol_name = FUNCTION,
	.pre_handler = request_begins,
};

static bool registered;

int requests_possible(struct bench *b)
{
	int err;

	if (registered)
		return 0;
	hrtimer_setup(&look_timer, look, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	err = register_kprobe(&probe);
	if (err)
		return bench_why(b, -EOPNOTSUPP, "can't set a kprobe at " FUNCTION "(): %d", err);
	registered = true;
	return 0;
}

void requests_exit(void)
{
	if (!registered)
		return;
	unregister_kprobe(&probe);
	hrtimer_cancel(&look_timer);
	kvfree(requests);
}

int requests_start(struct bench *b, unsigned int nr)
{
	struct unmap_request *room;

	if (READ_ONCE(nr_outstanding))
		return bench_why(b, -EBUSY, "%u requests of an earlier run still wait",
				 nr_outstanding);
	room = kvcalloc(nr, sizeof(*room), GFP_KERNEL);
	if (!room)
		return bench_why(b, -ENOMEM, "no memory for %u requests", nr);
	kvfree(requests);
	spin_lock_irq(&lock);
	requests = room;
	nr_asked = 0;
	nr_wanted = nr;
	spin_unlock_irq(&lock);
	return 0;
}

void requests_stop(struct bench *b)
{
	spin_lock_irq(&lock);
	nr_wanted = 0;
	spin_unlock_irq(&lock);
	if (!wait_event_timeout(ended, !READ_ONCE(nr_outstanding), msecs_to_jiffies(LAST_WAIT_MS)))
		bench_why(b, -EBUSY, "%u requests still wait for pages in use", nr_outstanding);
}

const struct unmap_request *requests_wait(struct bench *b, unsigned int i, int *err)
{
	const struct unmap_request *req = &requests[i];
	unsigned long silent_until = jiffies + msecs_to_jiffies(SILENCE_MS);

	/* In short turns, to see the end of the run. */
	while (!smp_load_acquire(&req->done_ticks)) {	/* then all else is there; request_done() */
		*err = bench_check(b);
		if (!*err && !READ_ONCE(nr_asked) && time_after(jiffies, silent_until))
			*err = bench_why(b, -EOPNOTSUPP, "no backend asked for an unmap in %u ms",
					 SILENCE_MS);
		if (*err)
			return NULL;
		wait_event_interruptible_timeout(ended, READ_ONCE(req->done_ticks), HZ / 10);
	}
	return req;
}
