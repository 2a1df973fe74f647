/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles for other tools: a file each, and a row. */
#ifndef PROFILE_FORMATS_H
#define PROFILE_FORMATS_H

#include <stdio.h>

#include "profile/profile.h"

/*
 * FORMAT(NAME): NAME.c has profile_put_NAME(), which prints all phases. Instructions are those of one
 * sample, so they are whole numbers.
 */
/* clang-format off */
#define PROFILE_FORMATS(FORMAT) \
	FORMAT(callgrind) \
	FORMAT(folded) \
	FORMAT(speedscope) \
	/* Add a new format here. */
/* clang-format on */

#define FORMAT(name) void profile_put_##name(const struct profile *p, FILE *out);
PROFILE_FORMATS(FORMAT)
#undef FORMAT

/* In the order of PROFILE_FORMAT_WORDS, which is for TO_WORD() of base/options.h. */
extern void (*const profile_formats[])(const struct profile *p, FILE *out);
extern const size_t nr_profile_formats;
#define PROFILE_FORMAT_WORD(name) ", " #name
#define PROFILE_FORMAT_WORDS	  (PROFILE_FORMATS(PROFILE_FORMAT_WORD) + 2)

/* "CASE: PHASE"; malloc'd. */
char *profile_phase_title(const struct profile_phase *phase);

#endif /* PROFILE_FORMATS_H */
