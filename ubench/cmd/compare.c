// SPDX-License-Identifier: GPL-2.0
/* gntbench compare: two records, or two sides of one, and what may be said of the difference. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "store/reference.h"
#include "verdict/formats/formats.h"
#include "verdict/rounds.h"

#define BISECT_SKIP 125 /* git bisect run: this commit can't be judged */

struct args {
	bool rounds;
	const char *by;
	const char *across;
	const char *select;
	const char *calibration_dir;
	const char *reasons;
	unsigned int format; /* of formats[] */
	struct verdict_settings settings;
	bool changed_only;
	bool bisect;
	struct operands operands;
};

static int take_percent(void *field, const char *text, struct error *err)
{
	double percent;

	if (number_parse(text, 0, 1000, &percent, err))
		return -1;
	*(double *)field = percent / 100;
	return 0;
}

static const struct option_row rows[] = {
	{ "by", 'b', "PARAM[=VALUE]",
	  "compare the values of PARAM within one record; VALUE (default: the first) is the base",
	  TO_TEXT(by) },
	{ "rounds", 'R', NULL,
	  "files are BASE and HEAD by turns, runs of the same two things; a run counts as one sample",
	  TO_FLAG(rounds) },
	{ "format", 'f', "FORMAT",
	  "text, markdown, html, letter (a mail), cover (72 columns), json, csv, benchstat, kcidb, junit, ktap, bmf (Bencher) "
	  "or openmetrics",
	  TO_WORD(format, FORMAT_WORDS) },
	{ "case", 'k', "CASE", "only this case, or the ids that match this pattern",
	  TO_TEXT(select) },
	{ "threshold", 't', "PERCENT", "smallest change that counts, wall and host tier (2)",
	  TO_TAKE(settings.threshold, take_percent) },
	{ "level", 'l', "P", "significance level of a table, wall and host tier (0.002)",
	  TO_NUMBER(settings.level, 1e-12, 0.5) },
	{ "seed", 's', "N", "of the bootstrap (1)", TO_COUNT(settings.seed, 0, UINT32_MAX) },
	{ "resamples", 'r', "N", "of the bootstrap, from 200 (1000)",
	  TO_COUNT(settings.resamples, 200, 1000000) },
	{ "across", 'a', "PARTS",
	  "what may differ: a list of kernel, xen, qemu, machine, compiler, or of fields, or all",
	  TO_TEXT(across) },
	{ "calibration", 'c', "DIR", "where calibrate left its results (" CALIBRATION_DIR ")",
	  TO_TEXT(calibration_dir) },
	{ "reasons", 0, "FILE",
	  "for format cover: lines of a pattern of CASE METRIC, a tab, and why it got worse",
	  TO_TEXT(reasons) },
	{ "changed", 'd', NULL, "only rows that are not the same", TO_FLAG(changed_only) },
	{ "bisect", 'B', NULL, "exit status 125 where nothing can be said, for git bisect run",
	  TO_FLAG(bisect) },
	{ 0 },
};

static int check(void *data, struct error *err)
{
	const struct args *args = data;
	size_t most = args->by ? 1 : 2, nr = args->operands.nr;
	char **paths = args->operands.all;

	if (nr < most)
		return error_set(err, "BASE and HEAD are needed, or one record and --by");
	if (args->by && nr > most)
		return error_set(err, "--by compares within one record, not with '%s'", paths[1]);
	if (nr > most && !args->rounds)
		return error_set(err, "'%s' is one file too many", paths[most]);
	if (args->rounds && nr % 2)
		return error_set(err, "--rounds: '%s' is the base of a round that has no head",
				 paths[nr - 1]);
	return 0;
}

static const struct options options = {
	.rows = rows,
	.takes = "BASE HEAD\n--by=PARAM RECORD\n--rounds BASE HEAD BASE HEAD...",
	.what = "Compare two records (or references), or two sides of one record.\v"
		"Exit status: 0 nothing is slower, 1 something is slower or failed in HEAD, 2 an "
		"error, or HEAD lacks what BASE has, 3 nothing could be compared. With --bisect, 125 "
		"takes the place of 2 and 3, and of 0 where a row is unproven.",
	OPERANDS(0, SIZE_MAX, NULL),
	.check = check,
};

static int print_incomparable(const struct comparison *c, const struct args *args)
{
	char **lines;
	size_t nr;

	if (c->base->tier != c->head->tier) {
		fprintf(stderr,
			"gntbench: %s is of tier %s and %s of tier %s: instructions, emulated "
			"time and time are never compared with each other\n",
			c->base_path, tier_names[c->base->tier], c->head_path,
			tier_names[c->head->tier]);
		return STATUS_INCOMPARABLE;
	}
	nr = environment_differences(c->base, c->head, args->across, &lines);
	if (nr) {
		error_say("%s and %s can't be compared, their environments differ:", c->base_path,
			  c->head_path);
		for (size_t i = 0; i < nr; i++)
			error_say("  %s", lines[i]);
		error_say("If that is what you want to compare, name it: --across=kernel (or xen, "
			  "qemu, machine, compiler, a field)");
	}
	lines_free(lines, nr);
	return nr ? STATUS_INCOMPARABLE : STATUS_OK;
}

static int compare(struct comparison *c, const struct args *args, struct error *err)
{
	struct calibration *cal;
	int status;

	if (across_check(args->across, c->base, c->head, err))
		return error_print(err);
	status = print_incomparable(c, args);
	if (status)
		return status;
	cal = calibration_load(args->calibration_dir, c->base, err);
	if (!cal && err->text[0])
		error_print(err);
	c->calibration = cal;
	if (comparison_make(c, args->by, err) ||
	    (args->reasons && comparison_read_reasons(c, args->reasons, err))) {
		status = error_print(err);
	} else {
		formats[args->format](c, stdout);
		status = comparison_status(c, args->bisect);
	}
	comparison_free(c);
	calibration_free(cal);
	return status;
}

/* The rounds of one side are runs of the same thing, and not of the exact tier: it has no noise. */
static int check_rounds(struct record **rounds, size_t nr, char *const *paths, struct error *err)
{
	for (size_t i = 0; i < nr; i++) {
		char **lines;
		size_t differ = environment_differences(rounds[0], rounds[i], NULL, &lines);

		if (differ)
			error_set(err, "--rounds: %s and %s are not runs of the same thing: %s",
				  paths[0], paths[2 * i], lines[0]);
		lines_free(lines, differ);
		if (differ)
			return -1;
		if (rounds[i]->tier == TIER_EXACT || rounds[i]->tier != rounds[0]->tier)
			return error_set(
				err,
				"--rounds: %s is of tier %s: wanted are runs of tier wall, "
				"or of tier host",
				paths[2 * i], tier_names[rounds[i]->tier]);
	}
	return rounds_join(rounds, nr, err);
}

/* Every second file from @paths on. */
static struct record *read_rounds(char *const *paths, size_t nr, struct error *err)
{
	struct record **rounds = xcalloc(nr, sizeof(*rounds)), *joined = NULL;
	size_t nr_read = 0;

	while (nr_read < nr) {
		rounds[nr_read] = record_read(paths[2 * nr_read], err);
		if (!rounds[nr_read])
			break;
		nr_read++;
	}
	if (nr_read == nr && !check_rounds(rounds, nr, paths, err))
		joined = rounds[0];
	for (size_t i = joined ? 1 : 0; i < nr_read; i++)
		record_free(rounds[i]);
	free(rounds);
	return joined;
}

static struct record *read_side(const struct args *args, size_t side, struct error *err)
{
	if (args->rounds)
		return read_rounds(args->operands.all + side, args->operands.nr / 2, err);
	return record_or_reference(args->operands.all[side], err);
}

static int run(const struct args *args)
{
	struct comparison c = {
		.base_path = args->operands.all[0],
		.head_path = args->operands.all[args->by ? 0 : 1],
		.settings = args->settings,
		.select = args->select,
		.changed_only = args->changed_only,
	};
	struct record *base, *head;
	struct error err;
	int status;

	base = read_side(args, 0, &err);
	if (!base)
		return error_print(&err);
	head = args->by ? base : read_side(args, 1, &err);
	if (!head) {
		record_free(base);
		return error_print(&err);
	}
	c.base = base;
	c.head = head;
	status = compare(&c, args, &err);
	if (head != base)
		record_free(head);
	record_free(base);
	return status;
}

int cmd_compare(int argc, char **argv)
{
	struct args args = {
		.settings = VERDICT_DEFAULTS,
		.calibration_dir = CALIBRATION_DIR,
	};
	int status;

	/* Also for what goes wrong before --bisect is reached. */
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--bisect") || !strcmp(argv[i], "-B"))
			argp_err_exit_status = BISECT_SKIP;
	options_parse(&options, argc, argv, &args);
	status = run(&args);
	return args.bisect && status > STATUS_FAILURE ? BISECT_SKIP : status;
}
