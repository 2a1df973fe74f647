// SPDX-License-Identifier: GPL-2.0
/* The report as GitHub-flavoured Markdown, with the plots as files beside it. */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "doc/doc.h"

/* An underscore between two letters starts no emphasis: map_unmap stays readable. */
static bool is_inside_word(const char *text, const char *p)
{
	return p > text && isalnum((unsigned char)p[-1]) && isalnum((unsigned char)p[1]);
}

void doc_put_markdown(const char *text, FILE *out)
{
	size_t len;

	for (const char *p = text; *p; p += len ?: 1) {
		len = control_length(p);
		if (len) {
			putc(' ', out);
		} else if (*p == '<') {
			fputs("&lt;", out);
		} else if (*p == '>') {
			fputs("&gt;", out);
		} else if (*p == '&') {
			fputs("&amp;", out);
		} else {
			if (strchr("\\`*[]|~$", *p) || (*p == '_' && !is_inside_word(text, p)) ||
			    (p == text && strchr("#+-=", *p)))
				putc('\\', out);
			putc(*p, out);
		}
	}
}

static void put_cell(const struct doc_cell *cell, FILE *out)
{
	if (cell->link)
		putc('[', out);
	doc_put_markdown(cell->text, out);
	if (cell->link)
		fprintf(out, "](%s)", cell->link);
}

static void put_table(const struct doc_block *b, FILE *out)
{
	const struct doc_table *t = &b->table;

	if (*b->text) {
		doc_put_markdown(b->text, out);
		fputs("\n\n", out);
	}
	for (size_t k = 0; k < t->nr_cols; k++) {
		fputs("| ", out);
		doc_put_markdown(t->cols[k].name, out);
		putc(' ', out);
	}
	fputs("|\n", out);
	for (size_t k = 0; k < t->nr_cols; k++)
		fputs(t->cols[k].left ? "| :-- " : "| --: ", out);
	fputs("|\n", out);
	for (size_t i = 0; i + t->nr_cols <= t->nr_cells; i += t->nr_cols) {
		for (size_t k = 0; k < t->nr_cols; k++) {
			fputs("| ", out);
			put_cell(&t->cells[i + k], out);
			putc(' ', out);
		}
		fputs("|\n", out);
	}
	putc('\n', out);
}

static int markdown_print(const struct doc *doc, const char *dir, FILE *out)
{
	(void)dir;
	for (size_t i = 0; i < doc->nr_blocks; i++) {
		const struct doc_block *b = &doc->blocks[i];
		bool list_goes_on = i + 1 < doc->nr_blocks && b[1].kind == b->kind;

		switch (b->kind) {
		case DOC_HEADING:
			for (int k = 0; k < b->level; k++)
				putc('#', out);
			putc(' ', out);
			doc_put_markdown(b->text, out);
			fputs("\n\n", out);
			break;
		case DOC_PARA:
			doc_put_markdown(b->text, out);
			fputs("\n\n", out);
			break;
		case DOC_ITEM:
		case DOC_WARNING:
			fputs(b->kind == DOC_WARNING ? "- **Warning:** " : "- ", out);
			doc_put_markdown(b->text, out);
			fputs(list_goes_on ? "\n" : "\n\n", out);
			break;
		case DOC_TABLE:
			put_table(b, out);
			break;
		case DOC_PLOT:
			fputs("![", out);
			doc_put_markdown(b->text, out);
			fprintf(out, "](%s)\n\n", b->svg);
			break;
		}
	}
	return ferror(out) ? -1 : 0;
}

const struct doc_format doc_markdown = { "markdown", "report.md", markdown_print };
