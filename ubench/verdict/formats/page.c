// SPDX-License-Identifier: GPL-2.0
/* A comparison for people: the answer, what it rests on, the rows, and what to know about them. */
#include "verdict/formats/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"

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

static void add_verdict(struct doc *doc, const struct comparison *c, const struct row *row,
			struct footnotes *notes)
{
	const char *mark = is_uncalibrated(c, row) ? " uncalibrated" : "";
	size_t n = *row->reason ? footnote(notes, row->reason) : 0;

	if (n)
		doc_cell(doc, "%s%s [%zu]", verdict_names[row->verdict], mark, n);
	else
		doc_cell(doc, "%s%s", verdict_names[row->verdict], mark);
}

static void add_row(struct doc *doc, const struct comparison *c, const struct table *t, size_t i,
		    struct footnotes *notes)
{
	const struct row *row = &t->rows[i];
	char text[48];

	doc_cell(doc, "%s", t->labels[i]);
	doc_cell(doc, "%s", number_grouped(format_value(row->base, text, sizeof(text))));
	doc_cell(doc, "%s", number_grouped(format_value(row->head, text, sizeof(text))));
	doc_cell(doc, "%s", format_percent(row->change, text, sizeof(text)));
	doc_cell(doc, "%s", format_detail(c, row, text, sizeof(text)));
	add_verdict(doc, c, row, notes);
}

/* The header of a table; a unit comes from a record, and must not make columns. */
static void begin_unit(struct doc *doc, const struct comparison *c, const char *unit)
{
	char *cols = xasprintf("<%s|base|head|change|%s|<verdict", unit,
			       c->base->tier == TIER_EXACT ? "difference" : "95 % interval");

	for (size_t i = 0; i < strlen(unit); i++)
		if (cols[i + 1] == '|')
			cols[i + 1] = '/';
	doc_table(doc, "", cols);
	free(cols);
}

static bool same_unit(const struct row *a, const struct row *b)
{
	return !strcmp(a->base_metric->unit, b->base_metric->unit) &&
	       !strcmp(a->base_metric->per, b->base_metric->per);
}

/* Rows of one unit stand together; units in the order of their first row. */
static void add_rows(struct doc *doc, const struct comparison *c, const struct table *t,
		     struct footnotes *notes)
{
	bool *done = xcalloc(t->nr_rows, sizeof(*done));
	char unit[64];

	for (size_t first = 0; first < t->nr_rows; first++) {
		bool titled = false;

		if (done[first])
			continue;
		for (size_t i = first; i < t->nr_rows; i++) {
			if (done[i] || !same_unit(&t->rows[i], &t->rows[first]))
				continue;
			done[i] = true;
			if (!row_is_shown(c, &t->rows[i]))
				continue;
			if (!titled)
				begin_unit(doc, c, row_unit(&t->rows[i], unit, sizeof(unit)));
			titled = true;
			add_row(doc, c, t, i, notes);
		}
	}
	free(done);
}

static void add_counts(struct doc *doc, const struct table *t)
{
	char mean[32], *text;
	size_t size;
	FILE *f = xmemstream(&text, &size);

	fprintf(f, "%zu slower, %zu faster, %zu same, %zu unproven", t->nr_of[VERDICT_SLOWER],
		t->nr_of[VERDICT_FASTER], t->nr_of[VERDICT_SAME], t->nr_of[VERDICT_UNPROVEN]);
	for (enum verdict v = VERDICT_UNPROVEN + 1; v < NR_VERDICTS; v++)
		if (t->nr_of[v])
			fprintf(f, ", %zu %s", t->nr_of[v], verdict_names[v]);
	xmemstream_end(f);
	doc_para(doc, "%s", text);
	free(text);
	if (t->nr_mean)
		doc_para(doc, "geometric mean of %zu: %s", t->nr_mean,
			 format_percent(t->geometric_mean - 1, mean, sizeof(mean)));
}

static void add_table(struct doc *doc, const struct comparison *c, const struct table *t)
{
	struct footnotes notes = { 0 };

	if (t->base.by)
		doc_para(doc, "base %s, head %s", t->base.name, t->head.name);
	if (*t->common)
		doc_para(doc, "in all rows:%s", t->common);
	add_rows(doc, c, t, &notes);
	for (size_t i = 0; i < notes.nr; i++)
		doc_item(doc, "[%zu] %s", i + 1, notes.text[i]);
	for (size_t i = 0; i < t->nr_notes && i < MAX_LINES; i++)
		doc_item(doc, "%s", t->notes[i]);
	if (t->nr_notes > MAX_LINES)
		doc_item(doc, "... and %zu more", t->nr_notes - MAX_LINES);
	add_counts(doc, t);
}

/* How far the numbers reach. */
static void add_reach(struct doc *doc, const struct comparison *c)
{
	const struct calibration *cal = c->calibration;
	struct stats_interval rate;

	if (c->base->tier == TIER_EXACT) {
		doc_para(doc,
			 "exact tier: guest instructions of Xen and Linux; one is a difference");
		return;
	}
	doc_para(doc, "%s tier%s: a change counts if it is significant (Holm, %g) and above %g %%",
		 tier_names[c->base->tier], c->base->emulated ? ", emulated, ratios only" : "",
		 c->settings.level, 100 * c->settings.threshold);
	if (!is_calibrated(c)) {
		doc_para(doc,
			 "uncalibrated: how often A against A alarms here is unknown%s; see "
			 "gntbench calibrate",
			 cal ? ", none could be judged" : "");
		return;
	}
	rate = stats_proportion_interval(cal->nr_alarms, cal->nr_comparisons);
	doc_para(doc,
		 "calibrated %.10s: %zu of %zu comparisons of A with A were alarms "
		 "(%.1f to %.1f %%)",
		 cal->started, cal->nr_alarms, cal->nr_comparisons, 100 * rate.lo, 100 * rate.hi);
	if (cal->threshold != c->settings.threshold || cal->level != c->settings.level)
		doc_para(doc, "but calibrated for threshold %g %% and level %g",
			 100 * cal->threshold, cal->level);
}

/* Whose hit samples nobody knows: what the exact tier then goes by. */
static bool lacks_interrupts(const struct record *rec)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (rec->cases[i].status == CASE_OK && !rec->cases[i].nr_interrupts)
			return true;
	return false;
}

static void add_age(struct doc *doc, const struct comparison *c)
{
	bool base = lacks_interrupts(c->base), head = lacks_interrupts(c->head);

	if (c->base->tier == TIER_EXACT && (base || head))
		doc_para(doc,
			 "%s does not say which samples an interrupt hit: those cases go by "
			 "their most frequent value, which a cost of less than half of the samples "
			 "does not move",
			 base && head ? "neither record" :
			 base	      ? "base" :
					"head");
}

void format_page(const struct comparison *c, struct doc *doc)
{
	char *headline = comparison_headline(c);

	doc_para(doc, "%s", headline);
	free(headline);
	for (size_t i = 0; i < c->nr_tables; i++)
		for (size_t k = 0; k < c->tables[i]->nr_failed; k++)
			doc_item(doc, "FAILURE in head: %s: %s", c->tables[i]->failed[k]->id,
				 case_why(c->tables[i]->failed[k]));
	doc_item(doc, "base  %s  (%s, suite %s)", c->base_path, c->base->started, c->base->suite);
	if (c->head != c->base)
		doc_item(doc, "head  %s  (%s, suite %s)", c->head_path, c->head->started,
			 c->head->suite);
	if (c->base->nr_rounds)
		doc_item(doc, "%zu rounds of both: a value is the median of one",
			 c->base->nr_rounds);
	for (size_t i = 0; i < c->nr_differences; i++)
		doc_item(doc, "across  %s", c->differences[i]);
	for (size_t i = 0; i < c->nr_doubts; i++)
		doc_warning(doc, "%s", c->doubts[i]);
	add_reach(doc, c);
	add_age(doc, c);
	for (size_t i = 0; i < c->nr_tables; i++)
		add_table(doc, c, c->tables[i]);
}
