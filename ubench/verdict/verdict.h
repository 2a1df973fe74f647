/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be said of one metric on two sides, and of a table of them. docs/methodology.md tells the
 * user how a verdict comes about; the rules are here and nowhere else.
 *
 * Exact tier. Identical binaries leave identical values, so there is nothing to estimate: two sides
 * are the same, or differ, by all samples that no interrupt hit (exact.h). One instruction is a
 * difference, and so is a cost that a third of the samples pay.
 *
 * A metric that waits (for a timer, a work item, a page that is in use) is virtual time, not cost,
 * even in the exact tier: it moves with where in a tick the waiting began. It goes by the two keys
 * below, at a threshold that no such move passes: WAIT_THRESHOLD, or a tick.
 *
 * Wall and host tier. A change counts if it turns both keys: it is significant (rank-sum, with the
 * variance that autocorrelation asks for, adjusted by Holm over the table) and larger than the
 * threshold, both as a ratio of medians and as a Hodges-Lehmann shift. Samples whose sides took
 * turns are compared pair by pair (signed-rank): what disturbed the machine disturbed both.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "record/record.h"
#include "stats/stats.h"

/* From VERDICT_FAILURE on, head has nothing to compare with what base has; the word says why. */
enum verdict {
	VERDICT_SAME,
	VERDICT_FASTER,
	VERDICT_SLOWER,
	VERDICT_UNPROVEN,
	VERDICT_FAILURE, /* head broke an invariant */
	VERDICT_ERROR,
	VERDICT_SKIP,
	VERDICT_MISSING, /* the case, or the metric, isn't in head */
	VERDICT_DIFFERS, /* it has another unit, divisor or meaning in head */
	NR_VERDICTS,
};

extern const char *const verdict_names[NR_VERDICTS];

struct verdict_settings {
	double threshold;	/* relative: 0.02 is 2 % */
	double level;		/* of the adjusted p-value */
	unsigned int resamples; /* of the bootstrap; 0: no interval is needed */
	unsigned long seed;
};

#define VERDICT_DEFAULTS                                                        \
	{                                                                       \
		.threshold = 0.02, .level = 0.002, .resamples = 1000, .seed = 1 \
	}

/* What a metric that waits must move by, of what it was, unless a tick is less. */
#define WAIT_THRESHOLD 0.25

/* Fewer values a side, or fewer independent ones on both sides together, prove nothing. */
#define MIN_SAMPLES	20
#define MIN_INDEPENDENT 28

/* The case that costs nothing but the tool: its rows are a table's controls. */
#define CONTROL_CASE  "floor"
#define CONTROL_MOVED "control moved" /* how the reason starts, on every row */

/*
 * One metric of one case, on two sides. What doesn't apply or isn't known is NaN.
 * @paired: value i of base and value i of head were taken next to each other
 * @rounds: they are paired, and each pair is of machines of its own: not autocorrelated
 * @waits: it is virtual time of the exact tier
 * @head_case, @head_metric: NULL if head has none: see enum verdict
 * @base, @head: what a page (request, sample) costs: the median, or of what is steady, its cost
 * @change: head / base - 1
 * @interval: 95 %, of @change
 * @shift: Hodges-Lehmann, divided by the median of base
 * @threshold: what the change must be larger than, where it goes by statistics
 * @spread: what A against A moved on this machine, from its calibration
 * @p: two-sided, for autocorrelated samples; @adjusted, by Holm, of the table
 * @reason: why it is unproven, or what to know about it; "" if nothing
 */
struct row {
	const struct record_case *base_case, *head_case;
	const struct record_metric *base_metric, *head_metric;
	bool paired, rounds, control, waits;
	double base, head, change;
	struct stats_interval interval;
	double shift;
	double spread;
	double p, adjusted;
	double threshold;
	enum verdict verdict;
	char reason[160];
};

/*
 * Fills in what follows from the cases, the metrics and @paired: all but @spread, @adjusted, and the
 * verdict of what goes by statistics. @tick: of the kernel's clock, in the unit of times; 0: unknown.
 */
void row_measure(struct row *row, enum tier tier, double tick,
		 const struct verdict_settings *settings);

/* A row for a metric that head has not: its verdict says why, from VERDICT_FAILURE on. */
void row_lack(struct row *row, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether it is a verdict on two values: same, faster or slower. */
bool verdict_is_judgement(enum verdict verdict);

/* Whether head is not what base is: from VERDICT_FAILURE on. */
bool verdict_is_gap(enum verdict verdict);

/* Rows that were measured: adjusts, judges, and lets a control that moved spoil the table. */
void rows_judge(struct row *rows, size_t nr, enum tier tier,
		const struct verdict_settings *settings);

/* Geometric mean of head / base over the rows that are times and no controls; NaN if none is. */
double rows_geometric_mean(const struct row *rows, size_t nr, size_t *nr_used);

#endif /* VERDICT_H */
