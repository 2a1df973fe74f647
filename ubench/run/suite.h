/* SPDX-License-Identifier: GPL-2.0 */
/* Suites: .ini files (ubench/suites), each a plan; see ubench/suites/README.md. */
#ifndef UBENCH_SUITE_H
#define UBENCH_SUITE_H

#include "run/plan.h"

/* Reads suite NAME (suites/NAME.ini) or the file of that path. 0, or -1 and err with file:line. */
int plan_read_suite(struct plan *plan, const char *name, struct error *err);

/* The paths of the suites that can be found by name; calls back with each, sorted. */
int plan_each_suite(void (*fn)(const char *path, void *arg), void *arg);

#endif /* UBENCH_SUITE_H */
