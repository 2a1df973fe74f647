// SPDX-License-Identifier: GPL-2.0
/* gntbench report: tables on the terminal, a Markdown page, an HTML page, and their plots. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/cmd.h"
#include "base/alloc.h"
#include "profile/profile.h"
#include "report/hyperfine.h"
#include "report/report.h"

enum want { WANT_TEXT = 1, WANT_MARKDOWN = 2, WANT_HTML = 4, WANT_ALL = 7 };

struct options {
	const char *dir;
	const char *profile, *hyperfine; /* NULL: none */
	unsigned int want;		 /* 0: not said */
	char **paths;
	size_t nr_paths;
};

static const struct argp_option option_table[] = {
	{ "output", 'o', "DIR", 0, "write report.md, report.html and the plots into DIR", 0 },
	{ "format", 'f', "FORMAT", 0, "text, markdown, html or all (default: text; with -o: all)",
	  0 },
	{ "profile", 'p', "FILE", 0, "add the cost model of a profile that make profile left", 0 },
	{ "hyperfine", 'y', "DIR", 0, "add what make hyperfine left in DIR", 0 },
	{ 0 }
};

static void set_format(struct options *opt, const char *name)
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

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name)) {
			opt->want = formats[i].want;
			return;
		}
	die_usage("--format %s: unknown; there are text, markdown, html and all", name);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case 'o':
		opt->dir = arg;
		return 0;
	case 'f':
		set_format(opt, arg);
		return 0;
	case 'p':
		opt->profile = arg;
		return 0;
	case 'y':
		opt->hyperfine = arg;
		return 0;
	case ARGP_KEY_ARGS:
		opt->paths = state->argv + state->next;
		opt->nr_paths = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which record? Name one or more files");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "RECORD...",
	.doc = "Show what a run measured. A record has a part of its own, so records of different "
	       "tiers may be given together; nothing is compared between them.",
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
static int add_extras(const struct options *opt, struct record *const *recs, struct doc *doc,
		      struct error *err)
{
	const char *dir = opt->want & (WANT_MARKDOWN | WANT_HTML) ? opt->dir : NULL;
	const struct record *exact = NULL;

	for (size_t i = 0; i < opt->nr_paths && !exact; i++)
		if (recs[i]->tier == TIER_EXACT)
			exact = recs[i];
	if (opt->profile && report_profile(doc, opt->profile, exact, dir, err))
		return -1;
	return opt->hyperfine ? add_hyperfine(doc, opt->hyperfine, err) : 0;
}

static int write_report(const struct options *opt, struct record *const *recs, struct doc *doc,
			struct error *err)
{
	enum plot_engine engine = GNUPLOT_WORKS;
	bool failed = false;

	report_title(doc);
	for (size_t i = 0; i < opt->nr_paths; i++) {
		char prefix[32];
		struct report r = {
			.doc = doc,
			.rec = recs[i],
			.dir = opt->want & (WANT_MARKDOWN | WANT_HTML) ? opt->dir : NULL,
			.prefix = prefix,
			.engine = &engine,
			.err = err,
			.failed = &failed,
		};

		plot_prefix(recs, i, prefix, sizeof(prefix));
		report_record(&r, opt->paths[i]);
	}
	if (add_extras(opt, recs, doc, err))
		return -1;
	if (engine == GNUPLOT_MISSING) {
		doc_warning(doc, "No plots: gnuplot is not installed (Debian: gnuplot-nox).");
		fputs("gntbench: no plots: gnuplot is not installed; apt-get install gnuplot-nox, "
		      "then run this again\n",
		      stderr);
	}
	if (opt->want & WANT_TEXT && (doc_text.print(doc, NULL, stdout) || fflush(stdout)))
		return error_set(err, "can't write to standard output: %s", strerror(errno));
	if (opt->want & WANT_MARKDOWN &&
	    doc_write(doc, &doc_markdown, opt->dir, doc_markdown.file, err))
		return -1;
	if (opt->want & WANT_HTML && doc_write(doc, &doc_html, opt->dir, doc_html.file, err))
		return -1;
	if (opt->dir)
		fprintf(stderr, "gntbench: report in %s:%s%s%s\n", opt->dir,
			opt->want & WANT_MARKDOWN ? " report.md" : "",
			opt->want & WANT_HTML ? " report.html" : "",
			engine != GNUPLOT_WORKS ? "" : ", plots as .svg and .png");
	return failed ? -1 : 0;
}

static int read_records(const struct options *opt, struct record **recs, struct error *err)
{
	for (size_t i = 0; i < opt->nr_paths; i++) {
		recs[i] = record_read(opt->paths[i], err);
		if (!recs[i])
			return -1;
	}
	return 0;
}

int cmd_report(int argc, char **argv)
{
	struct options opt = { 0 };
	struct doc doc = { 0 };
	struct record **recs;
	struct error err;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &opt);
	if (!opt.want)
		opt.want = opt.dir ? WANT_ALL : WANT_TEXT;
	if (opt.want != WANT_TEXT && !opt.dir)
		die_usage("this format is written into a directory: name it with -o DIR");
	recs = xcalloc(opt.nr_paths, sizeof(*recs));
	ret = read_records(&opt, recs, &err);
	if (!ret && opt.dir)
		ret = make_dir(opt.dir, &err);
	if (!ret)
		ret = write_report(&opt, recs, &doc, &err);
	doc_free(&doc);
	for (size_t i = 0; i < opt.nr_paths; i++)
		record_free(recs[i]);
	free(recs);
	return ret ? error_print(&err) : STATUS_OK;
}
