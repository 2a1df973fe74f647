// SPDX-License-Identifier: GPL-2.0
/*
 * A profile: what is read is shown, printed for other tools, compared with itself (nothing moved),
 * written, and read again.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "fuzz/fuzz.h"
#include "profile/formats/formats.h"
#include "profile/profile.h"

static void print_all(const struct profile *p)
{
	size_t size;
	char *text;

	for (size_t i = 0; i < nr_profile_formats; i++) {
		FILE *out = xmemstream(&text, &size);

		profile_formats[i](p, out);
		xmemstream_end(out);
		free(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct profile *p = profile_read(fuzz_file(FUZZ_IN, data, size), &err), *again;
	const char *path;

	if (!p)
		return 0;
	profile_show(p, 10);
	print_all(p);
	fuzz_require(profile_diff(p, p) != STATUS_FAILURE);
	path = fuzz_put("profile.json", "", 0);
	fuzz_require(!profile_write(p, path, &err));
	again = profile_read(path, &err);
	fuzz_require(again && again->nr_phases == p->nr_phases);
	profile_free(again);
	profile_free(p);
	return 0;
}
