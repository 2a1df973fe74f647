// SPDX-License-Identifier: GPL-2.0
#include "profile/formats/formats.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"

#define FORMAT(name) &profile_format_##name,
static const struct profile_format *const all[] = { PROFILE_FORMATS(FORMAT) };
#undef FORMAT

const struct profile_format *profile_format_by_name(const char *name, struct error *err)
{
	char names[256] = "";

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!strcmp(all[i]->name, name))
			return all[i];
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", all[i]->name);
	}
	error_set(err, "--format: no format '%s' of a profile; there are %s", name, names);
	return NULL;
}

char *profile_phase_title(const struct profile_phase *phase)
{
	return xasprintf("%s: %s", phase->case_id, phase->name);
}

void profile_put_name(const char *name, const char * not, FILE *out)
{
	for (; *name; name++)
		putc(iscntrl((unsigned char)*name) || strchr(not, *name) ? '_' : *name, out);
}
