// SPDX-License-Identifier: GPL-2.0
/* A reference: what is read and may be one is printed, and that reads and prints the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "store/reference.h"

static char *printed(const struct record *rec, size_t *size)
{
	char *text;
	FILE *out = open_memstream(&text, size);

	fuzz_require(out);
	reference_print(rec, out);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct record *rec = reference_read(fuzz_file(FUZZ_IN, data, size), &err), *again;
	size_t len, len_again;
	char *text, *text_again;

	if (!rec)
		return 0;
	text = printed(rec, &len);
	again = reference_check(rec, &err) ? NULL :
					     reference_read(fuzz_file(FUZZ_OUT, text, len), &err);
	if (again) {
		text_again = printed(again, &len_again);
		fuzz_require(len == len_again && !memcmp(text, text_again, len));
		free(text_again);
	}
	free(text);
	record_free(again);
	record_free(rec);
	return 0;
}
