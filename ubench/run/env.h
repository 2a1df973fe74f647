/* SPDX-License-Identifier: GPL-2.0 */
/* The environment of a run: read from the kernel, Xen and the module, and from the lab's file. */
#ifndef UBENCH_ENV_H
#define UBENCH_ENV_H

#include <jansson.h>

#include "gntbench_abi.h"
#include "record/record.h"

/* The file that the lab, or 'make bench' on a host, leaves: what can't be seen from inside. */
json_t *lab_read(const char *path, struct error *err);

/* Fills rec->environment, in a fixed order, and rec->fingerprint; LAB may be NULL. */
void environment_fill(struct record *rec, const struct gntbench_info *info, const json_t *lab);

/* Whether a change of the field NAME makes two records incomparable. */
bool environment_decides(const char *name);

/* Single facts, for doctor: malloc'd text, or NULL if this machine doesn't say. */
char *read_text(const char *path); /* a file's first line */
char *xen_version(void);

/* Whether this machine is QEMU's: what it says of time may be an emulated CPU's. */
bool machine_is_qemu(void);

#endif /* UBENCH_ENV_H */
