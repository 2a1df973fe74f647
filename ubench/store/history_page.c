// SPDX-License-Identifier: GPL-2.0
#include "store/history_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/number.h"
#include "doc/doc.h"
#include "store/rows.h"

EMBED(page_style, "store/history.css");
EMBED(page_script, "store/history.js");

#define WIDTH	   256 /* of a line's picture */
#define HEIGHT	   40
#define MARGIN	   3  /* above and below the line */
#define MAX_MOVES  12 /* records that moved something, in the first table */
#define SHOWN	   3  /* steps of a row that are seen at once */
#define MAX_STEPS  20 /* of a row, in words */
#define MAX_FIELDS 2  /* of an environment that is another one */
#define MAX_FIELD  40 /* characters of one */

/* A step of a row. */
struct step {
	const struct history_row *row;
	const struct trend_point *point;
	double from, to;
};

static double change(const struct step *s)
{
	return s->from ? s->to / s->from - 1 : INFINITY;
}

/* Of one row, oldest first. */
static void add_steps(struct step **steps, size_t *nr, const struct history_row *row)
{
	const struct trend *t = &row->trend;
	size_t end;
	double level = trend_level(t, 0, &end);

	while (end < t->nr) {
		const struct trend_point *p = &t->points[end];
		double before = level;

		level = trend_level(t, end, &end);
		*GROW(*steps, *nr) = (struct step) { row, p, before, level };
	}
}

/* Newest record first, the largest step of a record first. */
static int by_record(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	double d = fabs(change(y)) - fabs(change(x));

	if (x->point->rec != y->point->rec)
		return x->point->rec < y->point->rec ? 1 : -1;
	return (d > 0) - (d < 0) ?: (x->row > y->row) - (x->row < y->row);
}

static void put_short(const char *text, int len, FILE *out)
{
	char *copy = xasprintf("%.*s", len, text);

	doc_put_html(copy, out);
	free(copy);
}

/* What of the environment is another one since the row's record before. */
static void put_moved(const struct trend_point *p, FILE *out)
{
	const struct history_environment *env = p->rec->environment;
	size_t nr = 0;

	for (size_t i = 0; p->moved && i < env->nr_fields; i++) {
		const char *name = env->fields[i].name;
		const char *was = history_field(p[-1].rec->environment, name) ?: "not recorded";

		if (!strcmp(was, env->fields[i].text))
			continue;
		if (++nr > MAX_FIELDS)
			continue;
		fputs(nr > 1 ? "; " : "", out);
		doc_put_html(name, out);
		fputs(": ", out);
		put_short(was, MAX_FIELD, out);
		fputs(" → ", out);
		put_short(env->fields[i].text, MAX_FIELD, out);
	}
	if (nr > MAX_FIELDS)
		fprintf(out, "; and %zu more", nr - MAX_FIELDS);
	else if (p->moved && !nr)
		fputs("another environment", out);
}

/* "2026-11-22 0123456789" */
static void put_when(const struct history_record *rec, FILE *out)
{
	put_short(rec->started, 10, out);
	fputs(" <code>", out);
	put_short(rec->commit, 10, out);
	fputs("</code>", out);
}

static void put_change(const struct step *s, FILE *out)
{
	double by = 100 * change(s);

	fprintf(out, "%s → %s <b class=\"%s\">", number_precise(s->from), number_precise(s->to),
		s->to > s->from ? "up" : "down");
	if (isfinite(by) && fabs(by) < 0.01)
		fprintf(out, "%+.2g %%</b>", by);
	else if (isfinite(by))
		fprintf(out, "%+.2f %%</b>", by);
	else
		fprintf(out, "%s%s</b>", s->to > s->from ? "+" : "",
			number_precise(s->to - s->from));
}

static void put_series(const struct history_row *row, FILE *out)
{
	const char *id = row->trend.series->id, *end;

	/* An id is long, and may be broken between its parts. */
	for (; (end = strchr(id, '/')); id = end + 1) {
		put_short(id, end + 1 - id, out);
		fputs("<wbr>", out);
	}
	doc_put_html(id, out);
	putc(' ', out);
	doc_put_html(row->trend.series->metric, out);
}

/* A record, and all rows that have a step there. */
static void put_record(const struct step *s, size_t nr, FILE *out)
{
	size_t up = 0;

	for (size_t i = 0; i < nr; i++)
		up += s[i].to > s[i].from;
	fputs("<tr><td>", out);
	put_when(s->point->rec, out);
	fputs("<br><small>", out);
	doc_put_html(s->point->rec->file, out);
	fprintf(out, "</small></td><td>%zu up, %zu down</td><td>", up, nr - up);
	put_change(s, out);
	fputs("<br>", out);
	put_series(s->row, out);
	fputs("<br><small>", out);
	fprintf(out, "%s, ", tier_names[s->row->trend.tier]);
	doc_put_html(s->row->stack, out);
	fputs("</small></td><td>", out);
	put_moved(s->point, out);
	fputs("</td></tr>\n", out);
}

static void put_records(const struct step *steps, size_t nr, FILE *out)
{
	size_t shown = 0, i = 0, records = 0;

	for (size_t k = 0; k < nr; k++)
		records += !k || steps[k].point->rec != steps[k - 1].point->rec;
	fputs("<h2 id=\"moved\">What moved, and when</h2>\n", out);
	if (!nr) {
		fputs("<p>Nothing: no row has a step.</p>\n", out);
		return;
	}
	fputs("<div class=\"wide\"><table class=\"h m\"><thead><tr><th>first record, commit</th>"
	      "<th>rows</th><th>the largest step</th><th>what else changed</th></tr></thead>"
	      "<tbody>\n",
	      out);
	for (; i < nr && shown < MAX_MOVES; shown++) {
		size_t end = i + 1;

		while (end < nr && steps[end].point->rec == steps[i].point->rec)
			end++;
		put_record(&steps[i], end - i, out);
		i = end;
	}
	fputs("</tbody></table></div>\n", out);
	if (i < nr)
		fprintf(out, "<p>The newest %zu of %zu records that moved something.</p>\n", shown,
			records);
}

/* Rows */

struct axis {
	const struct history_record *first;
	size_t nr; /* records */
	double lo, hi;
};

static double x_of(const struct axis *a, const struct history_record *rec)
{
	return a->nr > 1 ? (double)(rec - a->first) * WIDTH / (a->nr - 1) : WIDTH / 2.0;
}

static double y_of(const struct axis *a, double value)
{
	double high = a->hi > a->lo ? (value - a->lo) / (a->hi - a->lo) : 0.5;

	return HEIGHT - MARGIN - high * (HEIGHT - 2 * MARGIN);
}

/* Of the points in one column the least and the most are enough; of a level, its ends. */
static void put_line(const struct trend *t, const struct axis *a, FILE *out)
{
	fputs("<path d=\"", out);
	for (size_t i = 0, end; i < t->nr; i = end) {
		int column = (int)x_of(a, t->points[i].rec);
		double lo = t->points[i].value, hi = lo, last = lo;

		for (end = i + 1; end < t->nr && (int)x_of(a, t->points[end].rec) == column;
		     end++) {
			last = t->points[end].value;
			lo = fmin(lo, last);
			hi = fmax(hi, last);
		}
		if (i && end < t->nr && lo == hi && t->points[i - 1].value == lo &&
		    t->points[end].value == lo)
			continue;
		fprintf(out, "%c%d %.1f", i ? 'L' : 'M', column, y_of(a, t->points[i].value));
		if (lo != hi)
			fprintf(out, "L%d %.1fL%d %.1fL%d %.1f", column, y_of(a, lo), column,
				y_of(a, hi), column, y_of(a, last));
	}
	/* A line of one point is one that is seen. */
	fprintf(out, "h%.1f\"/>", t->nr == 1 ? 6.0 : 0.1);
}

/* At most one a column. */
static void put_marks(const struct trend *t, const struct axis *a, FILE *out)
{
	int step = -1, moved = -1;

	for (size_t i = 0; i < t->nr; i++) {
		const struct trend_point *p = &t->points[i];
		int column = (int)x_of(a, p->rec);

		if (p->step ? column == step : !p->moved || column == moved)
			continue;
		*(p->step ? &step : &moved) = column;
		fprintf(out, "<line class=\"%c\" x1=\"%d\" x2=\"%d\" y1=\"0\" y2=\"%d\"><title>",
			p->step ? 's' : 'e', column, column, HEIGHT);
		put_short(p->rec->started, 10, out);
		putc(' ', out);
		put_short(p->rec->commit, 10, out);
		fputs("</title></line>", out);
	}
}

static void put_picture(const struct history_row *row, const struct history *h, FILE *out)
{
	const struct trend *t = &row->trend;
	struct axis a = { h->records, h->nr_records, INFINITY, -INFINITY };

	for (size_t i = 0; i < t->nr; i++) {
		a.lo = fmin(a.lo, t->points[i].value);
		a.hi = fmax(a.hi, t->points[i].value);
	}
	fprintf(out,
		"<svg class=\"l\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
		"aria-label=\"%zu records, from %s to %s\">",
		WIDTH, HEIGHT, t->nr, number_precise(a.lo), number_precise(a.hi));
	put_marks(t, &a, out);
	put_line(t, &a, out);
	fputs("</svg>", out);
}

static void put_step(const struct step *s, FILE *out)
{
	fputs("<p title=\"", out);
	doc_put_html(s->point->rec->file, out);
	fputs("\">", out);
	put_when(s->point->rec, out);
	fputs(": ", out);
	put_change(s, out);
	if (s->point->moved) {
		fputs("<br><small>", out);
		put_moved(s->point, out);
		fputs("</small>", out);
	}
	fputs("</p>", out);
}

/* @steps are of the row, oldest first. */
static void put_steps(const struct history_row *row, const struct step *steps, size_t nr, FILE *out)
{
	size_t shown = 0;

	if (!nr)
		fprintf(out, "<small>no step in %s record%s</small>", number_text(row->trend.nr),
			row->trend.nr == 1 ? "" : "s");
	for (; shown < nr && shown < MAX_STEPS; shown++) {
		if (shown == SHOWN)
			fprintf(out, "<details><summary>%zu older steps</summary>", nr - SHOWN);
		put_step(&steps[nr - 1 - shown], out);
	}
	if (shown < nr)
		fprintf(out, "<p>and %zu more, which gntbench trend lists</p>", nr - shown);
	fputs(nr > SHOWN ? "</details>" : "", out);
}

static void put_row(const struct history_row *row, const struct step *steps, size_t nr_steps,
		    const struct history *h, FILE *out)
{
	const struct trend *t = &row->trend;

	fprintf(out, "<tr data-tier=\"%s\" data-steps=\"%s\" data-case=\"", tier_names[t->tier],
		nr_steps ? "1" : "");
	doc_put_html(t->series->id, out);
	putc(' ', out);
	doc_put_html(t->series->metric, out);
	putc(' ', out);
	doc_put_html(row->stack, out);
	fputs("\"><td>", out);
	put_series(row, out);
	fputs("<br><small>", out);
	doc_put_html(row->stack, out);
	fputs("</small></td><td>", out);
	put_picture(row, h, out);
	fprintf(out, "</td><td>%s<br><small>", number_precise(t->points[t->nr - 1].value));
	doc_put_html(t->series->unit, out);
	fputs(" a ", out);
	doc_put_html(t->series->per, out);
	fputs("</small></td><td>", out);
	put_steps(row, steps, nr_steps, out);
	fputs("</td></tr>\n", out);
}

static bool same_section(const struct history_row *a, const struct history_row *b)
{
	size_t len = strcspn(a->trend.series->id, ":/");

	return a->trend.tier == b->trend.tier && len == strcspn(b->trend.series->id, ":/") &&
	       !strncmp(a->trend.series->id, b->trend.series->id, len);
}

static void put_section_name(const struct history_row *row, FILE *out)
{
	put_short(row->trend.series->id, strcspn(row->trend.series->id, ":/"), out);
	fprintf(out, ", tier %s", tier_names[row->trend.tier]);
}

static void put_contents(const struct history_rows *all, FILE *out)
{
	fputs("<nav><ul><li><a href=\"#moved\">What moved, and when</a></li>\n", out);
	for (size_t i = 0; i < all->nr; i++) {
		if (i && same_section(&all->rows[i], &all->rows[i - 1]))
			continue;
		fprintf(out, "<li><a href=\"#r%zu\">", i);
		put_section_name(&all->rows[i], out);
		fputs("</a></li>\n", out);
	}
	fputs("</ul></nav>\n", out);
}

/* The script shows it; without one, all rows are shown. */
static void put_form(FILE *out)
{
	fputs("<form hidden><input name=\"words\" type=\"search\" placeholder=\"case, metric, stack\" "
	      "aria-label=\"words of a case\"><select name=\"tier\" aria-label=\"tier\">"
	      "<option value=\"\">every tier</option>",
	      out);
	for (int i = 0; i < NR_TIERS; i++)
		fprintf(out, "<option>%s</option>", tier_names[i]);
	fputs("</select><label><input name=\"steps\" type=\"checkbox\" style=\"width:auto\"> "
	      "with a step</label><output></output></form>\n",
	      out);
}

/* @steps are in the order of the rows. */
static void put_rows(const struct history_rows *all, const struct step *steps, size_t nr_steps,
		     const struct history *h, FILE *out)
{
	size_t at = 0;

	for (size_t i = 0; i < all->nr; i++) {
		const struct history_row *row = &all->rows[i];
		size_t end = at;

		if (!i || !same_section(row, row - 1)) {
			fprintf(out, "%s<section><h2 id=\"r%zu\">",
				i ? "</tbody></table></section>\n" : "", i);
			put_section_name(row, out);
			fputs("</h2>\n<table class=\"h\"><thead><tr><th>case, metric, stack</th>"
			      "<th>all records, oldest first</th><th>newest</th><th>steps</th></tr>"
			      "</thead><tbody>\n",
			      out);
		}
		while (end < nr_steps && steps[end].row == row)
			end++;
		put_row(row, end > at ? &steps[at] : NULL, end - at, h, out);
		at = end;
	}
	fputs(all->nr ? "</tbody></table></section>\n" : "", out);
}

/* What the whole page says, in two sentences, and how to read a line. */
static void put_summary(const struct history_rows *all, const struct history *h, FILE *out)
{
	size_t stepped = 0, unreadable = 0;

	for (size_t i = 0; i < all->nr; i++)
		stepped += all->rows[i].trend.nr_steps > 0;
	for (size_t i = 0; i < h->nr_records; i++)
		unreadable += h->records[i].problem != NULL;
	fprintf(out, "<p>%s of %s rows have a step, in %s records", number_text(stepped),
		number_text(all->nr), number_text(h->nr_records - unreadable));
	/* Those that can't be read have no time, and stand first. */
	if (unreadable < h->nr_records) {
		fputs(" from ", out);
		put_short(h->records[unreadable].started, 10, out);
		fputs(" to ", out);
		put_short(h->records[h->nr_records - 1].started, 10, out);
	}
	fprintf(out, " of %zu stack%s.", all->nr_stacks, all->nr_stacks == 1 ? "" : "s");
	if (unreadable)
		fprintf(out, " %s record%s can't be read.", number_text(unreadable),
			unreadable == 1 ? "" : "s");
	fputs("</p>\n<p><span class=\"k\"></span>cost, from its least to its most"
	      "<span class=\"k s\"></span>step<span class=\"k e\"></span>another environment, no "
	      "step</p>\n",
	      out);
}

static void put_page(const struct history *h, FILE *out)
{
	struct step *steps = NULL, *newest;
	struct history_rows all;
	size_t nr = 0;

	history_rows_make(&all, h);
	for (size_t i = 0; i < all.nr; i++)
		add_steps(&steps, &nr, &all.rows[i]);
	newest = xcalloc(nr + 1, sizeof(*newest));
	if (nr) {
		memcpy(newest, steps, nr * sizeof(*newest));
		qsort(newest, nr, sizeof(*newest), by_record);
	}
	doc_html_begin("gntbench history", page_style, out);
	put_contents(&all, out);
	fputs("<main><h1>gntbench: cases over time</h1>\n", out);
	put_summary(&all, h, out);
	put_records(newest, nr, out);
	put_form(out);
	put_rows(&all, steps, nr, h, out);
	fprintf(out, "</main><script>\n%s</script></body></html>\n", page_script);
	free(newest);
	free(steps);
	history_rows_free(&all);
}

int history_page(const struct history *h, const char *path, struct error *err)
{
	struct new_file file;

	if (file_make_directories(path))
		return error_set(err, "can't make the directory of %s", path);
	if (file_begin(&file, path, err))
		return -1;
	put_page(h, file.out);
	return file_end(&file, false, err);
}
