// SPDX-License-Identifier: GPL-2.0
/* gntbench matrix: what the cells of a matrix show, as a page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "store/matrix.h"

enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

struct args {
	const char *dir, *kernel, *xen;
	unsigned int format;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "output", 'o', "DIR", "write index.html, matrix.txt, matrix.csv, matrix.json there",
	  TO_TEXT(dir) },
	{ "format", 'f', "FORMAT", "without -o: text, csv or json",
	  TO_WORD(format, "text, csv, json") },
	{ "kernel", 'k', "NAME", "the kernel of the base (default: the first)", TO_TEXT(kernel) },
	{ "xen", 'x', "NAME", "the Xen of the base (default: the first)", TO_TEXT(xen) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "CELLS",
	.what = "Show a case's cost on every kernel and every Xen, against a base. CELLS is a file with a "
		"line a cell: kernel, Xen, machine, suite, tier, record, reason, between tabs; \"-\" for no "
		"record. make matrix calls this.",
	OPERANDS(1, 1, "the list of the cells is needed"),
};

static int write_one(const char *dir, const char *name, const struct matrix *m,
		     void (*print)(const struct matrix *m, FILE *out), struct error *err)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct new_file file;
	int ret = file_begin(&file, path, err);

	if (!ret) {
		print(m, file.out);
		ret = file_end(&file, false, err);
	}
	free(path);
	return ret;
}

static int write_all(const char *dir, const struct matrix *m, const struct doc *doc,
		     struct error *err)
{
	if (doc_write(doc, &doc_html, dir, "index.html", err) ||
	    doc_write(doc, &doc_text, dir, "matrix.txt", err) ||
	    write_one(dir, "matrix.csv", m, matrix_csv, err))
		return -1;
	return write_one(dir, "matrix.json", m, matrix_json, err);
}

static int print_one(enum format format, const struct matrix *m, const struct doc *doc,
		     struct error *err)
{
	if (format == FORMAT_TEXT)
		return doc_print(doc, &doc_text, err);
	(format == FORMAT_CSV ? matrix_csv : matrix_json)(m, stdout);
	if (fflush(stdout) || ferror(stdout))
		return error_set(err, "can't write to standard output: %s", strerror(errno));
	return 0;
}

int cmd_matrix(int argc, char **argv)
{
	struct args args = { 0 };
	struct doc doc = { 0 };
	struct error err;
	struct matrix *m;
	int ret;

	options_parse(&options, argc, argv, &args);
	m = matrix_read(args.operands.all[0], args.kernel, args.xen, args.dir, &err);
	if (!m)
		return error_print(&err);
	matrix_page(m, &doc);
	ret = args.dir ? write_all(args.dir, m, &doc, &err) : print_one(args.format, m, &doc, &err);
	doc_free(&doc);
	matrix_free(m);
	return ret ? error_print(&err) : STATUS_OK;
}
