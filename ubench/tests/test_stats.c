// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics against scipy (tests/stats_vectors.py, run here), then what no library defines: empty,
 * NaN, infinite and single samples, and that a seed repeats its interval.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/stats.h"

/* What it prints is in the file STATS_VECTORS, where it is made once for many. */
#define VECTORS	   "cat \"$STATS_VECTORS\" 2>/dev/null || /usr/bin/python3 tests/stats_vectors.py"
#define MAX_VALUES 1000
#define TOLERANCE  1e-9 /* relative */

struct values {
	size_t n;
	double v[MAX_VALUES];
};

/* The values of field @name of a line of the vectors. */
static void field(const char *line, const char *name, struct values *out)
{
	char key[32], *end;
	const char *p;

	snprintf(key, sizeof(key), " %s=", name);
	p = strstr(line, key);
	if (!p)
		fail_msg("no field %s in: %.60s", name, line);
	out->n = 0;
	p += strlen(key) - 1;
	do {
		assert_true(out->n < MAX_VALUES);
		out->v[out->n++] = strtod(p + 1, &end);
		p = end;
	} while (*p == ',');
}

static double number(const char *line, const char *name)
{
	static struct values v;

	field(line, name, &v);
	assert_int_equal(v.n, 1);
	return v.v[0];
}

static void agree(const char *line, const char *what, double ours, double theirs)
{
	if (!(fabs(ours - theirs) <= TOLERANCE * fmax(fabs(theirs), 1e-300)))
		fail_msg("%.40s: %s is %.17g, scipy says %.17g", line, what, ours, theirs);
}

static void check_two_samples(const char *line, const double *x, size_t nx, const double *y,
			      size_t ny)
{
	struct stats_rank_sum r = stats_rank_sum(x, nx, y, ny);

	agree(line, "u", r.u, number(line, "u"));
	agree(line, "p", r.p, number(line, "p"));
	agree(line, "median of x", stats_median(x, nx), number(line, "mx"));
	agree(line, "median of y", stats_median(y, ny), number(line, "my"));
	agree(line, "shift", stats_shift(x, nx, y, ny), number(line, "shift"));
}

static void check_pair(const char *line)
{
	static struct values x, y;

	field(line, "x", &x);
	field(line, "y", &y);
	check_two_samples(line, x.v, x.n, y.v, y.n);
}

static void check_paired(const char *line)
{
	static struct values d;
	struct stats_rank_sum r;

	field(line, "d", &d);
	r = stats_signed_rank(d.v, d.n);
	agree(line, "w", r.u, number(line, "w"));
	agree(line, "p", r.p, number(line, "p"));
	agree(line, "shift", stats_paired_shift(d.v, d.n), number(line, "shift"));
}

/* The same arithmetic as in stats_vectors.py. */
static void check_large(const char *line)
{
	const size_t n = 1000000;
	double *x = malloc(n * sizeof(*x)), *y = malloc(n * sizeof(*y));

	assert_true(x && y);
	for (uint64_t i = 0; i < n; i++) {
		x[i] = i * 2654435761 % 1000003;
		y[i] = i * 40503 % 999983 + 1000;
	}
	check_two_samples(line, x, n, y, n);
	free(x);
	free(y);
}

static void check_time(const char *line)
{
	static struct values v;

	field(line, "v", &v);
	agree(line, "time", stats_autocorrelation_time(v.v, v.n), number(line, "time"));
}

static void check_serial(const char *line)
{
	double p = stats_serial_p(number(line, "z"), number(line, "nx"), number(line, "tx"),
				  number(line, "ny"), number(line, "ty"));

	agree(line, "p", p, number(line, "p"));
}

static void check_serial_pairs(const char *line)
{
	const struct stats_rank_sum r = { .z = number(line, "z"), .p = number(line, "own") };
	double p = stats_paired_p(r, number(line, "n"), number(line, "time"));

	agree(line, "p", p, number(line, "p"));
}

static void check_holm(const char *line)
{
	static struct values p, adjusted;

	field(line, "p", &p);
	field(line, "adjusted", &adjusted);
	stats_holm(p.v, p.n);
	for (size_t i = 0; i < p.n; i++)
		agree(line, "adjusted p", p.v[i], adjusted.v[i]);
}

static void check_proportion(const char *line)
{
	struct stats_interval i = stats_proportion_interval(number(line, "k"), number(line, "n"));

	agree(line, "lo", i.lo, number(line, "lo"));
	agree(line, "hi", i.hi, number(line, "hi"));
}

static void check_gmean(const char *line)
{
	static struct values v;

	field(line, "v", &v);
	agree(line, "geometric mean", stats_geometric_mean(v.v, v.n), number(line, "mean"));
}

/* Segments so long that there is room for one split, and no permutation to refuse it. */
static void check_split(const char *line)
{
	static struct values v;
	size_t at[4];

	field(line, "v", &v);
	assert_int_equal(stats_change_points(v.v, v.n, number(line, "min_size"), 0, 1, 1, at), 1);
	agree(line, "split", at[0], number(line, "at"));
}

static const struct {
	const char *kind;
	void (*check)(const char *line);
} kinds[] = {
	{ "pair", check_pair },	    { "paired", check_paired },
	{ "large", check_large },   { "time", check_time },
	{ "serial", check_serial }, { "serial1", check_serial_pairs },
	{ "holm", check_holm },	    { "proportion", check_proportion },
	{ "gmean", check_gmean },   { "split", check_split },
};

#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void test_against_scipy(void **state)
{
	unsigned int seen[NR_KINDS] = { 0 };
	char *line = NULL;
	size_t room = 0;
	FILE *f = popen(VECTORS, "r");

	(void)state;
	assert_non_null(f);
	while (getline(&line, &room, f) > 0) {
		for (size_t i = 0; i < NR_KINDS; i++) {
			size_t len = strlen(kinds[i].kind);

			if (strncmp(line, kinds[i].kind, len) || line[len] != ' ')
				continue;
			kinds[i].check(line);
			seen[i]++;
		}
	}
	free(line);
	if (pclose(f))
		fail_msg("%s failed; it needs Debian's python3-scipy", VECTORS);
	for (size_t i = 0; i < NR_KINDS; i++)
		if (!seen[i])
			fail_msg("no vector of kind %s was made", kinds[i].kind);
}

static void test_undefined_is_nan(void **state)
{
	const double good[] = { 1, 2, 3, 4 };
	const double bad[][4] = { { 1, NAN, 3, 4 }, { 1, 2, INFINITY, 4 }, { -INFINITY, 2, 3, 4 } };
	double share;

	(void)state;
	for (size_t i = 0; i <= 3; i++) {
		const double *v = i < 3 ? bad[i] : NULL;
		size_t n = i < 3 ? 4 : 0;

		assert_true(isnan(stats_median(v, n)));
		assert_true(isnan(stats_mode(v, n, &share)) && isnan(share));
		assert_true(isnan(stats_rank_sum(good, 4, v, n).p));
		assert_true(isnan(stats_rank_sum(v, n, good, 4).z));
		assert_true(isnan(stats_shift(good, 4, v, n)));
		assert_true(isnan(stats_shift(v, n, good, 4)));
		assert_true(isnan(stats_autocorrelation_time(v, n)));
		assert_true(
			isnan(stats_median_ratio_interval(good, 4, 1, v, n, 1, false, 200, 1).lo));
		assert_true(isnan(stats_geometric_mean(v, n)));
	}
	assert_int_equal(stats_change_points(bad[0], 4, 1, 0, 1, 1, NULL), 0);
	assert_int_equal(stats_change_points(NULL, 0, 2, 99, 0.05, 1, NULL), 0);
	assert_true(isnan(stats_proportion_interval(0, 0).lo));
	assert_true(isnan(stats_geometric_mean((double[]) { 1, 0 }, 2)));
	assert_true(isnan(
		stats_median_ratio_interval((double[]) { 0, 0 }, 2, 1, good, 4, 1, false, 200, 1)
			.lo));
}

static void test_smallest_samples(void **state)
{
	const double one[] = { 5 }, two[] = { 5, 7 };
	struct stats_interval i;

	(void)state;
	assert_true(stats_median(one, 1) == 5);
	assert_true(stats_median(two, 2) == 6);
	assert_true(stats_shift(one, 1, two, 2) == 1);
	assert_true(stats_rank_sum(one, 1, one, 1).p == 1);
	assert_true(stats_rank_sum(one, 1, one, 1).z == 0);
	i = stats_median_ratio_interval(one, 1, 1, one, 1, 1, false, 200, 1);
	assert_true(i.lo == 1 && i.hi == 1);
}

static void test_mode(void **state)
{
	double share;

	(void)state;
	assert_true(stats_mode((double[]) { 3, 1, 3, 2, 1 }, 5, &share) == 1);
	assert_true(fabs(share - 0.4) < 1e-12);
}

static void test_holm_leaves_nan_alone(void **state)
{
	double p[] = { NAN, 0.02, 0.03 };

	(void)state;
	stats_holm(p, 3);
	assert_true(isnan(p[0]));
	assert_true(fabs(p[1] - 0.04) < 1e-12 && fabs(p[2] - 0.04) < 1e-12);
}

static void test_seed_repeats_the_interval(void **state)
{
	struct stats_interval a, b, c;
	double x[100], y[100];

	(void)state;
	for (int i = 0; i < 100; i++) {
		x[i] = 100 + i * 37 % 101;
		y[i] = 110 + i * 53 % 101;
	}
	a = stats_median_ratio_interval(x, 100, 1, y, 100, 1, false, 500, 42);
	b = stats_median_ratio_interval(x, 100, 1, y, 100, 1, false, 500, 42);
	c = stats_median_ratio_interval(x, 100, 1, y, 100, 1, false, 500, 43);
	assert_true(a.lo == b.lo && a.hi == b.hi);
	assert_true(a.lo != c.lo || a.hi != c.hi);
	assert_true(a.lo < a.hi);
}

/* The 95 % interval holds the true ratio in about 95 % of trials, and misses it alike on both sides. */
static void interval_covers(double correlation)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double side[2][200], time[2];
	unsigned int above = 0, below = 0;

	for (unsigned long trial = 0; trial < 500; trial++) {
		struct stats_interval i;

		for (int s = 0; s < 2; s++) {
			double state = gsl_ran_ugaussian(rng) / sqrt(1 - correlation * correlation);

			for (int k = 0; k < 200; k++) {
				state = correlation * state + gsl_ran_ugaussian(rng);
				side[s][k] = (s ? 1100 : 1000) + 10 * state;
			}
			time[s] = stats_autocorrelation_time(side[s], 200);
		}
		i = stats_median_ratio_interval(side[0], 200, time[0], side[1], 200, time[1], false,
						300, trial);
		above += i.lo > 1.1;
		below += i.hi < 1.1;
	}
	gsl_rng_free(rng);
	if (above > 19 || below > 19)
		fail_msg("correlation %g: of 500 intervals %u are above the true ratio, %u below",
			 correlation, above, below);
}

static void test_interval_coverage(void **state)
{
	(void)state;
	interval_covers(0);
	interval_covers(0.5);
}

static void test_change_points_planted(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double v[400];
	size_t at[80], nr;

	(void)state;
	for (int i = 0; i < 400; i++)
		v[i] = (i < 150 ? 100 : i < 260 ? 104 : 97) + gsl_ran_ugaussian(rng);
	nr = stats_change_points(v, 400, 5, 199, 0.01, 1, at);
	assert_int_equal(nr, 2);
	assert_in_range(at[0], 149, 151);
	assert_in_range(at[1], 259, 261);
	for (int i = 0; i < 400; i++)
		v[i] = 100 + gsl_ran_ugaussian(rng);
	assert_int_equal(stats_change_points(v, 400, 5, 199, 0.01, 1, at), 0);
	for (int i = 0; i < 400; i++)
		v[i] = 7;
	assert_int_equal(stats_change_points(v, 400, 5, 199, 0.01, 1, at), 0);
	/* What is rounded in its sums is no step. */
	for (int i = 0; i < 400; i++)
		v[i] = 1612.37;
	assert_int_equal(stats_change_points(v, 400, 5, 199, 0.01, 1, at), 0);
	gsl_rng_free(rng);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_scipy),
		cmocka_unit_test(test_undefined_is_nan),
		cmocka_unit_test(test_smallest_samples),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_holm_leaves_nan_alone),
		cmocka_unit_test(test_seed_repeats_the_interval),
		cmocka_unit_test(test_interval_coverage),
		cmocka_unit_test(test_change_points_planted),
	};

	cmocka_set_test_filter(getenv("FUNCTION")); /* test_mutants.sh */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
