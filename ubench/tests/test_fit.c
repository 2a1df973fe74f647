// SPDX-License-Identifier: GPL-2.0
/* The straight line: finds what is there, weighs all batches alike, refuses what has none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>

#include "stats/fit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static void assert_near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("got %.12g, want %.12g within %g", got, want, within);
}

static void exact_line(void **state)
{
	static const double pages[] = { 1, 2, 4, 8, 16, 32, 64, 128, 256, 512 };
	double cost[NR(pages)];
	struct fit fit;

	(void)state;
	for (size_t i = 0; i < NR(pages); i++)
		cost[i] = 680 + 1027 * pages[i];
	assert_int_equal(fit_line(pages, cost, NR(pages), &fit), 0);
	assert_near(fit.per_call, 680, 1e-6);
	assert_near(fit.per_page, 1027, 1e-9);
	assert_near(fit.worst, 0, 1e-9);
	assert_int_equal(fit.nr_points, NR(pages));
}

/*
 * The minimum of ((a + b - 3) / 1)^2 + ((a + 2b - 4) / 2)^2 + ((a + 4b - 10) / 4)^2, solved by
 * hand: 21/16 a + 7/4 b = 37/8 and 7/4 a + 3 b = 15/2, so a = 6/7 and b = 2.
 */
static void weighted_by_hand(void **state)
{
	static const double pages[] = { 1, 2, 4 }, cost[] = { 3, 4, 10 };
	struct fit fit;

	(void)state;
	assert_int_equal(fit_line(pages, cost, 3, &fit), 0);
	assert_near(fit.per_call, 6.0 / 7, 1e-12);
	assert_near(fit.per_page, 2, 1e-12);
	assert_near(fit.worst, (6.0 / 7 + 4 - 4) / 4, 1e-12);
	assert_near(fit.worst_pages, 2, 0);
}

/* One instruction a page more is one more a page, at whatever size. */
static void one_instruction(void **state)
{
	static const double pages[] = { 1, 8, 32, 512 };
	double base[NR(pages)], head[NR(pages)];
	struct fit before, after;

	(void)state;
	for (size_t i = 0; i < NR(pages); i++) {
		base[i] = 700 + 1040 * pages[i] + (i % 2 ? 37 : 0);
		head[i] = base[i] + pages[i];
	}
	assert_int_equal(fit_line(pages, base, NR(pages), &before), 0);
	assert_int_equal(fit_line(pages, head, NR(pages), &after), 0);
	assert_near(after.per_page - before.per_page, 1, 1e-9);
	assert_near(after.per_call - before.per_call, 0, 1e-6);
}

static void no_line(void **state)
{
	static const double pages[] = { 1, 2 }, same[] = { 8, 8 }, zero[] = { 0, 1 };
	static const double cost[] = { 5, 6 };
	const double bad[] = { 5, NAN }, endless[] = { INFINITY, 6 };
	struct fit fit;

	(void)state;
	assert_int_equal(fit_line(pages, cost, 0, &fit), -1);
	assert_int_equal(fit_line(pages, cost, 1, &fit), -1);
	assert_int_equal(fit_line(same, cost, 2, &fit), -1);
	assert_int_equal(fit_line(zero, cost, 2, &fit), -1);
	assert_int_equal(fit_line(pages, bad, 2, &fit), -1);
	assert_int_equal(fit_line(pages, endless, 2, &fit), -1);
	assert_int_equal(fit_line(pages, cost, 2, &fit), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_line),
		cmocka_unit_test(weighted_by_hand),
		cmocka_unit_test(one_instruction),
		cmocka_unit_test(no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
