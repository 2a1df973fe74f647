// SPDX-License-Identifier: GPL-2.0
/*
 * How often compare is wrong at its default settings. Every model of noise gives 1,000 comparisons
 * of A with A, of which at most 1 % may be "faster" or "slower", and 1,000 of A with A + 5 %, of
 * which at least 95 % must be "slower". 200 samples a side, the default of every case.
 *
 * The same for samples that were recorded in the wall tier (tests/wall_samples.txt): 400 in a row
 * from a random place are dealt to two sides by turns, as gntbench run --interleave does.
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

/*
 * Recorded samples, in ns: 4,000 a metric, 2 vCPUs on 2 CPUs that other work ran on too (load 14).
 * Its disturbances are longer than the 200 samples of a short batch, which makes those series
 * "loud": what is asked of them is that they are called unproven, not slower.
 */

#define RECORDED	"tests/wall_samples.txt"
#define MAX_SERIES	16
#define MAX_RECORDED	10000
#define NR_BLOCKS	8	/* turns of each side: ubench/run.c */

static struct series {
	char name[128];
	bool loud;		/* too noisy for 5 % to be seen at 200 samples a side */
	size_t nr;
	double v[MAX_RECORDED];
} recorded[MAX_SERIES];

static size_t nr_recorded;

static void read_recorded(void)
{
	FILE *in = fopen(RECORDED, "r");
	char word[128];

	assert_non_null(in);
	while (fscanf(in, "%127s", word) == 1) {
		struct series *s;

		if (!strcmp(word, "series")) {
			assert_true(nr_recorded < MAX_SERIES);
			s = &recorded[nr_recorded++];
			assert_int_equal(fscanf(in, "%127s %127s", s->name, word), 2);
			s->loud = !strcmp(word, "loud");
		} else {
			assert_true(nr_recorded);
			s = &recorded[nr_recorded - 1];
			assert_true(s->nr < MAX_RECORDED);
			s->v[s->nr++] = strtod(word, NULL);
		}
	}
	fclose(in);
}

/* ABBA BAAB BAAB ABBA, in blocks of SAMPLES / NR_BLOCKS. */
static void deal(const double *v, double *x, double *y)
{
	const size_t block = SAMPLES / NR_BLOCKS;

	for (unsigned int turn = 0; turn < 2 * NR_BLOCKS; turn++) {
		bool second = (turn & 1) ^ __builtin_parity(turn / 2);

		memcpy((second ? y : x) + turn / 2 * block, v + turn * block, block * sizeof(*v));
	}
}

static enum verdict compare(double *x, double *y, size_t n)
{
	struct verdict_settings settings = VERDICT_DEFAULTS;
	struct record_case c = { .name = "map_unmap", .id = "map_unmap", .reason = "" };
	struct record_metric mx = { .name = "unmap", .unit = "ns", .divisor = 1, .nr_values = n,
				    .values = x };
	struct record_metric my = mx;
	struct row row = { .base_case = &c, .head_case = &c, .base_metric = &mx, .head_metric = &my };

	my.values = y;
	settings.resamples = 0;
	row_measure(&row, TIER_WALL, &settings);
	rows_judge(&row, 1, TIER_WALL, &settings);
	return row.verdict;
}

struct tally {
	unsigned int alarms, unproven, found;
};

/* One comparison of A with A, and one of A with A + 5 %. */
static void try(struct tally *t, double *x, double *y)
{
	enum verdict verdict = compare(x, y, SAMPLES);

	t->alarms += verdict == VERDICT_FASTER || verdict == VERDICT_SLOWER;
	t->unproven += verdict == VERDICT_UNPROVEN;
	for (size_t i = 0; i < SAMPLES; i++)
		y[i] *= 1.05;
	t->found += compare(x, y, SAMPLES) == VERDICT_SLOWER;
}

static void check_tally(const struct tally *t, const char *name, bool loud)
{
	print_message("%s: %u of %u A/A are alarms (%u unproven), +5 %% found in %u\n", name,
		      t->alarms, TRIALS, t->unproven, t->found);
	if (t->alarms > MAX_ALARMS)
		fail_msg("%s: %u alarms, at most %u allowed", name, t->alarms, MAX_ALARMS);
	if (!loud && t->found < MIN_FOUND)
		fail_msg("%s: found %u, at least %u asked for", name, t->found, MIN_FOUND);
}

static void check_model(const char *name, void (*model)(double *v, size_t n), bool loud)
{
	double x[SAMPLES], y[SAMPLES];
	struct tally t = { 0 };

	for (unsigned int i = 0; i < TRIALS; i++) {
		model(x, SAMPLES);
		model(y, SAMPLES);
		try(&t, x, y);
	}
	check_tally(&t, name, loud);
}

static void test_recorded(void **state)
{
	double x[SAMPLES], y[SAMPLES];

	(void)state;
	read_recorded();
	assert_true(nr_recorded >= 3);
	for (size_t k = 0; k < nr_recorded; k++) {
		struct tally t = { 0 };

		assert_true(recorded[k].nr > 4 * SAMPLES);
		for (unsigned int i = 0; i < TRIALS; i++) {
			deal(recorded[k].v + gsl_rng_uniform_int(rng, recorded[k].nr - 2 * SAMPLES), x, y);
			try(&t, x, y);
		}
		check_tally(&t, recorded[k].name, recorded[k].loud);
	}
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
		cmocka_unit_test(test_recorded),
	};
	int failed;

	rng = gsl_rng_alloc(gsl_rng_mt19937);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
