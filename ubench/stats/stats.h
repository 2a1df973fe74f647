/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Statistics of samples, on GSL. No knowledge of records, cases or verdicts.
 *
 * What is undefined is NaN, never a guess: every function returns NaN (or a struct of NaN) for an
 * empty sample and for one that holds a NaN or an infinity, neither of which is a measurement.
 * No function changes its input. GSL's error handler, which aborts, is off as long as this is
 * linked. Out of memory ends the program with a message (exit status 2).
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stddef.h>

struct stats_interval {
	double lo;
	double hi;
};

/* True if none of the @n values is NaN or infinite. */
bool stats_all_finite(const double *v, size_t n);

/* The middle value, or the mean of the two middle ones. */
double stats_median(const double *v, size_t n);

/* The most frequent value, the least of them if several; *@share, 0..1, is how much of @v it is. */
double stats_mode(const double *v, size_t n, double *share);

/*
 * Rank-sum test of Mann and Whitney (1947), two-sided, normal approximation with the correction
 * for ties and for continuity: scipy's mannwhitneyu(y, x, method="asymptotic").
 * @u: pairs (x, y) with y > x, and half of those with y = x
 * @z: signed, positive if y is larger; 0 if all values are equal
 * @p: 1 if all values are equal
 */
struct stats_rank_sum {
	double u;
	double z;
	double p;
};

struct stats_rank_sum stats_rank_sum(const double *x, size_t nx, const double *y, size_t ny);

/*
 * Signed-rank test of Wilcoxon (1945) on the @n differences @d of pairs, two-sided; zeros are left
 * out.
 * @u: sum of the ranks of differences above 0
 * @z: normal approximation with the correction for ties and for continuity; 0 if all are 0
 * @p: exact up to 50 differences without zeros and ties, of @z otherwise; 1 if all are 0: scipy's
 *     wilcoxon(d, correction=True), mode="exact" or "approx"
 */
struct stats_rank_sum stats_signed_rank(const double *d, size_t n);

/*
 * The shift from @x to @y of Hodges and Lehmann (1963): the median of the nx * ny differences
 * y - x. Exact, not approximated: O(n) memory and O(n log n) time, so 10^6 values a side are fine.
 */
double stats_shift(const double *x, size_t nx, const double *y, size_t ny);

/* The same of pairs, by their differences: the median of Walsh's averages (d[i] + d[j]) / 2, i <= j. */
double stats_paired_shift(const double *d, size_t n);

/*
 * Integrated autocorrelation time of @v in time order: by how much serial dependence multiplies the
 * variance of its mean rank; n / time is the effective number of independent samples (Bayley and
 * Hammersley 1946). It is estimated on the ranks, so that outliers don't hide the dependence, by
 * the initial monotone sequence of Geyer (1992). Never below 1; 1 if all values are equal.
 */
double stats_autocorrelation_time(const double *v, size_t n);

/*
 * Two-sided p of the rank-sum's @z when the samples are autocorrelated: the variance of U grows by
 * time / n of each side, and the tail is Student's t with the effective samples' degrees of freedom
 * in place of the normal one.
 */
double stats_serial_p(double z, size_t nx, double time_x, size_t ny, double time_y);

/* The same of the signed rank @r of @n differences; its own p if their autocorrelation time is 1. */
double stats_paired_p(struct stats_rank_sum r, size_t n, double time);

/*
 * 95 % percentile interval of median(y) / median(x), by a circular block bootstrap (Politis and
 * Romano 1992) whose blocks are as long as the autocorrelation asks for (max(n^1/3, 2 * time), at
 * most n / 4). The same @seed gives the same interval. At most @resamples; fewer, but never below
 * 200, where resamples * n would exceed 2 * 10^8. If x and y are @paired, as many of both and of
 * one time, what is drawn is pairs.
 */
struct stats_interval stats_median_ratio_interval(const double *x, size_t nx, double time_x,
						  const double *y, size_t ny, double time_y,
						  bool paired, unsigned int resamples,
						  unsigned long seed);

/*
 * Holm's (1979) adjustment of @n p-values, in place. A NaN is no test: it stays NaN and doesn't
 * count.
 */
void stats_holm(double *p, size_t n);

/* 95 % interval of Clopper and Pearson (1934) of the probability behind @k of @n; NaN if n = 0. */
struct stats_interval stats_proportion_interval(size_t k, size_t n);

/* Geometric mean; NaN if a value isn't above 0. */
double stats_geometric_mean(const double *v, size_t n);

/*
 * Change points of a series by E-divisive means (Matteson and James 2014, alpha = 1): the most
 * divergent split of a segment is one if at most @level of @permutations random orders of the
 * segment's values give as divergent a split; its two parts are then searched in turn. Segments
 * have at least @min_size values. Writes the index of the first value of each new segment to @at
 * (room for n / min_size), ascending, and returns their number. O(n log n) a permutation.
 */
size_t stats_change_points(const double *v, size_t n, size_t min_size, unsigned int permutations,
			   double level, unsigned long seed, size_t *at);

#endif /* STATS_H */
