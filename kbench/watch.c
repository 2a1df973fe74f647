// SPDX-License-Identifier: GPL-2.0
/*
 * The core retries in a work item, whose function is static and differs between kernels. The
 * kernel's own tracepoints at the begin and the end of every work item tell of them all; the core's
 * are known by the name of the function, which begins with "gnttab_". The pages that are watched
 * are looked at whenever a work item ends: but for the first attempt nothing else unmaps them, so
 * the moment is exact and costs no polling. A kernel that unmapped them elsewhere would be seen
 * late, at the next work item or at done().
 *
 * Stock Linux has one work item an attempt, gnttab_unmap_work(), each with a timer of its own.
 *
 * A tracepoint is switched on by patching code that other vCPUs execute. QEMU's multi-threaded TCG
 * has a race there (a vCPU may go on with the breakpoint that the patching leaves for a moment), so
 * it is done once, not for every run, and not to the code of timers, which runs all the time.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/workqueue.h>
#include <xen/page.h>

#include "bench.h"
#include "sampler.h"
#include "watch.h"

#define CORE_PREFIX	"gnttab_"

/* Who watches; the probes stay when nobody does. */
static struct watch *watcher;

/* When the core's work item that runs on this vCPU began, or 0. */
static DEFINE_PER_CPU(u64, work_begin);

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

static void work_begins(void *unused, struct work_struct *work)
{
	struct watch *w = READ_ONCE(watcher);

	__this_cpu_write(work_begin, 0);
	if (!w || !is_core(w, work->func))
		return;
	atomic_inc(&w->work_items);
	__this_cpu_write(work_begin, sampler_now());
}

static void work_ends(void *unused, struct work_struct *work, work_func_t function)
{
	struct watch *w = READ_ONCE(watcher);
	u64 begin = __this_cpu_read(work_begin);

	if (!w)
		return;
	if (begin)
		atomic64_add(sampler_now() - begin, &w->ticks);
	__this_cpu_write(work_begin, 0);
	watch_look(w);
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tp;
	bool registered;
} probes[] = {
	{ "workqueue_execute_start", work_begins },
	{ "workqueue_execute_end", work_ends },
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

static int register_probes(struct bench *b)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (probes[i].registered)
			continue;
		err = tracepoint_probe_register(probes[i].tp, probes[i].probe, NULL);
		if (err)
			return bench_why(b, err, "can't use tracepoint %s: %d", probes[i].name,
					 err);
		probes[i].registered = true;
	}
	return 0;
}

void watch_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (probes[i].registered)
			tracepoint_probe_unregister(probes[i].tp, probes[i].probe, NULL);
	tracepoint_synchronize_unregister();
}

int watch_start(struct bench *b, struct watch *w, unsigned int nr_pages)
{
	int err;

	spin_lock_init(&w->lock);
	watch_reset(w);
	w->pages = kvcalloc(nr_pages, sizeof(*w->pages), GFP_KERNEL);
	w->gone_ticks = kvcalloc(nr_pages, sizeof(*w->gone_ticks), GFP_KERNEL);
	if (!w->pages || !w->gone_ticks)
		err = bench_why(b, -ENOMEM, "no memory to watch %u pages", nr_pages);
	else
		err = register_probes(b);
	if (!err)
		WRITE_ONCE(watcher, w);
	return err;
}

void watch_stop(struct watch *w)
{
	WRITE_ONCE(watcher, NULL);
	tracepoint_synchronize_unregister();
	kvfree(w->gone_ticks);
	kvfree(w->pages);
}

void watch_reset(struct watch *w)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	w->nr_pages = 0;
	w->nr_left = 0;
	spin_unlock_irqrestore(&w->lock, flags);
	atomic_set(&w->work_items, 0);
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
	return 1 + atomic_read(&w->work_items);
}

u64 watch_mapped_ticks(const struct watch *w, u64 start)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < w->nr_pages; i++)
		sum += max(w->gone_ticks[i], start) - start;
	return sum;
}
