// SPDX-License-Identifier: GPL-2.0
/* gntbench profile: where the instructions of a case go, by function. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "profile/profile.h"

#define MAX_SYMBOLS 8

struct args {
	const char *raw, *record, *output;
	const char *symbols[MAX_SYMBOLS];
	size_t nr_symbols;
	size_t nr_top;
	bool diff;
	const char *paths[2];
	size_t nr_paths;
};

static const struct argp_option options[] = {
	{ "raw", 'r', "FILE", 0, "make a profile from what the plugin insn_profile wrote, …", 0 },
	{ "record", 'R', "FILE", 0, "… the record of the same run, …", 0 },
	{ "symbols", 's', "FILE", 0,
	  "… and names, as nm or /proc/kallsyms print them; can be given often", 0 },
	{ "output", 'o', "PATH", 0,
	  "where the profile that is made goes; of one that is shown: a "
	  "directory for pictures and a page",
	  0 },
	{ "diff", 'd', NULL, 0, "show the functions that moved between BASE and HEAD", 0 },
	{ "top", 't', "N", 0, "rows of a table (default: 12)", 0 },
	{ 0 }
};

static size_t number(struct argp_state *state, const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value < 1 || value > 100000)
		argp_error(state, "--top %s: must be a number from 1 to 100000", text);
	return value;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'r':
		args->raw = arg;
		return 0;
	case 'R':
		args->record = arg;
		return 0;
	case 's':
		if (args->nr_symbols == MAX_SYMBOLS)
			argp_error(state, "more than %d --symbols", MAX_SYMBOLS);
		args->symbols[args->nr_symbols++] = arg;
		return 0;
	case 'o':
		args->output = arg;
		return 0;
	case 'd':
		args->diff = true;
		return 0;
	case 't':
		args->nr_top = number(state, arg);
		return 0;
	case ARGP_KEY_ARG:
		if (args->nr_paths == 2)
			argp_error(state, "%s: one file too many", arg);
		args->paths[args->nr_paths++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (args->raw ? !args->record || !args->output || args->nr_paths || args->diff :
				args->nr_paths != 1u + args->diff)
			argp_error(state, "give a PROFILE; --diff and two; or --raw, --record and "
					  "--output");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc =
		"PROFILE [-o DIR]\n--diff BASE HEAD\n--raw FILE --record FILE --symbols FILE… -o PROFILE",
	.doc = "Shows a profile of the exact tier: instructions by function, in Xen and Linux.\v"
	       "--diff exits with 0 if nothing moved, 1 if something did, 3 if the two have no "
	       "case in common. 'make profile' makes profiles.",
};

static int read_symbols(const struct args *args, struct symbols *syms, struct error *err)
{
	for (size_t i = 0; i < args->nr_symbols; i++)
		if (symbols_read(syms, args->symbols[i], err))
			return -1;
	return 0;
}

static int make(const struct args *args, struct error *err)
{
	struct symbols *syms = symbols_new();
	struct profile *p = NULL;
	struct record *rec;
	struct raw *raw = NULL;
	int ret = -1;

	rec = record_read(args->record, err);
	if (rec)
		raw = raw_read(args->raw, err);
	if (raw && !read_symbols(args, syms, err))
		p = profile_resolve(rec, raw, syms, err);
	if (p)
		ret = profile_write(p, args->output, err);
	profile_free(p);
	raw_free(raw);
	record_free(rec);
	symbols_free(syms);
	return ret;
}

static int show(const struct profile *p, const struct args *args, struct error *err)
{
	profile_show(p, args->nr_top);
	if (args->output && profile_page(p, args->output, err))
		return error_print(err);
	return STATUS_OK;
}

int cmd_profile(int argc, char **argv)
{
	struct args args = { .nr_top = 12 };
	struct profile *base, *head = NULL;
	struct error err;
	int ret = STATUS_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.raw)
		return make(&args, &err) ? error_print(&err) : STATUS_OK;
	base = profile_read(args.paths[0], &err);
	if (base && args.diff)
		head = profile_read(args.paths[1], &err);
	if (!base || (args.diff && !head))
		ret = error_print(&err);
	else if (args.diff)
		ret = profile_diff(base, head);
	else
		ret = show(base, &args, &err);
	profile_free(head);
	profile_free(base);
	return ret;
}
