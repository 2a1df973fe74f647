// SPDX-License-Identifier: GPL-2.0
#include "verdict/verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "verdict/exact.h"

const char *const verdict_names[NR_VERDICTS] = {
	[VERDICT_SAME] = "same",       [VERDICT_FASTER] = "faster",
	[VERDICT_SLOWER] = "slower",   [VERDICT_UNPROVEN] = "unproven",
	[VERDICT_FAILURE] = "failure", [VERDICT_ERROR] = "error",
	[VERDICT_SKIP] = "skip",       [VERDICT_MISSING] = "missing",
	[VERDICT_DIFFERS] = "differs",
};

static bool is_time(const struct row *row)
{
	return strcmp(row->base_metric->unit, "count");
}

static void __attribute__((format(printf, 2, 3))) unproven(struct row *row, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(row->reason, sizeof(row->reason), format, args);
	va_end(args);
	row->verdict = VERDICT_UNPROVEN;
}

/* More of anything that is measured is worse: counts are of attempts, timers, wakeups. */
static enum verdict by_sign(double change)
{
	return change > 0 ? VERDICT_SLOWER : change < 0 ? VERDICT_FASTER : VERDICT_SAME;
}

bool verdict_is_judgement(enum verdict verdict)
{
	return verdict < VERDICT_UNPROVEN;
}

bool verdict_is_gap(enum verdict verdict)
{
	return verdict > VERDICT_UNPROVEN;
}

static bool identical(const struct record_metric *a, const struct record_metric *b)
{
	if (a->nr_values != b->nr_values)
		return false;
	for (size_t i = 0; i < a->nr_values; i++)
		if (a->values[i] != b->values[i])
			return false;
	return true;
}

/* FNV-1a: rows draw different random numbers, whatever their order in the table. */
static unsigned long seed_of(const struct row *row, unsigned long seed)
{
	uint32_t hash = 2166136261u ^ seed;
	const char *const parts[] = { row->head_case->id, row->head_metric->name };

	for (size_t i = 0; i < 2; i++)
		for (const char *p = parts[i]; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 16777619u;
	return hash;
}

/* Says of a side why nothing can be said about it; true if so. */
static bool side_is_useless(struct row *row, const char *side, const struct record_case *c,
			    const struct record_metric *m)
{
	if (c->oracle_broken || c->status == CASE_FAILURE)
		unproven(row, "%s failed: %s", side, c->status ? c->reason : "broken oracle");
	else if (c->status != CASE_OK)
		unproven(row, "%s has status %s: %s", side, case_status_names[c->status],
			 c->reason);
	else if (record_find_param(c, "granter") && !c->oracle_checks)
		unproven(row, "%s: the oracle has looked at nothing", side);
	else if (!m->nr_values)
		unproven(row, "%s has no samples", side);
	else if (!stats_all_finite(m->values, m->nr_values))
		unproven(row, "%s has a sample that is not a finite number", side);
	else
		return false;
	return true;
}

/* Even where there is no noise: one sample says nothing of the others. */
static bool hardly_ran(struct row *row, const char *side, const struct record_metric *m)
{
	if (m->nr_values >= MIN_CLEAN)
		return false;
	unproven(row, "%s has %zu sample%s, needs %d", side, m->nr_values,
		 m->nr_values > 1 ? "s" : "", MIN_CLEAN);
	return true;
}

static bool samples_are_too_few(struct row *row, const struct record_metric *x, double time_x,
				const struct record_metric *y, double time_y)
{
	double independent = x->nr_values / time_x + y->nr_values / time_y;

	if (x->nr_values < MIN_SAMPLES)
		unproven(row, "base has %zu samples, needs %d", x->nr_values, MIN_SAMPLES);
	else if (y->nr_values < MIN_SAMPLES)
		unproven(row, "head has %zu samples, needs %d", y->nr_values, MIN_SAMPLES);
	else if (independent < MIN_INDEPENDENT)
		unproven(row, "%zu samples, autocorrelated, are worth %.0f, needs %d",
			 x->nr_values + y->nr_values, independent, MIN_INDEPENDENT);
	else
		return false;
	return true;
}

/* p and shift of two samples in time order. */
static void test_samples(struct row *row, double time_x, double time_y)
{
	const struct record_metric *x = row->base_metric, *y = row->head_metric;
	struct stats_rank_sum r = stats_rank_sum(x->values, x->nr_values, y->values, y->nr_values);

	row->p = stats_serial_p(r.z, x->nr_values, time_x, y->nr_values, time_y);
	row->shift = stats_shift(x->values, x->nr_values, y->values, y->nr_values);
	row->shift /= stats_median(x->values, x->nr_values);
}

/* The same of pairs, whose differences are @d, as below. */
static void test_pairs(struct row *row, const double *d, double time)
{
	size_t n = row->base_metric->nr_values;
	double shift = stats_paired_shift(d, n);

	row->p = stats_paired_p(stats_signed_rank(d, n), n, time);
	row->shift = 2 * shift / (1 - shift);
}

/*
 * (y - x) / (y + x): the order of y / x, of the same size if x and y change places, and there for a
 * count of 0, too. Not y - x: of a machine that gets slower it would drift.
 */
static double *differences(const struct record_metric *x, const struct record_metric *y)
{
	double *d = xcalloc(x->nr_values + 1, sizeof(*d));

	for (size_t i = 0; i < x->nr_values; i++) {
		double sum = y->values[i] + x->values[i];

		d[i] = sum ? (y->values[i] - x->values[i]) / sum : 0;
	}
	return d;
}

static void measure_statistics(struct row *row, const struct verdict_settings *settings)
{
	const struct record_metric *x = row->base_metric, *y = row->head_metric;
	double *d = row->paired ? differences(x, y) : NULL, time_x, time_y;

	time_x = row->rounds ? 1 : stats_autocorrelation_time(d ?: x->values, x->nr_values);
	time_y = d ? time_x : stats_autocorrelation_time(y->values, y->nr_values);
	if (samples_are_too_few(row, x, time_x, y, time_y)) {
		free(d);
		return;
	}
	if (d)
		test_pairs(row, d, time_x);
	else
		test_samples(row, time_x, time_y);
	free(d);
	if (!settings->resamples)
		return;
	row->interval = stats_median_ratio_interval(x->values, x->nr_values, time_x, y->values,
						    y->nr_values, time_y, row->paired,
						    settings->resamples,
						    seed_of(row, settings->seed));
	row->interval.lo -= 1;
	row->interval.hi -= 1;
}

/* Whether the row is judged without statistics: by the samples that no interrupt hit. */
static bool measure_exactly(struct row *row)
{
	const struct record_metric *x = row->base_metric, *y = row->head_metric;
	struct exact_difference e;

	if (identical(x, y) && !row->waits)
		return true;
	if (row->waits)
		return identical(x, y);
	e = exact_compare(row->base_case, x, row->head_case, y);
	if (!e.known)
		return false;
	row->base = e.base / x->divisor;
	row->head = (e.differ ? e.base + e.mean : e.base) / x->divisor;
	row->change = row->head / row->base - 1;
	if (!e.differ) {
		row->change = 0;
		return true;
	}
	row->verdict = by_sign(e.mean);
	if (row->verdict == VERDICT_SAME)
		unproven(row, "the same on average, but %s", e.what);
	else
		snprintf(row->reason, sizeof(row->reason), "%s", e.what);
	return true;
}

/* What a wait may move by for nothing: a tick, a count of one; in parts of the base. */
static double wait_threshold(const struct row *row, double tick)
{
	double quantum = is_time(row) ? tick : 1;
	double part = quantum / (row->base * row->base_metric->divisor);

	return part > 0 ? fmin(WAIT_THRESHOLD, part) : WAIT_THRESHOLD;
}

void row_measure(struct row *row, enum tier tier, double tick,
		 const struct verdict_settings *settings)
{
	const struct record_metric *x = row->base_metric, *y = row->head_metric;

	row->paired = row->paired && x->nr_values == y->nr_values;
	row->control = tier != TIER_EXACT && !strcmp(row->base_case->name, CONTROL_CASE);
	row->waits = tier == TIER_EXACT && (x->waits || y->waits);
	row->base = stats_median(x->values, x->nr_values) / x->divisor;
	row->head = stats_median(y->values, y->nr_values) / y->divisor;
	row->change = row->head / row->base - 1;
	row->interval = (struct stats_interval) { NAN, NAN };
	row->shift = row->p = row->adjusted = row->spread = NAN;
	row->threshold = settings->threshold;
	row->verdict = VERDICT_SAME;
	row->reason[0] = '\0';

	if (side_is_useless(row, "base", row->base_case, x) ||
	    side_is_useless(row, "head", row->head_case, y))
		return;
	if (row->base == row->head && row->base == 0)
		row->change = 0;
	if (tier == TIER_EXACT && (hardly_ran(row, "base", x) || hardly_ran(row, "head", y)))
		return;
	if (row->waits)
		row->threshold = fmax(settings->threshold, wait_threshold(row, tick));
	if (tier != TIER_EXACT || !measure_exactly(row))
		measure_statistics(row, settings);
	if (row->waits && !row->reason[0])
		snprintf(row->reason, sizeof(row->reason), "it waits: virtual time, not cost");
}

void row_lack(struct row *row, enum verdict verdict, const char *format, ...)
{
	const struct record_metric *x = row->base_metric;
	va_list args;

	row->base = stats_median(x->values, x->nr_values) / x->divisor;
	row->head = row->change = row->shift = row->p = row->adjusted = row->spread = NAN;
	row->interval = (struct stats_interval) { NAN, NAN };
	row->verdict = verdict;
	va_start(args, format);
	vsnprintf(row->reason, sizeof(row->reason), format, args);
	va_end(args);
}

/* The longest run of samples that are nearer to the @other median; *@nr: of all of them. */
static size_t longest_visit(const struct record_metric *m, double own, double other, size_t *nr)
{
	double middle = (own + other) / 2;
	size_t run = 0, longest = 0;

	*nr = 0;
	for (size_t i = 0; i < m->nr_values; i++) {
		bool visits = (m->values[i] > middle) != (own > middle);

		*nr += visits;
		run = visits ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* Once in 1 / LONG_VISIT_LEVEL such a side of independent samples has as long a run. */
#define LONG_VISIT_LEVEL 0.05

static bool visits_long(const struct record_metric *m, double own, double other, double time)
{
	size_t nr, longest = longest_visit(m, own, other, &nr);
	double p = (double)nr / m->nr_values;

	return nr && longest > time * log(m->nr_values * (1 - p) / LONG_VISIT_LEVEL) / -log(p);
}

/*
 * A side that for a while was where the other one is has seen the machine change, not the code: a
 * boosted clock, a neighbour. Such a state may last for most of a run, which then looks quiet, and
 * the other run have the other state.
 */
static bool states_last(const struct row *row)
{
	const struct record_metric *x = row->base_metric, *y = row->head_metric;
	double base = stats_median(x->values, x->nr_values);
	double head = stats_median(y->values, y->nr_values);
	double time = fmin(stats_autocorrelation_time(x->values, x->nr_values),
			   stats_autocorrelation_time(y->values, y->nr_values));

	return !row->paired &&
	       (visits_long(x, base, head, time) || visits_long(y, head, base, time));
}

/* Within the threshold for sure: noise hides nothing above it. */
static bool interval_is_small(const struct row *row)
{
	return fabs(row->interval.lo) <= row->threshold && fabs(row->interval.hi) <= row->threshold;
}

static void judge(struct row *row, const struct verdict_settings *settings)
{
	double least = fmin(fabs(row->change), fabs(row->shift));
	double most = fmax(fabs(row->change), fabs(row->shift));

	if (!isfinite(row->change) || !isfinite(row->shift)) {
		unproven(row, "the base's median is 0: no ratio");
	} else if (row->adjusted <= settings->level) {
		if (fabs(row->change) <= row->spread)
			unproven(row, "A against A moved up to %.1f %% on this machine",
				 100 * row->spread);
		else if (least > row->threshold && row->change * row->shift > 0 && states_last(row))
			unproven(row,
				 "a side was where the other one is for many samples in a row: "
				 "the machine has states that last");
		else if (least > row->threshold && row->change * row->shift > 0)
			row->verdict = by_sign(row->change);
		else if (most > row->threshold || !interval_is_small(row))
			unproven(row, "at the threshold: median %+.1f %%, shift %+.1f %%",
				 100 * row->change, 100 * row->shift);
	} else if (!interval_is_small(row)) {
		unproven(row, "not significant, but noise may hide a change above the threshold");
	}
}

static const struct row *moved_control(const struct row *rows, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (rows[i].control &&
		    (rows[i].verdict == VERDICT_SLOWER || rows[i].verdict == VERDICT_FASTER))
			return &rows[i];
	return NULL;
}

void rows_judge(struct row *rows, size_t nr, enum tier tier,
		const struct verdict_settings *settings)
{
	const struct row *control;
	double *p = xcalloc(nr + 1, sizeof(*p));
	char why[sizeof(rows->reason)];

	for (size_t i = 0; i < nr; i++)
		p[i] = rows[i].p;
	stats_holm(p, nr);
	for (size_t i = 0; i < nr; i++) {
		rows[i].adjusted = p[i];
		if (isnan(p[i]))
			continue;
		judge(&rows[i], settings);
		if (tier == TIER_EXACT && !rows[i].reason[0])
			snprintf(rows[i].reason, sizeof(rows[i].reason), "%s",
				 case_counts_interrupts(rows[i].base_case) ?
					 "interrupts hit nearly all samples: by statistics" :
					 "not steady: by statistics");
	}
	free(p);

	control = moved_control(rows, nr);
	if (!control)
		return;
	snprintf(why, sizeof(why), CONTROL_MOVED ": %s %+.1f %%", control->base_case->id,
		 100 * control->change);
	for (size_t i = 0; i < nr; i++)
		if (verdict_is_judgement(rows[i].verdict))
			unproven(&rows[i], "%s", why);
}

double rows_geometric_mean(const struct row *rows, size_t nr, size_t *nr_used)
{
	double *ratio = xcalloc(nr + 1, sizeof(*ratio)), mean;

	*nr_used = 0;
	for (size_t i = 0; i < nr; i++) {
		double r = 1 + rows[i].change;

		if (is_time(&rows[i]) && strcmp(rows[i].base_case->name, CONTROL_CASE) && r > 0 &&
		    isfinite(r))
			ratio[(*nr_used)++] = r;
	}
	mean = stats_geometric_mean(ratio, *nr_used);
	free(ratio);
	return mean;
}
