// SPDX-License-Identifier: GPL-2.0
/* Prints how many grants are in use in dom0's Linux, for the shell tests that run there. */
#include <stdio.h>

#include "../../kbench/tests/leaks.h"

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
