// SPDX-License-Identifier: GPL-2.0
#include "verdict/exact.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "base/alloc.h"
#include "stats/stats.h"

/* Two shares of less are one, in words. */
#define SAME_SHARE 0.02

/* Two samples of one distribution differ as much once in so many comparisons. */
#define KS_LEVEL 1e-4

/* The samples that no interrupt hit, sorted. */
struct clean {
	double *v;
	size_t nr, nr_all;
};

bool case_counts_interrupts(const struct record_case *c)
{
	return c->nr_interrupts;
}

static struct clean clean_samples(const struct record_case *c, const struct record_metric *m)
{
	struct clean s = { xcalloc(m->nr_values, sizeof(double)), 0, m->nr_values };

	for (size_t i = 0; i < m->nr_values; i++)
		if (i >= c->nr_interrupts || !c->interrupts[i])
			s.v[s.nr++] = m->values[i];
	gsl_sort(s.v, 1, s.nr);
	return s;
}

double *exact_samples(const struct record_case *c, const struct record_metric *m, size_t *nr)
{
	struct clean s = clean_samples(c, m);

	*nr = s.nr;
	return s.v;
}

/* The rule for records that don't know which samples were hit; NaN if there is no such value. */
static double likely_cost(const struct record_metric *m)
{
	double share, cost = stats_mode(m->values, m->nr_values, &share);

	if (share > 0.5)
		return cost;
	for (size_t i = 0; i < m->nr_values; i++)
		if (m->values[i] < cost)
			return NAN;
	if (share >= MIN_STEADY_SHARE && share * m->nr_values >= MIN_STEADY_SAMPLES)
		return cost;
	return NAN;
}

static double stray_share(double cost)
{
	return fmax(STRAY_SHARE, cost / XEN_QUIET);
}

/* One value, but for a few that something dear fell into, or its mean. */
static double cost_of(const struct clean *s, bool *steady)
{
	double share, mode = stats_mode(s->v, s->nr, &share), mean = 0;
	size_t below = 0;

	while (below < s->nr && s->v[below] < mode)
		below++;
	*steady = (1 - share) * s->nr <= stray_share(mode) * s->nr_all + 1e-9 &&
		  below <= STRAY_SHARE * s->nr_all + 1e-9;
	if (*steady)
		return mode;
	for (size_t i = 0; i < s->nr; i++)
		mean += s->v[i] / s->nr;
	return mean;
}

double exact_cost(const struct record_case *c, const struct record_metric *m, bool *steady)
{
	struct clean s;
	double cost;

	*steady = false;
	if (m->waits || !m->nr_values || !stats_all_finite(m->values, m->nr_values))
		return NAN;
	if (!case_counts_interrupts(c)) {
		cost = likely_cost(m);
		*steady = !isnan(cost);
		return cost;
	}
	s = clean_samples(c, m);
	cost = s.nr < MIN_CLEAN ? NAN : cost_of(&s, steady);
	free(s.v);
	return cost;
}

/*
 * By how much the two can't be samples of one distribution, 0..1, whatever the samples that were hit
 * hold: of each value a side has at least the share that its clean samples have.
 */
static double excess(const struct clean *x, const struct clean *y)
{
	double sum = 0;

	for (size_t i = 0, k = 0; i < x->nr || k < y->nr;) {
		double v = k == y->nr || (i < x->nr && x->v[i] < y->v[k]) ? x->v[i] : y->v[k];
		size_t from_i = i, from_k = k;

		while (i < x->nr && x->v[i] == v)
			i++;
		while (k < y->nr && y->v[k] == v)
			k++;
		sum += fmax((double)(i - from_i) / x->nr_all, (double)(k - from_k) / y->nr_all);
	}
	return sum - 1;
}

/*
 * Kolmogorov and Smirnov, two samples, p at most 2 exp(-2 d^2 nx ny / (nx + ny)): for where many
 * samples were hit, and would excuse anything.
 */
static bool far_apart(const struct clean *x, const struct clean *y, double stray)
{
	double d = 0, n = (double)x->nr * y->nr / ((double)x->nr + y->nr);

	for (size_t i = 0, k = 0; i < x->nr && k < y->nr;) {
		double v = fmin(x->v[i], y->v[k]);

		while (i < x->nr && x->v[i] == v)
			i++;
		while (k < y->nr && y->v[k] == v)
			k++;
		d = fmax(d, fabs((double)i / x->nr - (double)k / y->nr));
	}
	return d > stray && 2 * exp(-2 * d * d * n) < KS_LEVEL;
}

/* What becomes of the samples, from the cheapest to the dearest: a share that changes alike. */
struct move {
	double share, least, most;
};

static const char *share_text(double share, char *buf, size_t size)
{
	static const struct {
		double share;
		const char *name;
	} names[] = {
		{ 1.0 / 4, "a quarter" },  { 1.0 / 3, "a third" },	  { 1.0 / 2, "half" },
		{ 2.0 / 3, "two thirds" }, { 3.0 / 4, "three quarters" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (fabs(share - names[i].share) < SAME_SHARE)
			return names[i].name;
	snprintf(buf, size, "%.3g %%", 100 * share);
	return buf;
}

static void describe_move(const struct move *m, const char *more, char *text, size_t size)
{
	char share[24], range[48];

	if (m->share < STRAY_SHARE / 2)
		return;
	if (m->least == m->most)
		snprintf(range, sizeof(range), "%.10g", m->least);
	else
		snprintf(range, sizeof(range), "%.10g to %.10g", m->least, m->most);
	snprintf(text + strlen(text), size - strlen(text), "%s%s%s cost %s %s", *text ? ", " : "",
		 share_text(m->share, share, sizeof(share)), *text ? "" : " of the samples", range,
		 more);
}

static void add_move(struct move *m, double share, double d)
{
	if (!m->share)
		m->least = m->most = d;
	m->share += share;
	m->least = fmin(m->least, d);
	m->most = fmax(m->most, d);
}

/* Walks both from the cheapest sample on, share by share. */
static void describe(const struct clean *x, const struct clean *y, struct exact_difference *e)
{
	struct move more = { 0 }, less = { 0 };
	double at = 0;

	e->mean = 0;
	for (size_t i = 0, k = 0; i < x->nr && k < y->nr;) {
		double end_x = (i + 1.0) / x->nr, end_y = (k + 1.0) / y->nr;
		double end = fmin(end_x, end_y), d = y->v[k] - x->v[i], share = end - at;

		e->mean += share * d;
		if (d > 0)
			add_move(&more, share, d);
		else if (d < 0)
			add_move(&less, share, -d);
		at = end;
		i += end_x <= end_y + 1e-12;
		k += end_y <= end_x + 1e-12;
	}
	if (fabs(e->mean) < 1e-9 * (1 + fabs(e->base)))
		e->mean = 0;
	if (fmax(more.share, less.share) > 1 - STRAY_SHARE)
		return;
	describe_move(&more, "more", e->what, sizeof(e->what));
	describe_move(&less, "less", e->what, sizeof(e->what));
}

static double least_difference(const struct record_case *c)
{
	return c->driver && strcmp(c->driver, "kbench") ? USER_SPACE_SHARE : 0;
}

struct exact_difference exact_compare(const struct record_case *base_case,
				      const struct record_metric *base,
				      const struct record_case *head_case,
				      const struct record_metric *head)
{
	struct exact_difference e = { 0 };
	struct clean x, y;
	double stray;
	bool steady_x, steady_y;

	if (!case_counts_interrupts(base_case) || !case_counts_interrupts(head_case)) {
		e.base = likely_cost(base);
		e.head = likely_cost(head);
		e.mean = e.head - e.base;
		e.known = !isnan(e.mean);
		e.differ = e.known && fabs(e.mean) > least_difference(base_case) * e.base;
		return e;
	}
	e.base = exact_cost(base_case, base, &steady_x);
	e.head = exact_cost(head_case, head, &steady_y);
	e.known = !isnan(e.base) && !isnan(e.head);
	if (!e.known)
		return e;
	x = clean_samples(base_case, base);
	y = clean_samples(head_case, head);
	stray = fmax(stray_share(fmin(e.base, e.head)), 1 / fmin(x.nr_all, y.nr_all)) + 1e-9;
	e.differ = excess(&x, &y) > stray || far_apart(&x, &y, stray);
	/* Strays are dear, and would outweigh an instruction. */
	if (steady_x && steady_y)
		e.mean = e.head - e.base;
	else if (e.differ)
		describe(&x, &y, &e);
	free(x.v);
	free(y.v);
	return e;
}
