// SPDX-License-Identifier: GPL-2.0
/*
 * Walks random combinations of case, op, unmap mode and parameters, most of them within their
 * limits: run in dom0 as "random_walk PATH/gntbench.ko STEPS SEED", with the module not loaded.
 *
 * What GNTBENCH_CHECK_ONLY refuses must have a reason; what it accepts must run with a clean
 * oracle, or be stopped by a table that is full. At the end nothing may be left. Prints KTAP. Exit
 * status: 0, 1 if a test failed, 2 if they could not run.
 */
#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "leaks.h"
#include "module.h"
#include "random_request.h"
#include "request.h"

/**
 * struct walk - how the steps went
 * @refused: by GNTBENCH_CHECK_ONLY
 * @ran: with a clean oracle
 * @stopped: by timeout_ms, a full table, or no memory
 */
struct walk {
	unsigned int refused;
	unsigned int ran;
	unsigned int stopped;
};

static enum ktap_result check_refusal(struct ktap *k, const char *line, const struct request *r)
{
	ktap_expect(k, r->error == EINVAL || r->error == EOPNOTSUPP, "'%s': %s", line,
		    strerror(r->error));
	ktap_expect(k, *r->run.why, "'%s': refused without a reason", line);
	return KTAP_PASS;
}

static bool may_stop(int error)
{
	return error == ETIMEDOUT || error == ENOSPC || error == ENOMEM;
}

static enum ktap_result step(struct ktap *k, struct walk *w, const char *line)
{
	enum ktap_result result = KTAP_PASS;
	struct request r;

	request_make(&r, line);
	if (random_request_too_much(&r.run))
		goto out;
	r.run.flags = GNTBENCH_CHECK_ONLY;
	if (request_run(&r)) {
		w->refused++;
		result = check_refusal(k, line, &r);
		goto out;
	}
	request_free(&r);
	request_make(&r, line);
	request_run(&r);
	w->ran += !r.error;
	w->stopped += may_stop(r.error);
	if ((r.error && (!may_stop(r.error) || !*r.run.why)) || r.run.oracle_broken) {
		snprintf(k->why, sizeof(k->why), "'%s': %s: %s, %llu broken", line,
			 strerror(r.error), r.run.why, (unsigned long long)r.run.oracle_broken);
		result = KTAP_FAIL;
	}
out:
	request_free(&r);
	return result;
}

static enum ktap_result walk_all(struct ktap *k, unsigned int steps)
{
	struct walk w = { 0 };
	char line[512];
	unsigned int i;

	for (i = 0; i < steps; i++) {
		random_request_line(line, sizeof(line));
		if (step(k, &w, line) != KTAP_PASS)
			return KTAP_FAIL;
	}
	printf("# %u refused, %u ran, %u stopped\n", w.refused, w.ran, w.stopped);
	ktap_expect(k, w.refused > steps / 10 && w.ran > steps / 5, "a walk that shows little");
	return KTAP_PASS;
}

int main(int argc, char **argv)
{
	struct ktap k = { 0 };

	if (argc != 4)
		errx(2, "usage: random_walk PATH/gntbench.ko STEPS SEED");
	if (module_load(argv[1], ""))
		err(2, "can't load %s", argv[1]);
	leaks_begin();
	srand(strtoul(argv[3], NULL, 0));

	printf("KTAP version 1\n1..2\n# %s steps, seed %s\n", argv[2], argv[3]);
	ktap_line(&k, walk_all(&k, strtoul(argv[2], NULL, 0)), "random combinations");
	ktap_line(&k, leaks_check(&k), "nothing is left");
	module_unload_within(1000);
	return k.failed ? 1 : 0;
}
