// SPDX-License-Identifier: GPL-2.0
/* gntbench hyperfine: whole commands, timed by hyperfine, beside our own numbers of the same cases. */
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/hyperfine.h"

struct args {
	const char *json, *record, *dir;
};

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "write hyperfine.md and hyperfine.html into DIR", 0 }, { 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'o':
		args->dir = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (!args->json)
			args->json = arg;
		else if (!args->record)
			args->record = arg;
		else
			argp_error(state, "%s: one file too many", arg);
		return 0;
	case ARGP_KEY_END:
		if (!args->record)
			argp_error(state, "give hyperfine's JSON and the record");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "HYPERFINE_JSON RECORD",
	.doc = "Shows whole commands, timed by hyperfine, beside the record's numbers of the same "
	       "cases. 'make hyperfine' makes both files.",
};

int cmd_hyperfine(int argc, char **argv)
{
	struct args args = { 0 };
	struct doc doc = { 0 };
	struct error err;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	ret = report_hyperfine(&doc, 1, args.json, args.record, &err);
	if (!ret && doc_text.print(&doc, NULL, stdout))
		ret = error_set(&err, "can't write to standard output: %s", strerror(errno));
	if (!ret && args.dir)
		ret = doc_write(&doc, &doc_markdown, args.dir, "hyperfine.md", &err) ?:
			      doc_write(&doc, &doc_html, args.dir, "hyperfine.html", &err);
	doc_free(&doc);
	return ret ? error_print(&err) : STATUS_OK;
}
