// SPDX-License-Identifier: GPL-2.0
/* Prints how many grants are in use in dom0's Linux, for the shell tests that run there. */
#include <stdio.h>
#include <time.h>

#include "../../kbench/tests/leaks.h"
#include "../../kbench/tests/module.h"

/* What leaks.c wants of kbench's own tests. */
long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sleep_ms(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

int main(void)
{
	char why[256];
	long in_use = leaks_grants_in_use(why, sizeof(why));

	if (in_use < 0) {
		fprintf(stderr, "%s\n", why);
		return 2;
	}
	printf("%ld\n", in_use);
	return 0;
}
