/* SPDX-License-Identifier: GPL-2.0 */
/* How long Xen had nothing to run. */
#ifndef UBENCH_IDLE_H
#define UBENCH_IDLE_H

#include <stdint.h>

#include "base/error.h"

/* The sum over all physical CPUs, since the boot: 0, or -1 and err. Of dom0 only. */
int idle_now(uint64_t *ns, struct error *err);

#endif /* UBENCH_IDLE_H */
