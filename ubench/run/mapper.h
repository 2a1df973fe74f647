/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The domain that maps, where it isn't this one: gntbench serve runs there, and does what gntbench
 * run, in dom0, asks it for through xenstore. The grants are dom0's, given to that domain.
 *
 *   data/gntbench/mapper/type       of that domain: pv, pvh, hvm. It is there as long as it serves
 *   data/gntbench/mapper/kernel     of that domain: uname -r
 *   data/gntbench/mapper/info       what the module says of itself there: struct gntbench_info
 *   data/gntbench/mapper/request/   to it, and
 *   data/gntbench/mapper/answer/    from it: see mail.h
 */
#ifndef UBENCH_MAPPER_H
#define UBENCH_MAPPER_H

#include "record/record.h"
#include "run/drivers/driver.h"

/* In place of the driver's run(). A domain that isn't there is a skip. */
void mapper_run(enum tier tier, uint32_t tick_khz, const struct request *req, struct outcome *out);

/* "pvh Linux 6.12.117, vcpus 2; ...": of each domain that serves, malloc'd; NULL if none does. */
char *mapper_list(void);

/* The other end: serves until a signal has set *STOP. 0, or -1 and err. */
int mapper_serve(const volatile int *stop, struct error *err);

#endif /* UBENCH_MAPPER_H */
