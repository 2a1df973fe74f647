// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run/granter.h"

#define ROOM 8

static int parse(const char *text, uint32_t *grefs, size_t *nr)
{
	*nr = 0;
	return grefs_parse(text, grefs, ROOM, nr);
}

static void test_lists(void **state)
{
	const uint32_t expected[] = { 8, 9, 10, 20, 7 };
	uint32_t grefs[ROOM];
	size_t nr;

	(void)state;
	assert_int_equal(parse("8-10 20,7", grefs, &nr), 0);
	assert_int_equal(nr, 5);
	assert_memory_equal(grefs, expected, sizeof(expected));
	assert_int_equal(parse("", grefs, &nr), 0);
	assert_int_equal(nr, 0);
	assert_int_equal(parse("4294967295", grefs, &nr), 0);
	assert_int_equal(grefs[0], UINT32_MAX);
}

static void test_room(void **state)
{
	uint32_t grefs[ROOM];
	size_t nr;

	(void)state;
	assert_int_equal(parse("1-8", grefs, &nr), 0);
	assert_int_equal(nr, ROOM);
	assert_int_equal(parse("1-9", grefs, &nr), -1);
	assert_int_equal(parse("1-8 9", grefs, &nr), -1);
	assert_int_equal(parse("0-4294967295", grefs, &nr), -1);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"x",
		"-1",
		"8-",
		"10-8",
		"8--9",
		"8;9",
		"8 x",
		"4294967296",
		"0x10",
		",8",
		"99999999999999999999",
	};
	uint32_t grefs[ROOM];
	size_t nr;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(bad[i], grefs, &nr), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
