// SPDX-License-Identifier: GPL-2.0
/*
 * The index of a history, beside two files that it may know: one that it calls a record is believed if size
 * and time are those of the file; the other can't be read.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"
#include "record/record.h"
#include "store/history.h"

#define MTIME_S 1000000000

static void put_file(const char *name, const char *text)
{
	const struct timespec times[2] = { { MTIME_S, 0 }, { MTIME_S, 0 } };

	utimensat(0, fuzz_put(name, text, strlen(text)), times, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record rec = { .id = "1", .suite = "default", .fingerprint = "f" };
	struct history *history;
	struct error err;
	bool steady;

	put_file("a.json", "{}");
	put_file("b.json", "{");
	fuzz_put("index", data, size);
	history = history_open(fuzz_directory(), &err);
	fuzz_require(history && history->nr_records == 2);
	for (size_t i = 0; i < history->nr_records; i++)
		for (size_t k = 0; k < history->nr_series && k < 16; k++)
			history_value(&history->records[i], k, &steady);
	history_like(history, &rec);
	history_free(history);
	/* What was written in its place is a history of the same. */
	history = history_open(fuzz_directory(), &err);
	fuzz_require(history && history->nr_records == 2);
	history_free(history);
	return 0;
}
