// SPDX-License-Identifier: GPL-2.0
/*
 * The report as one HTML file that needs nothing else: style and plots are inside. No script, so
 * that it can be attached to a mail or served from anywhere.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "doc/doc.h"

static const char style[] =
	"body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;"
	"color:#1a1a1a;background:#fff}\n"
	"h1{font-size:1.8rem}h2{margin-top:3rem;border-bottom:3px solid #0072b2;font-size:1.5rem}\n"
	"h3{margin-top:2.2rem;font-size:1.2rem}h4{margin-bottom:.3rem}\n"
	"table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-size:.92rem;max-width:100%}\n"
	"caption,.caption{font-weight:600;text-align:left;margin-top:1rem}\n"
	"th,td{padding:.22rem .7rem;text-align:right;font-variant-numeric:tabular-nums;"
	"border-bottom:1px solid #ddd;vertical-align:top}\n"
	"th{border-bottom:2px solid #555;vertical-align:bottom}\n"
	"th.l,td.l{text-align:left;overflow-wrap:break-word}tbody tr:hover{background:#f2f7fb}\n"
	"figure{margin:1rem 0 2rem}figure svg{max-width:100%;height:auto;border:1px solid #ddd}\n"
	"figcaption{font-size:.92rem;color:#444}\n"
	".warning{border-left:5px solid #d55e00;background:#fdf3ec;padding:.4rem .8rem;"
	"margin:.4rem 0}\n"
	"nav{background:#f4f6f8;padding:.6rem 1rem}nav ul{margin:.2rem 0}\n"
	"@media print{h2{break-before:page}figure,table{break-inside:avoid}}\n";

void doc_put_html(const char *text, FILE *out)
{
	for (size_t len; *text; text += len ?: 1) {
		len = control_length(text);
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(len ? ' ' : *text, out);
		}
	}
}

static void put_element(const char *open, const char *text, const char *close, FILE *out)
{
	fputs(open, out);
	doc_put_html(text, out);
	fputs(close, out);
}

static void put_table(const struct doc_block *b, FILE *out)
{
	const struct doc_table *t = &b->table;

	if (*b->text)
		put_element("<p class=\"caption\">", b->text, "</p>\n", out);
	fputs("<table><thead><tr>", out);
	for (size_t k = 0; k < t->nr_cols; k++)
		put_element(t->cols[k].left ? "<th class=\"l\">" : "<th>", t->cols[k].name, "</th>",
			    out);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i + t->nr_cols <= t->nr_cells; i += t->nr_cols) {
		fputs("<tr>", out);
		for (size_t k = 0; k < t->nr_cols; k++)
			put_element(t->cols[k].left ? "<td class=\"l\">" : "<td>", t->cells[i + k],
				    "</td>", out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table>\n", out);
}

/* Where the next id or reference to one begins: what follows is the name itself. */
static const char *find_id(const char *svg)
{
	static const char *const lead[] = { "id='", "id=\"", "href='#", "url(#" };
	const char *first = NULL;

	for (size_t k = 0; k < sizeof(lead) / sizeof(*lead); k++) {
		const char *p = strstr(svg, lead[k]);

		if (p && (!first || p < first))
			first = p + strlen(lead[k]);
	}
	return first;
}

/* gnuplot gives every picture the same ids; in one page they need a prefix of their own. */
static int put_svg(const char *dir, const struct doc_block *b, size_t nr, FILE *out)
{
	char *path = xasprintf("%s/%s", dir, b->svg);
	char *file = read_whole_text(path);
	const char *svg = file ? strstr(file, "<svg") : NULL;

	free(path);
	if (!svg) {
		if (file)
			errno = EINVAL;
		free(file);
		return -1;
	}
	put_element("<figure><svg role=\"img\" aria-label=\"", b->text, "\"", out);
	svg += strlen("<svg");
	for (const char *id = find_id(svg); id; id = find_id(svg)) {
		fwrite(svg, 1, id - svg, out);
		fprintf(out, "plot%zu-", nr);
		svg = id;
	}
	fputs(svg, out);
	put_element("<figcaption>", b->text, "</figcaption></figure>\n", out);
	free(file);
	return 0;
}

/* Lists in lists: an item stays open until the next one of its level, or of one above. */
static void put_contents(const struct doc *doc, FILE *out)
{
	int level = 1;

	fputs("<nav>", out);
	for (size_t i = 0; i < doc->nr_blocks; i++) {
		const struct doc_block *b = &doc->blocks[i];

		if (b->kind != DOC_HEADING || b->level < 2 || b->level > 3)
			continue;
		fputs(b->level > level ? "<ul>" : "</li>", out);
		for (; level > b->level; level--)
			fputs("</ul></li>", out);
		level = b->level;
		fprintf(out, "\n<li><a href=\"#s%zu\">", i);
		doc_put_html(b->text, out);
		fputs("</a>", out);
	}
	for (; level > 1; level--)
		fputs("</li></ul>", out);
	fputs("</nav>\n", out);
}

static int put_block(const struct doc *doc, size_t i, const char *dir, FILE *out)
{
	const struct doc_block *b = &doc->blocks[i];
	bool begins = !i || b[-1].kind != b->kind;
	bool ends = i + 1 == doc->nr_blocks || b[1].kind != b->kind;

	switch (b->kind) {
	case DOC_HEADING:
		fprintf(out, "<h%d id=\"s%zu\">", b->level, i);
		doc_put_html(b->text, out);
		fprintf(out, "</h%d>\n", b->level);
		break;
	case DOC_PARA:
		put_element("<p>", b->text, "</p>\n", out);
		break;
	case DOC_ITEM:
		put_element(begins ? "<ul><li>" : "<li>", b->text,
			    ends ? "</li></ul>\n" : "</li>\n", out);
		break;
	case DOC_WARNING:
		put_element("<p class=\"warning\">", b->text, "</p>\n", out);
		break;
	case DOC_TABLE:
		put_table(b, out);
		break;
	case DOC_PLOT:
		return put_svg(dir, b, i, out);
	}
	return 0;
}

static int html_print(const struct doc *doc, const char *dir, FILE *out)
{
	bool contents = false;

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<title>gntbench report</title>\n<style>\n",
	      out);
	fputs(style, out);
	fputs("</style></head><body>\n", out);
	for (size_t i = 0; i < doc->nr_blocks; i++) {
		const struct doc_block *b = &doc->blocks[i];

		if (!contents && b->kind == DOC_HEADING && b->level > 1) {
			put_contents(doc, out);
			contents = true;
		}
		if (put_block(doc, i, dir, out))
			return -1;
	}
	fputs("</body></html>\n", out);
	return ferror(out) ? -1 : 0;
}

const struct doc_format doc_html = { "html", "report.html", html_print };
