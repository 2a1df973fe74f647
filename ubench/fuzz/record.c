// SPDX-License-Identifier: GPL-2.0
/* A record: what is read can be written, and what was written is read and written the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "record/record.h"

static char *written(struct record *rec, size_t *size)
{
	const char *path = fuzz_put("record.json", "", 0);
	struct error err;

	fuzz_require(!record_write(rec, path, &err));
	return fuzz_read(path, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct record *rec = record_read(fuzz_file(FUZZ_IN, data, size), &err), *again;
	size_t len, len_again;
	char *text, *text_again;

	if (!rec)
		return 0;
	text = written(rec, &len);
	again = record_read(fuzz_file(FUZZ_OUT, text, len), &err);
	fuzz_require(again);
	text_again = written(again, &len_again);
	fuzz_require(len == len_again && !memcmp(text, text_again, len));
	free(text);
	free(text_again);
	record_free(again);
	record_free(rec);
	return 0;
}
