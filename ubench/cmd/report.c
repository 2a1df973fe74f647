// SPDX-License-Identifier: GPL-2.0
/* gntbench report: tables on the terminal, a Markdown page, an HTML page, and their plots. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "profile/profile.h"
#include "report/hyperfine.h"
#include "report/report.h"

enum want { WANT_TEXT = 1, WANT_MARKDOWN = 2, WANT_HTML = 4, WANT_ALL = 7 };

struct args {
	const char *dir;
	const char *profile, *hyperfine; /* NULL: none */
	unsigned int want;		 /* 0: not said */
	struct operands operands;
};

static int take_format(void *field, const char *text, struct error *err)
{
	static const struct {
		const char *name;
		unsigned int want;
	} formats[] = {
		{ "text", WANT_TEXT },
		{ "markdown", WANT_MARKDOWN },
		{ "html", WANT_HTML },
		{ "all", WANT_ALL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(formats[i].name, text)) {
			*(unsigned int *)field = formats[i].want;
			return 0;
		}
	return error_set(err, "there are text, markdown, html and all");
}

static const struct option_row rows[] = {
	{ "output", 'o', "DIR", "write report.md, report.html and the plots into DIR",
	  TO_TEXT(dir) },
	{ "format", 'f', "FORMAT", "text, markdown, html or all (default: text; with -o: all)",
	  TO_TAKE(want, take_format) },
	{ "profile", 'p', "FILE", "add the cost model of a profile that make profile left",
	  TO_TEXT(profile) },
	{ "hyperfine", 'y', "DIR", "add what make hyperfine left in DIR", TO_TEXT(hyperfine) },
	{ 0 },
};

static int check(void *data, struct error *err)
{
	struct args *args = data;

	if (!args->want)
		args->want = args->dir ? WANT_ALL : WANT_TEXT;
	if (args->want != WANT_TEXT && !args->dir)
		return error_set(err,
				 "this format is written into a directory: name it with -o DIR");
	return 0;
}

static const struct options options = {
	.rows = rows,
	.takes = "RECORD...",
	.what = "Show what a run measured. A record has a part of its own, so records of different "
		"tiers may be given together; nothing is compared between them.",
	OPERANDS(1, SIZE_MAX, "which record? Name one or more files"),
	.check = check,
};

static int make_dir(const char *dir, struct error *err)
{
	struct stat st;

	if (!mkdir(dir, 0777))
		return 0;
	if (errno == EEXIST && !stat(dir, &st) && S_ISDIR(st.st_mode))
		return 0;
	return error_set(err, "can't make the directory %s: %s", dir,
			 errno == EEXIST ? "a file has that name" : strerror(errno));
}

static size_t count_tier(struct record *const *recs, size_t nr, enum tier tier)
{
	size_t count = 0;

	for (size_t i = 0; i < nr; i++)
		count += recs[i]->tier == tier;
	return count;
}

/* Plots of the second record of a tier are "exact2-…". */
static void plot_prefix(struct record *const *recs, size_t i, char *prefix, size_t size)
{
	size_t before = count_tier(recs, i, recs[i]->tier);

	if (before)
		snprintf(prefix, size, "%s%zu", tier_names[recs[i]->tier], before + 1);
	else
		snprintf(prefix, size, "%s", tier_names[recs[i]->tier]);
}

static int add_hyperfine(struct doc *doc, const char *dir, struct error *err)
{
	char *json = xasprintf("%s/hyperfine.json", dir);
	char *record = xasprintf("%s/record.json", dir);
	int ret = report_hyperfine(doc, 2, json, record, err);

	free(record);
	free(json);
	return ret;
}

/* What other tools left: it has parts of its own, behind those of the records. */
static int add_extras(const struct args *args, struct record *const *recs, struct doc *doc,
		      struct error *err)
{
	const char *dir = args->want & (WANT_MARKDOWN | WANT_HTML) ? args->dir : NULL;
	const struct record *exact = NULL;

	for (size_t i = 0; i < args->operands.nr && !exact; i++)
		if (recs[i]->tier == TIER_EXACT)
			exact = recs[i];
	if (args->profile && report_profile(doc, args->profile, exact, dir, err))
		return -1;
	return args->hyperfine ? add_hyperfine(doc, args->hyperfine, err) : 0;
}

static int write_report(const struct args *args, struct record *const *recs, struct doc *doc,
			struct error *err)
{
	enum plot_engine engine = GNUPLOT_WORKS;
	bool failed = false;

	report_title(doc);
	for (size_t i = 0; i < args->operands.nr; i++) {
		char prefix[32];
		struct report r = {
			.doc = doc,
			.rec = recs[i],
			.dir = args->want & (WANT_MARKDOWN | WANT_HTML) ? args->dir : NULL,
			.prefix = prefix,
			.engine = &engine,
			.err = err,
			.failed = &failed,
		};

		plot_prefix(recs, i, prefix, sizeof(prefix));
		report_record(&r, args->operands.all[i]);
	}
	if (add_extras(args, recs, doc, err))
		return -1;
	if (engine == GNUPLOT_MISSING) {
		doc_warning(doc, "No plots: gnuplot is not installed (Debian: gnuplot-nox).");
		fputs("gntbench: no plots: gnuplot is not installed; apt-get install gnuplot-nox, "
		      "then run this again\n",
		      stderr);
	}
	if (args->want & WANT_TEXT && doc_print(doc, &doc_text, err))
		return -1;
	if (args->want & WANT_MARKDOWN &&
	    doc_write(doc, &doc_markdown, args->dir, doc_markdown.file, err))
		return -1;
	if (args->want & WANT_HTML && doc_write(doc, &doc_html, args->dir, doc_html.file, err))
		return -1;
	if (args->dir)
		fprintf(stderr, "gntbench: report in %s:%s%s%s\n", args->dir,
			args->want & WANT_MARKDOWN ? " report.md" : "",
			args->want & WANT_HTML ? " report.html" : "",
			engine != GNUPLOT_WORKS ? "" : ", plots as .svg and .png");
	return failed ? -1 : 0;
}

static int read_records(const struct args *args, struct record **recs, struct error *err)
{
	for (size_t i = 0; i < args->operands.nr; i++) {
		recs[i] = record_read(args->operands.all[i], err);
		if (!recs[i])
			return -1;
	}
	return 0;
}

int cmd_report(int argc, char **argv)
{
	struct args args = { 0 };
	struct doc doc = { 0 };
	struct record **recs;
	struct error err;
	int ret;

	options_parse(&options, argc, argv, &args);
	recs = xcalloc(args.operands.nr, sizeof(*recs));
	ret = read_records(&args, recs, &err);
	if (!ret && args.dir)
		ret = make_dir(args.dir, &err);
	if (!ret)
		ret = write_report(&args, recs, &doc, &err);
	doc_free(&doc);
	for (size_t i = 0; i < args.operands.nr; i++)
		record_free(recs[i]);
	free(recs);
	return ret ? error_print(&err) : STATUS_OK;
}
