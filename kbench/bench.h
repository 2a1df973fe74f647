/* SPDX-License-Identifier: GPL-2.0 */
/* One run of one case, and what a case is made of. */
#ifndef GNTBENCH_BENCH_H
#define GNTBENCH_BENCH_H

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/types.h>

#include "gntbench_abi.h"

struct bench;
struct unmap_mode;

/*
 * What a case does. Only sample() must be there. Each returns 0 or a negative errno, with the
 * reason left by bench_why().
 *
 * @valid: checks what the table of parameters can't: limits between two of them (-EINVAL), and
 *	whether the case can run here (-EOPNOTSUPP)
 * @setup: allocates; teardown() is called even if it fails
 * @sample: measures one sample into @row, one value for each metric of the case
 * @teardown: leaves nothing mapped or granted
 */
struct case_ops {
	int (*valid)(struct bench *b);
	int (*setup)(struct bench *b);
	int (*sample)(struct bench *b, u64 *row);
	void (*teardown)(struct bench *b);
};

struct gntbench_case {
	struct gntbench_case_info info;
	const struct case_ops *ops;
};

/**
 * struct bench - one run: from the ioctl's arguments to its values
 * @args: the kernel's copy of the ioctl's argument
 * @the_case: row of the table that args.name names
 * @op: index of args.op among the case's ops
 * @mode: unmap mode, or NULL if the case doesn't take one
 * @grefs: foreign grants, args.nr_grefs of them, or NULL
 * @hold_ns: hold times, args.nr_holds of them, or NULL
 * @values: @nr_metrics for each sample, in time order
 * @interrupts: of the timed phases of each sample
 * @nr_metrics: of the case
 * @nr_sample: samples begun, the warm-up's too
 * @nr_vcpus: online when the run began
 * @deadline: when args.param[TIMEOUT_MS] is over
 * @last_wait: when the end of the run no longer waits for pending requests, or 0
 * @priv: the case's own
 */
struct bench {
	struct gntbench_run *args;
	const struct gntbench_case *the_case;
	unsigned int op;
	const struct unmap_mode *mode;
	u32 *grefs;
	u64 *hold_ns;
	u64 *values;
	u32 *interrupts;
	unsigned int nr_metrics;
	u64 nr_sample;
	unsigned int nr_vcpus;
	ktime_t deadline;
	ktime_t last_wait;
	void *priv;
};

#define bench_param(b, id)	((unsigned int)(b)->args->param[GNTBENCH_P_##id])

/* The warm-up's samples come first: true from the first one that counts. */
static inline bool bench_counts(const struct bench *b)
{
	return b->nr_sample >= b->args->param[GNTBENCH_P_WARMUP];
}

/* How many hold times a sample takes. */
static inline u64 bench_nr_holds(const struct bench *b)
{
	u64 nr = b->args->param[GNTBENCH_P_BUSY_PAGES];

	if (b->the_case->info.params & GNTBENCH_TAKES(BUSY_REQUESTS))
		nr *= b->args->param[GNTBENCH_P_BUSY_REQUESTS];
	return nr;
}

/* The hold times of this sample; the warm-up has those of the first samples. */
static inline const u64 *bench_holds(const struct bench *b)
{
	u64 nr = b->nr_sample;

	if (bench_counts(b))
		nr -= b->args->param[GNTBENCH_P_WARMUP];
	else
		nr %= b->args->param[GNTBENCH_P_SAMPLES];
	return b->hold_ns + nr * bench_nr_holds(b);
}

/* Leaves the reason of a failure to the user, unless an earlier one is there; returns @err. */
__printf(3, 4) int bench_why(struct bench *b, int err, const char *fmt, ...);

/* 0, or -EIO: whether as many vCPUs are online as when the run began. */
int bench_check_vcpus(struct bench *b);

/* 0, -EINTR, -ETIMEDOUT or -EIO: whether the run may go on. Call it outside of timed phases. */
int bench_check(struct bench *b);

/* Calls @fn on vCPU @cpu and returns what it returned, or -EIO: the vCPU is not online. */
int bench_on_vcpu(struct bench *b, unsigned int cpu, long (*fn)(void *data), void *data);

/* The functions of a row are case_NAME_ops, in case_NAME.c. */
#define GNTBENCH_CASE(_name, ...) extern const struct case_ops case_##_name##_ops;
#include "gntbench_cases.h"
#undef GNTBENCH_CASE

/* The table of cases (cases.c). */
extern const struct gntbench_case gntbench_cases[];
extern const unsigned int gntbench_nr_cases;

/* Checks every argument and fills in @b, copies of the user's arrays included (args.c). */
int bench_args_get(struct bench *b);
void bench_args_put(struct bench *b);

void gntbench_info_fill(struct gntbench_info *info);

extern bool gntbench_faults;

#endif /* GNTBENCH_BENCH_H */
