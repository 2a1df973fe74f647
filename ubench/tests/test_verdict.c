// SPDX-License-Identifier: GPL-2.0
/* Verdicts of single rows and of tables, on samples made for each rule of verdict.h. */
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

#define SAMPLES 200
#define ROWS	60

static const struct verdict_settings defaults = VERDICT_DEFAULTS;

static struct record_case grant = { .name = "map_unmap", .id = "map_unmap", .reason = "" };
static struct record_metric x, y;
static double xs[SAMPLES], ys[SAMPLES];

static int fresh(void **state)
{
	(void)state;
	grant.status = CASE_OK;
	grant.oracle_broken = 0;
	grant.nr_interrupts = 0;
	grant.nr_params = 0;
	grant.driver = "kbench";
	grant.reason = "";
	x = (struct record_metric) { .name = "unmap",
				     .unit = "ns",
				     .per = "page",
				     .divisor = 1,
				     .nr_values = SAMPLES,
				     .values = xs };
	y = x;
	y.values = ys;
	for (int i = 0; i < SAMPLES; i++)
		xs[i] = ys[i] = 1000;
	return 0;
}

static struct row judged_as(enum tier tier, bool paired)
{
	struct row row = { .base_case = &grant,
			   .head_case = &grant,
			   .base_metric = &x,
			   .head_metric = &y,
			   .paired = paired };

	row_measure(&row, tier, 0, &defaults);
	rows_judge(&row, 1, tier, &defaults);
	return row;
}

static struct row judged(enum tier tier)
{
	return judged_as(tier, false);
}

static struct row judged_pairs(void)
{
	return judged_as(TIER_WALL, true);
}

static void noise(double *v, gsl_rng *rng, double median, double scale)
{
	for (int i = 0; i < SAMPLES; i++)
		v[i] = median * exp(scale * gsl_ran_ugaussian(rng));
}

static void says(const struct row *row, enum verdict verdict, const char *reason)
{
	if (row->verdict != verdict || !strstr(row->reason, reason))
		fail_msg("%s (%s), not %s (%s)", verdict_names[row->verdict], row->reason,
			 verdict_names[verdict], reason);
}

static void test_exact_one_instruction(void **state)
{
	struct row row;

	(void)state;
	x.divisor = y.divisor = 32;
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = 1032;
	/* The samples that a timer interrupt fell into are others on each side, and most of them. */
	for (int i = 0; i < SAMPLES * 2 / 5; i++) {
		xs[i] += 3000 + i;
		ys[SAMPLES - 1 - i] += 9000 + 3 * i;
	}
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "");
	assert_true(row.head - row.base == 1);
	row.head_metric = &x;
	row_measure(&row, TIER_EXACT, 0, &defaults);
	says(&row, VERDICT_SAME, "");
}

/* Four of five samples catch an interrupt: the least value is still the path's, and a +1 is one. */
static void test_exact_long_batches(void **state)
{
	struct row row;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 1000000 + (i % 5 ? 3000 + 17 * i : 0);
		ys[i] = 1000001 + (i % 5 != 2 ? 3000 + 13 * i : 0);
	}
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "");
	assert_true(row.head - row.base == 1);
	/* Were the most frequent value not the least, it would be a queue's or a timer's. */
	for (int i = 0; i < SAMPLES; i++)
		ys[i] -= i % 7 ? 0 : 500000;
	row = judged(TIER_EXACT);
	assert_true(!isnan(row.p));
}

/* A value that two of five samples have, and that isn't the least, is nobody's cost. */
static void test_exact_frequent_value(void **state)
{
	struct row row;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = i % 5 < 2 ? 1000 : 500 + i;
		ys[i] = i % 5 < 2 ? 1001 : 500 + i;
	}
	row = judged(TIER_EXACT);
	assert_true(!isnan(row.p));
}

/* User space's path differs by where its stack and pages are. */
static void test_exact_user_space(void **state)
{
	struct row row;

	(void)state;
	grant.driver = "gntdev";
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 1000000;
		ys[i] = 1000019;
	}
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = 1000021;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "");
}

static void test_exact_of_what_varies(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct row row;

	(void)state;
	noise(xs, rng, 5e6, 0.2);
	memcpy(ys, xs, sizeof(xs));
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	noise(ys, rng, 8e6, 0.2);
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "not steady: by statistics");
	gsl_rng_free(rng);
}

static double interrupts[SAMPLES];

/* Says of both sides that the first @nr samples were hit. */
static void hit(size_t nr)
{
	for (size_t i = 0; i < SAMPLES; i++)
		interrupts[i] = i < nr;
	grant.interrupts = interrupts;
	grant.nr_interrupts = SAMPLES;
}

/* 7 % of the mean, and no sample of the most frequent value is another one. */
static void test_exact_partial_cost(void **state)
{
	struct row row;

	(void)state;
	hit(0);
	for (int i = 0; i < SAMPLES; i += 3)
		ys[i] += 332;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "a third of the samples cost 332 more");
	assert_true(fabs(row.head - row.base - 332.0 * 67 / 200) < 1e-6);
	/* The same of both sides, a batch later. */
	for (int i = 1; i < SAMPLES; i += 3)
		xs[i] += 332;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	/* 44 % cost 10,000 more: the edited record. */
	fresh(state);
	hit(0);
	for (int i = 0; i < SAMPLES * 44 / 100; i++)
		ys[i] += 10000;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "44 % of the samples cost 10000 more");
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = i < SAMPLES / 2 ? 990 : 1010;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "half of the samples cost 10 more, half cost 10 less");
}

/* What an interrupt hit may hold anything; a stray of Xen's own interrupts is no cost. */
static void test_exact_hit_samples(void **state)
{
	struct row row;

	(void)state;
	hit(20);
	for (int i = 0; i < 20; i++)
		ys[i] += 3000 + i;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	ys[100] += 5000;
	ys[150] += 5000;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	assert_true(row.change == 0);
	/* Strays don't outweigh an instruction either. */
	for (int i = 0; i < SAMPLES; i++)
		ys[i] -= 1;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_FASTER, "");
	assert_true(row.head - row.base == -1);
	/* Long samples meet more of them, another number on each side: still one instruction is one. */
	fresh(state);
	hit(0);
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 508401 + (i % 10 == 0) * 2477;
		ys[i] = 508401 + (i % 7 == 0) * 2477;
	}
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	for (int i = 0; i < SAMPLES; i++)
		xs[i] += 1;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_FASTER, "");
	assert_true(row.head - row.base == -1);
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = 508402 + (i % 3 == 0) * 2477;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "of the samples cost 2477 more");
	/* Where most were hit, a cost of the others is still one. */
	fresh(state);
	hit(100);
	for (int i = 100; i < SAMPLES; i += 2)
		ys[i] += 50;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "half of the samples cost 50 more");
	hit(198);
	row = judged(TIER_EXACT);
	assert_true(!isnan(row.p));
	says(&row, row.verdict, "interrupts hit nearly all samples");
}

/* Virtual time: the phase of a tick moves it, as 5275 became 5985; a tick, or a quarter, is a change. */
static void test_exact_waits(void **state)
{
	struct row row;

	(void)state;
	hit(0);
	x.waits = y.waits = true;
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 5275;
		ys[i] = i < SAMPLES * 51 / 100 ? 5985 : 5275;
	}
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "it waits: virtual time");
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = 5985;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "it waits: virtual time");
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = 7000;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SLOWER, "it waits");
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 66e6 + i * 37 % 101;
		ys[i] = 71e6 + i * 37 % 101;
	}
	row = (struct row) {
		.base_case = &grant, .head_case = &grant, .base_metric = &x, .head_metric = &y
	};
	row_measure(&row, TIER_EXACT, 4e6, &defaults);
	rows_judge(&row, 1, TIER_EXACT, &defaults);
	says(&row, VERDICT_SLOWER, "it waits");
}

static void test_exact_single_values(void **state)
{
	struct row row;

	(void)state;
	x.nr_values = y.nr_values = 1;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "base has 1 sample, needs 4");
	x.nr_values = SAMPLES;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "head has 1 sample, needs 4");
}

/* Of half the resamples the base's median is 0: an interval of nothing is no proof of sameness. */
static void test_no_interval_is_no_proof(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct row row;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = gsl_rng_uniform_int(rng, 100) < 52 ? 1000 : 0;
		ys[i] = xs[i];
	}
	gsl_ran_shuffle(rng, ys, SAMPLES, sizeof(*ys));
	gsl_rng_free(rng);
	assert_true(stats_median(xs, SAMPLES) == 1000);
	row = judged(TIER_WALL);
	assert_false(isfinite(row.interval.lo) && isfinite(row.interval.hi));
	says(&row, VERDICT_UNPROVEN, "");
}

/* An interval with one end beyond the threshold may hide a change there. */
static void test_both_ends_count(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct row row;

	(void)state;
	noise(xs, rng, 1000, 0.05);
	noise(ys, rng, 1008, 0.05);
	gsl_rng_free(rng);
	row = judged(TIER_WALL);
	assert_true(row.adjusted > defaults.level);
	assert_true(row.interval.lo > -row.threshold && row.interval.hi > row.threshold);
	says(&row, VERDICT_UNPROVEN, "noise may hide a change");
}

/* What this machine does by itself is no proof: A against A, or a control that is no grant's. */
static void test_the_machine_moves(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct record_case control = { .name = CONTROL_CASE, .id = CONTROL_CASE, .reason = "" };
	struct row rows[2];

	(void)state;
	noise(xs, rng, 1000, 0.01);
	noise(ys, rng, 1030, 0.01);
	gsl_rng_free(rng);
	for (int i = 0; i < 2; i++) {
		rows[i] = (struct row) { .base_case = i ? &control : &grant,
					 .head_case = i ? &control : &grant,
					 .base_metric = &x,
					 .head_metric = &y };
		row_measure(&rows[i], TIER_WALL, 0, &defaults);
	}
	rows_judge(rows, 1, TIER_WALL, &defaults);
	says(&rows[0], VERDICT_SLOWER, "");
	rows_judge(rows, 2, TIER_WALL, &defaults);
	says(&rows[0], VERDICT_UNPROVEN, CONTROL_MOVED);
	row_measure(&rows[0], TIER_WALL, 0, &defaults);
	rows[0].spread = 0.05;
	rows_judge(rows, 1, TIER_WALL, &defaults);
	says(&rows[0], VERDICT_UNPROVEN, "A against A moved up to 5.0 %");
}

/* One side saw the other's state for a while: the machine changed, not the code. */
static void test_states_that_last(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct row row;

	(void)state;
	noise(xs, rng, 1000, 0.01);
	noise(ys, rng, 1075, 0.01);
	row = judged(TIER_WALL);
	says(&row, VERDICT_SLOWER, "");
	for (int i = 0; i < 10; i++)
		ys[i] /= 1.075;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "states that last");
	gsl_rng_free(rng);
}

static void test_useless_sides(void **state)
{
	struct record_field granter = { .name = "granter", .text = "self" };
	struct row row;

	(void)state;
	ys[7] = NAN;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "head has a sample that is not a finite number");
	ys[7] = INFINITY;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "head has a sample that is not a finite number");
	x.nr_values = 0;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "base has no samples");
	x.nr_values = 2;
	y.nr_values = 2;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "base has 2 samples, needs 20");
	x.nr_values = SAMPLES;
	ys[7] = 1000;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "head has 2 samples, needs 20");
	y.nr_values = SAMPLES;
	for (int i = 0; i < SAMPLES; i++)
		xs[i] = ys[i] = 1000 + i;
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "400 samples, autocorrelated, are worth");
	grant.params = &granter;
	grant.nr_params = 1;
	grant.oracle_checks = 0;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "base: the oracle has looked at nothing");
	grant.oracle_checks = 1;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	grant.status = CASE_SKIP;
	grant.reason = "no Xen";
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "base has status skip: no Xen");
	grant.status = CASE_OK;
	grant.oracle_broken = 1;
	row = judged(TIER_EXACT);
	says(&row, VERDICT_UNPROVEN, "base failed: broken oracle");
}

static void test_all_equal(void **state)
{
	struct row row;

	(void)state;
	row = judged(TIER_HOST);
	says(&row, VERDICT_SAME, "");
	assert_true(row.change == 0 && row.p == 1);
	memset(xs, 0, sizeof(xs));
	memset(ys, 0, sizeof(ys));
	row = judged(TIER_EXACT);
	says(&row, VERDICT_SAME, "");
	for (int i = 0; i < SAMPLES; i++)
		ys[i] = i;
	row = judged(TIER_HOST);
	says(&row, VERDICT_UNPROVEN, "median is 0: no ratio");
}

static void test_both_keys_turn(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct row row;

	(void)state;
	noise(xs, rng, 1000, 0.01);
	noise(ys, rng, 1015, 0.01);
	row = judged(TIER_WALL);
	says(&row, VERDICT_SAME, "");
	assert_true(row.adjusted < 1e-6);
	noise(ys, rng, 1030, 0.01);
	row = judged(TIER_WALL);
	says(&row, VERDICT_SLOWER, "");
	noise(ys, rng, 970, 0.01);
	row = judged(TIER_WALL);
	says(&row, VERDICT_FASTER, "");
	noise(xs, rng, 1000, 0.5);
	noise(ys, rng, 1000, 0.5);
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "noise may hide a change");
	gsl_rng_free(rng);
}

/* The median of head is 3 % higher, yet most pairs say that it is half: no verdict. */
static void test_median_and_shift_disagree(void **state)
{
	struct row row;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		int place = i * 37 % 100;

		xs[i] = (place < 10 ? 900 : place < 70 ? 1000 : 2000) + i % 3;
		ys[i] = (place < 49 ? 500 : 1030) + i % 3;
	}
	row = judged(TIER_WALL);
	assert_true(row.adjusted < 1e-3 && row.change > 0.02 && row.shift < -0.02);
	says(&row, VERDICT_UNPROVEN, "at the threshold: median +");
}

/* The machine gets slower by half, and head is 3 % slower than base all the while. */
static void test_pairs_share_what_disturbs_them(void **state)
{
	struct row row;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		xs[i] = 1000 + (i < SAMPLES / 2 ? 0 : 500) + i % 7;
		ys[i] = 1.03 * xs[i] - i % 3;
	}
	row = judged(TIER_WALL);
	says(&row, VERDICT_UNPROVEN, "");
	row = judged_pairs();
	says(&row, VERDICT_SLOWER, "");
	assert_true(row.interval.lo > 0.02 && row.interval.hi < 0.04);
	y.nr_values--;
	row = judged_pairs();
	assert_false(row.paired);
}

/* One row in sixty with a p of about 1/1000 is chance; alone it is a change. */
static void test_holm_over_the_table(void **state)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	static double values[ROWS][2][SAMPLES];
	static struct record_metric metrics[ROWS][2];
	struct row rows[ROWS] = { 0 };

	(void)state;
	for (int r = 0; r < ROWS; r++) {
		for (int side = 0; side < 2; side++) {
			noise(values[r][side], rng, r || !side ? 1000 : 1050, 0.11);
			metrics[r][side] = x;
			metrics[r][side].values = values[r][side];
		}
		rows[r] = (struct row) { .base_case = &grant,
					 .head_case = &grant,
					 .base_metric = &metrics[r][0],
					 .head_metric = &metrics[r][1] };
		row_measure(&rows[r], TIER_WALL, 0, &defaults);
	}
	rows_judge(rows, ROWS, TIER_WALL, &defaults);
	assert_true(rows[0].p < defaults.level && rows[0].p * ROWS > defaults.level);
	assert_int_equal(rows[0].verdict, VERDICT_UNPROVEN);
	rows_judge(rows, 1, TIER_WALL, &defaults);
	assert_int_equal(rows[0].verdict, VERDICT_SLOWER);
	gsl_rng_free(rng);
}

static void test_geometric_mean_is_of_times(void **state)
{
	struct record_case control = { .name = CONTROL_CASE, .id = CONTROL_CASE, .reason = "" };
	struct record_metric count = { .name = "attempts", .unit = "count" };
	struct row rows[] = {
		{ .base_case = &grant, .base_metric = &x, .change = 1 },
		{ .base_case = &grant, .base_metric = &x, .change = -0.5 },
		{ .base_case = &grant, .base_metric = &x, .change = NAN },
		{ .base_case = &grant, .base_metric = &count, .change = 7 },
		{ .base_case = &control, .base_metric = &x, .change = 7 },
	};
	size_t nr;

	(void)state;
	assert_true(fabs(rows_geometric_mean(rows, 5, &nr) - 1) < 1e-12);
	assert_int_equal(nr, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_exact_one_instruction, fresh),
		cmocka_unit_test_setup(test_exact_long_batches, fresh),
		cmocka_unit_test_setup(test_exact_frequent_value, fresh),
		cmocka_unit_test_setup(test_exact_user_space, fresh),
		cmocka_unit_test_setup(test_exact_of_what_varies, fresh),
		cmocka_unit_test_setup(test_exact_partial_cost, fresh),
		cmocka_unit_test_setup(test_exact_hit_samples, fresh),
		cmocka_unit_test_setup(test_exact_waits, fresh),
		cmocka_unit_test_setup(test_exact_single_values, fresh),
		cmocka_unit_test_setup(test_no_interval_is_no_proof, fresh),
		cmocka_unit_test_setup(test_both_ends_count, fresh),
		cmocka_unit_test_setup(test_the_machine_moves, fresh),
		cmocka_unit_test_setup(test_states_that_last, fresh),
		cmocka_unit_test_setup(test_useless_sides, fresh),
		cmocka_unit_test_setup(test_all_equal, fresh),
		cmocka_unit_test_setup(test_both_keys_turn, fresh),
		cmocka_unit_test_setup(test_median_and_shift_disagree, fresh),
		cmocka_unit_test_setup(test_pairs_share_what_disturbs_them, fresh),
		cmocka_unit_test_setup(test_holm_over_the_table, fresh),
		cmocka_unit_test_setup(test_geometric_mean_is_of_times, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
