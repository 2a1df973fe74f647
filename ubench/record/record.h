/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records: what a run leaves, and all that the analysis commands see. results/README.md documents
 * the file field by field; the structs follow it. Everything that hangs off a struct record
 * belongs to it and goes with record_free().
 */
#ifndef UBENCH_RECORD_H
#define UBENCH_RECORD_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "record/tiers.h"

#define RECORD_VERSION 1

/* The order is that of gravity: the worst one of its cases is a run's. */
enum case_status { CASE_OK, CASE_SKIP, CASE_ERROR, CASE_FAILURE, NR_CASE_STATUSES };

extern const char *const case_status_names[NR_CASE_STATUSES];

/* A named value: of the environment, or a parameter of a case. */
struct record_field {
	const char *name;
	const char *text; /* numbers too, in decimal */
	bool is_number;
	int64_t number; /* 0 unless is_number */
};

/* Of whole-sample values, in the metric's unit; all 0 if n is 0. */
struct summary {
	size_t n;
	double min, p50, p90, p99, p999, max, mean;
	double mad; /* median absolute deviation, unscaled */
};

struct record_metric {
	const char *name;
	const char *unit; /* "insn", "ns" or "count" */
	const char *per;  /* "sample", "page", "request" or "use": what divisor counts */
	uint64_t divisor; /* value / divisor is what is shown; at least 1 */
	bool waits;	  /* in the exact tier it is virtual time, not instructions */
	size_t nr_values;
	double *values;		/* of whole samples, in time order */
	struct summary summary; /* of values */
};

struct record_case {
	const char *name;
	const char *driver; /* "kbench", "gntdev", "netdisk" */
	const char *op;	    /* "" if the case has one only */
	const char *id;	    /* name[:op]/param=value/… ; unique in a record */
	size_t nr_params;
	struct record_field *params;
	enum case_status status;
	const char *reason; /* "" if status is CASE_OK */
	uint64_t oracle_checks, oracle_broken;
	size_t nr_interrupts; /* samples, or 0: not known */
	double *interrupts;   /* that Linux handled in the timed phases of each */
	size_t nr_metrics;
	struct record_metric *metrics;
};

struct record {
	const char *id;	     /* of the run, hex */
	const char *started; /* UTC, ISO 8601 */
	const char *suite;
	size_t nr_command;
	const char **command;
	const char *interleave; /* the parameter whose values took turns, or NULL */
	enum tier tier;
	const char *unit; /* of times: "insn" in the exact tier, else "ns" */
	bool emulated;	  /* times are of an emulated CPU: ratios only */
	size_t nr_environment;
	struct record_field *environment;
	const char *fingerprint;
	size_t nr_warnings;
	const char **warnings;
	size_t nr_cases;
	struct record_case *cases;

	size_t nr_rounds; /* of rounds_join(), never in a file; 0: a single run */

	struct obstack pool;
};

/* NULL and err, if the file can't be read, isn't JSON, or isn't a record of RECORD_VERSION. */
struct record *record_read(const char *path, struct error *err);

/*
 * Complete or not at all: a temporary file in the same directory, fsync and rename. Computes every
 * metric's summary. Returns 0, or -1 and err; then PATH is as it was.
 */
int record_write(struct record *rec, const char *path, struct error *err);

/* The same, or one of its cases, as text on OUT. */
void record_print(struct record *rec, FILE *out);
void record_print_case(struct record_case *c, FILE *out);

/* The case in the file PATH, from record_print_case(), takes the place of the one with its id. */
int record_take_case(struct record *rec, const char *path, struct error *err);

struct record *record_new(void);
void record_free(struct record *rec); /* NULL is allowed */

/* Memory of the record: zeroed; copied; printed; never NULL. */
void *record_alloc(struct record *rec, size_t count, size_t size);
const char *record_strdup(struct record *rec, const char *text);
const char *record_printf(struct record *rec, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void record_warn(struct record *rec, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* NULL if there is none of that name. */
const struct record_field *record_find_environment(const struct record *rec, const char *name);
const struct record_case *record_find_case(const struct record *rec, const char *id);
const struct record_field *record_find_param(const struct record_case *c, const char *name);
/* How long and how often was measured: it is not in an id, and no name of a row needs it. */
bool param_is_effort(const char *name);
const struct record_metric *record_find_metric(const struct record_case *c, const char *name);

/* -1 if there is no such tier. */
int tier_by_name(const char *name);

/* What one page (request, sample) costs: the median of the values divided by the divisor. */
double metric_typical(const struct record_metric *m);

void summarize(const double *values, size_t n, struct summary *out);

#endif /* UBENCH_RECORD_H */
