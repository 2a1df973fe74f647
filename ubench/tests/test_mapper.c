// SPDX-License-Identifier: GPL-2.0
/* What goes to a mapper in another domain, and comes back: whole, or refused. */
#include "test.h"

#include "run/drivers/driver.h"
#include "run/mapper_mail.h"

#define TOKEN 0x1234567800000001ull

static struct mail make_request(void)
{
	static const uint64_t holds[] = { 1000, 2000, 3000 };
	static uint32_t grefs[] = { 8, 9, 10, 4000000000u };
	const struct granter granter = { .domid = 0, .grefs = grefs, .nr_grefs = 4 };
	const struct plan_case c = {
		.info = find_case("busy", NULL),
		.op = "",
		.unmap_mode = "",
		.param[GNTBENCH_P_BATCH] = 4,
	};
	const struct request req = {
		.c = &c,
		.nr_samples = 3,
		.nr_warmup = 2,
		.holds_ns = holds,
		.nr_holds = 3,
		.aligned = true,
	};

	return mapper_put_request(&req, &granter, TOKEN);
}

static void request(void **state)
{
	struct mail mail = make_request();
	struct mapper_request got;
	struct error err;

	(void)state;
	assert_int_equal(mapper_get_request(&mail, &got, &err), 0);
	assert_true(got.token == TOKEN);
	assert_string_equal(got.c.info->name, "busy");
	assert_string_equal(got.c.granter, "dom0");
	assert_int_equal(got.c.param[GNTBENCH_P_BATCH], 4);
	assert_true(got.req.aligned);
	assert_int_equal(got.req.nr_samples, 3);
	assert_int_equal(got.req.nr_warmup, 2);
	assert_int_equal(got.req.nr_holds, 3);
	assert_int_equal(got.req.holds_ns[2], 3000);
	assert_int_equal(got.req.granter->nr_grefs, 4);
	assert_true(got.req.granter->grefs[3] == 4000000000u);
	mapper_free_request(&got);
	free(mail.data);
}

static void cut_short(void **state)
{
	struct mail mail = make_request();
	size_t whole = mail.size;

	(void)state;
	for (mail.size = 0; mail.size < whole; mail.size++) {
		struct mapper_request got;
		struct error err;

		mail.at = 0;
		assert_int_equal(mapper_get_request(&mail, &got, &err), -1);
		mapper_free_request(&got);
	}
	free(mail.data);
}

/* An array that says it is longer than the message. */
static void too_long(void **state)
{
	struct mail mail = { 0 };
	uint64_t nr = UINT64_MAX / sizeof(nr);

	(void)state;
	mail_put(&mail, &nr, sizeof(nr));
	assert_null(mail_get_array(&mail, &nr, sizeof(nr)));
	assert_int_equal(nr, 0);
	assert_true(mail.at > mail.size);
	free(mail.data);
}

static void answer(void **state)
{
	static uint64_t values[] = { 5, 6, 7, UINT64_MAX };
	static uint32_t interrupts[] = { 0, 1 };
	const struct outcome sent = {
		.status = CASE_FAILURE,
		.reason = "why",
		.oracle_checks = 12,
		.oracle_broken = 1,
		.values = values,
		.nr_values = 4,
		.interrupts = interrupts,
		.log = { .alarms = 1, .alarm = "BUG: " },
	};
	struct mail mail = mapper_put_answer(&sent, 2, TOKEN);
	struct outcome got = { 0 };

	(void)state;
	assert_false(mapper_get_answer(&mail, 2, TOKEN + 1, &got));
	mail.at = 0;
	assert_true(mapper_get_answer(&mail, 2, TOKEN, &got));
	assert_int_equal(got.status, CASE_FAILURE);
	assert_string_equal(got.reason, "why");
	assert_string_equal(got.log.alarm, "BUG: ");
	assert_int_equal(got.oracle_checks, 12);
	assert_int_equal(got.nr_values, 4);
	assert_true(got.values[3] == UINT64_MAX);
	assert_int_equal(got.interrupts[1], 1);
	free(got.values);
	free(got.interrupts);

	/* A number of interrupts for each sample, or none: a record has no room for more. */
	mail.at = 0;
	assert_true(mapper_get_answer(&mail, 1, TOKEN, &got));
	assert_null(got.interrupts);
	free(got.values);
	free(mail.data);
}

static void damaged(void **state)
{
	struct outcome sent = { .status = NR_CASE_STATUSES };
	struct mail mail = mapper_put_answer(&sent, 0, TOKEN);
	size_t whole = mail.size;

	(void)state;
	for (; mail.size >= sizeof(uint64_t); mail.size--) {
		struct outcome got = { 0 };

		mail.at = 0;
		assert_true(mapper_get_answer(&mail, 0, TOKEN, &got));
		assert_int_equal(got.status, CASE_ERROR);
		assert_has(got.reason, "is damaged");
		free(got.values);
		free(got.interrupts);
	}
	assert_true(whole > sizeof(uint64_t));
	free(mail.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(request), cmocka_unit_test(cut_short), cmocka_unit_test(too_long),
		cmocka_unit_test(answer),  cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
