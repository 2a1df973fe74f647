// SPDX-License-Identifier: GPL-2.0
/* Records: what is written is read back; what isn't a record is refused with the reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"

static char path[] = "/tmp/gntbench-test.XXXXXX";

static struct record *example(void)
{
	static const double values[] = { 7, 7, 7, 8.125, 9 };
	struct record *rec = record_new();
	struct record_case *c;

	rec->id = "0123";
	rec->started = "2020-01-01T00:00:00Z";
	rec->suite = "default";
	rec->command = record_alloc(rec, 1, sizeof(char *));
	rec->command[rec->nr_command++] = "gntbench";
	rec->tier = TIER_WALL;
	rec->unit = "ns";
	rec->emulated = true;
	rec->fingerprint = "abcd";
	rec->environment = record_alloc(rec, 2, sizeof(*rec->environment));
	rec->environment[0] = (struct record_field) { "xen_version", "4.17", false, 0 };
	rec->environment[1] = (struct record_field) { "hz", "250", true, 250 };
	rec->nr_environment = 2;
	record_warn(rec, "latin \xe9");
	c = rec->cases = record_alloc(rec, 1, sizeof(*c));
	rec->nr_cases = 1;
	*c = (struct record_case) { .name = "map_unmap", .driver = "kbench", .op = "",
				    .id = "map_unmap/batch=2", .reason = "", .oracle_checks = 9 };
	c->nr_params = 1;
	c->params = record_alloc(rec, 1, sizeof(*c->params));
	c->params[0] = (struct record_field) { "batch", "2", true, 2 };
	c->nr_metrics = 1;
	c->metrics = record_alloc(rec, 1, sizeof(*c->metrics));
	c->metrics[0] = (struct record_metric) { "map", "ns", "page", 2, 5, NULL, { 0 } };
	c->metrics[0].values = record_alloc(rec, 5, sizeof(double));
	memcpy(c->metrics[0].values, values, sizeof(values));
	return rec;
}

static void round_trip(void **state)
{
	struct record *rec = example();
	const struct record_metric *m;
	const struct record_case *c;
	struct record *back;
	struct error err;

	(void)state;
	assert_int_equal(record_write(rec, path, &err), 0);
	back = record_read(path, &err);
	assert_non_null(back);
	assert_string_equal(back->id, rec->id);
	assert_int_equal(back->tier, TIER_WALL);
	assert_true(back->emulated);
	assert_string_equal(back->warnings[0], "latin \xc3\xa9");
	assert_int_equal(record_find_environment(back, "hz")->number, 250);
	assert_null(record_find_environment(back, "nothing"));
	c = record_find_case(back, "map_unmap/batch=2");
	assert_non_null(c);
	assert_int_equal(record_find_param(c, "batch")->number, 2);
	m = record_find_metric(c, "map");
	assert_non_null(m);
	assert_int_equal(m->nr_values, 5);
	assert_memory_equal(m->values, rec->cases[0].metrics[0].values, 5 * sizeof(double));
	assert_true(m->summary.p50 == 7 && m->summary.max == 9 && m->summary.mad == 0);
	assert_true(metric_typical(m) == 3.5);
	record_free(back);
	record_free(rec);
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
		cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
