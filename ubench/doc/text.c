// SPDX-License-Identifier: GPL-2.0
/* The report on a terminal: at most REPORT_TEXT_COLUMNS wide, no plots. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "doc/doc.h"

#define GAP 2 /* blanks between two columns */

/* Bytes that continue a UTF-8 character take no column. */
static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t width_of(const char *s, size_t len)
{
	size_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += !is_continuation(s[i]);
	return width;
}

static void put_plain(const char *s, size_t len, FILE *out)
{
	for (size_t i = 0, control; i < len; i += control ?: 1) {
		control = control_length(s + i);
		putc(control ? ' ' : s[i], out);
	}
}

void doc_put_plain(const char *text, FILE *out)
{
	put_plain(text, strlen(text), out);
}

static void put_blanks(size_t n, FILE *out)
{
	while (n--)
		putc(' ', out);
}

/*
 * Bytes of @s that fit into @width columns, cut at a blank where there is one, else after a
 * character of @breaks.
 */
static size_t fit_line_bytes(const char *s, size_t width, const char *breaks)
{
	size_t used = 0, blank = 0, cut = 0, i;

	for (i = 0; s[i]; i++) {
		if (!is_continuation(s[i]) && ++used > width)
			return s[i] == ' ' ? i : blank ?: cut ?: i;
		if (s[i] == ' ')
			blank = i;
		else if (strchr(breaks, s[i]))
			cut = i + 1;
	}
	return i;
}

static const char *skip_blanks(const char *s)
{
	return s + strspn(s, " ");
}

static void put_wrapped(const char *text, const char *first, const char *rest, FILE *out)
{
	const char *lead = first;

	do {
		size_t len = fit_line_bytes(text, REPORT_TEXT_COLUMNS - strlen(lead), "");

		fputs(lead, out);
		put_plain(text, len, out);
		putc('\n', out);
		text = skip_blanks(text + len);
		lead = rest;
	} while (*text);
}

static void put_rule(char c, size_t width, FILE *out)
{
	while (width--)
		putc(c, out);
	putc('\n', out);
}

/* Natural widths, then the widest columns give way until the table fits. */
static void table_widths(const struct doc_table *t, size_t *width)
{
	size_t total = GAP * (t->nr_cols - 1);

	for (size_t k = 0; k < t->nr_cols; k++) {
		width[k] = width_of(t->cols[k].name, strlen(t->cols[k].name));
		for (size_t i = k; i < t->nr_cells; i += t->nr_cols) {
			size_t w = width_of(t->cells[i].text, strlen(t->cells[i].text));

			if (w > width[k])
				width[k] = w;
		}
		total += width[k];
	}
	while (total > REPORT_TEXT_COLUMNS) {
		size_t widest = t->nr_cols;

		for (size_t k = 0; k < t->nr_cols; k++)
			if (!t->cols[k].whole && (widest == t->nr_cols || width[k] > width[widest]))
				widest = k;
		if (widest == t->nr_cols || width[widest] <= 1)
			return;
		width[widest]--;
		total--;
	}
}

/* One row of a table; a cell that is wider than its column goes on in the next line. */
static void put_row(const struct doc_table *t, const char **cell, const size_t *width, FILE *out)
{
	bool more = true;

	while (more) {
		size_t pending = 0; /* blanks not printed yet: none at the end of a line */

		more = false;
		for (size_t k = 0; k < t->nr_cols; k++) {
			size_t len =
				fit_line_bytes(cell[k], width[k], t->cols[k].left ? "/_:," : "/_");
			size_t pad = width[k] - width_of(cell[k], len);

			if (len) {
				put_blanks(pending + (t->cols[k].left ? 0 : pad), out);
				put_plain(cell[k], len, out);
				pending = (t->cols[k].left ? pad : 0) + GAP;
			} else {
				pending += width[k] + GAP;
			}
			cell[k] = skip_blanks(cell[k] + len);
			more |= *cell[k] != '\0';
		}
		putc('\n', out);
	}
}

static void put_table(const struct doc_block *b, FILE *out)
{
	const struct doc_table *t = &b->table;
	size_t *width = xrealloc_array(NULL, t->nr_cols, sizeof(*width));
	const char **row = xrealloc_array(NULL, t->nr_cols, sizeof(*row));
	size_t total = GAP * (t->nr_cols - 1);

	table_widths(t, width);
	if (*b->text)
		put_wrapped(b->text, "", "", out);
	for (size_t k = 0; k < t->nr_cols; k++) {
		row[k] = t->cols[k].name;
		total += width[k];
	}
	put_row(t, row, width, out);
	put_rule('-', total, out);
	for (size_t i = 0; i + t->nr_cols <= t->nr_cells; i += t->nr_cols) {
		for (size_t k = 0; k < t->nr_cols; k++)
			row[k] = t->cells[i + k].text;
		put_row(t, row, width, out);
	}
	putc('\n', out);
	free(row);
	free(width);
}

static void put_heading(const struct doc_block *b, FILE *out)
{
	size_t width = width_of(b->text, strlen(b->text));

	if (b->level > 2) {
		put_wrapped(b->text, "## ", "   ", out);
		putc('\n', out);
		return;
	}
	put_wrapped(b->text, "", "", out);
	put_rule(b->level == 1 ? '=' : '-',
		 width < REPORT_TEXT_COLUMNS ? width : REPORT_TEXT_COLUMNS, out);
	putc('\n', out);
}

static int text_print(const struct doc *doc, const char *dir, FILE *out)
{
	(void)dir;
	for (size_t i = 0; i < doc->nr_blocks; i++) {
		const struct doc_block *b = &doc->blocks[i];
		bool list_goes_on = i + 1 < doc->nr_blocks && b[1].kind == b->kind;

		switch (b->kind) {
		case DOC_HEADING:
			put_heading(b, out);
			break;
		case DOC_PARA:
			put_wrapped(b->text, "", "", out);
			putc('\n', out);
			break;
		case DOC_ITEM:
			put_wrapped(b->text, "  - ", "    ", out);
			if (!list_goes_on)
				putc('\n', out);
			break;
		case DOC_WARNING:
			put_wrapped(b->text, "  ! ", "    ", out);
			if (!list_goes_on)
				putc('\n', out);
			break;
		case DOC_TABLE:
			put_table(b, out);
			break;
		case DOC_PLOT:
			break;
		}
	}
	return ferror(out) ? -1 : 0;
}

const struct doc_format doc_text = { "text", NULL, text_print };
