/* SPDX-License-Identifier: GPL-2.0 */
/* Two sides of a comparison, paired case by case; what compare, calibrate and regress share. */
#ifndef COMPARE_H
#define COMPARE_H

#include <regex.h>

#include "verdict/calibration.h"
#include "verdict/verdict.h"

/* Cases of a record, all of them or those whose parameter @by has the value @value. */
struct side {
	const struct record *rec;
	const char *name; /* what the user calls it: a path, or by=value */
	const char *by;	  /* NULL: all cases */
	const char *value;
};

/*
 * @label of a row: the case without what all rows have in common, which is in @common.
 * @notes: what couldn't be paired, and why; a line each
 * @failed: cases of head that broke an invariant, whether base has them or not
 */
struct table {
	struct side base, head;
	bool paired; /* the sides took turns, see struct row */
	size_t nr_rows;
	struct row *rows;
	char **labels;
	char *common;
	size_t nr_notes;
	char **notes;
	size_t nr_of[NR_VERDICTS];
	size_t nr_failed;
	const struct record_case **failed;
	double geometric_mean; /* of head / base; NaN if no row is a time */
	size_t nr_mean;	       /* rows in it */
};

/*
 * Pairs, measures and judges; @cal is NULL on a machine without one. @select: a case's name, or a
 * pattern of ids, as for gntbench run --case; NULL: all. table_free() frees it.
 */
struct table *table_make(const struct side *base, const struct side *head,
			 const struct verdict_settings *settings, const struct calibration *cal,
			 const char *select);
void table_free(struct table *table);

/*
 * Why the two records can't be compared: a line each, in *@lines (malloc'd, and each line too),
 * of the environment's fields that decide and differ. @across: comma-separated parts (kernel, xen,
 * qemu, machine, compiler), fields or "all" that may differ; NULL for none. Returns their number.
 */
size_t environment_differences(const struct record *base, const struct record *head,
			       const char *across, char ***lines);

void lines_free(char **lines, size_t nr);

/*
 * What else a reader must know of the two records: a line each, in *@lines as above. Warnings of
 * either; a fingerprint that contradicts the fields; what neither record says, so that it may differ.
 */
size_t environment_doubts(const struct record *base, const struct record *head, char ***lines);

/* A part or field that no record has is a typo: 0, or -1 and err. */
int across_check(const char *across, const struct record *base, const struct record *head,
		 struct error *err);

/* Why the rows whose "CASE METRIC" match got worse, for who knows beforehand. */
struct reason {
	regex_t pattern;
	char *text;
};

/* All tables of one invocation, and what stands above them. */
struct comparison {
	const struct record *base, *head; /* the same one with --by */
	const char *base_path, *head_path;
	struct verdict_settings settings;
	const struct calibration *calibration; /* NULL: uncalibrated */
	const char *select;		       /* only cases that match; NULL: all */
	bool changed_only;		       /* rows that are "same" are left out */
	size_t nr_reasons;
	struct reason *reasons; /* of comparison_read_reasons() */
	size_t nr_tables;
	struct table **tables;
	size_t nr_differences; /* allowed by --across */
	char **differences;
	size_t nr_doubts;
	char **doubts; /* what else must be known of the records */
};

/* Why the case isn't ok. */
const char *case_why(const struct record_case *c);

/* Values of head; 0 if it has none. */
size_t row_head_samples(const struct row *row);

/*
 * Fills in what follows from base, head, settings, calibration and @select: the tables, what differs
 * and what is doubtful. @by: PARAM or PARAM=VALUE, whose values within the record are the sides;
 * NULL: the records are. 0, or -1 and err.
 */
int comparison_make(struct comparison *c, const char *by, struct error *err);
void comparison_free(struct comparison *c); /* not its records */

/* A file of lines "PATTERN<tab>REASON", for format cover; # begins a comment. 0, or -1 and err. */
int comparison_read_reasons(struct comparison *c, const char *path, struct error *err);
const char *comparison_reason(const struct comparison *c, const struct row *row); /* or NULL */
void reasons_free(struct comparison *c); /* by comparison_free() */

/* The answer in a line, malloc'd: failure, regression, improvement, mixed or nothing; how much. */
char *comparison_headline(const struct comparison *c);

/* The exit status of the comparison; @bisect: unproven is no pass. */
enum status comparison_status(const struct comparison *c, bool bisect);

#endif /* COMPARE_H */
