// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_request.h"

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
	case GNTBENCH_P_INTERVAL_US:
		return 2000;
	default:
		return limits[param].max;
	}
}

uint64_t random_below(uint64_t n)
{
	return n ? ((uint64_t)rand() << 31 | (uint64_t)rand()) % n : 0;
}

bool random_one_in(unsigned int n)
{
	return !random_below(n);
}

/* A limit, one beyond it, or something between. */
static uint64_t random_value(unsigned int param)
{
	uint64_t min = limits[param].min, max = limits[param].max;

	if (random_one_in(40))
		return max + 1;
	if (random_one_in(40))
		return min - 1;
	if (random_one_in(8))
		return min;
	return min + random_below(usual_max(param) - min + 1);
}

/* A word of the space-separated @list, or another one. */
static void random_word(char *word, size_t size, const char *list)
{
	char *copy = strdup(list), *rest, *w;
	unsigned int nr = 1;

	snprintf(word, size, "%s", random_one_in(40) ? "nonesuch" : "");
	for (w = copy ? strtok_r(copy, " ", &rest) : NULL; w; w = strtok_r(NULL, " ", &rest))
		if (*word != 'n' && random_one_in(nr++))
			snprintf(word, size, "%s", w);
	free(copy);
}

static size_t add(char *line, size_t len, size_t size, const char *key, uint64_t value)
{
	return len + snprintf(line + len, size - len, " %s=%llu", key, (unsigned long long)value);
}

/* Not the one that waits for what others do. */
static const struct gntbench_case_info *random_case(void)
{
	const struct gntbench_case_info *info;

	do
		info = &request_cases[random_below(request_nr_cases)];
	while (!strcmp(info->name, "backend"));
	return info;
}

void random_request_line(char *line, size_t size)
{
	const struct gntbench_case_info *info = random_case();
	uint64_t takes = info->params | GNTBENCH_TAKES(SAMPLES) | GNTBENCH_TAKES(WARMUP);
	char word[GNTBENCH_NAME_LEN];
	unsigned int i;
	size_t len;

	random_word(word, sizeof(word), info->ops);
	len = snprintf(line, size, "%s%s%s", info->name, *word ? ":" : "", word);
	for (i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (takes & (1ULL << i))
			len = add(line, len, size, limits[i].name, random_value(i));
	if (random_one_in(20))
		len = add(line, len, size, "timeout_ms", 1 + random_below(50));
	if (takes & GNTBENCH_TAKES(HOLDS))
		len = add(line, len, size, "hold_ns", random_below(MAX_HOLD_NS));
	if (takes & GNTBENCH_TAKES(UNMAP_MODE)) {
		random_word(word, sizeof(word), GNTBENCH_UNMAP_MODES);
		snprintf(line + len, size - len, " unmap_mode=%s", word);
	}
}

bool random_request_too_much(const struct gntbench_run *run)
{
	const __u64 *p = run->param;
	uint64_t pages = p[GNTBENCH_P_BATCH];

	if (p[GNTBENCH_P_REQUESTS])
		pages *= p[GNTBENCH_P_REQUESTS];
	if (!strcmp(run->op, "reclaim"))
		pages *= MAX_PAGES / MAX_RECLAIMED;
	return pages > MAX_PAGES;
}
