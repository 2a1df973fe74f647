// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench stamp: who and when a record is. The lab's guest can't know: it starts from a snapshot,
 * with the same clock and the same randomness every time, and what it is told before the cases
 * would have to be the same in every run, too, for the exact tier to stay exact. So the host says
 * it when the record has come back. If none has come, because the guest died, the pieces that it sent
 * before (run/keep.h) are put together.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "record/stamp.h"

struct args {
	const char *output;
	bool kept;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "output", 'o', "FILE", "where the stamped record goes (default: in place)",
	  TO_TEXT(output) },
	{ "kept", 'k', NULL, "RECORD is the directory of what 'run --keep' handed on",
	  TO_FLAG(kept) },
	{ 0 },
};

static int check(void *data, struct error *err)
{
	const struct args *args = data;

	if (args->kept && !args->output)
		return error_set(err, "--kept: where to? -o FILE is missing");
	return 0;
}

static const struct options options = {
	.rows = rows,
	.takes = "RECORD",
	.what = "Gives a record that came out of the lab an id of its own and the host's time.",
	OPERANDS(1, 1, "a RECORD is wanted"),
	.check = check,
};

/* A piece that was cut short is left out. */
static struct record *put_together(const char *dir, struct error *err)
{
	char *record_path = xasprintf("%s/record.json", dir);
	char *pattern = xasprintf("%s/case-*.json", dir);
	struct record *rec = record_read(record_path, err);
	glob_t pieces;

	for (size_t i = 0; rec && i < rec->nr_cases; i++)
		rec->cases[i].reason = "it did not run, or not to its end";
	if (rec && !glob(pattern, 0, NULL, &pieces)) {
		for (size_t i = 0; i < pieces.gl_pathc; i++)
			if (record_take_case(rec, pieces.gl_pathv[i], err))
				error_print(err);
		globfree(&pieces);
	}
	if (rec)
		record_warn(rec, "the machine died or ran out of time: not all cases ran");
	free(pattern);
	free(record_path);
	return rec;
}

int cmd_stamp(int argc, char **argv)
{
	struct args args = { 0 };
	struct record *rec;
	const char *path;
	struct error err;
	int ret;

	options_parse(&options, argc, argv, &args);
	path = args.operands.all[0];
	rec = args.kept ? put_together(path, &err) : record_read(path, &err);
	if (!rec)
		return error_print(&err);
	stamp(rec);
	ret = record_write(rec, args.output ?: path, &err) ? error_print(&err) : STATUS_OK;
	record_free(rec);
	return ret;
}
