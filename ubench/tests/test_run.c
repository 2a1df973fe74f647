// SPDX-License-Identifier: GPL-2.0
/* What a run does around its drivers: turns, tiers, exit statuses, the fingerprint. */
#include "test.h"

#include <time.h>

#include "base/array.h"
#include "record/tier.h"
#include "record/environment.h"
#include "run/drivers/driver.h"
#include "run/environment.h"
#include "run/run.h"

/* Turns of KEY on two batches of three modes with SAMPLES each, as "case first+n" words. */
static void print_turns(const char *interleave, const char *samples, char *out, size_t size)
{
	struct plan *plan = plan_new();
	struct turn *turns;
	struct error err;
	size_t nr, len = 0;
	struct section *section = plan_add_section(plan, "map_unmap", "test", &err);

	assert_int_equal(section_add_axis(plan, section, "batch", "1,2", "test", &err), 0);
	assert_int_equal(
		section_add_axis(plan, section, "unmap_mode", "immediate,async", "test", &err), 0);
	assert_int_equal(section_add_axis(plan, section, "samples", samples, "test", &err), 0);
	assert_int_equal(plan_expand(plan, NULL, &err), 0);
	turns = make_turns(plan, interleave, &nr);
	*out = '\0';
	for (size_t i = 0; i < nr; i++)
		len += snprintf(out + len, size - len, "%s%zu %ju+%ju", i ? ", " : "", turns[i].c,
				(uintmax_t)turns[i].first, (uintmax_t)turns[i].nr_samples);
	free(turns);
	plan_free(plan);
}

static void turns(void **state)
{
	char text[1024];

	(void)state;
	print_turns(NULL, "16", text, sizeof(text));
	assert_string_equal(text, "0 0+16, 1 0+16, 2 0+16, 3 0+16");
	/* A is case 0 and B case 1: ABBA BAAB BAAB ABBA; then the same for batch 2. */
	print_turns("unmap_mode", "16", text, sizeof(text));
	assert_has(text,
		   "0 0+2, 1 0+2, 1 2+2, 0 2+2, 1 4+2, 0 4+2, 0 6+2, 1 6+2, "
		   "1 8+2, 0 8+2, 0 10+2, 1 10+2, 0 12+2, 1 12+2, 1 14+2, 0 14+2, 2 0+2, 3 0+2");
	/* An odd one out is a turn of its own. */
	print_turns("unmap_mode", "3", text, sizeof(text));
	assert_string_equal(text, "0 0+2, 1 0+2, 1 2+1, 0 2+1, 2 0+2, 3 0+2, 3 2+1, 2 2+1");
	print_turns("batch", "8", text, sizeof(text));
	assert_has(text, "0 0+2, 2 0+2, 2 2+2, 0 2+2");
	print_turns("granter", "8", text, sizeof(text));
	assert_string_equal(text, "0 0+8, 1 0+8, 2 0+8, 3 0+8");
}

/* A driver that measures nothing, and looks at the hold times that it is given: they must grow. */
static uint64_t last_hold_ns[2];

static int open_none(struct error *err)
{
	(void)err;
	return 0;
}

static void run_none(const struct request *req, struct outcome *out)
{
	uint64_t *last = &last_hold_ns[req->c->param[GNTBENCH_P_BATCH] == 32];

	for (size_t i = 0; i < req->nr_holds; i++)
		*last = req->holds_ns[i] >= *last ? req->holds_ns[i] : UINT64_MAX;
	out->nr_values = req->nr_samples * count_metrics(req->c->info);
	out->values = calloc(out->nr_values, sizeof(*out->values));
}

static void close_none(void)
{
}

/*
 * Hold times are drawn once a case, however many turns it has: 50,000 turns that drew 50,000 each
 * would take minutes. Over all turns they are those of the case, in order.
 */
static void holds_of_turns(void **state)
{
	static const struct driver none = { .open = open_none,
					    .run = run_none,
					    .close = close_none };
	const struct run_options options = { .interleave = "batch" };
	struct record *rec = record_new();
	struct plan *plan = plan_new();
	clock_t start = clock();
	struct section *section;
	struct error err;

	(void)state;
	section = plan_add_section(plan, "busy", "test", &err);
	assert_int_equal(section_add_axis(plan, section, "batch", "16,32", "test", &err), 0);
	assert_int_equal(section_add_axis(plan, section, "samples", "50000", "test", &err), 0);
	assert_int_equal(section_add_axis(plan, section, "hold", "spread:1ms,2s", "test", &err), 0);
	assert_int_equal(plan_expand(plan, NULL, &err), 0);
	plan->cases[0].driver = plan->cases[1].driver = &none;
	rec->unit = "insn";
	rec->tier = TIER_WALL; /* the exact one begins at a full minute */
	run_plan(rec, plan, &options);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(rec->cases[i].status, CASE_OK);
		assert_int_equal(last_hold_ns[i], 2000000000);
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
	record_free(rec);
	plan_free(plan);
}

static void proofs(void **state)
{
	struct gntbench_info exact = { .tick_khz = 999999,
				       .proof_insn = 20001,
				       .proof_ticks = 20005 };
	struct gntbench_info info = exact;
	struct error err;

	(void)state;
	assert_int_equal(tier_prove(TIER_EXACT, &exact, &err), 0);
	info.proof_ticks = exact.proof_insn + PROOF_SLACK_TICKS + 1;
	assert_int_equal(tier_prove(TIER_EXACT, &info, &err), -1);
	assert_has(err.text, "a loop of 20001 instructions took 20018 ticks");
	assert_int_equal(tier_prove(TIER_WALL, &info, &err), 0);
	info = exact;
	info.proof_ticks = 1;
	assert_int_equal(tier_prove(TIER_EXACT, &info, &err), -1);
	info = exact;
	info.tick_khz = 2600000;
	assert_int_equal(tier_prove(TIER_EXACT, &info, &err), -1);
	assert_has(err.text, "2600000 kHz");
	info.proof_insn = info.proof_ticks = 0;
	info.tick_khz = 1000000;
	assert_int_equal(tier_prove(TIER_EXACT, &info, &err), -1);
	info.tick_khz = 0;
	assert_int_equal(tier_prove(TIER_HOST, &info, &err), -1);
}

static void times(void **state)
{
	(void)state;
	assert_true(tier_time(TIER_EXACT, 123456789, 999999) == 123456789);
	assert_true(tier_time(TIER_HOST, 2000, 2000000) == 1000);
	assert_true(tier_time(TIER_WALL, 1, 3000000) == 0.333);
	assert_string_equal(tier_unit(TIER_EXACT), "insn");
	assert_string_equal(tier_unit(TIER_WALL), "ns");
}

static void warnings(void **state)
{
	struct gntbench_info info = { .tick_khz = 1000000,
				      .proof_insn = 20001,
				      .proof_ticks = 20005,
				      .kernel_flags = GNTBENCH_KERNEL_KASAN |
						      GNTBENCH_KERNEL_LOCKDEP };
	struct record *rec = record_new();

	(void)state;
	rec->tier = TIER_WALL;
	tier_warn(rec, &info);
	assert_int_equal(rec->nr_warnings, 3);
	assert_has(rec->warnings[0], "KASAN");
	assert_has(rec->warnings[1], "lockdep");
	assert_has(rec->warnings[2], "use --tier exact");
	record_free(rec);
}

static enum status status_of(enum case_status a, enum case_status b)
{
	struct record_case cases[] = { { .status = a }, { .status = b } };
	struct record rec = { .cases = cases, .nr_cases = 2 };

	return run_status(&rec);
}

static void statuses(void **state)
{
	(void)state;
	assert_int_equal(status_of(CASE_OK, CASE_OK), STATUS_OK);
	assert_int_equal(status_of(CASE_OK, CASE_SKIP), STATUS_OK);
	assert_int_equal(status_of(CASE_SKIP, CASE_SKIP), STATUS_ERROR);
	assert_int_equal(status_of(CASE_ERROR, CASE_OK), STATUS_ERROR);
	assert_int_equal(status_of(CASE_ERROR, CASE_FAILURE), STATUS_FAILURE);
}

/* The fingerprint on this machine, with what the lab's file says. */
static char *fingerprint(enum tier tier, uint32_t vcpus, const char *lab_text)
{
	struct gntbench_info info = { .vcpus = vcpus, .hz = 250, .tick_khz = vcpus * 1000 };
	json_t *lab = json_loads(lab_text, 0, NULL);
	struct record *rec = record_new();
	char *copy;

	assert_non_null(lab);
	rec->tier = tier;
	environment_fill(rec, &info, lab);
	copy = strdup(rec->fingerprint);
	record_free(rec);
	json_decref(lab);
	return copy;
}

static void fingerprints(void **state)
{
	static const struct {
		enum tier tier;
		int vcpus;
		const char *lab;
		bool same;
	} others[] = {
		{ TIER_WALL, 1, "{\"machine\": \"pv\", \"compiler\": \"gcc 12\"}", true },
		{ TIER_WALL, 1,
		  "{\"machine\": \"pv\", \"compiler\": \"gcc 12\", \"git_commit\": \"5\", \"odd\": []}",
		  true },
		{ TIER_EXACT, 1, "{\"machine\": \"pv\", \"compiler\": \"gcc 12\"}", false },
		{ TIER_WALL, 2, "{\"machine\": \"pv\", \"compiler\": \"gcc 12\"}", false },
		{ TIER_WALL, 1, "{\"machine\": \"pvh\", \"compiler\": \"gcc 12\"}", false },
		{ TIER_WALL, 1, "{\"machine\": \"pv\", \"compiler\": \"gcc 13\"}", false },
		{ TIER_WALL, 1, "{\"machine\": \"pv\", \"qemu_version\": \"gcc 12\"}", false },
	};
	char *base = fingerprint(TIER_WALL, 1, others[0].lab);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		char *other = fingerprint(others[i].tier, others[i].vcpus, others[i].lab);

		if (others[i].same != !strcmp(base, other))
			fail_msg("fingerprint %s with %s", other, others[i].lab);
		free(other);
	}
	free(base);
	assert_true(environment_decides("kernel_build_id"));
	assert_false(environment_decides("module_build_id"));
	assert_false(environment_decides("no such field"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns),	cmocka_unit_test(holds_of_turns),
		cmocka_unit_test(proofs),	cmocka_unit_test(times),
		cmocka_unit_test(warnings),	cmocka_unit_test(statuses),
		cmocka_unit_test(fingerprints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
