/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A report before it has a format: a flat list of blocks. Whoever has something to say appends
 * blocks, the formats of text.c, markdown.c and html.c print them. All strings are plain text;
 * escaping is each format's own business.
 */
#ifndef UBENCH_REPORT_DOC_H
#define UBENCH_REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

#define REPORT_TEXT_COLUMNS 100 /* width of the terminal that the text format assumes */

enum doc_kind {
	DOC_HEADING,
	DOC_PARA,
	DOC_ITEM, /* of a list: neighbours belong together */
	DOC_WARNING,
	DOC_TABLE,
	DOC_PLOT,
};

struct doc_col {
	char *name; /* with its unit, where it has one */
	bool left;  /* words: aligned left and wrapped; else a number */
	bool whole; /* a name or a path, aligned left: never wrapped, whatever the table's width */
};

struct doc_cell {
	char *text;
	char *link; /* of a page beside this one, or NULL */
	int heat; /* from -DOC_HEAT (less) to DOC_HEAT (more): its colour, where there are colours */
};

#define DOC_HEAT 5

struct doc_table {
	struct doc_col *cols;
	size_t nr_cols;
	struct doc_cell *cells; /* row by row */
	size_t nr_cells;
};

struct doc_block {
	enum doc_kind kind;
	int level;		/* DOC_HEADING: 1..4 */
	char *text;		/* DOC_TABLE: its caption; DOC_PLOT: what it shows */
	char *svg, *png;	/* DOC_PLOT: file names in the report's directory */
	struct doc_table table; /* DOC_TABLE */
};

struct doc {
	struct doc_block *blocks;
	size_t nr_blocks;
};

void doc_heading(struct doc *doc, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void doc_para(struct doc *doc, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void doc_item(struct doc *doc, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void doc_warning(struct doc *doc, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Start a table. @cols: names of the columns, separated by '|'; a name that starts with '<' is a
 * column of words, one that starts with '=' of names that stay whole. The cells follow by doc_cell(),
 * row by row, until the next block.
 */
void doc_table(struct doc *doc, const char *caption, const char *cols);
void doc_cell(struct doc *doc, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Of the last cell. @link: NULL for none. */
void doc_cell_show(struct doc *doc, int heat, const char *link);

/* @text says in words what is to be seen; @svg and @png are file names beside the page. */
void doc_plot(struct doc *doc, const char *svg, const char *png, const char *text);

void doc_free(struct doc *doc);

/*
 * A format. @dir: where the plots are, for a format that takes them into itself; may be NULL.
 * Returns 0, or -1 with errno.
 */
struct doc_format {
	const char *name;
	const char *file; /* what it is called in the report's directory; NULL: stdout */
	int (*print)(const struct doc *doc, const char *dir, FILE *out);
};

extern const struct doc_format doc_text, doc_markdown, doc_html;

/* Writes the page to the file @name of @dir, complete or not at all. */
int doc_write(const struct doc *doc, const struct doc_format *format, const char *dir,
	      const char *name, struct error *err);

/* Prints the page to stdout. 0, or -1 and err. */
int doc_print(const struct doc *doc, const struct doc_format *format, struct error *err);

/* Text without escaping that can't be printed: control characters become spaces. */
void doc_put_plain(const char *text, FILE *out);
void doc_put_markdown(const char *text, FILE *out);
void doc_put_html(const char *text, FILE *out);

/* A page of HTML up to its body, for who prints what is no block; @more_style goes behind the common one. */
void doc_html_begin(const char *title, const char *more_style, FILE *out);

#endif /* UBENCH_REPORT_DOC_H */
