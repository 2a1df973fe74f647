/* SPDX-License-Identifier: GPL-2.0 */
/* The output formats of a comparison: a file each, and a row. */
#ifndef FORMATS_H
#define FORMATS_H

#include <jansson.h>
#include <stdio.h>

#include "doc/doc.h"
#include "verdict/compare.h"

/*
 * FORMAT(NAME): NAME.c has format_NAME(), which prints the whole of it. What is data may hold anything,
 * and is escaped as the format asks for.
 */
#define FORMATS(FORMAT)     \
	FORMAT(text)        \
	FORMAT(markdown)    \
	FORMAT(html)        \
	FORMAT(json)        \
	FORMAT(csv)         \
	FORMAT(benchstat)   \
	FORMAT(kcidb)       \
	FORMAT(junit)       \
	FORMAT(ktap)        \
	FORMAT(bmf)         \
	FORMAT(openmetrics) \
	FORMAT(letter)      \
	FORMAT(cover)       \
	/* Add a new format here. */

#define FORMAT(name) void format_##name(const struct comparison *c, FILE *out);
FORMATS(FORMAT)
#undef FORMAT

/* In the order of FORMAT_WORDS, which is for TO_WORD() of base/options.h. */
extern void (*const formats[])(const struct comparison *c, FILE *out);
#define FORMAT_WORD(name) ", " #name
#define FORMAT_WORDS	  (FORMATS(FORMAT_WORD) + 2)

/* What a row is to those who know tests only. */
enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAIL,  /* the code under test is wrong, or slower */
	OUTCOME_ERROR, /* of the benchmark */
	OUTCOME_MISS,  /* it isn't there */
	OUTCOME_SKIP,
	OUTCOME_DONE, /* measured, and nothing can be said */
};

/*
 * A row, or a case of head that failed and has no row.
 * @name: "map_unmap.batch_32.unmap_mode_async.unmap": letters, digits, - and _ only
 * @row: NULL for such a case
 * @text: of one line: what was found; no control characters
 */
struct result {
	const char *name;
	enum outcome outcome;
	const struct record_case *c;
	const struct row *row;
	const char *text;
};

/* @name of struct result, malloc'd; of the whole case if @m is NULL. */
char *result_name(const struct record_case *c, const struct record_metric *m);

typedef void (*result_fn)(const struct comparison *c, const struct result *r, void *data);

/* Calls @fn for all rows that are shown. Returns how many those are; @fn may be NULL. */
size_t format_results(const struct comparison *c, result_fn fn, void *data);

/* @root, which may be NULL for want of memory, and its end. */
void put_json(json_t *root, FILE *out);

/* The comparison as a page, for text, Markdown and HTML. */
void format_page(const struct comparison *c, struct doc *doc);

/* "insn/page", "ns/sample", "count". */
const char *row_unit(const struct row *row, char *buf, size_t size);

const char *format_value(double v, char *buf, size_t size);
const char *format_percent(double v, char *buf, size_t size);

/* What the tier has beside the change: the interval, or the exact difference a page. */
const char *format_detail(const struct comparison *c, const struct row *row, char *buf,
			  size_t size);

/* There is a calibration, and something could be judged in it. */
bool is_calibrated(const struct comparison *c);

/* A verdict of a machine that was never calibrated; the exact tier needs no calibration. */
bool is_uncalibrated(const struct comparison *c, const struct row *row);

bool row_is_shown(const struct comparison *c, const struct row *row);

#endif /* FORMATS_H */
