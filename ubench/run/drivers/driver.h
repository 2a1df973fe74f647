/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a case is executed. A driver is drivers/NAME.c with a struct driver NAME_driver, and a row
 * here; its cases are rows like those of kbench/gntbench_cases.h.
 */
#ifndef UBENCH_DRIVER_H
#define UBENCH_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#include "run/granter.h"
#include "run/kmsg.h"
#include "run/plan.h"

/* DRIVER(name); the first driver with a case of a name is the one that runs it. */
/* clang-format off */
#define DRIVERS(DRIVER) \
	DRIVER(kbench) \
	DRIVER(gntdev) \
	DRIVER(netdisk) \
	DRIVER(blkback) \
	DRIVER(netback) \
	/* Add a new driver here. */
/* clang-format on */

/* What a driver is asked for: so many samples of a case, of which hold times are the drawn ones. */
struct request {
	const struct plan_case *c;
	uint64_t nr_samples;
	uint64_t nr_warmup; /* batches before them */
	const uint64_t *holds_ns;
	size_t nr_holds;
	const struct granter *granter; /* given by who asks; NULL: the one that @c names */
	bool aligned;		   /* each sample begins right behind a tick, if the driver can */
	bool check_only;	   /* nothing runs: can it? kbench only */
	enum gntbench_fault fault; /* planted by tests; GNTBENCH_F_NONE else */
};

/* What came of it. */
struct outcome {
	enum case_status status;
	char reason[256]; /* "" if CASE_OK */
	uint64_t oracle_checks, oracle_broken;
	uint64_t *values; /* sample by sample, times in ticks; malloc'd */
	size_t nr_values;
	uint32_t *interrupts; /* a number for each sample, or NULL: not known; malloc'd */
	uint32_t tick_khz;    /* of the values' clock, if it is the mapper's; 0: our own */
	struct kmsg log;      /* of the mapper, if that is another domain */
};

struct driver {
	const char *name;
	const char *what;
	const struct gntbench_case_info *cases; /* ends with a NULL name */
	bool never_idle; /* in the exact tier, whose clock counts that: dom0 asks Xen how long it was */
	/* Once, before the first run: 0, or -1 and what is missing. */
	int (*open)(struct error *err);
	/* Fills OUT, which is zeroed and whose arrays are freed by the caller, in any case. */
	void (*run)(const struct request *req, struct outcome *out);
	void (*close)(void);
};

#define DRIVER(name) extern const struct driver name##_driver;
DRIVERS(DRIVER)
#undef DRIVER

extern const struct driver *const drivers[]; /* ends with NULL */

/* A numeric parameter: its limits are those of GNTBENCH_PARAMS(). */
struct param_info {
	const char *name;
	const char *unit;
	uint64_t min, max, def;
	const char *what;
};

extern const struct param_info param_infos[GNTBENCH_NR_PARAMS];

/* What a metric is divided by, by enum gntbench_per. */
extern const char *const per_names[];

/* Names separated by spaces, as in the ABI; its unmap modes are GNTBENCH_UNMAP_MODES. */
#define OWN_GRANTERS "self domU"
/* dom0 grants to a mapper that is another domain. */
#define GRANTERS OWN_GRANTERS " dom0"
/* dom0 is this domain, whatever its type; the others are served by gntbench serve. */
#define MAPPERS "dom0 pv pvh hvm"

/* NULL if there is no such case; *driver may be NULL. */
const struct gntbench_case_info *find_case(const char *name, const struct driver **driver);

/* Set the reason and the status, if it is the first. Returns false. */
bool outcome_stop(struct outcome *out, enum case_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whose grants are mapped: 0, or -1 and err. Its grefs are the caller's to free. */
int request_granter(const struct request *req, struct granter *out, struct error *err);

/* -1 and err if the module isn't there, can't be opened, or has another ABI. */
int kbench_info(struct gntbench_info *info, struct error *err);

size_t count_metrics(const struct gntbench_case_info *info);

#endif /* UBENCH_DRIVER_H */
