// SPDX-License-Identifier: GPL-2.0
/* The closed form of the retries, against times worked out by hand from the kernel's source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plot/schedule.h"

static void assert_attempt(unsigned int nr, unsigned int hz, double earliest_ms, double latest_ms)
{
	struct attempt a = schedule_attempt(nr, hz);

	assert_true(a.earliest_ns == earliest_ms * 1e6);
	assert_true(a.latest_ns == latest_ms * 1e6);
}

/* Jiffies of 4 ms: delays of 2, 3, 4, 5, 7, 8, … jiffies, and one more each. */
static void hz_250(void **state)
{
	(void)state;
	assert_attempt(0, 250, 0, 0);
	assert_attempt(1, 250, 8, 12);
	assert_attempt(2, 250, 24, 28);
	assert_attempt(3, 250, 44, 48);
	assert_attempt(4, 250, 68, 72);
	assert_attempt(5, 250, 100, 104);
	assert_attempt(8, 250, 220, 224);
}

/* Jiffies of 1 ms: the delay of 65 ms is in the wheel's second level, eight jiffies coarse. */
static void hz_1000(void **state)
{
	(void)state;
	assert_attempt(1, 1000, 5, 6);
	assert_attempt(12, 1000, 5 * 78 + 12 - 1, 5 * 78 + 12);
	assert_attempt(13, 1000, 5 * 91 + 13 - 1, 5 * 91 + 12 + 8);
}

static void hz_100(void **state)
{
	(void)state;
	assert_attempt(1, 100, 10, 20);
	assert_attempt(2, 100, 30, 40);
	assert_attempt(3, 100, 60, 70);
}

static void last_attempt(void **state)
{
	(void)state;
	assert_int_equal(schedule_last_attempt(0, 250), 0);
	assert_int_equal(schedule_last_attempt(1, 250), 1);
	assert_int_equal(schedule_last_attempt(10e6, 250), 1);
	assert_int_equal(schedule_last_attempt(10e6 + 1, 250), 2);
	assert_int_equal(schedule_last_attempt(200e6, 250), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hz_250),
		cmocka_unit_test(hz_1000),
		cmocka_unit_test(hz_100),
		cmocka_unit_test(last_attempt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
