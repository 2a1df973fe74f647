/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles for other tools: a file each, and a row. */
#ifndef PROFILE_FORMATS_H
#define PROFILE_FORMATS_H

#include <stdio.h>

#include "profile/profile.h"

/*
 * @name: of --format
 * @print: all phases; instructions are those of one sample, so they are whole numbers
 */
struct profile_format {
	const char *name;
	void (*print)(const struct profile *p, FILE *out);
};

/* FORMAT(NAME): NAME.c has profile_format_NAME. */
/* clang-format off */
#define PROFILE_FORMATS(FORMAT) \
	FORMAT(callgrind) \
	FORMAT(folded) \
	FORMAT(speedscope) \
	/* Add a new format here. */
/* clang-format on */

#define FORMAT(name) extern const struct profile_format profile_format_##name;
PROFILE_FORMATS(FORMAT)
#undef FORMAT

/* NULL and err, which lists the known ones. */
const struct profile_format *profile_format_by_name(const char *name, struct error *err);

/* "CASE: PHASE"; malloc'd. */
char *profile_phase_title(const struct profile_phase *phase);

/* A name of one line: every control character, and every one of @not, becomes a _. */
void profile_put_name(const char *name, const char * not, FILE *out);

#endif /* PROFILE_FORMATS_H */
