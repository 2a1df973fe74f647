/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be said of one metric on two sides, and of a table of them. results/README.md tells the
 * user how a verdict comes about; the rules are here and nowhere else.
 *
 * Exact tier. Identical binaries leave identical values, so there is nothing to estimate. An
 * interrupt only adds instructions, to samples that depend on everything before them. So the cost
 * of the path itself is the value that more than half of the samples have, or, of batches so long
 * that most catch an interrupt, the least value if it is also the most frequent one. A metric with
 * such a value is *steady*: two steady sides are compared by it alone, and one instruction is a
 * difference. A metric without one measures waiting (for a timer, for a jiffy): it is the same if
 * every sample is, and else goes by the two keys below.
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

enum verdict {
	VERDICT_SAME,
	VERDICT_FASTER,
	VERDICT_SLOWER,
	VERDICT_UNPROVEN,
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

/* So many of the samples must have the least value for it to be the path's cost. */
#define MIN_STEADY_SHARE   0.1
#define MIN_STEADY_SAMPLES 4

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
 * @base, @head: what a page (request, sample) costs: the median, or of what is steady, its cost
 * @change: head / base - 1
 * @interval: 95 %, of @change
 * @shift: Hodges-Lehmann, divided by the median of base
 * @spread: what A against A moved on this machine, from its calibration
 * @p: two-sided, for autocorrelated samples; @adjusted, by Holm, of the table
 * @reason: why it is unproven, or what to know about it; "" if nothing
 */
struct row {
	const struct record_case *base_case, *head_case;
	const struct record_metric *base_metric, *head_metric;
	bool paired, rounds, control;
	double base, head, change;
	struct stats_interval interval;
	double shift;
	double spread;
	double p, adjusted;
	enum verdict verdict;
	char reason[160];
};

/* Whether an exact metric is steady; then *@cost is what a whole sample's path costs. */
bool metric_is_steady(const struct record_metric *m, double *cost);

/*
 * Fills in what follows from the cases, the metrics and @paired: all but @spread, @adjusted, and the
 * verdict of what goes by statistics.
 */
void row_measure(struct row *row, enum tier tier, const struct verdict_settings *settings);

/* Rows that were measured: adjusts, judges, and lets a control that moved spoil the table. */
void rows_judge(struct row *rows, size_t nr, enum tier tier,
		const struct verdict_settings *settings);

/* Geometric mean of head / base over the rows that are times and no controls; NaN if none is. */
double rows_geometric_mean(const struct row *rows, size_t nr, size_t *nr_used);

#endif /* VERDICT_H */
