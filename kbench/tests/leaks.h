/* SPDX-License-Identifier: GPL-2.0 */
/* What a run may leave behind: read from the kernel and from Xen, not from the module. */
#ifndef GNTBENCH_TESTS_LEAKS_H
#define GNTBENCH_TESTS_LEAKS_H

#include <stddef.h>

/* Grants in use in Linux's grant table, or -1 with the reason in @why. */
long leaks_grants_in_use(char *why, size_t size);

/*
 * Grants of our domain that Xen says are mapped, or -1 with the reason in @why. Needs
 * /dev/xen/privcmd.
 */
long leaks_grants_mapped(char *why, size_t size);

/*
 * The first line of the kernel's log since the last call that tells of a WARN, BUG, Oops or lockdep
 * splat, or NULL.
 */
const char *leaks_kernel_complaint(void);

#endif /* GNTBENCH_TESTS_LEAKS_H */
