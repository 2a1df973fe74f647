/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What comparing A with A taught about a machine. One file a tier and environment,
 * DIR/TIER-FINGERPRINT.json, written by calibrate and quoted by compare.
 */
#ifndef CALIBRATION_H
#define CALIBRATION_H

#include "doc/doc.h"
#include "record/record.h"

#define CALIBRATION_VERSION 1
#define CALIBRATION_DIR	    "results/calibration"

/*
 * One metric of one case.
 * @spread: largest |head / base - 1| between two runs of the same thing
 * @smallest: smallest slowdown that was found in 95 % of the pairs; NaN if none up to 100 %
 */
struct calibration_row {
	const char *id;
	const char *metric;
	double spread;
	double smallest;
};

struct calibration {
	enum tier tier;
	const char *fingerprint;
	const char *started; /* of the first run */
	size_t nr_runs;
	size_t nr_pairs;
	size_t nr_moved;       /* pairs whose control moved, so that they say nothing */
	size_t nr_comparisons; /* rows that got a verdict, over all pairs */
	size_t nr_alarms;      /* of them: "faster" or "slower" */
	double threshold, level;
	size_t nr_environment;
	struct record_field *environment;
	size_t nr_rows;
	struct calibration_row *rows;

	struct obstack pool; /* all memory above */
};

/* Empty, with a pool; never NULL. */
struct calibration *calibration_new(void);

/*
 * Of @nr records of the same thing, in pairs (an odd one at the end is left over), or of one, split into two
 * sides in the order ABBA BAAB. NULL and err if one can't be read or isn't of the same thing.
 */
struct calibration *calibration_make(char *const *paths, size_t nr, struct error *err);

/* What it says, to a page. */
void calibration_page(const struct calibration *cal, struct doc *doc);

/*
 * NULL if there is none for the record's tier and environment (err is empty), or if it can't be
 * read (err says why).
 */
struct calibration *calibration_load(const char *dir, const struct record *rec, struct error *err);

/* Makes DIR if need be; the file is there complete or not at all. 0, or -1 and err. */
int calibration_store(const char *dir, const struct calibration *cal, struct error *err);

/* Malloc'd path of the file for this tier and fingerprint. */
char *calibration_path(const char *dir, enum tier tier, const char *fingerprint);

/* NULL if there is no such row, or no calibration. */
const struct calibration_row *calibration_row(const struct calibration *cal, const char *id,
					      const char *metric);
void calibration_free(struct calibration *cal); /* NULL is allowed */

#endif /* CALIBRATION_H */
