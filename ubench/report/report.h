/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a report says, and in which order. A record has a part of its own; nothing in one part is
 * computed from two records, so that tiers are never mixed.
 */
#ifndef UBENCH_REPORT_H
#define UBENCH_REPORT_H

#include "base/number.h"
#include "doc/doc.h"
#include "plot/plot.h"
#include "record/record.h"
#include "stats/fit.h"

/* One record on its way into a report. */
struct report {
	struct doc *doc;
	const struct record *rec;
	const char *dir;    /* where the plots go; NULL: none are drawn */
	const char *prefix; /* of their file names; tells the parts of a report apart */
	enum plot_engine *engine;
	struct error *err;	 /* the first plot that failed */
	bool *failed;		 /* set if one did; the rest of the report is written */
	const struct plot *lead; /* what was drawn first, and is not drawn again */
	size_t nr_said;		 /* sentences at a glance */
};

/* The whole part of one record, headings included. */
void report_record(struct report *r, const char *path);

/* What precedes the parts. */
void report_title(struct doc *doc);

/*
 * A section of a record's part, one for a question; a case may have several. What no row of
 * sections.c names is shown by report_case(). Sections know nothing of each other.
 */
struct report_section {
	const char *name; /* plots whose row names it, or whose case it is, follow its body */
	const char *case_name;
	void (*at_a_glance)(struct report *r); /* what was found, a sentence each; NULL: nothing */
	bool (*body)(struct report *r);	       /* heading and tables; false, and nothing, if none */
};

extern const struct report_section report_sections[];
extern const size_t nr_report_sections;

/* A sentence of what was found, with numbers; there is room for a few. */
void report_say(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void report_map_unmap_at_a_glance(struct report *r);
void report_price_at_a_glance(struct report *r);
void report_busy_at_a_glance(struct report *r);
void report_copy_at_a_glance(struct report *r);
void report_granters_at_a_glance(struct report *r);
void report_mappers_at_a_glance(struct report *r);
void report_drain_at_a_glance(struct report *r);
void report_strategy_at_a_glance(struct report *r);
void report_backend_at_a_glance(struct report *r);
void report_busy_io_at_a_glance(struct report *r);
void report_blkback_at_a_glance(struct report *r);
void report_blkback_queue_at_a_glance(struct report *r);
void report_netback_at_a_glance(struct report *r);
bool report_floor(struct report *r);
bool report_map_unmap(struct report *r);
bool report_latency(struct report *r);
bool report_fits(struct report *r);
bool report_price(struct report *r);
bool report_granters(struct report *r);
bool report_mappers(struct report *r);
bool report_busy(struct report *r);
bool report_drain(struct report *r);
bool report_copy(struct report *r);
bool report_granter(struct report *r);
bool report_strategy(struct report *r);
bool report_backend(struct report *r);
bool report_busy_io(struct report *r);
bool report_blkback(struct report *r);
bool report_blkback_queue(struct report *r);
bool report_netback(struct report *r);

/* Of any case: a table of the medians. */
bool report_case(struct report *r, const char *case_name);
void report_case_at_a_glance(struct report *r, const char *case_name);

/* Draw the first plot of the case that was measured most: it goes before all tables. */
void report_lead_plot(struct report *r);
/* Draw the plots of a section, in the order of plots.c. */
void report_plots(struct report *r, const char *section);

bool report_is_measured(const struct record_case *c, const char *case_name);

/*
 * The series over the batch of one metric of a case, of one mapper if there are several: dom0, if it
 * is among them. False, and nothing to free, if none.
 */
bool report_series(const struct record *rec, const char *case_name, const char *metric,
		   struct plot_data *data);

/*
 * Of the series of a case: the first of an unmap mode, and with that text for @param. What is NULL may be
 * any; NULL if there is none.
 */
const struct plot_series *report_find(const struct plot_data *data, const char *mode,
				      const char *param, const char *text);
/*
 * Of the series of a case: the one of an unmap mode, of any granter if @granter is NULL (then the
 * first, "self" as a rule); NULL if there is none.
 */
const struct plot_series *report_mode(const struct plot_data *data, const char *mode,
				      const char *granter);
/* The case with that batch; NULL if there is none, or no series. */
const struct record_case *report_batch(const struct plot_series *series, double batch);
/* Whether no series before @s has the same granter. */
bool report_is_new_granter(const struct plot_data *data, size_t s);

/* A fit of a metric over the batches of a series. -1 if there is no line. */
int report_fit(const struct plot_series *series, const char *metric, struct fit *fit);

/* Median of a whole sample, or per what its divisor counts. NAN if the case hasn't the metric. */
double report_whole(const struct record_case *c, const char *metric);
double report_typical(const struct record_case *c, const char *metric);

/* A heading, and the begin of a table of medians in the record's unit, a PER. */
void report_medians(struct report *r, const char *heading, const char *per, const char *cols);

/* A cell with a number: digits that mean something, thousands grouped; "-" for NAN. */
void report_number(struct doc *doc, double value);
/* A time of @rec divided by something: a column of these has one number of decimals. */
const char *cost_text(const struct record *rec, double value);

/* A cell with that. */
void report_cost(struct report *r, double value);

double report_param(const struct record_case *c, const char *name);
const char *report_param_text(const struct record_case *c, const char *name);
/* The same, a hold time in words; malloc'd. */
char *report_param_words(const struct record_case *c, const char *name);
/* A cell with that. */
void report_param_cell(struct report *r, const struct record_case *c, const char *name);

#endif /* UBENCH_REPORT_H */
