// SPDX-License-Identifier: GPL-2.0
/* Suites into plans: the cross product, limits, --set and --case; errors with file and line. */
#include "test.h"

#include "base/array.h"
#include "run/drivers/driver.h"
#include "run/suite.h"

static char path[] = "/tmp/gntbench-suite.XXXXXX";

static struct plan *read_suite_for(int tier, const char *text, struct error *err)
{
	struct plan *plan = plan_new();
	char name[64];

	plan->tier = tier;
	snprintf(name, sizeof(name), "%s", path);
	put_file(path, text, strlen(text));
	if (!plan_read_suite(plan, name, err) && !plan_expand(plan, NULL, err))
		return plan;
	plan_free(plan);
	return NULL;
}

static struct plan *read_suite(const char *text, struct error *err)
{
	return read_suite_for(ANY_TIER, text, err);
}

static void assert_id(const struct plan *plan, size_t i, const char *id)
{
	char *is;

	assert_true(i < plan->nr_cases);
	is = plan_case_id(&plan->cases[i], NULL);
	assert_string_equal(is, id);
	free(is);
}

/* Who maps is part of an id only if it was asked for: older records know nothing of it. */
static void mapper(void **state)
{
	struct error err;
	struct plan *plan = read_suite("[case m]\ncase = map_unmap\nmapper = dom0,pvh\n"
				       "granter = dom0\n[case floor]\nmapper = pv\n",
				       &err);

	(void)state;
	assert_non_null(plan);
	assert_id(plan, 0, "map_unmap/batch=32/granter=dom0/mapper=dom0/unmap_mode=async");
	assert_id(plan, 1, "map_unmap/batch=32/granter=dom0/mapper=pvh/unmap_mode=async");
	assert_id(plan, 2, "floor:empty/batch=32/mapper=pv");
	plan_free(plan);
}

static void cross_product(void **state)
{
	struct error err;
	struct plan *plan = read_suite("[suite]\nwhat = a\ntime_s = 2.5\n"
				       "[case m]\ncase = map_unmap\nbatch = 1, 64\n"
				       "unmap_mode = sync,immediate\nsamples = 7\n",
				       &err);

	(void)state;
	assert_non_null(plan);
	assert_string_equal(plan->what, "a");
	assert_true(plan->time_s == 2.5);
	assert_int_equal(plan->nr_cases, 4);
	assert_id(plan, 0, "map_unmap/batch=1/granter=self/unmap_mode=sync");
	assert_id(plan, 1, "map_unmap/batch=1/granter=self/unmap_mode=immediate");
	assert_id(plan, 2, "map_unmap/batch=64/granter=self/unmap_mode=sync");
	assert_id(plan, 3, "map_unmap/batch=64/granter=self/unmap_mode=immediate");
	assert_int_equal(plan->cases[3].param[GNTBENCH_P_SAMPLES], 7);
	assert_int_equal(plan->cases[3].param[GNTBENCH_P_WARMUP],
			 param_infos[GNTBENCH_P_WARMUP].def);
	assert_int_equal(plan->cases[3].param[GNTBENCH_P_BUSY_PAGES], 0);
	plan_free(plan);
}

/* read_suite() asks for no tier: what is only for one is checked, and left. */
static void key_of_a_tier(void **state)
{
	static const char text[] = "[case floor]\nsamples = 7\nsamples.exact = 5\n";
	struct error err;
	struct plan *plan = read_suite(text, &err);

	(void)state;
	assert_non_null(plan);
	assert_int_equal(plan->cases[0].param[GNTBENCH_P_SAMPLES], 7);
	plan_free(plan);
	for (int tier = 0; tier < NR_TIERS; tier++) {
		plan = read_suite_for(tier, text, &err);
		assert_non_null(plan);
		assert_int_equal(plan->nr_cases, 1);
		assert_int_equal(plan->cases[0].param[GNTBENCH_P_SAMPLES],
				 tier == TIER_EXACT ? 5 : 7);
		plan_free(plan);
	}
}

static void defaults(void **state)
{
	struct error err;
	struct plan *plan =
		read_suite("[case floor]\nwarmup = 0\n[case map_unmap]\nwarmup=1\n", &err);

	(void)state;
	assert_non_null(plan);
	assert_id(plan, 0, "floor:empty/batch=32");
	assert_id(plan, 1, "map_unmap/batch=32/granter=self/unmap_mode=async");
	plan_free(plan);
}

static enum gntbench_per per_of_floor(const char *op)
{
	char text[64];
	struct error err;
	struct plan *plan;
	enum gntbench_per per;

	sprintf(text, "[case floor]\nbatch = 1\nop = %s\n", op);
	plan = read_suite(text, &err);
	assert_non_null(plan);
	per = plan_case_per(&plan->cases[0], &plan->cases[0].info->metrics[0]);
	plan_free(plan);
	return per;
}

/* An op without pages has no cost a page. */
static void pageless(void **state)
{
	struct error err;
	struct plan *plan = read_suite("[case map_unmap]\nbatch = 1\n", &err);
	const struct plan_case *c = &plan->cases[0];

	(void)state;
	assert_int_equal(plan_case_per(c, &c->info->metrics[0]), GNTBENCH_PER_PAGE);
	plan_free(plan);
	assert_int_equal(per_of_floor("page_count"), GNTBENCH_PER_PAGE);
	assert_int_equal(per_of_floor("empty"), GNTBENCH_PER_SAMPLE);
	assert_int_equal(per_of_floor("timer"), GNTBENCH_PER_SAMPLE);
}

static const struct {
	const char *text;
	int line; /* 0: none in the message */
	const char *says;
} bad_suites[] = {
	{ "", 0, "no [case NAME]" },
	{ "[suite]\nwhat = x\n", 0, "no [case NAME]" },
	{ "[case floor]\nbatch 1\n", 2, "syntax error" },
	{ "[case floor\nbatch = 1\n", 1, "syntax error" },
	{ "batch = 1\n", 1, "unknown section []" },
	{ "[cases floor]\nbatch = 1\n", 2, "unknown section [cases floor]" },
	{ "[suite]\nwho = x\n", 2, "unknown key 'who'" },
	{ "[suite]\ntime_s = soon\n", 2, "time_s = 'soon'" },
	{ "[suite]\ntime_s = nan\n", 2, "time_s = 'nan'" },
	{ "[case nosuch]\nbatch = 1\n", 1, "unknown case 'nosuch'" },
	{ "[case a]\n; nothing\n\n[case floor]\nbatch = 1\n", 1, "a section without a key" },
	{ "[case floor]\nbatch = 1\n[case b]\n", 3, "a section without a key" },
	{ "[case floor]\n\nbach = 1\n", 3, "unknown key 'bach'" },
	{ "[case floor]\nunmap_mode = async\n", 2, "floor does not take unmap_mode" },
	{ "[case floor]\nbusy_pages = 1\n", 2, "floor does not take busy_pages" },
	{ "[case floor]\nbatch = 0\n", 2, "batch = 0 is out of its limits: 1 to 512 pages" },
	{ "[case floor]\nbatch = 1,513\n", 2, "batch = 513 is out of its limits: 1 to 512 pages" },
	{ "[case floor]\nbatch = -1\n", 2, "batch = '-1' is not a whole number of 1 to 512" },
	{ "[case floor]\nbatch = 1x\n", 2, "batch = '1x' is not" },
	{ "[case floor]\nbatch = 99999999999999999999\n", 2, "out of its limits" },
	{ "[case floor]\nsamples = 1000001\n", 2,
	  "samples = 1000001 is out of its limits: 1 to 1000000" },
	{ "[case floor]\nbatch = 1,,2\n", 2, "empty value" },
	{ "[case floor]\nbatch =\n", 2, "empty value" },
	{ "[case floor]\nbatch = 1,1\n", 0, "the case floor:empty/batch=1 is there twice" },
	{ "[case floor]\nbatch = 1\nbatch = 2\n", 3, "batch is there twice (first: " },
	{ "[case floor]\nbatch = 1\n[suite]\nwhat=x\n[case floor]\nop = work\n", 6,
	  "is there twice (first: " },
	{ "[case floor]\nop = fast\n", 2, "unknown op 'fast': there are empty hypercall" },
	{ "[case map_unmap]\nop = fast\n", 2, "map_unmap does not take op" },
	{ "[case map_unmap]\nunmap_mode = lazy\n", 2,
	  "unknown unmap_mode 'lazy': there are immediate async sync" },
	{ "[case map_unmap]\nunmap_mode = immediate async\n", 2, "unknown unmap_mode" },
	{ "[case floor]\nsamples.slow = 1\n", 2, "unknown tier in 'samples.slow'" },
	{ "[case floor]\nbach.exact = 1\n", 2, "unknown key 'bach'" },
	{ "[case floor]\ntiers = exact,slow\n", 2, "unknown tier at 'slow'" },
	{ "[case floor]\ntiers =\n", 2, "unknown tier at ''" },
	{ "[case map_unmap]\nmapper = domU\n", 2,
	  "unknown mapper 'domU': there are dom0 pv pvh hvm" },
	{ "[case map_unmap]\ngranter = dom7\n", 2,
	  "unknown granter 'dom7': there are self domU dom0" },
};

static void errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_suites); i++) {
		struct error err = { "no error" };
		char where[64];

		assert_null(read_suite(bad_suites[i].text, &err));
		assert_has(err.text, bad_suites[i].says);
		snprintf(where, sizeof(where), "%s:%d: ", path, bad_suites[i].line);
		if (bad_suites[i].line)
			assert_has(err.text, where);
	}
}

static void long_lines(void **state)
{
	struct error err;
	char text[512];
	size_t len;

	(void)state;
	len = sprintf(text, "[case floor]\nbatch = 1");
	for (int i = 2; i < 90; i++)
		len += sprintf(text + len, ",%d", i);
	strcpy(text + len, "\n");
	assert_null(read_suite(text, &err));
	assert_has(err.text, ":2: line longer than");
}

static void too_many(void **state)
{
	struct error err;
	FILE *file = fopen(path, "w");
	struct plan *plan = plan_new();

	(void)state;
	for (int i = 0; i <= MAX_SECTIONS; i++)
		fprintf(file, "[case s%d]\ncase = floor\nbatch = %d\n", i, i + 1);
	fclose(file);
	assert_int_equal(plan_read_suite(plan, path, &err), -1);
	assert_has(err.text, "more than 64 sections");
	plan_free(plan);

	plan = plan_new();
	file = fopen(path, "w");
	fprintf(file, "[case floor]\nop = empty,hypercall,work,timer\n");
	for (int key = 0; key < 2; key++) {
		fprintf(file, "%s = 1", key ? "samples" : "batch");
		for (int i = 2; i < 60; i++)
			fprintf(file, ",%d", i);
		fputc('\n', file);
	}
	fclose(file);
	assert_int_equal(plan_read_suite(plan, path, &err), 0);
	assert_int_equal(plan_expand(plan, NULL, &err), -1);
	assert_has(err.text, "stands for more than 4096 cases");
	plan_free(plan);
}

#define TWO_CASES "[case floor]\nbatch = 1,2\n[case m]\ncase = map_unmap\nbatch = 1,2\n"

/* ASSIGNMENT and SELECT on TWO_CASES: the ids, or what the error says. */
static const struct {
	const char *assignment, *select;
	size_t nr_cases;
	const char *first, *says;
} changes[] = {
	{ "batch=7", NULL, 2, "floor:empty/batch=7", NULL },
	{ "unmap_mode=sync,async", NULL, 6, "floor:empty/batch=1", NULL },
	{ "samples=3", "m", 2, "map_unmap/batch=1/granter=self/unmap_mode=async", NULL },
	{ "samples=3", "map_unmap", 2, "map_unmap/batch=1/granter=self/unmap_mode=async", NULL },
	{ "samples=3", "*/batch=2*", 2, "floor:empty/batch=2", NULL },
	{ "samples=3", "batch=2", 0, NULL, "no case 'batch=2'" },
	{ "batch=0", NULL, 0, NULL, "--set: batch = 0 is out of its limits: 1 to 512 pages" },
	{ "batch", NULL, 0, NULL, "KEY=VALUE wanted" },
	{ "batch=", NULL, 0, NULL, "empty value" },
	{ "=1", NULL, 0, NULL, "unknown key ''" },
	{ "what=1", NULL, 0, NULL, "unknown key 'what'" },
	{ "vcpus=1", NULL, 0, NULL, "no case of this run takes vcpus" },
};

static void overrides(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct error err = { "" };
		struct plan *plan = read_suite(TWO_CASES, &err);
		int ret;

		assert_non_null(plan);
		ret = plan_override(plan, changes[i].assignment, &err) ?:
			      plan_expand(plan, changes[i].select, &err);
		assert_int_equal(ret, changes[i].says ? -1 : 0);
		if (changes[i].says) {
			assert_has(err.text, changes[i].says);
		} else {
			assert_int_equal(plan->nr_cases, changes[i].nr_cases);
			assert_id(plan, 0, changes[i].first);
		}
		plan_free(plan);
	}
}

/* Sections are left out of runs that they are not for. */
static void for_tiers(void **state)
{
	struct error err;
	struct plan *plan = read_suite("[case floor]\nbatch = 1\n"
				       "[case map_unmap]\ntiers = exact, host\n",
				       &err);

	(void)state;
	assert_non_null(plan);
	assert_int_equal(plan->nr_cases, 2);
	plan->tier = TIER_WALL;
	assert_int_equal(plan_expand(plan, NULL, &err), 0);
	assert_int_equal(plan->nr_cases, 1);
	plan->tier = TIER_HOST;
	assert_int_equal(plan_expand(plan, NULL, &err), 0);
	assert_int_equal(plan->nr_cases, 2);
	plan_free(plan);
}

/* Corrupt anyhow, a suite is read or refused: no crash, nothing that ASan or UBSan sees. */
static void corrupt(void **state)
{
	static const char text[] = "[suite]\nwhat = x\ntime_s = 2\n" TWO_CASES
				   "unmap_mode = immediate,async,sync\nsamples = 1,5\n";
	static const char bytes[] = "[]=,;\n\0 \t:x0\xff";
	char bad[sizeof(text)];
	struct error err;

	(void)state;
	srand(1);
	for (int i = 0; i < 3000; i++) {
		struct plan *plan = plan_new();

		memcpy(bad, text, sizeof(text));
		for (int j = rand() % 4; j >= 0; j--)
			bad[rand() % (sizeof(text) - 1)] = bytes[rand() % (sizeof(bytes) - 1)];
		put_file(path, bad, sizeof(text) - 1);
		if (!plan_read_suite(plan, path, &err))
			plan_expand(plan, NULL, &err);
		plan_free(plan);
	}
}

/* Every value that the tables allow is allowed at its ends and refused beyond them. */
static void limits(void **state)
{
	(void)state;
	for (const struct driver *const *d = drivers; *d; d++) {
		for (const struct gntbench_case_info *info = (*d)->cases; info->name; info++) {
			for (int i = 0; i < GNTBENCH_NR_PARAMS; i++) {
				const struct param_info *p = &param_infos[i];
				const uint64_t values[] = { p->min, p->max, p->max + 1,
							    p->min - 1 };

				if (!case_takes(info, p->name))
					continue;
				for (int v = 0; v < 3 + (p->min > 0); v++) {
					struct plan *plan;
					struct error err;
					char text[128];

					snprintf(text, sizeof(text), "[case %s]\n%s = %ju\n",
						 info->name, p->name, (uintmax_t)values[v]);
					plan = read_suite(text, &err);
					assert_true(v < 2 ? !!plan : !plan);
					plan_free(plan);
				}
			}
		}
	}
}

static int setup(void **state)
{
	int fd = mkstemp(path);
	const char *base = strrchr(path, '/');

	(void)state;
	assert_non_null(base);
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
		cmocka_unit_test(mapper),	 cmocka_unit_test(cross_product),
		cmocka_unit_test(key_of_a_tier), cmocka_unit_test(defaults),
		cmocka_unit_test(pageless),	 cmocka_unit_test(errors),
		cmocka_unit_test(long_lines),	 cmocka_unit_test(too_many),
		cmocka_unit_test(overrides),	 cmocka_unit_test(limits),
		cmocka_unit_test(for_tiers),	 cmocka_unit_test(corrupt),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
