// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "doc/doc.h"

static struct doc_block *doc_add(struct doc *doc, enum doc_kind kind)
{
	struct doc_block *b = GROW(doc->blocks, doc->nr_blocks);

	b->kind = kind;
	return b;
}

void doc_heading(struct doc *doc, int level, const char *fmt, ...)
{
	struct doc_block *b = doc_add(doc, DOC_HEADING);
	va_list ap;

	b->level = level;
	va_start(ap, fmt);
	b->text = xvasprintf(fmt, ap);
	va_end(ap);
}

#define DOC_TEXT_FUNCTION(name, kind)                           \
	void name(struct doc *doc, const char *fmt, ...)        \
	{                                                       \
		va_list ap;                                     \
                                                                \
		va_start(ap, fmt);                              \
		doc_add(doc, kind)->text = xvasprintf(fmt, ap); \
		va_end(ap);                                     \
	}

DOC_TEXT_FUNCTION(doc_para, DOC_PARA)
DOC_TEXT_FUNCTION(doc_item, DOC_ITEM)
DOC_TEXT_FUNCTION(doc_warning, DOC_WARNING)

static void table_add_col(struct doc_table *t, const char *name, size_t len)
{
	struct doc_col *col = GROW(t->cols, t->nr_cols);

	col->whole = len && *name == '=';
	col->left = col->whole || (len && *name == '<');
	if (col->left)
		name++, len--;
	col->name = xasprintf("%.*s", (int)len, name);
}

void doc_table(struct doc *doc, const char *caption, const char *cols)
{
	struct doc_block *b = doc_add(doc, DOC_TABLE);

	b->text = xasprintf("%s", caption);
	for (;;) {
		size_t len = strcspn(cols, "|");

		table_add_col(&b->table, cols, len);
		if (!cols[len])
			break;
		cols += len + 1;
	}
}

void doc_cell(struct doc *doc, const char *fmt, ...)
{
	struct doc_table *t = &doc->blocks[doc->nr_blocks - 1].table;
	va_list ap;

	va_start(ap, fmt);
	GROW(t->cells, t->nr_cells)->text = xvasprintf(fmt, ap);
	va_end(ap);
}

void doc_cell_show(struct doc *doc, int heat, const char *link)
{
	struct doc_table *t = &doc->blocks[doc->nr_blocks - 1].table;
	struct doc_cell *cell = &t->cells[t->nr_cells - 1];

	cell->heat = heat;
	cell->link = link ? xstrdup(link) : NULL;
}

void doc_plot(struct doc *doc, const char *svg, const char *png, const char *text)
{
	struct doc_block *b = doc_add(doc, DOC_PLOT);

	b->text = xasprintf("%s", text);
	b->svg = xasprintf("%s", svg);
	b->png = xasprintf("%s", png);
}

void doc_free(struct doc *doc)
{
	for (size_t i = 0; i < doc->nr_blocks; i++) {
		struct doc_block *b = &doc->blocks[i];

		for (size_t k = 0; k < b->table.nr_cols; k++)
			free(b->table.cols[k].name);
		for (size_t k = 0; k < b->table.nr_cells; k++) {
			free(b->table.cells[k].text);
			free(b->table.cells[k].link);
		}
		free(b->table.cols);
		free(b->table.cells);
		free(b->text);
		free(b->svg);
		free(b->png);
	}
	free(doc->blocks);
	memset(doc, 0, sizeof(*doc));
}

int doc_write(const struct doc *doc, const struct doc_format *format, const char *dir,
	      const char *name, struct error *err)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct new_file file;
	int ret = file_begin(&file, path, err);

	if (!ret)
		ret = file_end(&file, format->print(doc, dir, file.out), err);
	free(path);
	return ret;
}

int doc_print(const struct doc *doc, const struct doc_format *format, struct error *err)
{
	if (format->print(doc, NULL, stdout) || fflush(stdout))
		return error_set(err, "can't write to standard output: %s", strerror(errno));
	return 0;
}
