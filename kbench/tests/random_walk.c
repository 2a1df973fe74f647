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
#include "request.h"

#define MAX_PAGES     4096 /* a step's pages at once: it must end soon */
#define MAX_RECLAIMED 8	   /* of case granter: ten a second */
#define MAX_HOLD_NS   30000000

struct limits {
	const char *name;
	uint64_t min;
	uint64_t max;
};

/* In the order of the parameters. */
static const struct limits limits[] = {
#define GNTBENCH_PARAM(_id, _name, _unit, _min, _max, ...) { _name, _min, _max },
	GNTBENCH_PARAMS(GNTBENCH_PARAM)
#undef GNTBENCH_PARAM
};

/* Keeps a step short. */
static uint64_t usual_max(unsigned int param)
{
	switch (param) {
	case GNTBENCH_P_SAMPLES:
		return 4;
	case GNTBENCH_P_WARMUP:
	case GNTBENCH_P_VCPUS:
		return 2;
	case GNTBENCH_P_BUSY_PAGES:
	case GNTBENCH_P_REQUESTS:
	case GNTBENCH_P_BUSY_REQUESTS:
	case GNTBENCH_P_USES:
		return 16;
	default:
		return limits[param].max;
	}
}

static uint64_t below(uint64_t n)
{
	return n ? ((uint64_t)rand() << 31 | (uint64_t)rand()) % n : 0;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

/* A limit, one beyond it, or something between. */
static uint64_t random_value(unsigned int param)
{
	uint64_t min = limits[param].min, max = limits[param].max;

	if (one_in(40))
		return max + 1;
	if (one_in(40))
		return min - 1;
	if (one_in(8))
		return min;
	return min + below(usual_max(param) - min + 1);
}

/* A word of the space-separated @list, or another one. */
static void random_word(char *word, size_t size, const char *list)
{
	char *copy = strdup(list), *rest, *w;
	unsigned int nr = 1;

	snprintf(word, size, "%s", one_in(40) ? "nonesuch" : "");
	for (w = copy ? strtok_r(copy, " ", &rest) : NULL; w; w = strtok_r(NULL, " ", &rest))
		if (*word != 'n' && one_in(nr++))
			snprintf(word, size, "%s", w);
	free(copy);
}

static size_t add(char *line, size_t len, size_t size, const char *key, uint64_t value)
{
	return len + snprintf(line + len, size - len, " %s=%llu", key, (unsigned long long)value);
}

/* A line for request_make(). */
static void random_line(char *line, size_t size)
{
	const struct gntbench_case_info *info = &request_cases[below(request_nr_cases)];
	uint64_t takes = info->params | GNTBENCH_TAKES(SAMPLES) | GNTBENCH_TAKES(WARMUP);
	char word[GNTBENCH_NAME_LEN];
	unsigned int i;
	size_t len;

	random_word(word, sizeof(word), info->ops);
	len = snprintf(line, size, "%s%s%s", info->name, *word ? ":" : "", word);
	for (i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (takes & (1ULL << i))
			len = add(line, len, size, limits[i].name, random_value(i));
	if (one_in(20))
		len = add(line, len, size, "timeout_ms", 1 + below(50));
	if (takes & GNTBENCH_TAKES(HOLDS))
		len = add(line, len, size, "hold_ns", below(MAX_HOLD_NS));
	if (takes & GNTBENCH_TAKES(UNMAP_MODE)) {
		random_word(word, sizeof(word), GNTBENCH_UNMAP_MODES);
		snprintf(line + len, size - len, " unmap_mode=%s", word);
	}
}

/* Would keep the walk for too long. */
static bool too_much(const struct gntbench_run *run)
{
	const __u64 *p = run->param;
	uint64_t pages = p[GNTBENCH_P_BATCH];

	if (p[GNTBENCH_P_REQUESTS])
		pages *= p[GNTBENCH_P_REQUESTS];
	if (!strcmp(run->op, "reclaim"))
		pages *= MAX_PAGES / MAX_RECLAIMED;
	return pages > MAX_PAGES;
}

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
	if (too_much(&r.run))
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
		random_line(line, sizeof(line));
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
