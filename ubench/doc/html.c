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
	":root{color-scheme:light dark;--ink:#1a1a1a;--page:#fff;--soft:#f4f6f8;--line:#ddd;"
	"--mark:#0072b2;--warn:#fdf3ec}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e4e4;--page:#15181b;--soft:#20252a;"
	"--line:#3a4047;--mark:#56b4e9;--warn:#3a2a1e}\n"
	/* Plots are drawn dark on white: inverted, with their hues turned back. */
	"figure svg{filter:invert(.91) hue-rotate(180deg)}}\n"
	"body{font:16px/1.45 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--page)}\n"
	"main{max-width:70rem;padding:0 1.2rem 3rem;min-width:0}a{color:var(--mark)}\n"
	"h1{font-size:1.15rem;margin:.7rem 0}\n"
	"h2{margin:.6rem 0;border-bottom:3px solid var(--mark);font-size:1.25rem}\n"
	"h1,h2,h3{overflow-wrap:anywhere}h3{margin-top:2.2rem;font-size:1.15rem}h4{margin-bottom:.3rem}h2+ul{font-size:1.06rem}\n"
	"main *+h2{margin-top:3.5rem}main h1+h2{margin-top:.6rem}ul{padding-left:1.2rem}\n"
	".wide{overflow-x:auto}\n"
	"table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-size:.9rem}\n"
	"caption,.caption{font-weight:600;text-align:left;margin-top:1rem}\n"
	"th,td{padding:.2rem .6rem;text-align:right;font-variant-numeric:tabular-nums;"
	"border-bottom:1px solid var(--line);vertical-align:top}\n"
	"th{border-bottom:2px solid var(--ink);vertical-align:bottom}\n"
	"th.l,td.l{text-align:left;overflow-wrap:anywhere;min-width:6rem}"
	"table:not([class]) td:not(.l){white-space:nowrap}"
	"tbody tr:hover{background:var(--soft)}\n"
	"figure{margin:.8rem 0 1.6rem}figure div{overflow-x:auto}\n"
	"figure svg{display:block;width:100%;min-width:42rem;height:auto}figcaption{font-size:.92rem}\n"
	/* What a point is: its title, where the mouse is on it. */
	"svg .v:hover{stroke:#000;stroke-width:3px;cursor:crosshair}\n"
	/* Blue is less, orange is more; both can be told apart by who sees no red or no green. */
	"td.c1{background:#0072b21a}td.c2{background:#0072b233}td.c3{background:#0072b24d}"
	"td.c4{background:#0072b266}td.c5{background:#0072b280}\n"
	"td.h1{background:#e69f001a}td.h2{background:#e69f0040}td.h3{background:#e69f0066}"
	"td.h4{background:#e69f008c}td.h5{background:#e69f00b3}\n"
	".warning{border-left:5px solid #d55e00;background:var(--warn);padding:.4rem .8rem;"
	"margin:.4rem 0}\n"
	"nav{background:var(--soft);padding:.6rem 1rem;font-size:.9rem;overflow-wrap:anywhere}"
	"nav ul{margin:.2rem 0;padding-left:.8rem;list-style:none}nav li{margin:.25rem 0}\n"
	"@media(min-width:68rem){body{display:grid;grid-template-columns:15rem minmax(0,1fr)}"
	"nav{position:sticky;top:0;height:100vh;box-sizing:border-box;overflow-y:auto}"
	/* Names stay whole there. */
	"td.l:first-child{overflow-wrap:break-word}main:only-child{grid-column:1/-1}}\n"
	/* On a narrow screen the answer comes first, and the contents last. */
	"@media(max-width:67.99rem){body{display:flex;flex-direction:column-reverse}}\n"
	"@media print{nav{display:none}body{display:block}h2{break-before:page}"
	"figure,table{break-inside:avoid}}\n";

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

static void put_cell(const struct doc_cell *cell, bool left, FILE *out)
{
	fputs("<td", out);
	if (cell->heat)
		fprintf(out, " class=\"%s%c%d\"", left ? "l " : "", cell->heat < 0 ? 'c' : 'h',
			abs(cell->heat));
	else if (left)
		fputs(" class=\"l\"", out);
	putc('>', out);
	if (cell->link)
		put_element("<a href=\"", cell->link, "\">", out);
	doc_put_html(cell->text, out);
	fputs(cell->link ? "</a></td>" : "</td>", out);
}

static void put_table(const struct doc_block *b, FILE *out)
{
	const struct doc_table *t = &b->table;

	if (*b->text)
		put_element("<p class=\"caption\">", b->text, "</p>\n", out);
	fputs("<div class=\"wide\"><table><thead><tr>", out);
	for (size_t k = 0; k < t->nr_cols; k++)
		put_element(t->cols[k].left ? "<th class=\"l\">" : "<th>", t->cols[k].name, "</th>",
			    out);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i + t->nr_cols <= t->nr_cells; i += t->nr_cols) {
		fputs("<tr>", out);
		for (size_t k = 0; k < t->nr_cols; k++)
			put_cell(&t->cells[i + k], t->cols[k].left, out);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
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
	put_element("<figure><div><svg role=\"img\" aria-label=\"", b->text, "\"", out);
	svg += strlen("<svg");
	for (const char *id = find_id(svg); id; id = find_id(svg)) {
		fwrite(svg, 1, id - svg, out);
		fprintf(out, "plot%zu-", nr);
		svg = id;
	}
	fputs(svg, out);
	put_element("</div><figcaption>", b->text, "</figcaption></figure>\n", out);
	free(file);
	return 0;
}

/* Lists in lists: an item stays open until the next one of its level, or of one above. */
static void put_contents(const struct doc *doc, FILE *out)
{
	int level = 1;

	for (size_t i = 0; i < doc->nr_blocks; i++) {
		const struct doc_block *b = &doc->blocks[i];

		if (b->kind != DOC_HEADING || b->level < 2 || b->level > 3)
			continue;
		if (level == 1)
			fputs("<nav>", out);
		fputs(b->level > level ? "<ul>" : "</li>", out);
		for (; level > b->level; level--)
			fputs("</ul></li>", out);
		level = b->level;
		fprintf(out, "\n<li><a href=\"#s%zu\">", i);
		doc_put_html(b->text, out);
		fputs("</a>", out);
	}
	if (level == 1)
		return; /* there is no heading */
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

void doc_html_begin(const char *title, const char *more_style, FILE *out)
{
	put_element("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		    title, "</title>\n<style>\n", out);
	fprintf(out, "%s%s</style></head><body>\n", style, more_style);
}

static int html_print(const struct doc *doc, const char *dir, FILE *out)
{
	doc_html_begin("gntbench report", "", out);
	put_contents(doc, out);
	fputs("<main>\n", out);
	for (size_t i = 0; i < doc->nr_blocks; i++)
		if (put_block(doc, i, dir, out))
			return -1;
	fputs("</main></body></html>\n", out);
	return ferror(out) ? -1 : 0;
}

const struct doc_format doc_html = { "html", "report.html", html_print };
