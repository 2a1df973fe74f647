// SPDX-License-Identifier: GPL-2.0
/*
 * contend: 1 to n vCPUs that map and unmap at once, each its own pages
 *
 * A thread bound to each vCPU maps and unmaps its own batch again and again. They start together;
 * when the first has done ROUNDS rounds, the count stops: only what was done while all ran counts.
 *
 * round  the mean time in which every vCPU maps and unmaps one batch; the making of the ops is in
 *        it. With no contention it does not depend on vcpus; then throughput grows with them.
 * least  rounds of the vCPU that did the fewest while the fastest did ROUNDS: 1 to 32. A small
 *        number means that locks are not fair.
 *
 * What they share: the grant table's lock and maptrack in Xen, the domain's page-table lock, and
 * the TLB flush after an unmap, that interrupts every vCPU of the domain that runs.
 *
 * The profiler's window lasts from the moment when all run until the first is done; its steps are
 * the rounds of all vCPUs.
 *
 * In the exact tier the vCPUs take turns: a waiting vCPU's instructions count, but there is no true
 * parallelism. Use the wall and host tiers.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "batch.h"
#include "bench.h"
#include "sampler.h"
#include "unmap_modes.h"

#define ROUNDS	32
#define TRIES	8	/* for all to run at once */
#define SLICE_MS	20	/* how late a signal or the end of the time is seen */

struct contend;

/*
 * struct worker - one vCPU's share
 * @task: with a reference, while it runs
 * @b: a run of its own: @batch's checks are counted in @args
 * @start_ticks: when it began, with all others there
 * @round_ticks: when each round ended
 * @nr_rounds: done before it saw that another had done ROUNDS
 */
struct worker {
	struct contend *c;
	struct task_struct *task;
	struct bench b;
	struct gntbench_run args;
	struct batch *batch;
	u64 start_ticks;
	u64 round_ticks[ROUNDS];
	unsigned int nr_rounds;
	int err;
};

struct contend {
	unsigned int nr;
	struct worker *worker;
	atomic_t nr_waiting;	/* vCPUs that must still reach the start */
	bool stop;		/* no more rounds: one has done ROUNDS, or the run must end */
	bool cancelled;		/* the run must end */
	atomic_t nr_running;
	struct completion all_done;
};

static int contend_valid(struct bench *b)
{
	if (bench_param(b, VCPUS) > num_online_cpus())
		return bench_why(b, -EOPNOTSUPP, "vcpus=%u: only %u are online",
				 bench_param(b, VCPUS), num_online_cpus());
	return 0;
}

static int contend_setup(struct bench *b)
{
	struct contend *c = kzalloc(sizeof(*c), GFP_KERNEL);
	unsigned int i, batch = bench_param(b, BATCH);

	if (!c)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = c;
	c->nr = bench_param(b, VCPUS);
	c->worker = kvcalloc(c->nr, sizeof(*c->worker), GFP_KERNEL);
	if (!c->worker)
		return bench_why(b, -ENOMEM, "no memory for %u vCPUs", c->nr);
	init_completion(&c->all_done);
	for (i = 0; i < c->nr; i++) {
		c->worker[i].c = c;
		c->worker[i].batch = batch_alloc(b, i * batch, batch);
		if (IS_ERR(c->worker[i].batch))
			return PTR_ERR(c->worker[i].batch);
	}
	return 0;
}

/* Without the oracle: it would be part of what the others wait for. */
static int one_round(struct worker *w)
{
	int err;

	batch_prepare_map(w->batch);
	w->batch->mapped = true;
	err = gnttab_map_refs(w->batch->map, NULL, w->batch->p.mapped, w->batch->p.nr);
	if (err)
		return bench_why(&w->b, -EILSEQ, "gnttab_map_refs() returned %d", err);
	batch_prepare_unmap(&w->b, w->batch);
	w->b.mode->unmap(w->batch);
	return batch_wait(&w->b, w->batch);
}

static void start_together(struct contend *c)
{
	atomic_dec(&c->nr_waiting);
	while (atomic_read(&c->nr_waiting) && !READ_ONCE(c->cancelled)) {
		cpu_relax();
		cond_resched();
	}
}

static void timed_rounds(struct worker *w)
{
	struct contend *c = w->c;
	unsigned int i;

	w->start_ticks = sampler_begin(MARK_STEPS);
	for (i = 0; !w->err && i < ROUNDS && !READ_ONCE(c->stop); i++) {
		w->err = one_round(w);
		w->round_ticks[i] = sampler_mark(MARK_STEP);
		cond_resched();
	}
	sampler_mark(MARK_STEPS_END);
	w->nr_rounds = i;
	WRITE_ONCE(c->stop, true);
}

/* A round with the oracle goes before and after those that count. */
static int checked_round(struct worker *w)
{
	u64 ticks;

	return batch_map(&w->b, w->batch, &ticks) ?: batch_unmap(&w->b, w->batch, &ticks);
}

static int work(void *data)
{
	struct worker *w = data;
	struct contend *c = w->c;

	if (!READ_ONCE(c->cancelled))
		w->err = checked_round(w);
	start_together(c);
	timed_rounds(w);
	if (!w->err && !READ_ONCE(c->cancelled))
		w->err = batch_unmapped(&w->b, w->batch) ?: checked_round(w);
	if (atomic_dec_and_test(&c->nr_running))
		complete(&c->all_done);
	return 0;
}

static int create(struct bench *b, struct worker *w, unsigned int cpu)
{
	w->args = *b->args;
	w->args.oracle_checks = 0;
	w->b = *b;
	w->b.args = &w->args;
	w->err = 0;
	w->task = kthread_create(work, w, "gntbench/%u", cpu);
	if (IS_ERR(w->task))
		return bench_why(b, PTR_ERR(w->task), "can't start a thread for vCPU %u", cpu);
	get_task_struct(w->task);
	kthread_bind(w->task, cpu);
	return 0;
}

/* Waits until they have left our code, or makes them end before they begin. */
static void join(struct contend *c, unsigned int nr)
{
	while (nr--) {
		kthread_stop(c->worker[nr].task);
		put_task_struct(c->worker[nr].task);
	}
}

/* Until all have ended, which they do soon when the run must: they look after each round. */
static int wait_all(struct bench *b, struct contend *c)
{
	int err = 0;

	while (!err && wait_for_completion_interruptible_timeout(&c->all_done,
								 msecs_to_jiffies(SLICE_MS)) <= 0)
		err = bench_check(b);
	if (!err)
		return 0;
	WRITE_ONCE(c->cancelled, true);
	WRITE_ONCE(c->stop, true);
	wait_for_completion(&c->all_done);
	return err;
}

/* All threads or none run: they wait for one another. */
static int run_threads(struct bench *b, struct contend *c)
{
	unsigned int i = 0, cpu;
	int err = 0;

	for_each_online_cpu(cpu) {
		if (i == c->nr)
			break;
		err = create(b, &c->worker[i], cpu);
		if (err)
			break;
		i++;
	}
	if (i == c->nr) {
		atomic_set(&c->nr_waiting, c->nr);
		atomic_set(&c->nr_running, c->nr);
		c->stop = false;
		c->cancelled = false;
		reinit_completion(&c->all_done);
		while (i--)
			wake_up_process(c->worker[i].task);
		err = wait_all(b, c);
		i = c->nr;
	} else if (!err) {
		err = bench_why(b, -EIO, "a vCPU went offline");
	}
	join(c, i);
	return err;
}

/* What the workers' runs found becomes this run's. */
static int collect(struct bench *b, struct contend *c)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < c->nr; i++) {
		struct worker *w = &c->worker[i];

		b->args->oracle_checks += w->args.oracle_checks;
		b->args->oracle_broken += w->args.oracle_broken;
		if (w->err)
			err = bench_why(b, w->err, "%s", w->args.why);
	}
	return err;
}

static unsigned int rounds_between(const struct worker *w, u64 start, u64 end)
{
	unsigned int i, nr = 0;

	for (i = 0; i < w->nr_rounds; i++)
		nr += w->round_ticks[i] > start && w->round_ticks[i] <= end;
	return nr;
}

/* False if some vCPU began when another had ended already, or got nothing done. */
static bool fill_row(struct contend *c, u64 *row)
{
	unsigned int i, nr, total = 0, least = ROUNDS;
	u64 start = 0, end = U64_MAX;

	for (i = 0; i < c->nr; i++) {
		const struct worker *w = &c->worker[i];

		start = max(start, w->start_ticks);
		if (w->nr_rounds == ROUNDS)
			end = min(end, w->round_ticks[ROUNDS - 1]);
	}
	for (i = 0; i < c->nr; i++) {
		nr = rounds_between(&c->worker[i], start, end);
		total += nr;
		least = min(least, nr);
	}
	if (!least)
		return false;
	row[0] = (end - start) * c->nr / total;
	row[1] = least;
	return true;
}

static int contend_sample(struct bench *b, u64 *row)
{
	struct contend *c = b->priv;
	unsigned int i;
	int err;

	for (i = 0; i < TRIES; i++) {
		err = bench_check(b) ?: run_threads(b, c) ?: collect(b, c);
		if (err)
			return err;
		if (fill_row(c, row))
			return 0;
	}
	return bench_why(b, -EIO, "%u vCPUs did not run at once in %u tries: is the host busy?",
			 c->nr, TRIES);
}

static void contend_teardown(struct bench *b)
{
	struct contend *c = b->priv;
	unsigned int i;

	if (!c)
		return;
	for (i = 0; c->worker && i < c->nr; i++)
		batch_end(b, c->worker[i].batch);
	kvfree(c->worker);
	kfree(c);
}

const struct case_ops case_contend_ops = {
	.valid = contend_valid,
	.setup = contend_setup,
	.sample = contend_sample,
	.teardown = contend_teardown,
};
