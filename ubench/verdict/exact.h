/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the exact tier's samples say of a path's cost.
 *
 * The samples that no interrupt hit are the code's own, all of them: a cost that every third batch
 * pays is a cost. So two sides are compared by the whole distribution of these samples. The samples
 * that an interrupt hit are unknown: where they may hold what one side seems to have more of,
 * nothing is said of it. Nor of as few as STRAY_SHARE of the samples, as Xen has interrupts of its
 * own, which Linux can't count; they only add.
 *
 * Records of before November 2026 (and drivers that can't count interrupts) don't say which samples
 * were hit. Their cost is the value that more than half of the samples have, or, of batches so long
 * that most catch an interrupt, the least value if it is also the most frequent one; a metric
 * without such a value goes by statistics.
 */
#ifndef EXACT_H
#define EXACT_H

#include "record/record.h"

/*
 * As few samples may differ, for nothing: this share, or what Xen's interrupts hit of samples that
 * are long, one in so many instructions at most (10 to 15 % of the samples of 500,000 were seen).
 */
#define STRAY_SHARE 0.01
#define XEN_QUIET   3e6

/* Fewer samples without an interrupt, on a side, prove nothing. */
#define MIN_CLEAN 4

/* Of old records: so many samples must have the least value for it to be the path's cost. */
#define MIN_STEADY_SHARE   0.1
#define MIN_STEADY_SAMPLES 4

/*
 * A driver in user space has Linux allocate and free memory within its samples, along paths that depend
 * on what was free, and so on the size of the kernel's image: two kernels that differ in a comment were
 * 16 of 1,728,239 instructions apart. There, less of the cost than this is no difference.
 */
#define USER_SPACE_SHARE 2e-5

/* Whether the record says which samples an interrupt hit. */
bool case_counts_interrupts(const struct record_case *c);

/*
 * What a whole sample's path costs: the one value of the samples (but for strays), or their mean.
 * NaN if it can't be told: the metric waits, or too few samples are clean.
 * @steady: it is one value
 */
double exact_cost(const struct record_case *c, const struct record_metric *m, bool *steady);

/* The @nr samples that no interrupt hit, or all if that isn't known; sorted, malloc'd. */
double *exact_samples(const struct record_case *c, const struct record_metric *m, size_t *nr);

/*
 * How two sides of a metric differ.
 * @known: both can be told; what follows is undefined if not
 * @differ: not by strays or by what was hit alone
 * @mean: by how much head's samples cost more, on average; of whole samples
 * @what: which share of the samples costs how much more or less; "" if all of them do
 */
struct exact_difference {
	bool known, differ;
	double base, head;
	double mean;
	char what[120];
};

struct exact_difference exact_compare(const struct record_case *base_case,
				      const struct record_metric *base,
				      const struct record_case *head_case,
				      const struct record_metric *head);

#endif /* EXACT_H */
