// SPDX-License-Identifier: GPL-2.0
/* gntbench profile: where the instructions of a case go, by function. */
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "profile/formats/formats.h"
#include "profile/profile.h"

struct args {
	const char *raw, *record, *output;
	struct texts symbols;
	size_t nr_top;
	bool diff, lines, marks;
	unsigned int format; /* of profile_formats[], or nr_profile_formats: none */
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "raw", 'r', "FILE", "make a profile from what the plugin insn_profile wrote, …",
	  TO_TEXT(raw) },
	{ "record", 'R', "FILE", "… the record of the same run, …", TO_TEXT(record) },
	{ "symbols", 's', "FILE",
	  "… and names, as nm or /proc/kallsyms print them; can be given often",
	  TO_TEXTS(symbols) },
	{ "marks", 'm', NULL,
	  "the record's clock counts no instructions: the plugin's counts alone", TO_FLAG(marks) },
	{ "output", 'o', "PATH",
	  "where the profile that is made goes; of one that is shown: a "
	  "directory for pictures and a page",
	  TO_TEXT(output) },
	{ "diff", 'd', NULL, "show the functions that moved between BASE and HEAD", TO_FLAG(diff) },
	{ "lines", 'l', NULL, "with --diff: only lines, pages, transfers and locks",
	  TO_FLAG(lines) },
	{ "format", 'f', "FORMAT",
	  "for other tools, on standard output: callgrind (kcachegrind), folded (flame graphs) or "
	  "speedscope",
	  TO_WORD(format, PROFILE_FORMAT_WORDS) },
	{ "top", 't', "N", "rows of a table (default: 12)", TO_COUNT(nr_top, 1, 100000) },
	{ 0 },
};

static int check(void *data, struct error *err)
{
	const struct args *args = data;
	size_t nr = args->operands.nr;

	if (args->raw ? !args->record || !args->output || nr || args->diff :
			nr != 1u + args->diff || args->lines > args->diff || args->marks)
		return error_set(err,
				 "give a PROFILE; --diff and two; or --raw, --record and --output");
	if (args->format < nr_profile_formats && (args->raw || args->diff || args->output))
		return error_set(err, "--format is for a PROFILE, and goes to standard output");
	return 0;
}

static const struct options options = {
	.rows = rows,
	.takes =
		"PROFILE [-o DIR]\n--format FORMAT PROFILE\n--diff [--lines] BASE HEAD\n--raw FILE --record FILE --symbols FILE… -o PROFILE",
	.what = "Shows a profile of the exact tier: instructions by function, in Xen and Linux.\v"
		"--diff exits with 0 if nothing moved, 1 if something did, 3 if the two have no "
		"case in common; with --lines 1 only if some phase has more of them. 'make "
		"profile' makes profiles.",
	OPERANDS(0, 2, NULL),
	.check = check,
};

static int read_symbols(const struct args *args, struct symbols *syms, struct error *err)
{
	for (size_t i = 0; i < args->symbols.nr; i++)
		if (symbols_read(syms, args->symbols.all[i], err))
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
		p = profile_resolve(rec, raw, syms, args->marks, err);
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
	if (args->format < nr_profile_formats) {
		profile_formats[args->format](p, stdout);
		return STATUS_OK;
	}
	profile_show(p, args->nr_top);
	if (args->output && profile_page(p, args->output, err))
		return error_print(err);
	return STATUS_OK;
}

int cmd_profile(int argc, char **argv)
{
	struct args args = { .nr_top = 12, .format = nr_profile_formats };
	struct profile *base, *head = NULL;
	struct error err;
	int ret = STATUS_OK;

	options_parse(&options, argc, argv, &args);
	if (args.raw)
		return make(&args, &err) ? error_print(&err) : STATUS_OK;
	base = profile_read(args.operands.all[0], &err);
	if (base && args.diff)
		head = profile_read(args.operands.all[1], &err);
	if (!base || (args.diff && !head))
		ret = error_print(&err);
	else if (args.diff)
		ret = (args.lines ? profile_diff_lines : profile_diff)(base, head);
	else
		ret = show(base, &args, &err);
	profile_free(head);
	profile_free(base);
	return ret;
}
