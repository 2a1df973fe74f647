/* SPDX-License-Identifier: GPL-2.0 */
/* Tests that print KTAP version 1 (Documentation/dev-tools/ktap.rst). */
#ifndef GNTBENCH_KTAP_H
#define GNTBENCH_KTAP_H

#include <stdio.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum ktap_result { KTAP_PASS, KTAP_FAIL, KTAP_SKIP };

struct ktap {
	unsigned int nr;
	unsigned int failed;
	char why[1024];
};

/* Ends a test with a reason, unless @ok. */
#define ktap_expect(k, ok, ...)                                            \
	do {                                                               \
		if (!(ok)) {                                               \
			snprintf((k)->why, sizeof((k)->why), __VA_ARGS__); \
			return KTAP_FAIL;                                  \
		}                                                          \
	} while (0)

static inline void ktap_line(struct ktap *k, enum ktap_result result, const char *name)
{
	printf("%s %u %s%s\n", result == KTAP_FAIL ? "not ok" : "ok", ++k->nr, name,
	       result == KTAP_SKIP ? " # SKIP" : "");
	if (result != KTAP_PASS)
		printf("# %s\n", k->why);
	if (result == KTAP_FAIL)
		k->failed++;
	k->why[0] = '\0';
	fflush(stdout);
}

#endif /* GNTBENCH_KTAP_H */
