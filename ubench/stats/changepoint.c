// SPDX-License-Identifier: GPL-2.0
/*
 * E-divisive means of Matteson and James, "A Nonparametric Approach for Multiple Change Point
 * Analysis of Multivariate Data", JASA 109 (2014), for one dimension and alpha = 1.
 *
 * The divergence of a split into left (m values) and right (k values) is
 *
 *	Q = m k / (m + k) * (2 * between / (m k) - within_left / C(m, 2) - within_right / C(k, 2))
 *
 * where between and within are sums of absolute differences over pairs. Moving the split by one
 * changes the sums by one value's distances to the left and to the right, which two Fenwick trees
 * over the values' ranks give in O(log n) (one tree, as the rest of the segment is on the right).
 * That makes a permutation test of long series cheap. Two simplifications, both usual for series
 * of benchmarks (Daly et al., "The Use of Change Point Detection to Identify Software Performance
 * Regressions", ICPE 2020): the right side always runs to the segment's end, and a split is tested
 * against orders of its own segment only.
 */
#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>

#include "base/error.h"

/* A prefix sum tree over ranks 1 .. size: how many values, and their sum. */
struct tree {
	double *count;
	double *sum;
	size_t size;
};

struct search {
	const double *v;
	size_t min_size;
	unsigned int permutations;
	double level;
	gsl_rng *rng;
	/* Scratch for the segment in hand. */
	size_t *order;	  /* indices of the segment by value */
	double *by_rank;  /* values less their median, by rank, from 1; ties in any order */
	double *distance; /* of by_rank[r] to all other values of the segment */
	size_t *rank;	  /* the order in time that is tried: ranks */
	struct tree left;
	/* Found. */
	size_t *at;
	size_t nr;
};

static void tree_add(struct tree *t, size_t rank, double value)
{
	for (; rank <= t->size; rank += rank & -rank) {
		t->count[rank] += 1;
		t->sum[rank] += value;
	}
}

/* Sum of |value - u| over the values u in the tree, of which there are @nr with the sum @total. */
static double tree_distance(const struct tree *t, size_t rank, double value, double nr,
			    double total)
{
	double below = 0, sum = 0;

	for (; rank; rank -= rank & -rank) {
		below += t->count[rank];
		sum += t->sum[rank];
	}
	return value * below - sum + (total - sum) - value * (nr - below);
}

static double pairs(double n)
{
	return n * (n - 1) / 2;
}

/* The largest divergence of n values in the order s->rank; @all: distances over all pairs. */
static double best_split(struct search *s, size_t n, double all, size_t *at)
{
	double left = 0, right = all, best = -INFINITY, nr = 0, total = 0;
	struct tree *t = &s->left;

	t->size = n;
	memset(t->count, 0, (n + 1) * sizeof(*t->count));
	memset(t->sum, 0, (n + 1) * sizeof(*t->sum));
	*at = 0;
	for (size_t i = 0; i + s->min_size < n; i++) {
		size_t rank = s->rank[i];
		double value = s->by_rank[rank], m = i + 1, k = n - m, q;
		double to_left = tree_distance(t, rank, value, nr, total);

		left += to_left;
		right -= s->distance[rank] - to_left;
		tree_add(t, rank, value);
		nr += 1;
		total += value;
		if (m < s->min_size || k < s->min_size)
			continue;
		q = 2 * (all - left - right) / (m * k);
		q -= m > 1 ? left / pairs(m) : 0;
		q -= k > 1 ? right / pairs(k) : 0;
		q *= m * k / (m + k);
		if (q > best) {
			best = q;
			*at = i + 1;
		}
	}
	return best;
}

/*
 * Fills in the scratch for the segment v[from .. from + n - 1]; returns distances over all pairs. They
 * are differences of sums: without the median taken off, those of equal values weren't 0.
 */
static double rank_segment(struct search *s, size_t from, size_t n)
{
	double total = 0, before = 0, all = 0, median;

	gsl_sort_index(s->order, s->v + from, 1, n);
	median = s->v[from + s->order[n / 2]];
	for (size_t r = 1; r <= n; r++) {
		s->by_rank[r] = s->v[from + s->order[r - 1]] - median;
		s->rank[s->order[r - 1]] = r;
		total += s->by_rank[r];
	}
	for (size_t r = 1; r <= n; r++) {
		double value = s->by_rank[r], after = total - before - value;

		s->distance[r] = value * (r - 1) - before + after - value * (n - r);
		all += s->distance[r] / 2;
		before += value;
	}
	return all;
}

/* As soon as too many random orders split as well, the split can't be significant any more. */
static bool significant(struct search *s, size_t n, double all, double best)
{
	unsigned int as_good = 1;
	size_t at;

	for (unsigned int i = 0; i < s->permutations; i++) {
		gsl_ran_shuffle(s->rng, s->rank, n, sizeof(*s->rank));
		if (best_split(s, n, all, &at) >= best * (1 - 1e-9))
			as_good++;
		if (as_good > s->level * (s->permutations + 1))
			return false;
	}
	return true;
}

static void split(struct search *s, size_t from, size_t n)
{
	double all, best;
	size_t at;

	if (n < 2 * s->min_size)
		return;
	all = rank_segment(s, from, n);
	best = best_split(s, n, all, &at);
	if (!(best > 0) || !significant(s, n, all, best))
		return;
	split(s, from, at);
	s->at[s->nr++] = from + at;
	split(s, from + at, n - at);
}

static void *alloc(size_t n, size_t size)
{
	void *p = xcalloc(n + 1, size);

	return p;
}

size_t stats_change_points(const double *v, size_t n, size_t min_size, unsigned int permutations,
			   double level, unsigned long seed, size_t *at)
{
	struct search s = {
		.v = v,
		.min_size = min_size > 1 ? min_size : 1,
		.permutations = permutations,
		.level = level,
		.at = at,
	};

	if (!stats_all_finite(v, n))
		return 0;
	s.order = alloc(n, sizeof(*s.order));
	s.by_rank = alloc(n, sizeof(*s.by_rank));
	s.distance = alloc(n, sizeof(*s.distance));
	s.rank = alloc(n, sizeof(*s.rank));
	s.left.count = alloc(n, sizeof(*s.left.count));
	s.left.sum = alloc(n, sizeof(*s.left.sum));
	s.rng = gsl_rng_alloc(gsl_rng_mt19937);
	gsl_rng_set(s.rng, seed);
	split(&s, 0, n);
	gsl_rng_free(s.rng);
	free(s.left.sum);
	free(s.left.count);
	free(s.rank);
	free(s.distance);
	free(s.by_rank);
	free(s.order);
	return s.nr;
}
