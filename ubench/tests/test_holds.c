// SPDX-License-Identifier: GPL-2.0
/* Hold times: their shapes, their limits, and that they are the same on every run. */
#include "test.h"

#include "base/array.h"
#include "gntbench_abi.h"
#include "run/holds.h"

static char path[] = "/tmp/gntbench-holds.XXXXXX";

static uint64_t *draw(const char *spec, size_t samples, size_t per_sample)
{
	struct error err;
	uint64_t *ns = holds_draw(spec, samples, per_sample, &err);

	if (!ns)
		fail_msg("%s", err.text);
	return ns;
}

static void shapes(void **state)
{
	double sum = 0;
	uint64_t *ns;

	(void)state;
	ns = draw("constant:1.5ms", 2, 2);
	assert_true(ns[0] == 1500000 && ns[3] == 1500000);
	free(ns);

	ns = draw("spread:10us,20us", 11, 2);
	assert_true(ns[0] == 10000 && ns[1] == 10000 && ns[2] == 11000 && ns[21] == 20000);
	free(ns);
	ns = draw("spread:10us,20us", 1, 1);
	assert_true(ns[0] == 10000);
	free(ns);

	ns = draw("uniform:100ns,2s", 1000, 1);
	for (int i = 0; i < 1000; i++) {
		assert_in_range(ns[i], 100, 2000000000);
		sum += ns[i];
	}
	assert_true(sum / 1000 > 0.95e9 && sum / 1000 < 1.05e9);
	free(ns);

	ns = draw("exponential:20ms", 10000, 1);
	sum = 0;
	for (int i = 0; i < 10000; i++)
		sum += ns[i];
	assert_true(sum / 10000 > 19e6 && sum / 10000 < 21e6);
	free(ns);

	ns = draw("exponential:10s", 1000, 1);
	for (int i = 0; i < 1000; i++)
		assert_in_range(ns[i], 0, HOLD_MAX_NS);
	free(ns);
}

static void repeatable(void **state)
{
	uint64_t *a = draw("uniform:0s,1s", 50, 3);
	uint64_t *b = draw("uniform:0s,1s", 50, 3);

	(void)state;
	assert_memory_equal(a, b, 150 * sizeof(*a));
	assert_true(a[0] != a[1]);
	free(a);
	free(b);
}

static void replay(void **state)
{
	static const char text[] = "# holds\n1ms\n\n 2.5us # short\n3s\n";
	static const char bad[] = "1ms\n2 ms\n";
	struct error err;
	char spec[64], where[64];
	uint64_t *ns;

	(void)state;
	snprintf(spec, sizeof(spec), "file:%s", path);
	put_file(path, text, sizeof(text) - 1);
	ns = draw(spec, 2, 2);
	assert_true(ns[0] == 1000000 && ns[1] == 2500 && ns[2] == 3000000000 && ns[3] == 1000000);
	free(ns);

	put_file(path, bad, sizeof(bad) - 1);
	assert_int_equal(holds_check(spec, &err), -1);
	snprintf(where, sizeof(where), "%s:2: '2 ms' is not a time", path);
	assert_has(err.text, where);
	put_file(path, "\n", 1);
	assert_int_equal(holds_check(spec, &err), -1);
	assert_has(err.text, "no hold times in it");
	assert_int_equal(holds_check("file:/nonexistent/holds", &err), -1);
	assert_has(err.text, "No such file");
}

static void refusals(void **state)
{
	static const char *const specs[] = {
		"",
		"1ms",
		"constant",
		"constant:",
		"constant:1",
		"constant:1m",
		"constant:-1ms",
		"constant:1ms,2ms",
		"constant:11s",
		"constant:nanms",
		"constant:infs",
		"uniform:1ms",
		"uniform:2ms,1ms",
		"uniform:1ms,2ms,3ms",
		"spread:1ms,11s",
		"normal:1ms",
		"const:1ms",
		"exponential:1ms ",
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		err.text[0] = '\0';
		if (!holds_check(specs[i], &err))
			fail_msg("'%s' was accepted", specs[i]);
		assert_true(*err.text);
	}
	assert_null(holds_draw("constant:1ms", GNTBENCH_MAX_HOLDS / 2 + 1, 2, &err));
	assert_has(err.text, "at most 1048576 hold times");
}

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes),
		cmocka_unit_test(repeatable),
		cmocka_unit_test(replay),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
