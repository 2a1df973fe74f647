// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench stamp: who and when a record is. The lab's guest can't know: it starts from a snapshot,
 * with the same clock and the same randomness every time, and what it is told before the cases
 * would have to be the same in every run, too, for the exact tier to stay exact. So the host says
 * it when the record has come back.
 */
#include <argp.h>

#include "cmd/cmd.h"
#include "record/stamp.h"

struct args {
	const char *path;
	const char *output;
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "where the stamped record goes (default: in place)", 0 }, { 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'o':
		args->output = arg;
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

int cmd_stamp(int argc, char **argv)
{
	struct args args = { 0 };
	struct record *rec;
	struct error err;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	rec = record_read(args.path, &err);
	if (!rec)
		return error_print(&err);
	stamp(rec);
	ret = record_write(rec, args.output ?: args.path, &err) ? error_print(&err) : STATUS_OK;
	record_free(rec);
	return ret;
}
