// SPDX-License-Identifier: GPL-2.0
/*
 * drain: many unmap requests outstanding at once, some of them busy
 *
 * As many batches as requests are mapped, then unmapped by calls of gnttab_unmap_refs_async() in a
 * row. busy_requests of them, evenly spread, have busy_pages busy pages each, held as in case busy;
 * the hold times count from right before the first call. With an interval the calls are a stream:
 * one each interval_us, as a device's requests end, and the hold times count from right before the
 * request's own call.
 *
 * submit     the calls alone, what the callers pay
 * drain      from the first call until the last done()
 * overshoot  from the last extra reference being dropped until the last done()
 * retry_cpu  time in the work items of the core, summed over vCPUs, less control_cpu: the looks at
 *            page counts that found a page in use. Instructions in the exact tier.
 * control_cpu  time in the work items of the same requests when their pages are let go of right
 *            after the last call (of a stream: their own): one look at each request, and the
 *            unmapping
 * busy_cpu   time that vCPUs were not idle, from the last call (of a stream: the first) until the
 *            last done() was seen: all that waiting costs, timers, scheduling and the holders' own
 *            timers included
 * work_items of the core that ran
 *
 * Stock Linux has a timer and a work item for each request that waits: what retrying costs grows
 * with their number, though they all wait for much the same.
 *
 * A sample is two rounds: the control, then what all other values are of. retry_cpu has no timers,
 * context switches and idle loops in it, but does have interrupts that came in between, and what
 * waking us up costs done(). A kernel that lets a work item preempt the calls counts what it looks
 * at meanwhile to the control.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "batch.h"
#include "bench.h"
#include "compat.h"
#include "holder.h"
#include "sampler.h"
#include "unmap_modes.h"
#include "watch.h"

#define SETTLE_US	1000	/* for the core's last work item to end after done() */
#define STRIDE		2531	/* a prime, 0.618 times the most requests */

struct drain {
	unsigned int nr;
	struct batch **batch;
	struct holders holders;
	struct watch watch;
};

/* In the order of the row. */
enum { SUBMIT, DRAIN, OVERSHOOT, RETRY_CPU, CONTROL_CPU, BUSY_CPU, WORK_ITEMS };

/* Until now, all vCPUs together; in us of the kernel's accounting. */
static u64 idle_us(void)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_online_cpu(cpu)
		sum += get_cpu_idle_time_us(cpu, NULL);
	return sum;
}

static int drain_valid(struct bench *b)
{
	if (bench_param(b, BUSY_PAGES) > bench_param(b, BATCH))
		return bench_why(b, -EINVAL, "busy_pages=%u is more than batch=%u",
				 bench_param(b, BUSY_PAGES), bench_param(b, BATCH));
	if (bench_param(b, BUSY_REQUESTS) > bench_param(b, REQUESTS))
		return bench_why(b, -EINVAL, "busy_requests=%u is more than requests=%u",
				 bench_param(b, BUSY_REQUESTS), bench_param(b, REQUESTS));
	if (get_cpu_idle_time_us(0, NULL) == -1ULL)
		return bench_why(b, -EOPNOTSUPP, "this kernel accounts no idle time: nohz=off?");
	return watch_possible(b);
}

static int drain_setup(struct bench *b)
{
	struct drain *d = kzalloc(sizeof(*d), GFP_KERNEL);
	unsigned int i, batch = bench_param(b, BATCH);
	int err;

	if (!d)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = d;
	b->mode = unmap_mode_find(b->args->fault == GNTBENCH_F_UNSAFE ? "immediate" : "async");
	d->nr = bench_param(b, REQUESTS);
	d->batch = kvcalloc(d->nr, sizeof(*d->batch), GFP_KERNEL);
	if (!d->batch)
		return bench_why(b, -ENOMEM, "no memory for %u requests", d->nr);
	err = holders_alloc(b, &d->holders, bench_nr_holds(b));
	for (i = 0; !err && i < d->nr; i++) {
		d->batch[i] = batch_alloc(b, i * batch, batch);
		err = PTR_ERR_OR_ZERO(d->batch[i]);
		if (!err)
			err = bench_check(b);
	}
	return err ?: watch_start(b, &d->watch, 1);
}

/* Which request is the @i-th busy one. */
static unsigned int busy_request(struct bench *b, struct drain *d, unsigned int i)
{
	return (u64)i * d->nr / bench_param(b, BUSY_REQUESTS);
}

static void take_pages(struct bench *b, struct drain *d)
{
	unsigned int busy_requests = bench_param(b, BUSY_REQUESTS);
	unsigned int busy_pages = bench_param(b, BUSY_PAGES);
	struct holder *h = d->holders.holder;
	unsigned int i, j;

	for (i = 0; i < busy_requests; i++) {
		struct batch *batch = d->batch[busy_request(b, d, i)];

		for (j = 0; j < busy_pages; j++)
			holder_take(h++, batch->p.mapped[holder_position(b->nr_sample + i, j,
									 busy_pages,
									 batch->p.nr)]);
	}
}

static int map_all(struct bench *b, struct drain *d)
{
	unsigned int i;
	u64 ticks;
	int err;

	for (i = 0; i < d->nr; i++) {
		err = bench_check(b) ?: batch_map(b, d->batch[i], &ticks);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/* From here on the request counts as made, and its done() is waited for. */
static void prepare(struct bench *b, struct batch *batch)
{
	batch_prepare_unmap(b, batch);
	/* It would be part of what the work items cost. */
	batch->look_when_done = !bench_counts(b);
}

/* Timers in jiffies expire together then, and not while another one's work item runs. */
static void wait_for_tick(void)
{
	schedule_timeout_uninterruptible(1);
}

static void submit_at_once(struct bench *b, struct drain *d, const u64 *hold_ns, u64 *row)
{
	unsigned int i;
	u64 start;

	for (i = 0; i < d->nr; i++)
		prepare(b, d->batch[i]);
	wait_for_tick();
	start = ktime_get_ns();
	for (i = 0; hold_ns && i < d->holders.nr; i++) {
		u64 late_ns = ktime_get_ns() - start;

		holder_arm(&d->holders.holder[i], hold_ns[i] - min(hold_ns[i], late_ns));
	}
	watch_reset(&d->watch);

	start = sampler_begin(MARK_UNMAP);
	for (i = 0; i < d->nr; i++)
		b->mode->unmap(d->batch[i]);
	row[SUBMIT] = sampler_end() - start;
	row[DRAIN] = start;
	row[BUSY_CPU] = idle_us();
	if (!hold_ns)
		holders_let_go(&d->holders);
}

static void sleep_until(ktime_t when)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout(&when, HRTIMER_MODE_ABS);
}

static int submit_stream(struct bench *b, struct drain *d, const u64 *hold_ns, u64 *row)
{
	unsigned int busy_pages = bench_param(b, BUSY_PAGES);
	unsigned int i, j, busy = 0;
	ktime_t due;
	u64 start;
	int err;

	wait_for_tick();
	due = ktime_get();
	watch_reset(&d->watch);
	row[SUBMIT] = 0;
	row[DRAIN] = sampler_now();
	row[BUSY_CPU] = idle_us();
	for (i = 0; i < d->nr; i++, due = ktime_add_us(due, bench_param(b, INTERVAL_US))) {
		struct holder *h = &d->holders.holder[busy * busy_pages];
		unsigned int nr = 0;

		sleep_until(due);
		err = bench_check(b);
		if (err)
			return err;
		if (busy < bench_param(b, BUSY_REQUESTS) && busy_request(b, d, busy) == i)
			nr = busy_pages;
		prepare(b, d->batch[i]);
		for (j = 0; hold_ns && j < nr; j++)
			holder_arm(&h[j], hold_ns[busy * busy_pages + j]);
		start = sampler_begin(MARK_UNMAP);
		b->mode->unmap(d->batch[i]);
		row[SUBMIT] += sampler_end() - start;
		for (j = 0; !hold_ns && j < nr; j++)
			holder_let_go(&h[j]);
		busy += nr > 0;
	}
	return 0;
}

static int submit_all(struct bench *b, struct drain *d, const u64 *hold_ns, u64 *row)
{
	if (bench_param(b, INTERVAL_US))
		return submit_stream(b, d, hold_ns, row);
	submit_at_once(b, d, hold_ns, row);
	return 0;
}

/* Of all vCPUs, in ticks of the sampler, since @since_ticks when @since_idle_us was idle_us(). */
static u64 busy_ticks(u64 since_ticks, u64 since_idle_us)
{
	u64 ticks = (sampler_now() - since_ticks) * num_online_cpus();
	u64 idle_ticks = (idle_us() - since_idle_us) * sampler_khz() / USEC_PER_MSEC;

	return ticks - min(ticks, idle_ticks);
}

/* What is left of a batch after an error is batch_end()'s. */
static int wait_all(struct bench *b, struct drain *d, u64 *row)
{
	u64 start = row[DRAIN], last = start;
	u64 released;
	unsigned int i;
	int err = 0;

	/* Whatever the order they complete in, few waits sleep, and the rest find all done. */
	for (i = 0; !err && i < d->nr; i++)
		err = batch_wait(b, d->batch[i * STRIDE % d->nr]);
	for (i = 0; !err && i < d->nr; i++) {
		err = batch_wait(b, d->batch[i]);
		last = max(last, d->batch[i]->done_ticks);
	}
	if (err)
		return err;
	if (!bench_param(b, INTERVAL_US))
		start += row[SUBMIT];
	row[BUSY_CPU] = busy_ticks(start, row[BUSY_CPU]);
	fsleep(SETTLE_US);
	released = d->holders.nr ? holders_last_release(&d->holders) : last;
	row[DRAIN] = last - row[DRAIN];
	row[OVERSHOOT] = last - min(last, released);
	row[RETRY_CPU] = atomic64_read(&d->watch.ticks);
	row[WORK_ITEMS] = atomic_read(&d->watch.work_items);
	return holders_check(b, &d->holders);
}

/* With @hold_ns NULL the pages are let go of right after the last call. */
static int drain_round(struct bench *b, struct drain *d, const u64 *hold_ns, u64 *row)
{
	unsigned int i;
	int err;

	err = map_all(b, d);
	if (err)
		return err;
	take_pages(b, d);
	err = submit_all(b, d, hold_ns, row) ?: wait_all(b, d, row);
	for (i = 0; !err && i < d->nr; i++)
		err = batch_unmapped(b, d->batch[i]);
	return err;
}

static int drain_sample(struct bench *b, u64 *row)
{
	struct drain *d = b->priv;
	u64 control;
	int err;

	err = drain_round(b, d, NULL, row);
	if (err)
		return err;
	control = row[RETRY_CPU];
	err = drain_round(b, d, bench_holds(b), row);
	row[RETRY_CPU] -= min(row[RETRY_CPU], control);
	row[CONTROL_CPU] = control;
	return err;
}

static void drain_teardown(struct bench *b)
{
	struct drain *d = b->priv;
	unsigned int i;

	if (!d)
		return;
	holders_let_go(&d->holders);
	for (i = 0; d->batch && i < d->nr; i++)
		batch_end(b, d->batch[i]);
	watch_stop(&d->watch);
	holders_free(&d->holders);
	kvfree(d->batch);
	kfree(d);
}

const struct case_ops case_drain_ops = {
	.valid = drain_valid,
	.setup = drain_setup,
	.sample = drain_sample,
	.teardown = drain_teardown,
};
