// SPDX-License-Identifier: GPL-2.0
/* gntbench hyperfine: whole commands, timed by hyperfine, beside our own numbers of the same cases. */
#include "base/options.h"
#include "cmd/cmd.h"
#include "report/hyperfine.h"

struct args {
	const char *dir;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "output", 'o', "DIR", "write hyperfine.md and hyperfine.html into DIR", TO_TEXT(dir) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "HYPERFINE_JSON RECORD",
	.what = "Shows whole commands, timed by hyperfine, beside the record's numbers of the same "
		"cases. 'make hyperfine' makes both files.",
	OPERANDS(2, 2, "give hyperfine's JSON and the record"),
};

int cmd_hyperfine(int argc, char **argv)
{
	struct args args = { 0 };
	struct doc doc = { 0 };
	struct error err;
	int ret;

	options_parse(&options, argc, argv, &args);
	ret = report_hyperfine(&doc, 1, args.operands.all[0], args.operands.all[1], &err);
	if (!ret)
		ret = doc_print(&doc, &doc_text, &err);
	if (!ret && args.dir)
		ret = doc_write(&doc, &doc_markdown, args.dir, "hyperfine.md", &err) ?:
			      doc_write(&doc, &doc_html, args.dir, "hyperfine.html", &err);
	doc_free(&doc);
	return ret ? error_print(&err) : STATUS_OK;
}
