// SPDX-License-Identifier: GPL-2.0
/*
 * How often compare is wrong at its default settings. Every model of noise gives 1,000 comparisons
 * of A with A, of which at most 1 % may be "faster" or "slower", and 1,000 of A with A + 5 %, of
 * which at least 95 % must be "slower". 200 samples a side, the default of every case.
 *
 * Each model makes the sides apart, and as one series that is dealt to two sides that take turns.
 *
 * The same for samples that were recorded in the wall tier (tests/wall_samples.txt): as many of them
 * in a row as two sides have in the suite default, from a random place, are dealt to the sides as
 * gntbench run --interleave does, and compared pair by pair.
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

#include "verdict/verdict.h"

#define TRIALS		  1000
#define MAX_ALARMS	  (TRIALS / 100)
#define MAX_ALARMS_STATES (TRIALS / 50)
#define MIN_FOUND	  (TRIALS * 95 / 100)
#define SAMPLES		  200
#define RECORDED_SAMPLES  600	/* of suites/default.ini, in the wall tier */
#define TYPICAL		  40000 /* ns, or ticks */

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

/*
 * Two states 7.5 % apart that last for 100 samples, as long as half of a side: a clock that is
 * boosted, a neighbour that works. A side may see one of them only, and look quiet: of 1,000 pairs 9
 * have one state on one side, all of the other on the other, and nothing in them tells that from a
 * change. So twice as many alarms are allowed as elsewhere; there were 136 before states_last().
 */
static void long_states(double *v, size_t n)
{
	bool state = gsl_rng_uniform_int(rng, 2);

	for (size_t i = 0; i < n; i++) {
		if (gsl_rng_uniform_int(rng, 100) == 0)
			state = !state;
		v[i] = TYPICAL * (state ? 1.075 : 1) * exp(0.01 * gsl_ran_ugaussian(rng));
	}
}

/* The same, but each lasts just as long, from anywhere in the first. */
static void even_states(double *v, size_t n)
{
	size_t at = gsl_rng_uniform_int(rng, 200);

	for (size_t i = 0; i < n; i++)
		v[i] = TYPICAL * ((at + i) / 100 % 2 ? 1.075 : 1) *
		       exp(0.01 * gsl_ran_ugaussian(rng));
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
 * Recorded samples, in ns: 5,000 in a row of one side of a run whose sides took turns, 2 vCPUs on 2
 * CPUs. Dealt to two sides, pairs are twice as far apart as they were in the run.
 */

#define RECORDED     "tests/wall_samples.txt"
#define MAX_SERIES   16
#define MAX_RECORDED 10000
#define TURN_SAMPLES 2 /* ubench/run.c */

static struct series {
	char name[128];
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
			assert_int_equal(fscanf(in, "%127s", s->name), 1);
		} else {
			assert_true(nr_recorded);
			s = &recorded[nr_recorded - 1];
			assert_true(s->nr < MAX_RECORDED);
			s->v[s->nr++] = strtod(word, NULL);
		}
	}
	fclose(in);
}

/* ABBA BAAB BAAB ABBA, in turns of TURN_SAMPLES. */
static void deal(const double *v, double *x, double *y, size_t n)
{
	for (unsigned int turn = 0; turn < 2 * n / TURN_SAMPLES; turn++) {
		bool second = (turn & 1) ^ __builtin_parity(turn / 2);

		memcpy((second ? y : x) + turn / 2 * TURN_SAMPLES, v + turn * TURN_SAMPLES,
		       TURN_SAMPLES * sizeof(*v));
	}
}

static enum verdict compare(double *x, double *y, size_t n, bool paired)
{
	struct verdict_settings settings = VERDICT_DEFAULTS;
	struct record_case c = { .name = "map_unmap", .id = "map_unmap", .reason = "" };
	struct record_metric mx = {
		.name = "unmap", .unit = "ns", .divisor = 1, .nr_values = n, .values = x
	};
	struct record_metric my = mx;
	struct row row = { .base_case = &c,
			   .head_case = &c,
			   .base_metric = &mx,
			   .head_metric = &my,
			   .paired = paired };

	my.values = y;
	settings.resamples = 0;
	row_measure(&row, TIER_WALL, 0, &settings);
	rows_judge(&row, 1, TIER_WALL, &settings);
	return row.verdict;
}

struct tally {
	unsigned int alarms, unproven, found;
};

/* One comparison of A with A, and one of A with A + 5 %. */
static void try(struct tally *t, double *x, double *y, size_t n, bool paired)
{
	enum verdict verdict = compare(x, y, n, paired);

	t->alarms += verdict == VERDICT_FASTER || verdict == VERDICT_SLOWER;
	t->unproven += verdict == VERDICT_UNPROVEN;
	for (size_t i = 0; i < n; i++)
		y[i] *= 1.05;
	t->found += compare(x, y, n, paired) == VERDICT_SLOWER;
}

static void check_tally(const struct tally *t, const char *name, bool loud)
{
	unsigned int max_alarms = strcmp(name, "long_states") ? MAX_ALARMS : MAX_ALARMS_STATES;

	print_message("%s: %u of %u A/A are alarms (%u unproven), +5 %% found in %u\n", name,
		      t->alarms, TRIALS, t->unproven, t->found);
	if (t->alarms > max_alarms)
		fail_msg("%s: %u alarms, at most %u allowed", name, t->alarms, max_alarms);
	if (!loud && t->found < MIN_FOUND)
		fail_msg("%s: found %u, at least %u asked for", name, t->found, MIN_FOUND);
}

/* Two runs of the model, then one whose samples are dealt. */
static void check_model(const char *name, void (*model)(double *v, size_t n), bool loud)
{
	double x[SAMPLES], y[SAMPLES], both[2 * SAMPLES];
	struct tally apart = { 0 }, turns = { 0 };
	char text[64];

	for (unsigned int i = 0; i < TRIALS; i++) {
		model(x, SAMPLES);
		model(y, SAMPLES);
		try(&apart, x, y, SAMPLES, false);
		model(both, 2 * SAMPLES);
		deal(both, x, y, SAMPLES);
		try(&turns, x, y, SAMPLES, true);
	}
	check_tally(&apart, name, loud);
	snprintf(text, sizeof(text), "%s, in turns", name);
	check_tally(&turns, text, loud);
}

static void test_recorded(void **state)
{
	double x[RECORDED_SAMPLES], y[RECORDED_SAMPLES];

	(void)state;
	read_recorded();
	assert_true(nr_recorded >= 3);
	for (size_t k = 0; k < nr_recorded; k++) {
		struct tally t = { 0 };

		assert_true(recorded[k].nr > 4 * RECORDED_SAMPLES);
		for (unsigned int i = 0; i < TRIALS; i++) {
			size_t room = recorded[k].nr - 2 * RECORDED_SAMPLES;

			deal(recorded[k].v + gsl_rng_uniform_int(rng, room), x, y,
			     RECORDED_SAMPLES);
			try(&t, x, y, RECORDED_SAMPLES, true);
		}
		check_tally(&t, recorded[k].name, false);
	}
}

#define MODEL(name, loud)                       \
	static void test_##name(void **state)   \
	{                                       \
		(void)state;                    \
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
MODEL(long_states, true)
MODEL(even_states, true)

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
		cmocka_unit_test(test_long_states),
		cmocka_unit_test(test_even_states),
		cmocka_unit_test(test_recorded),
	};
	int failed;

	rng = gsl_rng_alloc(gsl_rng_mt19937);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	gsl_rng_free(rng);
	return failed;
}
