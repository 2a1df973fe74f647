// SPDX-License-Identifier: GPL-2.0
#include "stats/stats.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fft_halfcomplex.h>
#include <gsl/gsl_fft_real.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "base/alloc.h"
#include "base/error.h"

#define MAX_EXACT     50
#define MIN_RESAMPLES 200
#define MAX_RESAMPLED 200000000ul /* values drawn for one interval */

/* GSL's own handler aborts the program; every function here returns NaN for what it can't tell. */
static void __attribute__((constructor)) no_abort(void)
{
	gsl_set_error_handler_off();
}

static void *alloc(size_t count, size_t size)
{
	void *p = xcalloc(count ? count : 1, size);

	return p;
}

static double *copy(const double *v, size_t n)
{
	double *c = alloc(n, sizeof(*c));

	if (n)
		memcpy(c, v, n * sizeof(*c));
	return c;
}

static double *sorted(const double *v, size_t n)
{
	double *c = copy(v, n);

	gsl_sort(c, 1, n);
	return c;
}

bool stats_all_finite(const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(v[i]))
			return false;
	return true;
}

static bool usable(const double *v, size_t n)
{
	return n && stats_all_finite(v, n);
}

double stats_median(const double *v, size_t n)
{
	double median, *c;

	if (!usable(v, n))
		return NAN;
	c = copy(v, n);
	median = gsl_stats_median(c, 1, n);
	free(c);
	return median;
}

double stats_mode(const double *v, size_t n, double *share)
{
	double mode = NAN, *c;
	size_t most = 0;

	*share = NAN;
	if (!usable(v, n))
		return NAN;
	c = sorted(v, n);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && c[end] == c[i]; end++)
			;
		if (end - i > most) {
			most = end - i;
			mode = c[i];
		}
	}
	free(c);
	*share = (double)most / n;
	return mode;
}

/* Ranks from 1, the mean of them for ties; *@ties is the sum of t^3 - t over groups of t ties. */
static double *ranks(const double *v, size_t n, double *ties)
{
	double *rank = alloc(n, sizeof(*rank));
	size_t *order = alloc(n, sizeof(*order));

	gsl_sort_index(order, v, 1, n);
	*ties = 0;
	for (size_t i = 0, end; i < n; i = end) {
		double t;

		for (end = i + 1; end < n && v[order[end]] == v[order[i]]; end++)
			;
		t = end - i;
		*ties += t * t * t - t;
		for (size_t k = i; k < end; k++)
			rank[order[k]] = (i + 1 + end) / 2.0;
	}
	free(order);
	return rank;
}

/* @sum against its mean and variance if nothing differs, with the correction for continuity. */
static struct stats_rank_sum normal_test(double sum, double mean, double variance)
{
	struct stats_rank_sum r = { .u = sum, .z = 0, .p = 1 };

	if (variance <= 0)
		return r;
	r.z = copysign(fmax(0, fabs(sum - mean) - 0.5) / sqrt(variance), sum - mean);
	r.p = 2 * gsl_cdf_ugaussian_Q(fabs(r.z));
	return r;
}

struct stats_rank_sum stats_rank_sum(const double *x, size_t nx, const double *y, size_t ny)
{
	struct stats_rank_sum r = { NAN, NAN, NAN };
	double n = (double)nx + ny, half = (double)nx * ny / 2, sum = 0, ties, variance;
	double *both, *rank;

	if (!usable(x, nx) || !usable(y, ny))
		return r;
	both = alloc(nx + ny, sizeof(*both));
	memcpy(both, x, nx * sizeof(*x));
	memcpy(both + nx, y, ny * sizeof(*y));
	rank = ranks(both, nx + ny, &ties);
	for (size_t i = 0; i < ny; i++)
		sum += rank[nx + i];
	free(rank);
	free(both);

	variance = half / 6 * (n + 1 - ties / (n * (n - 1)));
	return normal_test(sum - (double)ny * (ny + 1.0) / 2, half, variance);
}

/*
 * How probable it is that of the ranks 1 to @n, each of which is in the sum or not with the same
 * probability, the sum is @sum or further from its mean.
 */
static double exact_signed_rank_p(double sum, size_t n)
{
	size_t most = n * (n + 1) / 2, end = fmin(sum, most - sum);
	double *share = alloc(most + 1, sizeof(*share)), p = 0;

	share[0] = 1;
	for (size_t rank = 1; rank <= n; rank++)
		for (size_t s = most + 1; s--;)
			share[s] = (share[s] + (s >= rank ? share[s - rank] : 0)) / 2;
	for (size_t s = 0; s <= end; s++)
		p += share[s];
	free(share);
	return fmin(1, 2 * p);
}

struct stats_rank_sum stats_signed_rank(const double *d, size_t n)
{
	struct stats_rank_sum r = { NAN, NAN, NAN };
	double sum = 0, ties, m, *size, *rank;
	size_t nr = 0;

	if (!usable(d, n))
		return r;
	size = alloc(n, sizeof(*size));
	for (size_t i = 0; i < n; i++)
		if (d[i] != 0)
			size[nr++] = fabs(d[i]);
	rank = ranks(size, nr, &ties);
	for (size_t i = 0, k = 0; i < n; k += d[i++] != 0)
		if (d[i] > 0)
			sum += rank[k];
	free(rank);
	free(size);
	m = nr;
	r = normal_test(sum, m * (m + 1) / 4, m * (m + 1) * (2 * m + 1) / 24 - ties / 48);
	if (nr == n && !ties && n <= MAX_EXACT)
		r.p = exact_signed_rank_p(sum, n);
	return r;
}

/*
 * How many differences y - x are at most @d. x and y are sorted, so along x the number of y that
 * satisfy it only grows: one walk over both.
 */
static uint64_t count_at_most(const double *x, size_t nx, const double *y, size_t ny, double d)
{
	uint64_t count = 0;
	size_t j = 0;

	for (size_t i = 0; i < nx; i++) {
		while (j < ny && y[j] - x[i] <= d)
			j++;
		count += j;
	}
	return count;
}

/* Finite doubles and integers in the same order (-0 is 0), so that bisection ends in 64 steps. */
static int64_t to_ordered(double d)
{
	int64_t i;

	memcpy(&i, &d, sizeof(i));
	return i < 0 ? INT64_MIN - i : i;
}

static double from_ordered(int64_t i)
{
	double d;

	if (i < 0)
		i = INT64_MIN - i;
	memcpy(&d, &i, sizeof(d));
	return d;
}

/* Sums d[i] + d[j], i <= j, of the sorted @d that are at most @sum: half of those of all pairs. */
static uint64_t count_sums(const double *d, const double *minus, size_t n, double sum)
{
	uint64_t twice = count_at_most(minus, n, d, n, sum);

	for (size_t i = 0; i < n && 2 * d[i] <= sum; i++)
		twice++;
	return twice / 2;
}

/*
 * The k-th smallest, from 1, of the differences, or of the @walsh sums where @x is -@y: the least
 * value that at least k of them don't exceed.
 */
static double select_kth(const double *x, size_t nx, const double *y, size_t ny, bool walsh,
			 uint64_t k)
{
	int64_t lo = to_ordered(y[0] - x[nx - 1]), hi = to_ordered(y[ny - 1] - x[0]);

	while (lo < hi) {
		int64_t mid = (lo & hi) + ((lo ^ hi) >> 1);
		double d = from_ordered(mid);
		uint64_t count = walsh ? count_sums(y, x, ny, d) : count_at_most(x, nx, y, ny, d);

		if (count >= k)
			hi = mid;
		else
			lo = mid + 1;
	}
	return from_ordered(lo);
}

static double median_of(const double *x, size_t nx, const double *y, size_t ny, bool walsh,
			uint64_t pairs)
{
	double *sx = sorted(x, nx), *sy = sorted(y, ny);
	double median = select_kth(sx, nx, sy, ny, walsh, (pairs + 1) / 2);

	if (pairs % 2 == 0)
		median = (median + select_kth(sx, nx, sy, ny, walsh, pairs / 2 + 1)) / 2;
	free(sx);
	free(sy);
	return median;
}

double stats_shift(const double *x, size_t nx, const double *y, size_t ny)
{
	if (!usable(x, nx) || !usable(y, ny))
		return NAN;
	return median_of(x, nx, y, ny, false, (uint64_t)nx * ny);
}

/* d[i] + d[j] is the difference of d[i] and -d[j]. */
double stats_paired_shift(const double *d, size_t n)
{
	double *minus, shift;

	if (!usable(d, n))
		return NAN;
	minus = copy(d, n);
	for (size_t i = 0; i < n; i++)
		minus[i] = -d[i];
	shift = median_of(minus, n, d, n, true, (uint64_t)n * (n + 1) / 2) / 2;
	free(minus);
	return shift;
}

/* Autocovariances, not divided by n, of @v for lags below @n into v[0 .. n - 1]; @v has @size. */
static void autocovariances(double *v, size_t size)
{
	gsl_fft_real_radix2_transform(v, 1, size);
	v[0] *= v[0];
	v[size / 2] *= v[size / 2];
	for (size_t i = 1; i < size / 2; i++) {
		v[i] = v[i] * v[i] + v[size - i] * v[size - i];
		v[size - i] = 0;
	}
	gsl_fft_halfcomplex_radix2_inverse(v, 1, size);
}

double stats_autocorrelation_time(const double *v, size_t n)
{
	double ties, time = -1, last = INFINITY, *rank, *series;
	size_t size = 2;

	if (!usable(v, n))
		return NAN;
	while (size < 2 * n)
		size *= 2;
	rank = ranks(v, n, &ties);
	series = alloc(size, sizeof(*series));
	for (size_t i = 0; i < n; i++)
		series[i] = rank[i] - (n + 1) / 2.0;
	autocovariances(series, size);
	if (series[0] > 0) {
		for (size_t lag = 0; lag + 1 < n; lag += 2) {
			double pair = (series[lag] + series[lag + 1]) / series[0];

			if (pair <= 0)
				break;
			last = fmin(last, pair);
			time += 2 * last;
		}
	}
	free(rank);
	free(series);
	return fmax(time, 1);
}

double stats_serial_p(double z, size_t nx, double time_x, size_t ny, double time_y)
{
	double independent = 1.0 / nx + 1.0 / ny;
	double serial = time_x / nx + time_y / ny;
	double freedom = fmax(1, nx / time_x + ny / time_y - 2);

	if (isnan(z) || isnan(serial))
		return NAN;
	return 2 * gsl_cdf_tdist_Q(fabs(z) / sqrt(serial / independent), freedom);
}

double stats_paired_p(struct stats_rank_sum r, size_t n, double time)
{
	if (isnan(r.z) || isnan(time))
		return NAN;
	if (time == 1)
		return r.p;
	return 2 * gsl_cdf_tdist_Q(fabs(r.z) / sqrt(time), fmax(1, n / time - 1));
}

/* One circular block resample of @v into @out. */
static void resample(gsl_rng *rng, const double *v, size_t n, size_t block, double *out)
{
	for (size_t done = 0; done < n; done += block) {
		size_t from = gsl_rng_uniform_int(rng, n);

		for (size_t i = 0; i < block && done + i < n; i++)
			out[done + i] = v[(from + i) % n];
	}
}

static size_t block_length(size_t n, double time)
{
	double length = ceil(fmax(cbrt(n), 2 * time));

	return fmax(1, fmin(length, n / 4));
}

struct stats_interval stats_median_ratio_interval(const double *x, size_t nx, double time_x,
						  const double *y, size_t ny, double time_y,
						  bool paired, unsigned int resamples,
						  unsigned long seed)
{
	struct stats_interval interval = { NAN, NAN };
	size_t bx, by, nr;
	double *rx, *ry, *ratio;
	gsl_rng *rng, *rng_y;

	if (!usable(x, nx) || !usable(y, ny) || isnan(time_x) || isnan(time_y))
		return interval;
	bx = block_length(nx, time_x);
	by = block_length(ny, time_y);
	nr = fmin(resamples, fmax(MIN_RESAMPLES, MAX_RESAMPLED / (nx + ny)));
	rx = alloc(nx, sizeof(*rx));
	ry = alloc(ny, sizeof(*ry));
	ratio = alloc(nr, sizeof(*ratio));
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(rng, seed);
	/* Two generators in the same state draw the same indices. */
	rng_y = paired ? gsl_rng_clone(rng) : rng;
	for (size_t i = 0; i < nr; i++) {
		resample(rng, x, nx, bx, rx);
		resample(rng_y, y, ny, by, ry);
		ratio[i] = gsl_stats_median(ry, 1, ny) / gsl_stats_median(rx, 1, nx);
	}
	if (stats_all_finite(ratio, nr)) {
		gsl_sort(ratio, 1, nr);
		interval.lo = gsl_stats_quantile_from_sorted_data(ratio, 1, nr, 0.025);
		interval.hi = gsl_stats_quantile_from_sorted_data(ratio, 1, nr, 0.975);
	}
	if (paired)
		gsl_rng_free(rng_y);
	gsl_rng_free(rng);
	free(rx);
	free(ry);
	free(ratio);
	return interval;
}

void stats_holm(double *p, size_t n)
{
	size_t *at = alloc(n, sizeof(*at)), *order = alloc(n, sizeof(*order)), tests = 0;
	double *tested = alloc(n, sizeof(*tested)), least = 0;

	for (size_t i = 0; i < n; i++) {
		if (isnan(p[i]))
			continue;
		at[tests] = i;
		tested[tests++] = p[i];
	}
	gsl_sort_index(order, tested, 1, tests);
	for (size_t i = 0; i < tests; i++) {
		least = fmax(least, fmin(1, tested[order[i]] * (tests - i)));
		p[at[order[i]]] = least;
	}
	free(tested);
	free(order);
	free(at);
}

/*
 * The regularized incomplete beta function I_x(a, b) by Lentz's continued fraction (Numerical
 * Recipes 6.4), of as many terms as it takes: GSL's gives up after 512, and its inverse aborts.
 */
static double beta_fraction(double x, double a, double b)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	h = d;
	for (double m = 1; m < 1e6; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double last;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		h *= d * (fabs(c) < tiny ? tiny : c);
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		last = d * (fabs(c) < tiny ? tiny : c);
		h *= last;
		if (fabs(last - 1) < 1e-15)
			return h;
	}
	return NAN;
}

static double beta_probability(double x, double a, double b)
{
	double front;

	if (x <= 0 || x >= 1)
		return x > 0;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(1 - x, b, a) / b;
}

/* The x with I_x(a, b) = @p; NaN if that can't be told. */
static double beta_quantile(double p, double a, double b)
{
	double lo = 0, hi = 1;

	/* Halved until no double is between; the probability only grows with x. */
	for (;;) {
		double mid = (lo + hi) / 2, q = beta_probability(mid, a, b);

		if (isnan(q))
			return NAN;
		if (mid <= lo || mid >= hi || hi - lo <= 1e-13 * hi)
			return mid;
		if (q < p)
			lo = mid;
		else
			hi = mid;
	}
}

struct stats_interval stats_proportion_interval(size_t k, size_t n)
{
	struct stats_interval interval = { 0, 1 };

	if (!n || k > n)
		return (struct stats_interval) { NAN, NAN };
	if (k)
		interval.lo = beta_quantile(0.025, k, n - k + 1);
	if (k < n)
		interval.hi = beta_quantile(0.975, k + 1, n - k);
	return interval;
}

double stats_geometric_mean(const double *v, size_t n)
{
	double sum = 0;

	if (!usable(v, n))
		return NAN;
	for (size_t i = 0; i < n; i++) {
		if (v[i] <= 0)
			return NAN;
		sum += log(v[i]);
	}
	return exp(sum / n);
}
