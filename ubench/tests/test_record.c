// SPDX-License-Identifier: GPL-2.0
/* Records: what is written is read back; what isn't a record is refused with the reason. */
#include "test.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/array.h"
#include "record/record.h"

static char dir[] = "/tmp/gntbench-test.XXXXXX";
static char path[64];

static struct record *example(size_t nr_values)
{
	struct record *rec = record_new();
	struct record_metric *m;
	struct record_case *c;

	rec->id = "0123";
	rec->started = "2020-01-01T00:00:00Z";
	rec->suite = "default";
	rec->command = record_alloc(rec, 1, sizeof(char *));
	rec->command[rec->nr_command++] = "gntbench";
	rec->interleave = "unmap_mode";
	rec->tier = TIER_WALL;
	rec->unit = "ns";
	rec->emulated = true;
	rec->fingerprint = "abcd";
	rec->environment = record_alloc(rec, 2, sizeof(*rec->environment));
	rec->environment[0] = (struct record_field) { "xen_version", "4.17", false, 0 };
	rec->environment[1] = (struct record_field) { "hz", "250", true, 250 };
	rec->nr_environment = 2;
	record_warn(rec, "latin \xe9");
	record_warn(rec, "line\n\"two\"");
	c = rec->cases = record_alloc(rec, 1, sizeof(*c));
	rec->nr_cases = 1;
	*c = (struct record_case) { .name = "map_unmap",
				    .driver = "kbench",
				    .op = "",
				    .id = "map_unmap/batch=2",
				    .reason = "",
				    .oracle_checks = 9 };
	c->nr_params = 1;
	c->params = record_alloc(rec, 1, sizeof(*c->params));
	c->params[0] = (struct record_field) { "batch", "2", true, 2 };
	c->nr_interrupts = nr_values;
	c->interrupts = record_alloc(rec, nr_values, sizeof(double));
	if (nr_values > 1)
		c->interrupts[1] = 2;
	c->nr_metrics = 1;
	c->metrics = m = record_alloc(rec, 1, sizeof(*m));
	*m = (struct record_metric) { "map", "ns", "page", 2, true, nr_values, NULL, { 0 } };
	m->values = record_alloc(rec, nr_values, sizeof(double));
	for (size_t i = 0; i < nr_values; i++)
		m->values[i] = i < 3 ? 7 : i + 5.125;
	return rec;
}

static void write_example(size_t nr_values)
{
	struct record *rec = example(nr_values);
	struct error err;

	if (record_write(rec, path, &err))
		fail_msg("%s", err.text);
	record_free(rec);
}

static void round_trip(void **state)
{
	const struct record_metric *m;
	const struct record_case *c;
	struct record *back;
	struct error err;

	(void)state;
	write_example(5);
	back = record_read(path, &err);
	assert_non_null(back);
	assert_string_equal(back->id, "0123");
	assert_int_equal(back->tier, TIER_WALL);
	assert_true(back->emulated);
	assert_string_equal(back->command[0], "gntbench");
	assert_string_equal(back->interleave, "unmap_mode");
	assert_string_equal(back->warnings[0], "latin \xc3\xa9");
	assert_string_equal(back->warnings[1], "line\n\"two\"");
	assert_int_equal(record_find_environment(back, "hz")->number, 250);
	assert_null(record_find_environment(back, "nothing"));
	c = record_find_case(back, "map_unmap/batch=2");
	assert_non_null(c);
	assert_int_equal(c->status, CASE_OK);
	assert_int_equal(c->oracle_checks, 9);
	assert_int_equal(c->nr_interrupts, 5);
	assert_true(c->interrupts[0] == 0 && c->interrupts[1] == 2 && c->interrupts[4] == 0);
	assert_int_equal(record_find_param(c, "batch")->number, 2);
	m = record_find_metric(c, "map");
	assert_non_null(m);
	assert_true(m->waits);
	assert_int_equal(m->nr_values, 5);
	assert_true(m->values[2] == 7 && m->values[3] == 8.125 && m->values[4] == 9.125);
	assert_true(m->summary.p50 == 7 && m->summary.max == 9.125 && m->summary.mad == 0);
	assert_true(metric_typical(m) == 3.5);
	record_free(back);
}

/* A key from somebody else's record is text as well: the file that is written can be read. */
static void strange_keys(void **state)
{
	static const char key[] = "a\": 1, \"b\\\n\"";
	struct record *rec = example(1);
	struct record_field *more = record_alloc(rec, 1, sizeof(*more));
	struct error err;

	(void)state;
	*more = (struct record_field) { key, "x", false, 0 };
	rec->environment = more;
	rec->nr_environment = 1;
	assert_int_equal(record_write(rec, path, &err), 0);
	record_free(rec);
	rec = record_read(path, &err);
	if (!rec)
		fail_msg("%s", err.text);
	assert_string_equal(record_find_environment(rec, key)->text, "x");
	record_free(rec);
}

/* Written, read and written again, a record is the same file. */
static void stable(void **state)
{
	size_t size, again_size;
	struct record *rec;
	char *text, *again;
	struct error err;

	(void)state;
	write_example(100);
	text = get_file(path, &size);
	rec = record_read(path, &err);
	assert_non_null(rec);
	assert_int_equal(record_write(rec, path, &err), 0);
	record_free(rec);
	again = get_file(path, &again_size);
	assert_string_equal(text, again);
	free(text);
	free(again);
}

static void empty_and_equal_values(void **state)
{
	static const double same[] = { 4, 4, 4, 4 };
	struct summary s;
	struct record *rec;
	struct error err;

	(void)state;
	write_example(0);
	rec = record_read(path, &err);
	assert_non_null(rec);
	assert_int_equal(rec->cases[0].metrics[0].summary.n, 0);
	assert_true(metric_typical(&rec->cases[0].metrics[0]) == 0);
	record_free(rec);
	summarize(same, 4, &s);
	assert_true(s.min == 4 && s.p999 == 4 && s.mean == 4 && s.mad == 0);
}

static void runs_are_short(void **state)
{
	size_t size;
	char *text;

	(void)state;
	write_example(5);
	text = get_file(path, &size);
	assert_has(text, "\"values\": [[7, 3], 8.125, 9.125]");
	free(text);
}

/* A record with one part of it replaced is refused, and the message says this. */
static const struct {
	const char *part, *by, *says;
} damages[] = {
	{ "\"gntbench_record\": 1", "\"gntbench_record\": 2",
	  "record version 2: this gntbench reads version 1" },
	{ "\"gntbench_record\": 1", "\"gntbench_record\": \"1\"", "not a gntbench record" },
	{ "\"gntbench_record\"", "\"benchmark\"", "not a gntbench record" },
	{ "{\n \"gntbench_record\"", "x{\n \"gntbench_record\"", "not JSON" },
	{ "\"tier\": \"wall\"", "\"tier\": \"wild\"", "unknown tier 'wild'" },
	{ "\"tier\": \"wall\",", "", "'tier' is missing" },
	{ "\"status\": \"ok\"", "\"status\": \"fine\"", "unknown status 'fine'" },
	{ "\"hz\": 250", "\"hz\": [250]", "'hz' is not a string or a whole number" },
	{ "\"hz\": 250", "\"hz\": 250, \"hz\": 100", "duplicate" },
	{ "\"checks\": 9", "\"checks\": -9", "'checks' is not a whole number of at least 0" },
	{ "\"divisor\": 2", "\"divisor\": 0", "'divisor' of 'map' is 0" },
	{ "[7, 3]", "[7, 0]", "repeat of 0" },
	{ "[7, 3]", "[7, 99999999]", "repeat of 99999999" },
	{ "[7, 3]", "[7, 3, 1]", "'values' is not numbers" },
	{ "[7, 3]", "\"7\"", "'values' is not numbers" },
	{ "8.125", "9.125, 9.125, 9.125, 9.125", "does not agree with its values" },
	{ "\"p50\": 7", "\"p50\": 6", "does not agree with its values" },
	{ "\"metrics\": [", "\"metrics\": 5, \"old\": [",
	  "map_unmap/batch=2: 'metrics' is not an array" },
	{ "\"cases\": [", "\"cases\": [5,", "'id' is missing" },
};

static void refusals(void **state)
{
	size_t size;
	char *text;

	(void)state;
	write_example(5);
	text = get_file(path, &size);
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		const char *at = strstr(text, damages[i].part);
		struct error err;
		char *bad;

		assert_non_null(at);
		assert_true(asprintf(&bad, "%.*s%s%s", (int)(at - text), text, damages[i].by,
				     at + strlen(damages[i].part)) > 0);
		put_file(path, bad, strlen(bad));
		assert_null(record_read(path, &err));
		assert_has(err.text, damages[i].says);
		assert_has(err.text, path);
		free(bad);
	}
	free(text);
}

static void twice_the_same_case(void **state)
{
	struct record *rec = example(5);
	struct record_case *cases = record_alloc(rec, 2, sizeof(*cases));
	struct error err;

	(void)state;
	cases[0] = cases[1] = rec->cases[0];
	rec->cases = cases;
	rec->nr_cases = 2;
	assert_int_equal(record_write(rec, path, &err), 0);
	record_free(rec);
	assert_null(record_read(path, &err));
	assert_has(err.text, "twice in the record");
}

/* Cut anywhere, a record is refused. */
static void truncated(void **state)
{
	struct error err;
	size_t size;
	char *text;

	(void)state;
	write_example(5);
	text = get_file(path, &size);
	for (size_t cut = 0; cut < size - 2; cut += cut < 64 ? 1 : 13) {
		put_file(path, text, cut);
		assert_null(record_read(path, &err));
		assert_has(err.text, "not JSON, or cut short");
	}
	free(text);
}

/* Corrupt anyhow, a record is read or refused: no crash, nothing that ASan or UBSan sees. */
static void corrupt(void **state)
{
	static const char bytes[] = "[]{}\":,0-9e.\\\xff\0 ";
	struct error err;
	size_t size;
	char *text;

	(void)state;
	write_example(5);
	text = get_file(path, &size);
	srand(1);
	for (int i = 0; i < 3000; i++) {
		char *bad = malloc(size);

		memcpy(bad, text, size);
		for (int j = rand() % 4; j >= 0; j--)
			bad[rand() % size] = bytes[rand() % (sizeof(bytes) - 1)];
		put_file(path, bad, size);
		record_free(record_read(path, &err));
		free(bad);
	}
	free(text);
}

static void no_file(void **state)
{
	struct error err;

	(void)state;
	assert_null(record_read("/nonexistent/r.json", &err));
	assert_has(err.text, "/nonexistent/r.json");
	assert_has(err.text, "No such file");
	assert_null(record_read("/tmp", &err));
	assert_has(err.text, "/tmp");
}

static int count_files(void)
{
	char command[128];
	FILE *out;
	int n;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", dir);
	out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%d", &n), 1);
	pclose(out);
	return n;
}

/* A write that fails half-way leaves the old record, and nothing else. */
static void no_room(void **state)
{
	struct rlimit limit, old;
	struct record *rec;
	struct error err;

	(void)state;
	write_example(5);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 8192;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	rec = example(10000);
	assert_int_equal(record_write(rec, path, &err), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	record_free(rec);
	assert_has(err.text, path);
	assert_has(err.text, "File too large");
	assert_int_equal(count_files(), 1);
	rec = record_read(path, &err);
	assert_non_null(rec);
	assert_int_equal(rec->cases[0].metrics[0].nr_values, 5);
	record_free(rec);
}

static void bad_targets(void **state)
{
	struct record *rec = example(5);
	struct error err;
	struct stat st;

	(void)state;
	assert_int_equal(record_write(rec, "/nonexistent/r.json", &err), -1);
	assert_has(err.text, "No such file");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(record_write(rec, path, &err), -1);
	assert_has(err.text, "not a regular file");
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	unlink(path);
	record_free(rec);
}

/* Killed at any moment, a writer leaves the old record or the new one. */
static void killed(void **state)
{
	struct record *rec;
	struct error err;

	(void)state;
	write_example(5);
	for (int i = 0; i < 60; i++) {
		pid_t child = fork();

		if (!child) {
			for (;;)
				write_example(2000 + rand() % 3000);
		}
		usleep(200 + i * 300);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		rec = record_read(path, &err);
		if (!rec)
			fail_msg("%s", err.text);
		record_free(rec);
	}
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/r.json", dir);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(strange_keys),
		cmocka_unit_test(stable),
		cmocka_unit_test(empty_and_equal_values),
		cmocka_unit_test(runs_are_short),
		cmocka_unit_test(refusals),
		cmocka_unit_test(twice_the_same_case),
		cmocka_unit_test(truncated),
		cmocka_unit_test(corrupt),
		cmocka_unit_test(no_file),
		cmocka_unit_test(no_room),
		cmocka_unit_test(bad_targets),
		cmocka_unit_test(killed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
