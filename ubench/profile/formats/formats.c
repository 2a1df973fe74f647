// SPDX-License-Identifier: GPL-2.0
#include "profile/formats/formats.h"

#include "base/alloc.h"
#include "base/array.h"

#define FORMAT(name) profile_put_##name,
void (*const profile_formats[])(const struct profile *p, FILE *out) = { PROFILE_FORMATS(FORMAT) };
#undef FORMAT

const size_t nr_profile_formats = ARRAY_SIZE(profile_formats);

char *profile_phase_title(const struct profile_phase *phase)
{
	return xasprintf("%s: %s", phase->case_id, phase->name);
}
