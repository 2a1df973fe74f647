/* SPDX-License-Identifier: GPL-2.0 */
/* What runs may leave behind: read from the kernel and from Xen, not from the module. */
#ifndef GNTBENCH_TESTS_LEAKS_H
#define GNTBENCH_TESTS_LEAKS_H

#include <stddef.h>

#include "ktap.h"

/* Remembers how things are. */
void leaks_begin(void);

/*
 * Compares: grants in use in Linux, grants that Xen says are mapped, and the kernel's log, which
 * must not tell of a WARN, BUG or Oops. Gives Linux time to free grants that were in use.
 */
enum ktap_result leaks_check(struct ktap *k);

/* Grants in use in Linux's grant table, or -1 with the reason in @why. */
long leaks_grants_in_use(char *why, size_t size);

/* The same, once those that were in use when they were ended are freed, or for 10 s none was. */
long leaks_settled_grants_in_use(char *why, size_t size);

#endif /* GNTBENCH_TESTS_LEAKS_H */
