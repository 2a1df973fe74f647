// SPDX-License-Identifier: GPL-2.0
/* The text and Markdown forms of a comparison: tables for people, at most 100 columns of text. */
#include "verdict/formats/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS	  100
#define MAX_LABEL 34 /* what the other columns leave */
#define MAX_LINES 8  /* about cases without a counterpart */
#define MAX_NOTES 32 /* different reasons under one table */

struct footnotes {
	size_t nr;
	const char *text[MAX_NOTES];
};

/* Number of the footnote, from 1; the same text is the same footnote. 0: no more room. */
static size_t footnote(struct footnotes *notes, const char *text)
{
	for (size_t i = 0; i < notes->nr; i++)
		if (!strcmp(notes->text[i], text))
			return i + 1;
	if (notes->nr == MAX_NOTES)
		return 0;
	notes->text[notes->nr++] = text;
	return notes->nr;
}

/* A line cut to COLUMNS, so that no path or kernel command line breaks the page. */
static void __attribute__((format(printf, 2, 3))) line(FILE *out, const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		die_usage("out of memory");
	va_end(args);
	if (strlen(text) > COLUMNS)
		fprintf(out, "%.*s...\n", COLUMNS - 3, text);
	else
		fprintf(out, "%s\n", text);
	free(text);
}

const char *format_value(double v, char *buf, size_t size)
{
	if (isnan(v))
		snprintf(buf, size, "-");
	else if (fabs(v) < 100000)
		snprintf(buf, size, "%.2f", v);
	else if (fabs(v) < 1e8)
		snprintf(buf, size, "%.0f", v);
	else
		snprintf(buf, size, "%.3e", v);
	return buf;
}

const char *format_percent(double v, char *buf, size_t size)
{
	if (!isfinite(v))
		snprintf(buf, size, "-");
	else if (fabs(v) >= 10)
		snprintf(buf, size, "%+.0f %%", 100 * v);
	else
		snprintf(buf, size, "%+.2f %%", 100 * v);
	return buf;
}

/* Five decimals, which hold an instruction in a batch of 512, without zeros at the end. */
static const char *format_difference(double v, char *buf, size_t size)
{
	char *end;

	if (isnan(v))
		return strcpy(buf, "-");
	snprintf(buf, size, "%+.5f", v);
	end = buf + strlen(buf);
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		*--end = '\0';
	return strcmp(buf, "+") && strcmp(buf, "-") && v != 0 ? buf : strcpy(buf, "0");
}

/* In the exact tier the difference a page; else the interval. */
const char *format_detail(const struct comparison *c, const struct row *row, char *buf, size_t size)
{
	if (c->base->tier == TIER_EXACT)
		return format_difference(row->head - row->base, buf, size);
	if (isnan(row->interval.lo))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%+.*f..%+.*f %%", row->interval.hi < 1, 100 * row->interval.lo,
			 row->interval.hi < 1, 100 * row->interval.hi);
	return buf;
}

const char *detail_title(const struct comparison *c)
{
	return c->base->tier == TIER_EXACT ? "difference" : "95 % interval";
}

bool is_calibrated(const struct comparison *c)
{
	return c->calibration && c->calibration->nr_comparisons;
}

bool is_uncalibrated(const struct comparison *c, const struct row *row)
{
	return c->base->tier != TIER_EXACT && !is_calibrated(c) &&
	       (row->verdict == VERDICT_FASTER || row->verdict == VERDICT_SLOWER);
}

static const char *format_verdict(const struct comparison *c, const struct row *row,
				  struct footnotes *notes, char *buf, size_t size)
{
	size_t n = *row->reason ? footnote(notes, row->reason) : 0;

	snprintf(buf, size, "%s%s", verdict_names[row->verdict],
		 is_uncalibrated(c, row) ? " uncalibrated" : "");
	if (n)
		snprintf(buf + strlen(buf), size - strlen(buf), " [%zu]", n);
	return buf;
}

static int label_width(const struct table *t)
{
	size_t width = strlen("geometric mean of 999");

	for (size_t i = 0; i < t->nr_rows; i++)
		if (strlen(t->labels[i]) <= MAX_LABEL && strlen(t->labels[i]) > width)
			width = strlen(t->labels[i]);
	return width;
}

static void print_row(const struct comparison *c, const struct table *t, size_t i, int width,
		      struct footnotes *notes, FILE *out)
{
	char base[32], head[32], change[32], detail[48], verdict[64];
	const struct row *row = &t->rows[i];
	const char *label = t->labels[i];

	if (strlen(label) > (size_t)width) {
		line(out, "%s", label);
		label = "";
	}
	fprintf(out, "%-*s %9s %9s %8s %15s  %s\n", width, label,
		format_value(row->base, base, sizeof(base)),
		format_value(row->head, head, sizeof(head)),
		format_percent(row->change, change, sizeof(change)),
		format_detail(c, row, detail, sizeof(detail)),
		format_verdict(c, row, notes, verdict, sizeof(verdict)));
}

bool row_is_shown(const struct comparison *c, const struct row *row)
{
	return !c->changed_only || row->verdict != VERDICT_SAME;
}

/* Rows of one unit stand together; units in the order of their first row. */
static void print_unit(const struct comparison *c, const struct table *t, size_t first, int width,
		       struct footnotes *notes, FILE *out)
{
	char unit[32], other[32];
	bool titled = false;

	row_unit(&t->rows[first], unit, sizeof(unit));
	for (size_t i = 0; i < t->nr_rows; i++) {
		if (strcmp(row_unit(&t->rows[i], other, sizeof(other)), unit))
			continue;
		if (i < first)
			return;
		if (!row_is_shown(c, &t->rows[i]))
			continue;
		if (!titled)
			fprintf(out, "\n%-*s %9s %9s %8s %15s  %s\n", width, unit, "base", "head",
				"change", detail_title(c), "verdict");
		titled = true;
		print_row(c, t, i, width, notes, out);
	}
}

static void print_summary(const struct table *t, int width, FILE *out)
{
	char mean[32], name[64];

	fprintf(out, "\n%zu slower, %zu faster, %zu same, %zu unproven", t->nr_of[VERDICT_SLOWER],
		t->nr_of[VERDICT_FASTER], t->nr_of[VERDICT_SAME], t->nr_of[VERDICT_UNPROVEN]);
	if (t->nr_failed)
		fprintf(out, "; %zu FAILED in head", t->nr_failed);
	fputc('\n', out);
	if (!t->nr_mean)
		return;
	snprintf(name, sizeof(name), "geometric mean of %zu", t->nr_mean);
	fprintf(out, "%-*s %9s %9s %8s\n", width, name, "", "",
		format_percent(t->geometric_mean - 1, mean, sizeof(mean)));
}

static void print_table(const struct comparison *c, const struct table *t, FILE *out)
{
	struct footnotes notes = { 0 };
	int width = label_width(t);

	if (t->base.by)
		line(out, "\nbase %s, head %s", t->base.name, t->head.name);
	if (*t->common)
		line(out, "\nin all rows:%s", t->common);
	for (size_t i = 0; i < t->nr_rows; i++)
		print_unit(c, t, i, width, &notes, out);
	if (notes.nr)
		fputc('\n', out);
	for (size_t i = 0; i < notes.nr; i++)
		line(out, "[%zu] %s", i + 1, notes.text[i]);
	for (size_t i = 0; i < t->nr_notes && i < MAX_LINES; i++)
		line(out, "%s%s", i || notes.nr ? "" : "\n", t->notes[i]);
	if (t->nr_notes > MAX_LINES)
		line(out, "... and %zu more", t->nr_notes - MAX_LINES);
	print_summary(t, width, out);
}

/* One or more lines on how far the numbers reach; the callback prints each. */
static void print_reach(const struct comparison *c, FILE *out,
			void (*print)(FILE *out, const char *format, ...))
{
	const struct calibration *cal = c->calibration;
	struct stats_interval rate;

	if (c->base->tier == TIER_EXACT) {
		print(out, "exact tier: guest instructions of Xen and Linux; one is a difference");
		return;
	}
	print(out, "%s tier%s: a change counts if it is significant (Holm, %g) and above %g %%",
	      tier_names[c->base->tier], c->base->emulated ? ", emulated, ratios only" : "",
	      c->settings.level, 100 * c->settings.threshold);
	if (!is_calibrated(c)) {
		print(out,
		      "uncalibrated: how often A against A alarms here is unknown%s; "
		      "see gntbench calibrate",
		      cal ? ", none could be judged" : "");
		return;
	}
	rate = stats_proportion_interval(cal->nr_alarms, cal->nr_comparisons);
	print(out,
	      "calibrated %.10s: %zu of %zu comparisons of A with A were alarms "
	      "(%.1f to %.1f %%)",
	      cal->started, cal->nr_alarms, cal->nr_comparisons, 100 * rate.lo, 100 * rate.hi);
	if (cal->threshold != c->settings.threshold || cal->level != c->settings.level)
		print(out, "but calibrated for threshold %g %% and level %g", 100 * cal->threshold,
		      cal->level);
}

static void print_text(const struct comparison *c, FILE *out)
{
	line(out, "base  %s  (%s, suite %s)", c->base_path, c->base->started, c->base->suite);
	if (c->head != c->base)
		line(out, "head  %s  (%s, suite %s)", c->head_path, c->head->started,
		     c->head->suite);
	if (c->base->nr_rounds)
		line(out, "%zu rounds of both: a value is the median of one", c->base->nr_rounds);
	print_reach(c, out, line);
	for (size_t i = 0; i < c->nr_differences; i++)
		line(out, "across  %s", c->differences[i]);
	for (size_t i = 0; i < c->nr_tables; i++)
		print_table(c, c->tables[i], out);
}

static void __attribute__((format(printf, 2, 3))) paragraph(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputs("\n\n", out);
}

static void print_markdown_table(const struct comparison *c, const struct table *t, FILE *out)
{
	char base[32], head[32], change[32], detail[48], unit[32];

	if (t->base.by)
		paragraph(out, "base `%s`, head `%s`", t->base.name, t->head.name);
	if (*t->common)
		paragraph(out, "In all rows:%s", t->common);
	fprintf(out, "| case | unit | base | head | change | %s | verdict |\n", detail_title(c));
	fputs("|---|---|---:|---:|---:|---:|---|\n", out);
	for (size_t i = 0; i < t->nr_rows; i++) {
		const struct row *row = &t->rows[i];

		if (!row_is_shown(c, row))
			continue;
		fprintf(out, "| %s | %s | %s | %s | %s | %s | %s%s%s%s |\n", t->labels[i],
			row_unit(row, unit, sizeof(unit)),
			format_value(row->base, base, sizeof(base)),
			format_value(row->head, head, sizeof(head)),
			format_percent(row->change, change, sizeof(change)),
			format_detail(c, row, detail, sizeof(detail)), verdict_names[row->verdict],
			is_uncalibrated(c, row) ? " uncalibrated" : "", *row->reason ? ": " : "",
			row->reason);
	}
	if (t->nr_mean)
		fprintf(out, "| geometric mean of %zu | | | | %s | | |\n", t->nr_mean,
			format_percent(t->geometric_mean - 1, change, sizeof(change)));
	fputc('\n', out);
	for (size_t i = 0; i < t->nr_notes; i++)
		fprintf(out, "- %s\n", t->notes[i]);
}

static void print_markdown(const struct comparison *c, FILE *out)
{
	paragraph(out, "base `%s` (%s), head `%s` (%s)", c->base_path, c->base->started,
		  c->head_path, c->head->started);
	print_reach(c, out, paragraph);
	for (size_t i = 0; i < c->nr_differences; i++)
		paragraph(out, "across %s", c->differences[i]);
	for (size_t i = 0; i < c->nr_tables; i++)
		print_markdown_table(c, c->tables[i], out);
}

const struct format format_text = { "text", print_text };
const struct format format_markdown = { "markdown", print_markdown };
