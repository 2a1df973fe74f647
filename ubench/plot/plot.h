/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plots: a row of plots.c and a gnuplot script scripts/NAME.gp each. The row says which cases of a
 * record are drawn and how they become data files; the script only draws.
 */
#ifndef UBENCH_PLOT_H
#define UBENCH_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "record/record.h"

#define PLOT_MAX_SERIES 24

/* What a line of a data file is. */
enum plot_kind {
	/*
	 * A case: x, the number of the line in its file, every numeric parameter under its name,
	 * METRIC.min, .p50, .p90, .p99, .max and .lo, .hi (the 95 % interval
	 * of the median), divided by the metric's divisor.
	 * Sorted by x.
	 */
	PLOT_CASES,
	/*
	 * A sample: every numeric parameter of its case, and each METRIC's value, divided.
	 */
	PLOT_SAMPLES,
	/*
	 * A rank of the whole-sample values of the metric y: "share" of the values that are at
	 * most "value". Sorted.
	 */
	PLOT_RANKS,
};

struct plot {
	const char *name;   /* of its files; no '/' */
	const char *script; /* text of a file of scripts/ */
	const char *title;
	const char *what; /* in words, for those who don't see it */
	const char *case_name;
	const char *section; /* of the report; NULL: that of its case */
	const char *ops;     /* separated by ' '; NULL: any */
	enum plot_kind kind;
	const char *x;	     /* parameter on the x axis; NULL: none */
	const char *x_label; /* with its unit */
	const char *y;	     /* metric: cases without it are left out */
	/*
	 * PARAM=PATTERN, separated by ' ': only cases with such values, if there are any (else
	 * all): what belongs into another plot. NULL: all.
	 */
	const char *prefer;
	const char *merge;  /* parameter that doesn't tell series apart; NULL: none */
	const char *by;	    /* parameter that must tell the series apart; NULL: any */
	size_t min_points;  /* PLOT_CASES: a series with fewer is left out */
	unsigned int tiers; /* mask of 1 << TIER_…; 0: all */
};

extern const struct plot plots[];
extern const size_t nr_plots;

/*
 * One line, cloud or curve: the cases that differ in x only, or one case (PLOT_SAMPLES, _RANKS).
 * Its name is what tells it from the other series.
 */
struct plot_series {
	char *name;
	const struct record_case **cases;
	size_t nr_cases;
};

struct plot_data {
	struct plot_series series[PLOT_MAX_SERIES];
	size_t nr_series;
	size_t nr_left_out; /* series that don't fit */
};

/* Find what a plot draws. False, and nothing to free, if @rec has nothing for it. */
bool plot_collect(const struct plot *plot, const struct record *rec, struct plot_data *data);
void plot_data_free(struct plot_data *data);

/* "1ms to 2ms, evenly" for a hold of "spread:1ms,2ms", as run/holds.h spells it; malloc'd. */
char *plot_hold_text(const char *hold);

/* Write the data file of one series. */
void plot_write_series(const struct plot *plot, const struct plot_series *series, FILE *out);

/* Whether more plots are worth a try. */
enum plot_engine { GNUPLOT_WORKS, GNUPLOT_MISSING, GNUPLOT_HANGS };

/*
 * Draw @plot into DIR/PREFIX-NAME.svg and .png.
 * Returns 0; 1 if @rec has nothing for it; -1 and err, with *engine set if gnuplot itself is why.
 */
int plot_draw(const struct plot *plot, const struct record *rec, const char *dir,
	      const char *prefix, enum plot_engine *engine, struct error *err);

/* A series over the records of a history. */
struct plot_trend {
	const char *title, *y_label, *x_label;
	enum tier tier;
	size_t nr;
	const struct plot_point {
		double value;
		bool step, moved; /* the value, the environment is another one from here on */
	} * points;
};

/* To PATH, which ends in .svg or .png. 0, or -1 and err. */
int plot_draw_trend(const struct plot_trend *trend, const char *path, struct error *err);

/* NAME = 'text', of gnuplot. */
void plot_put_variable(const char *name, const char *value, FILE *out);

/* @text as a gnuplot string with its quotes: nothing in it is expanded or executed. */
void plot_put_string(const char *text, FILE *out);

#endif /* UBENCH_PLOT_H */
