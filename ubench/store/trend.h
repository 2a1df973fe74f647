/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One metric of one case over a history, with what changed and when.
 *
 * In the exact tier every difference between neighbours of the same environment is a step; there is
 * no noise. Elsewhere, and for metrics that aren't steady, the steps are the change points of
 * E-divisive means (stats/changepoint.c).
 */
#ifndef TREND_H
#define TREND_H

#include "store/history.h"

struct trend_query {
	const char *series; /* a case's id, or a pattern of it */
	const char *metric; /* NULL: the only one */
	int tier;	    /* -1: that of the newest record that has the series */
	size_t last;	    /* only so many of the newest records; 0: all */
};

/* A record that has the series. */
struct trend_point {
	const struct history_record *rec;
	double value;
	bool steady;
	bool step;  /* the value is another one from here on */
	bool moved; /* the environment is another one than the point's before */
};

struct trend {
	const struct history_series *series;
	enum tier tier;
	size_t nr;
	struct trend_point *points;
	size_t nr_steps, nr_moved;
};

/* 0, or -1 and err if no series is meant, or several are. To be freed in either case, and before @h. */
int trend_make(struct trend *t, const struct history *h, const struct trend_query *query,
	       struct error *err);
void trend_free(struct trend *t);

/* Steps and changes of the environment, of points that are there. */
void trend_mark(struct trend *t);

/* Median of the values from the point @from to the next step, which is *@end; or to the end. */
double trend_level(const struct trend *t, size_t from, size_t *end);

/* To stdout, with a drawing. 0, or -1 and err. */
int trend_print(const struct trend *t, struct error *err);
int trend_print_json(const struct trend *t, struct error *err);

/* With gnuplot, to a file that ends in .svg or .png. */
int trend_plot(const struct trend *t, const char *path, struct error *err);

#endif /* TREND_H */
