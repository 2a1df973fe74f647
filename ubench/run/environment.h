/* SPDX-License-Identifier: GPL-2.0 */
/* How the environment of a run is found out: the kernel, Xen, the module, and the lab's file. */
#ifndef UBENCH_RUN_ENVIRONMENT_H
#define UBENCH_RUN_ENVIRONMENT_H

#include <jansson.h>

#include "gntbench_abi.h"
#include "record/record.h"

/* The file that the lab, or 'make bench' on a host, leaves: what can't be seen from inside. */
json_t *lab_read(const char *path, struct error *err);

/* Fills rec->environment, in the order of its table, and rec->fingerprint; LAB may be NULL. */
void environment_fill(struct record *rec, const struct gntbench_info *info, const json_t *lab);

/* For doctor: malloc'd text, or NULL if this machine doesn't say. */
char *xen_version(void);
char *xen_compiler(void);

/* Whether this machine is QEMU's: what it says of time may be an emulated CPU's. */
bool machine_is_qemu(void);

#endif /* UBENCH_RUN_ENVIRONMENT_H */
