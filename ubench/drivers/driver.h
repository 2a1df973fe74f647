/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a case is executed. A driver is drivers/NAME.c with a struct driver NAME_driver, and a row
 * here; its cases are rows like those of kbench/gntbench_cases.h.
 */
#ifndef UBENCH_DRIVER_H
#define UBENCH_DRIVER_H

#include <stdint.h>

#include "gntbench_abi.h"

/* DRIVER(name); the first driver with a case of a name is the one that runs it. */
#define DRIVERS(DRIVER) \
	DRIVER(kbench) \
	/* Add a new driver here. */

struct driver {
	const char *name;
	const char *what;
	const struct gntbench_case_info *cases;		/* ends with a NULL name */
};

#define DRIVER(name) extern const struct driver name##_driver;
DRIVERS(DRIVER)
#undef DRIVER

extern const struct driver *const drivers[];		/* ends with NULL */

/* A numeric parameter: its limits are those of GNTBENCH_PARAMS(). */
struct param_info {
	const char *name;
	const char *unit;
	uint64_t min, max, def;
	const char *what;
};

extern const struct param_info param_infos[GNTBENCH_NR_PARAMS];

/* NULL if there is no such case; *driver may be NULL. */
const struct gntbench_case_info *find_case(const char *name, const struct driver **driver);

#endif /* UBENCH_DRIVER_H */
