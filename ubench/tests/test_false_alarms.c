// SPDX-License-Identifier: GPL-2.0
/*
 * How often compare is wrong at its default settings. Every model of noise gives 1,000 comparisons
 * of A with A, of which at most 1 % may be "faster" or "slower", and 1,000 of A with A + 5 %, of
 * which at least 95 % must be "slower". 200 samples a side, the default of every case.
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

#include "verdict.h"

#define TRIALS		1000
#define MAX_ALARMS	(TRIALS / 100)
#define MIN_FOUND	(TRIALS * 95 / 100)
#define SAMPLES		200
#define TYPICAL		40000	/* ns, or ticks */

static gsl_rng *rng;

/* All: n values in time order whose median is about TYPICAL. */
static void skewed(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = TYPICAL * exp(0.08 * gsl_ran_ugaussian(rng));
}

/* One-sided and without a variance, as preemption is: Pareto, exponent 1.5, on a narrow base. */
static void heavy_tailed(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = TYPICAL * (0.95 + 0.05 * gsl_ran_pareto(rng, 1.5, 1));
}

static void autoregressive(double *v, size_t n, double correlation, double scale)
{
	double state = gsl_ran_ugaussian(rng) / sqrt(1 - correlation * correlation);

	for (size_t i = 0; i < n; i++) {
		state = correlation * state + gsl_ran_ugaussian(rng);
		v[i] = TYPICAL * exp(scale * state);
	}
}

static void autocorrelated(double *v, size_t n)
{
	autoregressive(v, n, 0.5, 0.04);
}

static void strongly_autocorrelated(double *v, size_t n)
{
	autoregressive(v, n, 0.8, 0.015);
}

/* All at once, and every 50th sample ten times as long. */
static void everything(double *v, size_t n)
{
	autoregressive(v, n, 0.6, 0.03);
	for (size_t i = 0; i < n; i++) {
		v[i] *= 0.99 + 0.01 * gsl_ran_pareto(rng, 1.2, 1);
		if (gsl_rng_uniform_int(rng, 50) == 0)
			v[i] *= 10;
	}
}

/* A coarse clock: few distinct values, many ties. */
static void tied(double *v, size_t n)
{
	skewed(v, n);
	for (size_t i = 0; i < n; i++)
		v[i] = 1000 * round(v[i] / 1000);
}

/* Two states, some 20 samples each: a page that is in cache or isn't, a host that is busy. */
static void bimodal(double *v, size_t n)
{
	bool state = gsl_rng_uniform_int(rng, 2);

	for (size_t i = 0; i < n; i++) {
		if (gsl_rng_uniform_int(rng, 20) == 0)
			state = !state;
		v[i] = TYPICAL * (state ? 1.02 : 1) * exp(0.02 * gsl_ran_ugaussian(rng));
	}
}

/* Too loud for 5 % to be seen: here only the alarms count, and the threshold hides none. */
static void loud(double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i] = TYPICAL * exp(gsl_ran_ugaussian(rng));
}

static void loud_autocorrelated(double *v, size_t n)
{
	autoregressive(v, n, 0.9, 0.3);
}

static void loud_slow(double *v, size_t n)
{
	autoregressive(v, n, 0.97, 0.2);
}

/* A random walk: every run ends somewhere else. */
static void drifting(double *v, size_t n)
{
	double state = 0;

	for (size_t i = 0; i < n; i++) {
		state += gsl_ran_ugaussian(rng);
		v[i] = TYPICAL * exp(0.02 * state);
	}
}

static enum verdict compare(double *x, double *y, size_t n)
{
	const struct verdict_settings defaults = VERDICT_DEFAULTS;
	struct verdict_settings settings = defaults;
	struct record_case c = { .name = "map_unmap", .id = "map_unmap", .reason = "" };
	struct record_metric mx = { .name = "unmap", .unit = "ns", .divisor = 1, .nr_values = n, .values = x };
	struct record_metric my = { .name = "unmap", .unit = "ns", .divisor = 1, .nr_values = n, .values = y };
	struct row row = { .base_case = &c, .head_case = &c, .base_metric = &mx, .head_metric = &my };

	settings.resamples = 0;
	row_measure(&row, TIER_WALL, &settings);
	rows_judge(&row, 1, TIER_WALL, &settings);
	return row.verdict;
}

static void check_model(const char *name, void (*model)(double *v, size_t n),
			bool loud)
{
	unsigned int alarms = 0, found = 0, unproven = 0;
	double x[SAMPLES], y[SAMPLES];

	for (unsigned int i = 0; i < TRIALS; i++) {
		enum verdict verdict;

		model(x, SAMPLES);
		model(y, SAMPLES);
		verdict = compare(x, y, SAMPLES);
		alarms += verdict == VERDICT_FASTER || verdict == VERDICT_SLOWER;
		unproven += verdict == VERDICT_UNPROVEN;
		for (size_t k = 0; k < SAMPLES; k++)
			y[k] *= 1.05;
		found += compare(x, y, SAMPLES) == VERDICT_SLOWER;
	}
	print_message("%s: %u of %u A/A are alarms (%u unproven), +5 %% found in %u\n", name, alarms, TRIALS,
		      unproven, found);
	if (alarms > MAX_ALARMS)
		fail_msg("%s: %u alarms, at most %u allowed", name, alarms, MAX_ALARMS);
	if (!loud && found < MIN_FOUND)
		fail_msg("%s: found %u, at least %u asked for", name, found, MIN_FOUND);
}

#define MODEL(name, loud) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		check_model(#name, name, loud); \
	}

MODEL(skewed, false)
MODEL(heavy_tailed, false)
MODEL(autocorrelated, false)
MODEL(strongly_autocorrelated, false)
MODEL(everything, false)
MODEL(tied, false)
MODEL(bimodal, false)
MODEL(loud, true)
MODEL(loud_autocorrelated, true)
MODEL(loud_slow, true)
MODEL(drifting, true)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skewed),
		cmocka_unit_test(test_heavy_tailed),
		cmocka_unit_test(test_autocorrelated),
		cmocka_unit_test(test_strongly_autocorrelated),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_tied),
		cmocka_unit_test(test_bimodal),
		cmocka_unit_test(test_loud),
		cmocka_unit_test(test_loud_autocorrelated),
		cmocka_unit_test(test_loud_slow),
		cmocka_unit_test(test_drifting),
	};
	int failed;

	rng = gsl_rng_alloc(gsl_rng_mt19937);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
