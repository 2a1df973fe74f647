/* SPDX-License-Identifier: GPL-2.0 */
/* What the output formats of a comparison share. */
#ifndef COMPARE_PRINT_H
#define COMPARE_PRINT_H

#include <stdarg.h>
#include <stdio.h>

#include "verdict/compare.h"

struct format {
	const char *name;
	void (*print)(const struct comparison *c, FILE *out);
};

extern const struct format format_text, format_markdown;	      /* compare_text.c */
extern const struct format format_json, format_csv, format_benchstat; /* compare_data.c */

/* NULL and err, which lists the known ones. */
const struct format *format_by_name(const char *name, struct error *err);

/* "insn/page", "ns/sample", "count". */
const char *row_unit(const struct row *row, char *buf, size_t size);

const char *format_value(double v, char *buf, size_t size);
const char *format_percent(double v, char *buf, size_t size);

/* What the tier has beside the change: the interval, or the exact difference a page. */
const char *format_detail(const struct comparison *c, const struct row *row, char *buf,
			  size_t size);
const char *detail_title(const struct comparison *c);

/* There is a calibration, and something could be judged in it. */
bool is_calibrated(const struct comparison *c);

/* A verdict of a machine that was never calibrated; the exact tier needs no calibration. */
bool is_uncalibrated(const struct comparison *c, const struct row *row);

bool row_is_shown(const struct comparison *c, const struct row *row);

#endif /* COMPARE_PRINT_H */
