// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench calibrate: what this machine says when A is compared with A.
 *
 * Runs of the same thing are compared in pairs, next to each other in time, by the same rules that
 * compare uses. A pair shares no run with another one, so the pairs are independent, though the
 * rows within a pair needn't be. Then each pair is compared again with one side made slower, to
 * find the smallest change that would be seen in MIN_SEEN of the pairs.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/options.h"
#include "base/pool.h"
#include "cmd/cmd.h"
#include "verdict/calibration.h"
#include "verdict/compare.h"

#define MIN_SEEN   0.95 /* of the pairs */
#define MAX_CHANGE 1.0	/* a change of 100 % that isn't seen: the row is useless */
#define STEPS	   10	/* bisections of 0 .. MAX_CHANGE: to 0.1 % */
#define NR_PARTS   8	/* of a single record, which is split in two */

struct args {
	const char *dir;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "where to store the result (" CALIBRATION_DIR ")", TO_TEXT(dir) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "RECORD...",
	.what = "Compare runs of the same thing with each other and store how often that gives an "
		"alarm, and which change would be seen. An odd record at the end is left over; a "
		"single record is split into two sides in the order ABBA BAAB.",
	OPERANDS(1, SIZE_MAX,
		 "records of the same thing are needed, two or more, or one to be split"),
};

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

static int same_thing(const struct pairs *p, char **paths, struct error *err)
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

static int read_records(struct pairs *p, const struct args *args, struct error *err)
{
	p->records = xcalloc(args->operands.nr, sizeof(*p->records));
	for (size_t i = 0; i < args->operands.nr; i++) {
		p->records[i] = record_read(args->operands.all[i], err);
		if (!p->records[i])
			return -1;
		p->nr_records++;
		if (same_thing(p, args->operands.all, err))
			return -1;
	}
	p->nr_pairs = p->nr_records / 2;
	if (p->nr_records == 1) {
		p->split = record_read(args->operands.all[0], err);
		if (!p->split)
			return -1;
		keep_sides(p->records[0], 0);
		keep_sides(p->split, 1);
		p->nr_pairs = 1;
	}
	return 0;
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

static struct calibration *calibrate(const struct pairs *p)
{
	const struct verdict_settings settings = VERDICT_DEFAULTS;
	struct calibration *cal = calibration_new();
	const struct record *first = p->records[0];

	cal->tier = first->tier;
	cal->fingerprint = first->fingerprint;
	cal->started = first->started;
	cal->environment = first->environment;
	cal->nr_environment = first->nr_environment;
	cal->nr_runs = p->nr_records;
	cal->nr_pairs = p->nr_pairs;
	cal->threshold = settings.threshold;
	cal->level = settings.level;
	count_alarms(cal, p);
	find_smallest(cal, p);
	return cal;
}

static void print(const struct calibration *cal)
{
	struct stats_interval rate = stats_proportion_interval(cal->nr_alarms, cal->nr_comparisons);

	printf("A against A, tier %s: %zu runs, %zu pairs, threshold %g %%, level %g\n",
	       tier_names[cal->tier], cal->nr_runs, cal->nr_pairs, 100 * cal->threshold,
	       cal->level);
	if (cal->nr_comparisons)
		printf("%zu of %zu comparisons were alarms: %.2f %%, 95 %% interval %.2f to %.2f %%\n\n",
		       cal->nr_alarms, cal->nr_comparisons,
		       100.0 * cal->nr_alarms / cal->nr_comparisons, 100 * rate.lo, 100 * rate.hi);
	else
		printf("no comparison could be judged: how often one alarms here stays unknown\n\n");
	if (cal->nr_moved)
		printf("in %zu of %zu pairs a control moved, and nothing could be judged\n\n",
		       cal->nr_moved, cal->nr_pairs);
	printf("%-64s %10s %12s\n", "case", "A/A moved", "seen from");
	for (size_t i = 0; i < cal->nr_rows; i++) {
		const struct calibration_row *r = &cal->rows[i];
		char name[128];

		snprintf(name, sizeof(name), "%s %s", r->id, r->metric);
		printf("%-64s %8.1f %% ", name, 100 * r->spread);
		if (isnan(r->smallest))
			printf("%12s\n", "never");
		else
			printf("%10.1f %%\n", 100 * fmax(r->smallest, r->spread));
	}
}

int cmd_calibrate(int argc, char **argv)
{
	struct args args = { .dir = CALIBRATION_DIR };
	struct calibration *cal = NULL;
	int status = STATUS_OK;
	struct pairs p = { 0 };
	struct error err;
	char *path;

	options_parse(&options, argc, argv, &args);
	if (read_records(&p, &args, &err)) {
		status = error_print(&err);
		goto out;
	}
	cal = calibrate(&p);
	print(cal);
	path = calibration_path(args.dir, cal->tier, cal->fingerprint);
	if (calibration_store(args.dir, cal, &err))
		status = error_print(&err);
	else
		printf("\nstored in %s\n", path);
	free(path);
out:
	calibration_free(cal);
	for (size_t i = 0; i < p.nr_records; i++)
		record_free(p.records[i]);
	record_free(p.split);
	free(p.records);
	return status;
}
