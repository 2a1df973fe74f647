/* SPDX-License-Identifier: GPL-2.0 */
/* How long Xen had nothing to run. */
#ifndef UBENCH_IDLE_H
#define UBENCH_IDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "run/drivers/driver.h"

/* The sum over all physical CPUs, since the boot. False, and out says why: of dom0 only. */
bool idle_read(uint64_t *ns, struct outcome *out);

/* Whether it is still @before_ns; else that is an error of @out. */
bool idle_check(uint64_t before_ns, struct outcome *out);

#endif /* UBENCH_IDLE_H */
