// SPDX-License-Identifier: GPL-2.0
/*
 * How a calibration is made, and what it says.
 *
 * Runs of the same thing are compared in pairs, next to each other in time, by the same rules that
 * compare uses. A pair shares no run with another one, so the pairs are independent, though the
 * rows within a pair needn't be. Then each pair is compared again with one side made slower, to
 * find the smallest change that would be seen in MIN_SEEN of the pairs.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "stats/stats.h"
#include "verdict/calibration.h"
#include "verdict/compare.h"

#define MIN_SEEN   0.95 /* of the pairs */
#define MAX_CHANGE 1.0	/* a change of 100 % that isn't seen: the row is useless */
#define STEPS	   10	/* bisections of 0 .. MAX_CHANGE: to 0.1 % */
#define NR_PARTS   8	/* of a single record, which is split in two */

/* What is compared: nr_pairs times two records. */
struct pairs {
	size_t nr_records;
	struct record **records;
	struct record *split; /* the other half of a single record */
	size_t nr_pairs;
};

static struct record *base_of(const struct pairs *p, size_t pair)
{
	return p->records[p->split ? 0 : 2 * pair];
}

static struct record *head_of(const struct pairs *p, size_t pair)
{
	return p->split ? p->split : p->records[2 * pair + 1];
}

/* Keeps of @m the parts of one side: forwards where the parity of the part is even (Thue-Morse). */
static void keep_side(struct record_metric *m, unsigned int side)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->nr_values; i++) {
		size_t part = i * NR_PARTS / m->nr_values;

		if ((unsigned int)__builtin_parity(part) == side)
			m->values[kept++] = m->values[i];
	}
	m->nr_values = kept;
	summarize(m->values, kept, &m->summary);
}

static void keep_sides(struct record *rec, unsigned int side)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		for (size_t k = 0; k < rec->cases[i].nr_metrics; k++)
			keep_side(&rec->cases[i].metrics[k], side);
}

static int same_thing(const struct pairs *p, char *const *paths, struct error *err)
{
	const struct record *first = p->records[0], *last = p->records[p->nr_records - 1];
	const char *path = paths[p->nr_records - 1];
	char **lines;
	size_t nr;

	if (last->tier == TIER_EXACT)
		return error_set(
			err,
			"%s is of the exact tier, which needs no calibration: a difference "
			"is one",
			path);
	if (last->tier != first->tier)
		return error_set(err, "%s is of tier %s, %s of tier %s: not runs of the same thing",
				 paths[0], tier_names[first->tier], path, tier_names[last->tier]);
	nr = environment_differences(first, last, NULL, &lines);
	if (nr)
		error_set(err, "%s and %s are not runs of the same thing: %s", paths[0], path,
			  lines[0]);
	lines_free(lines, nr);
	return nr ? -1 : 0;
}

static struct table *compare_pair(const struct pairs *p, size_t pair)
{
	const struct verdict_settings settings = VERDICT_DEFAULTS;
	const struct side base = { base_of(p, pair), "A", NULL, NULL };
	const struct side head = { head_of(p, pair), "A", NULL, NULL };

	return table_make(&base, &head, &settings, NULL, NULL);
}

static bool is_alarm(const struct row *row)
{
	return row->verdict == VERDICT_FASTER || row->verdict == VERDICT_SLOWER;
}

static struct calibration_row *row_for(struct calibration *cal, const struct row *row)
{
	struct calibration_row *r = (struct calibration_row *)calibration_row(
		cal, row->base_case->id, row->base_metric->name);

	if (r)
		return r;
	r = &cal->rows[cal->nr_rows++];
	r->id = pool_strdup(&cal->pool, row->base_case->id);
	r->metric = pool_strdup(&cal->pool, row->base_metric->name);
	r->spread = 0;
	r->smallest = NAN;
	return r;
}

/* A control that moved leaves nothing of its pair to be an alarm: such pairs are counted apart. */
static bool control_moved(const struct table *t)
{
	for (size_t i = 0; i < t->nr_rows; i++)
		if (t->rows[i].control &&
		    !strncmp(t->rows[i].reason, CONTROL_MOVED, strlen(CONTROL_MOVED)))
			return true;
	return false;
}

static void count_alarms(struct calibration *cal, const struct pairs *p)
{
	for (size_t pair = 0; pair < p->nr_pairs; pair++) {
		struct table *t = compare_pair(p, pair);

		cal->nr_moved += control_moved(t);
		if (!cal->rows)
			cal->rows = pool_alloc(&cal->pool, t->nr_rows, sizeof(*cal->rows));
		for (size_t i = 0; i < t->nr_rows; i++) {
			struct calibration_row *r;

			if (pair && !calibration_row(cal, t->rows[i].base_case->id,
						     t->rows[i].base_metric->name))
				continue;
			r = row_for(cal, &t->rows[i]);
			r->spread = fmax(r->spread, fabs(t->rows[i].change));
			cal->nr_comparisons += verdict_is_judgement(t->rows[i].verdict);
			cal->nr_alarms += is_alarm(&t->rows[i]);
		}
		table_free(t);
	}
}

/* Whether @base against @head, made slower by @change, is found: a row of its own, no table. */
static bool is_seen(const struct record_case *c, const struct record_metric *base,
		    const struct record_metric *head, double change, enum tier tier)
{
	struct verdict_settings settings = VERDICT_DEFAULTS;
	struct record_metric slower = *head;
	struct row row = {
		.base_case = c, .head_case = c, .base_metric = base, .head_metric = &slower
	};

	slower.values = xcalloc(head->nr_values + 1, sizeof(double));
	for (size_t i = 0; i < head->nr_values; i++)
		slower.values[i] = head->values[i] * (1 + change);
	settings.resamples = 0;
	row_measure(&row, tier, 0, &settings);
	row.control = false;
	rows_judge(&row, 1, tier, &settings);
	free(slower.values);
	return row.verdict == VERDICT_SLOWER;
}

static bool is_seen_often(const struct pairs *p, const struct calibration_row *r, double change)
{
	size_t seen = 0;

	for (size_t pair = 0; pair < p->nr_pairs; pair++) {
		const struct record *base = base_of(p, pair), *head = head_of(p, pair);
		const struct record_case *x = record_find_case(base, r->id);
		const struct record_case *y = record_find_case(head, r->id);
		const struct record_metric *mx = x ? record_find_metric(x, r->metric) : NULL;
		const struct record_metric *my = y ? record_find_metric(y, r->metric) : NULL;

		seen += mx && my && is_seen(x, mx, my, change, base->tier);
	}
	return seen >= MIN_SEEN * p->nr_pairs;
}

static void find_smallest(struct calibration *cal, const struct pairs *p)
{
	for (size_t i = 0; i < cal->nr_rows; i++) {
		struct calibration_row *r = &cal->rows[i];
		double lo = 0, hi = MAX_CHANGE;

		if (!is_seen_often(p, r, hi))
			continue;
		for (int step = 0; step < STEPS; step++) {
			double mid = (lo + hi) / 2;

			if (is_seen_often(p, r, mid))
				hi = mid;
			else
				lo = mid;
		}
		r->smallest = hi;
	}
}

/* The names of @first are its own: they must outlive it. */
static struct calibration *calibrate(const struct pairs *p)
{
	const struct verdict_settings settings = VERDICT_DEFAULTS;
	struct calibration *cal = calibration_new();
	const struct record *first = p->records[0];

	cal->tier = first->tier;
	cal->fingerprint = pool_strdup(&cal->pool, first->fingerprint);
	cal->started = pool_strdup(&cal->pool, first->started);
	cal->nr_environment = first->nr_environment;
	cal->environment = pool_alloc(&cal->pool, first->nr_environment, sizeof(*cal->environment));
	for (size_t i = 0; i < first->nr_environment; i++) {
		cal->environment[i].name = pool_strdup(&cal->pool, first->environment[i].name);
		cal->environment[i].text = pool_strdup(&cal->pool, first->environment[i].text);
	}
	cal->nr_runs = p->nr_records;
	cal->nr_pairs = p->nr_pairs;
	cal->threshold = settings.threshold;
	cal->level = settings.level;
	count_alarms(cal, p);
	find_smallest(cal, p);
	return cal;
}

static int read_records(struct pairs *p, char *const *paths, size_t nr, struct error *err)
{
	p->records = xcalloc(nr, sizeof(*p->records));
	for (size_t i = 0; i < nr; i++) {
		p->records[i] = record_read(paths[i], err);
		if (!p->records[i])
			return -1;
		p->nr_records++;
		if (same_thing(p, paths, err))
			return -1;
	}
	p->nr_pairs = p->nr_records / 2;
	if (p->nr_records > 1)
		return 0;
	p->split = record_read(paths[0], err);
	if (!p->split)
		return -1;
	keep_sides(p->records[0], 0);
	keep_sides(p->split, 1);
	p->nr_pairs = 1;
	return 0;
}

struct calibration *calibration_make(char *const *paths, size_t nr, struct error *err)
{
	struct pairs p = { 0 };
	struct calibration *cal = read_records(&p, paths, nr, err) ? NULL : calibrate(&p);

	for (size_t i = 0; i < p.nr_records; i++)
		record_free(p.records[i]);
	record_free(p.split);
	free(p.records);
	return cal;
}

void calibration_page(const struct calibration *cal, struct doc *doc)
{
	struct stats_interval rate = stats_proportion_interval(cal->nr_alarms, cal->nr_comparisons);

	doc_para(doc, "A against A, tier %s: %zu runs, %zu pairs, threshold %g %%, level %g",
		 tier_names[cal->tier], cal->nr_runs, cal->nr_pairs, 100 * cal->threshold,
		 cal->level);
	if (cal->nr_comparisons)
		doc_para(
			doc,
			"%zu of %zu comparisons were alarms: %.2f %%, 95 %% interval %.2f to %.2f %%",
			cal->nr_alarms, cal->nr_comparisons,
			100.0 * cal->nr_alarms / cal->nr_comparisons, 100 * rate.lo, 100 * rate.hi);
	else
		doc_para(doc,
			 "no comparison could be judged: how often one alarms here stays unknown");
	if (cal->nr_moved)
		doc_para(doc, "in %zu of %zu pairs a control moved, and nothing could be judged",
			 cal->nr_moved, cal->nr_pairs);
	doc_table(doc, "", "=case|A/A moved|seen from");
	for (size_t i = 0; i < cal->nr_rows; i++) {
		const struct calibration_row *r = &cal->rows[i];

		doc_cell(doc, "%s %s", r->id, r->metric);
		doc_cell(doc, "%.1f %%", 100 * r->spread);
		if (isnan(r->smallest))
			doc_cell(doc, "never");
		else
			doc_cell(doc, "%.1f %%", 100 * fmax(r->smallest, r->spread));
	}
}
