// SPDX-License-Identifier: GPL-2.0
#include "base/man.h"

#include <ctype.h>
#include <string.h>

#include "base/options.h"

/* Nothing in it is a request or an escape of roff's; a line break is one of the page's. */
static void put(const char *text, size_t len, FILE *out)
{
	bool begins = true;

	for (size_t i = 0; i < len; i++) {
		if (begins && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", out);
		begins = text[i] == '\n';
		if (begins)
			fputs("\n.br", out);
		if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else
			putc(text[i], out);
	}
}

static void put_text(const char *text, FILE *out)
{
	put(text, strlen(text), out);
	putc('\n', out);
}

static void put_title(const char *command, FILE *out)
{
	fputs(".TH \"", out);
	for (const char *c = command; *c; c++)
		putc(*c == ' ' ? '-' : toupper((unsigned char)*c), out);
	fputs("\" 1 \"\" gntbench gntbench\n.SH NAME\n", out);
	for (const char *c = command; *c; c++)
		putc(*c == ' ' ? '-' : *c, out);
}

static void put_option(const struct option_row *row, FILE *out)
{
	fputs(".TP\n", out);
	if (row->letter)
		fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
	fputs("\\fB\\-\\-", out);
	put(row->name, strlen(row->name), out);
	fputs("\\fR", out);
	if (row->arg) {
		fputs(row->otherwise ? "[=\\fI" : "=\\fI", out);
		put(row->arg, strlen(row->arg), out);
		fputs(row->otherwise ? "\\fR]" : "\\fR", out);
	}
	putc('\n', out);
	put_text(row->what, out);
}

void man_of_options(const struct options *options, const char *command, FILE *out)
{
	size_t head = strcspn(options->what, "\v");

	put_title(command, out);
	fputs(" \\- ", out);
	put(options->what, strcspn(options->what, ".\v"), out);
	fputs("\n.SH SYNOPSIS\n", out);
	for (const char *form = options->takes ?: ""; form;) {
		size_t len = strcspn(form, "\n");

		fprintf(out, ".B %s\n%s", command, options->rows ? "[OPTION...] " : "");
		put(form, len, out);
		fputs("\n.br\n", out);
		form = form[len] ? form + len + 1 : NULL;
	}
	fputs(".SH DESCRIPTION\n", out);
	put(options->what, head, out);
	putc('\n', out);
	if (options->rows)
		fputs(".SH OPTIONS\n", out);
	for (const struct option_row *row = options->rows; row && row->name; row++)
		put_option(row, out);
	if (options->what[head]) {
		fputs(".SH NOTES\n", out);
		put_text(options->what + head + 1, out);
	}
	fputs(".SH SEE ALSO\n.BR gntbench (1)\n", out);
}

void man_begin(const char *command, const char *what, FILE *out)
{
	put_title(command, out);
	fputs(" \\- ", out);
	put_text(what, out);
}

void man_row(const char *name, const char *what, FILE *out)
{
	fputs(".TP\n\\fB", out);
	put(name, strlen(name), out);
	fputs("\\fR\n", out);
	put_text(what, out);
}
