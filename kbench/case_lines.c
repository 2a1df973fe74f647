// SPDX-License-Identifier: GPL-2.0
/*
 * lines: memory that is touched on purpose, as a proof of the profiler's counts (make profile)
 *
 * touch  a word of each of the lines is written, by a vCPU that nobody disturbs: so many lines more
 *        than with lines=0, nothing else
 * turns  the same, after another vCPU has written the same words: so many transfers, true sharing
 * pair   the other vCPU has written other words of the same lines: as many transfers, false sharing
 * apart  the other vCPU has written other lines: none
 *
 * Instructions a line say nothing of caches; on hardware turns costs what touch costs and a miss in
 * all caches of its own for each line.
 */
#include <linux/cache.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/vmalloc.h>

#include "bench.h"
#include "sampler.h"

#define LINE_WORDS	(64 / sizeof(u64))

/* In the order of the row's ops. */
enum { OP_TOUCH, OP_TURNS, OP_PAIR, OP_APART };

/*
 * The memory of a run.
 * @mine: written in the timed phase, the first word of each line
 * @theirs: a word of each line that the other vCPU writes before
 */
struct lines {
	unsigned int nr;
	u64 *memory;
	u64 *mine;
	u64 *theirs;
};

/* One store a line, and no other memory: the compiler has all of it in registers. */
static noinline void write_lines(u64 *word, unsigned int nr)
{
	while (nr--) {
		WRITE_ONCE(*word, nr);
		word += LINE_WORDS;
	}
}

static void write_theirs(void *data)
{
	const struct lines *l = data;

	write_lines(l->theirs, l->nr);
}

static int lines_valid(struct bench *b)
{
	if (b->op != OP_TOUCH && num_online_cpus() < 2)
		return bench_why(b, -EOPNOTSUPP, "op %s needs a second vCPU", b->args->op);
	return 0;
}

static int lines_setup(struct bench *b)
{
	struct lines *l = kzalloc(sizeof(*l), GFP_KERNEL);
	unsigned int i, words;

	if (!l)
		return bench_why(b, -ENOMEM, "no memory");
	b->priv = l;
	l->nr = bench_param(b, LINES);
	words = l->nr * LINE_WORDS;
	l->memory = vzalloc((2 * words + LINE_WORDS) * sizeof(u64));
	if (!l->memory)
		return bench_why(b, -ENOMEM, "no memory for %u lines", 2 * l->nr);
	l->mine = l->memory;
	l->theirs = l->memory;
	if (b->op == OP_PAIR)
		l->theirs++;
	else if (b->op == OP_APART)
		l->theirs += words;
	for (i = 0; i < 2 * words; i += LINE_WORDS)
		sampler_tell(TOLD_BUFFER, &l->memory[i]);
	return 0;
}

static int lines_sample(struct bench *b, u64 *row)
{
	struct lines *l = b->priv;
	unsigned int me = get_cpu();
	unsigned int other = cpumask_any_but(cpu_online_mask, me);
	u64 start;
	int err = 0;

	if (b->op != OP_TOUCH)
		err = smp_call_function_single(other, write_theirs, l, true);
	start = sampler_begin(MARK_ROUND);
	write_lines(l->mine, l->nr);
	row[0] = sampler_end() - start;
	put_cpu();
	return err ? bench_why(b, -EIO, "vCPU %u can't be called", other) : 0;
}

static void lines_teardown(struct bench *b)
{
	struct lines *l = b->priv;

	if (!l)
		return;
	vfree(l->memory);
	kfree(l);
}

const struct case_ops case_lines_ops = {
	.valid = lines_valid,
	.setup = lines_setup,
	.sample = lines_sample,
	.teardown = lines_teardown,
};
