// SPDX-License-Identifier: GPL-2.0
/* gntbench compare: two records, or two sides of one, and what may be said of the difference. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cmd/cmd.h"
#include "store/reference.h"
#include "verdict/formats/formats.h"
#include "verdict/rounds.h"

#define BISECT_SKIP 125 /* git bisect run: this commit can't be judged */

struct args {
	char **paths;
	size_t nr_paths;
	bool rounds;
	const char *by;
	const char *across;
	const char *select;
	const char *calibration_dir;
	const struct format *format;
	struct verdict_settings settings;
	bool changed_only;
	bool bisect;
};

static const struct argp_option options[] = {
	{ "by", 'b', "PARAM[=VALUE]", 0,
	  "compare the values of PARAM within one record; VALUE (default: the first) is the base",
	  0 },
	{ "rounds", 'R', NULL, 0,
	  "files are BASE and HEAD by turns, runs of the same two things; a run counts as one sample",
	  0 },
	{ "format", 'f', "FORMAT", 0,
	  "text, markdown, html, letter (a mail), json, csv, benchstat, kcidb, junit, ktap, bmf (Bencher) "
	  "or openmetrics",
	  0 },
	{ "case", 'k', "CASE", 0, "only this case, or the ids that match this pattern", 0 },
	{ "threshold", 't', "PERCENT", 0, "smallest change that counts, wall and host tier (2)",
	  0 },
	{ "level", 'l', "P", 0, "significance level of a table, wall and host tier (0.002)", 0 },
	{ "seed", 's', "N", 0, "of the bootstrap (1)", 0 },
	{ "resamples", 'r', "N", 0, "of the bootstrap, from 200 (1000)", 0 },
	{ "across", 'a', "PARTS", 0,
	  "what may differ: a list of kernel, xen, qemu, machine, compiler, or of fields, or all",
	  0 },
	{ "calibration", 'c', "DIR", 0, "where calibrate left its results (" CALIBRATION_DIR ")",
	  0 },
	{ "changed", 'd', NULL, 0, "only rows that are not the same", 0 },
	{ "bisect", 'B', NULL, 0, "exit status 125 where nothing can be said, for git bisect run",
	  0 },
	{ 0 }
};

/* A number from @min to @max, or a usage error that says so. */
static double number(const char *option, const char *text, double min, double max)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= min && v <= max))
		die_usage("--%s: '%s' is not a number from %g to %g", option, text, min, max);
	return v;
}

static void check_paths(const struct args *args, struct argp_state *state)
{
	size_t most = args->by ? 1 : 2;

	if (args->nr_paths < most)
		argp_error(state, "BASE and HEAD are needed, or one record and --by");
	if (args->by && args->nr_paths > most)
		argp_error(state, "--by compares within one record, not with '%s'", args->paths[1]);
	if (args->nr_paths > most && !args->rounds)
		argp_error(state, "'%s' is one file too many", args->paths[most]);
	if (args->rounds && args->nr_paths % 2)
		argp_error(state, "--rounds: '%s' is the base of a round that has no head",
			   args->paths[args->nr_paths - 1]);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	struct error err;

	switch (key) {
	case 'b':
		args->by = arg;
		break;
	case 'f':
		args->format = format_by_name(arg, &err);
		if (!args->format)
			die_usage("%s", err.text);
		break;
	case 't':
		args->settings.threshold = number("threshold", arg, 0, 1000) / 100;
		break;
	case 'l':
		args->settings.level = number("level", arg, 1e-12, 0.5);
		break;
	case 's':
		args->settings.seed = number("seed", arg, 0, 4294967295);
		break;
	case 'r':
		args->settings.resamples = number("resamples", arg, 200, 1000000);
		break;
	case 'a':
		args->across = arg;
		break;
	case 'c':
		args->calibration_dir = arg;
		break;
	case 'd':
		args->changed_only = true;
		break;
	case 'B':
		args->bisect = true;
		break;
	case 'R':
		args->rounds = true;
		break;
	case 'k':
		args->select = arg;
		break;
	case ARGP_KEY_ARGS:
		args->paths = state->argv + state->next;
		args->nr_paths = state->argc - state->next;
		break;
	case ARGP_KEY_END:
		check_paths(args, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	options,
	parse,
	"BASE HEAD\n--by=PARAM RECORD\n--rounds BASE HEAD BASE HEAD...",
	"Compare two records (or references), or two sides of one record."
	"\vExit status: 0 nothing is slower, 1 something is slower or failed in HEAD, 2 an error, or HEAD "
	"lacks what BASE has, 3 nothing could be compared. With --bisect, 125 takes the place of 2 and 3, and of 0 where a row is "
	"unproven.",
	NULL,
	NULL,
	NULL,
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
	if (comparison_make(c, args->by, err)) {
		status = error_print(err);
	} else {
		args->format->print(c, stdout);
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
		return read_rounds(args->paths + side, args->nr_paths / 2, err);
	return record_or_reference(args->paths[side], err);
}

static int run(const struct args *args)
{
	struct comparison c = {
		.base_path = args->paths[0],
		.head_path = args->paths[args->by ? 0 : 1],
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
		.format = &format_text,
		.calibration_dir = CALIBRATION_DIR,
	};
	int status;

	/* Also for what goes wrong before --bisect is reached. */
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--bisect") || !strcmp(argv[i], "-B"))
			argp_err_exit_status = BISECT_SKIP;
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	status = run(&args);
	return args.bisect && status > STATUS_FAILURE ? BISECT_SKIP : status;
}
