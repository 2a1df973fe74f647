/* SPDX-License-Identifier: GPL-2.0 */
/* What a record says of where it was made: the names, and which of them decide. */
#ifndef UBENCH_ENVIRONMENT_H
#define UBENCH_ENVIRONMENT_H

#include "record/record.h"

struct environment_name {
	const char *name;
	bool decides; /* part of the fingerprint: another value makes two records incomparable */
};

/* In the order of a record. To add one: a row here, and one in run/environment.c or the lab. */
extern const struct environment_name environment_names[];
extern const size_t nr_environment_names;

/* Whether a change of the field NAME makes two records incomparable. */
bool environment_decides(const char *name);

/* Of the tier and the fields that decide; in the record's memory. */
const char *environment_fingerprint(struct record *rec);

/* "6.12" of 6.12.117+deb12-amd64: what a stack is known by. 0 if there is no such number. */
int environment_version_length(const char *version);

#endif /* UBENCH_ENVIRONMENT_H */
