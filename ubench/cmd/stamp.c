// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench stamp: who and when a record is. The lab's guest can't know: it starts from a snapshot,
 * with the same clock and the same randomness every time, and what it is told before the cases
 * would have to be the same in every run, too, for the exact tier to stay exact. So the host says
 * it when the record has come back. If none has come, because the guest died, the pieces that it sent
 * before (run/keep.h) are put together.
 */
#include <argp.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "record/stamp.h"

struct args {
	const char *path;
	const char *output;
	bool kept;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "where the stamped record goes (default: in place)", 0 },
	{ "kept", 'k', NULL, 0, "RECORD is the directory of what 'run --keep' handed on", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'o':
		args->output = arg;
		return 0;
	case 'k':
		args->kept = true;
		return 0;
	case ARGP_KEY_ARG:
		if (args->path)
			argp_error(state, "one RECORD wanted, not also '%s'", arg);
		args->path = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "a RECORD is wanted");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RECORD",
	.doc = "Gives a record that came out of the lab an id of its own and the host's time.",
};

/* A piece that was cut short is left out. */
static struct record *put_together(const char *dir, struct error *err)
{
	char *record_path, *pattern;
	struct record *rec;
	glob_t pieces;

	if (asprintf(&record_path, "%s/record.json", dir) < 0 ||
	    asprintf(&pattern, "%s/case-*.json", dir) < 0)
		die_usage("out of memory");
	rec = record_read(record_path, err);
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
	struct error err;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.kept && !args.output)
		die_usage("stamp --kept: where to? -o FILE is missing");
	rec = args.kept ? put_together(args.path, &err) : record_read(args.path, &err);
	if (!rec)
		return error_print(&err);
	stamp(rec);
	ret = record_write(rec, args.output ?: args.path, &err) ? error_print(&err) : STATUS_OK;
	record_free(rec);
	return ret;
}
