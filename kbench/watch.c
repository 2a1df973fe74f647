// SPDX-License-Identifier: GPL-2.0
/*
 * The core retries in a work item or a timer, whose functions are static and differ between
 * kernels. The kernel's own tracepoints at the begin and the end of every work item and timer tell
 * of them all; the core's are known by the name of the function, which begins with "gnttab_". The
 * pages that are watched are looked at whenever any of these ends: nothing else unmaps them, but
 * for the first attempt, so that the moment is exact and costs no polling.
 *
 * Stock Linux: one work item an attempt, gnttab_unmap_work(), started by the timer of its
 * delayed_work.
 */
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>
#include <xen/page.h>

#include "bench.h"
#include "sampler.h"
#include "watch.h"

#define CORE_PREFIX	"gnttab_"

/* When the core's work item or timer that runs on this vCPU began, or 0. */
static DEFINE_PER_CPU(u64, work_begin);
static DEFINE_PER_CPU(u64, timer_begin);

static bool named_like_core(void *address)
{
	char name[64];

	snprintf(name, sizeof(name), "%ps", address);
	return !strncmp(name, CORE_PREFIX, strlen(CORE_PREFIX));
}

/* Remembers the answer: the name is looked up once for each function. */
static bool is_core(struct watch *w, void *address)
{
	unsigned long flags;
	unsigned int i;
	bool core;

	spin_lock_irqsave(&w->lock, flags);
	for (i = 0; i < w->nr_functions; i++)
		if (w->function[i].address == address)
			break;
	if (i < w->nr_functions) {
		core = w->function[i].core;
	} else {
		core = named_like_core(address);
		if (i < WATCH_FUNCTIONS) {
			w->function[i].address = address;
			w->function[i].core = core;
			w->nr_functions++;
		}
	}
	spin_unlock_irqrestore(&w->lock, flags);
	return core;
}

static void core_ends(struct watch *w, u64 *begin)
{
	if (*begin)
		atomic64_add(sampler_now() - *begin, &w->ticks);
	*begin = 0;
}

static void work_begins(void *data, struct work_struct *work)
{
	struct watch *w = data;

	if (!is_core(w, work->func))
		return;
	atomic_inc(&w->work_items);
	__this_cpu_write(work_begin, sampler_now());
}

static void work_ends(void *data, struct work_struct *work, work_func_t function)
{
	core_ends(data, this_cpu_ptr(&work_begin));
	watch_look(data);
}

static void timer_begins(void *data, struct timer_list *timer, unsigned long baseclk)
{
	struct watch *w = data;
	void *function = timer->function;

	if (timer->function == delayed_work_timer_fn)
		function = container_of(timer, struct delayed_work, timer)->work.func;
	if (!is_core(w, function))
		return;
	atomic_inc(&w->timers);
	__this_cpu_write(timer_begin, sampler_now());
}

static void timer_ends(void *data, struct timer_list *timer)
{
	core_ends(data, this_cpu_ptr(&timer_begin));
	watch_look(data);
}

static void hrtimer_begins(void *data, struct hrtimer *timer, ktime_t *now)
{
	struct watch *w = data;

	if (!is_core(w, timer->function))
		return;
	atomic_inc(&w->timers);
	__this_cpu_write(timer_begin, sampler_now());
}

static void hrtimer_ends(void *data, struct hrtimer *timer)
{
	core_ends(data, this_cpu_ptr(&timer_begin));
	watch_look(data);
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} probes[] = {
	{ "workqueue_execute_start", work_begins },
	{ "workqueue_execute_end", work_ends },
	{ "timer_expire_entry", timer_begins },
	{ "timer_expire_exit", timer_ends },
	{ "hrtimer_expire_entry", hrtimer_begins },
	{ "hrtimer_expire_exit", hrtimer_ends },
};

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(probes[i].name, tp->name))
			probes[i].tp = tp;
}

int watch_possible(struct bench *b)
{
	unsigned int i;

	for_each_kernel_tracepoint(find_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!probes[i].tp)
			return bench_why(b, -EOPNOTSUPP, "this kernel has no tracepoint %s",
					 probes[i].name);
	return 0;
}

static void unregister(struct watch *w, unsigned int nr)
{
	while (nr--)
		tracepoint_probe_unregister(probes[nr].tp, probes[nr].probe, w);
	tracepoint_synchronize_unregister();
}

int watch_start(struct bench *b, struct watch *w, unsigned int nr_pages)
{
	unsigned int i;
	int err;

	spin_lock_init(&w->lock);
	w->nr_functions = 0;
	watch_reset(w);
	w->pages = kvcalloc(nr_pages, sizeof(*w->pages), GFP_KERNEL);
	w->gone_ticks = kvcalloc(nr_pages, sizeof(*w->gone_ticks), GFP_KERNEL);
	if (!w->pages || !w->gone_ticks) {
		err = bench_why(b, -ENOMEM, "no memory to watch %u pages", nr_pages);
		goto free;
	}
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = tracepoint_probe_register(probes[i].tp, probes[i].probe, w);
		if (err) {
			bench_why(b, err, "can't use tracepoint %s: %d", probes[i].name, err);
			goto unregister;
		}
	}
	return 0;

unregister:
	unregister(w, i);
free:
	kvfree(w->gone_ticks);
	kvfree(w->pages);
	w->pages = NULL;
	return err;
}

void watch_stop(struct watch *w)
{
	if (!w->pages)
		return;
	unregister(w, ARRAY_SIZE(probes));
	kvfree(w->gone_ticks);
	kvfree(w->pages);
	w->pages = NULL;
}

void watch_reset(struct watch *w)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->nr_pages = 0;
	w->nr_left = 0;
	spin_unlock_irqrestore(&w->lock, flags);
	atomic_set(&w->work_items, 0);
	atomic_set(&w->timers, 0);
	atomic64_set(&w->ticks, 0);
}

void watch_page(struct watch *w, struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->gone_ticks[w->nr_pages] = 0;
	w->pages[w->nr_pages++] = page;
	w->nr_left++;
	spin_unlock_irqrestore(&w->lock, flags);
}

void watch_look(struct watch *w)
{
	unsigned long flags;
	unsigned int i;

	if (!READ_ONCE(w->nr_left))
		return;
	spin_lock_irqsave(&w->lock, flags);
	for (i = 0; i < w->nr_pages; i++)
		if (!w->gone_ticks[i] && !PageForeign(w->pages[i])) {
			w->gone_ticks[i] = sampler_now();
			w->nr_left--;
		}
	spin_unlock_irqrestore(&w->lock, flags);
}

unsigned int watch_attempts(const struct watch *w)
{
	return 1 + (atomic_read(&w->work_items) ?: atomic_read(&w->timers));
}

u64 watch_mapped_ticks(const struct watch *w, u64 start)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < w->nr_pages; i++)
		sum += w->gone_ticks[i] - start;
	return sum;
}
