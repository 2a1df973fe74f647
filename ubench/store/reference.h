/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reference files: an exact record boiled down to a line a metric, to be committed and to be read
 * in a git diff. results/README.md documents the format.
 *
 * Only the exact tier has them: its numbers are the same wherever the same binaries run. A wall or
 * host record is of one machine and one hour, and its samples are needed; history keeps those.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdio.h>

#include "record/record.h"

#define REFERENCE_VERSION 2

/*
 * A reference as a record of samples that no interrupt hit, and none of a metric that varies, or
 * NULL and err with file:line. Also of version 1, which had one value a metric.
 */
struct record *reference_read(const char *path, struct error *err);

/* 0, or -1 and err if the record is no reference: not exact, a dirty tree, a case that isn't ok. */
int reference_check(const struct record *rec, struct error *err);

void reference_print(const struct record *rec, FILE *out);

/* A record or a reference, whatever the file is. */
struct record *record_or_reference(const char *path, struct error *err);

#endif /* REFERENCE_H */
