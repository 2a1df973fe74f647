// SPDX-License-Identifier: GPL-2.0
/* Hold times: the first line is a SPEC; "file:" alone replays the lines behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "run/holds.h"

static void draw(const char *spec)
{
	struct error err;
	uint64_t *ns;

	if (holds_check(spec, &err))
		return;
	ns = holds_draw(spec, 8, 3, &err);
	fuzz_require(ns);
	for (int i = 0; i < 24; i++)
		fuzz_require(ns[i] <= HOLD_MAX_NS);
	free(ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), spec[64];
	const char *rest = strchrnul(text, '\n');

	if (!strncmp(text, "file:", 5)) {
		snprintf(spec, sizeof(spec), "file:%s", fuzz_file(FUZZ_IN, rest, strlen(rest)));
		draw(spec);
	} else {
		text[rest - text] = '\0';
		draw(text);
	}
	free(text);
	return 0;
}
