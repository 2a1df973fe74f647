// SPDX-License-Identifier: GPL-2.0
#include "verdict/formats/formats.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/number.h"
#include "base/text.h"

#define FORMAT(name) format_##name,
void (*const formats[])(const struct comparison *c, FILE *out) = { FORMATS(FORMAT) };
#undef FORMAT

const char *row_unit(const struct row *row, char *buf, size_t size)
{
	const struct record_metric *m = row->base_metric;

	snprintf(buf, size, "%s/%s", m->unit, m->per);
	return buf;
}

const char *format_value(double v, char *buf, size_t size)
{
	if (isnan(v))
		snprintf(buf, size, "-");
	else if (fabs(v) < 100000)
		snprintf(buf, size, "%.2f", v);
	else if (fabs(v) < 1e8)
		snprintf(buf, size, "%.0f", v);
	else
		snprintf(buf, size, "%.3e", v);
	return buf;
}

const char *format_percent(double v, char *buf, size_t size)
{
	if (!isfinite(v))
		snprintf(buf, size, "-");
	else if (fabs(v) >= 10)
		snprintf(buf, size, "%+.0f %%", 100 * v);
	else
		snprintf(buf, size, "%+.2f %%", 100 * v);
	return buf;
}

/* Five decimals, which hold an instruction in a batch of 512, without zeros at the end. */
static const char *format_difference(double v, char *buf, size_t size)
{
	char *end;

	if (isnan(v))
		return strcpy(buf, "-");
	snprintf(buf, size, "%+.5f", v);
	end = buf + strlen(buf);
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		*--end = '\0';
	return strcmp(buf, "+") && strcmp(buf, "-") && v != 0 ? number_grouped(buf) :
								strcpy(buf, "0");
}

const char *format_detail(const struct comparison *c, const struct row *row, char *buf, size_t size)
{
	if (c->base->tier == TIER_EXACT)
		return format_difference(row->head - row->base, buf, size);
	if (isnan(row->interval.lo))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%+.*f..%+.*f %%", row->interval.hi < 1, 100 * row->interval.lo,
			 row->interval.hi < 1, 100 * row->interval.hi);
	return buf;
}

bool is_calibrated(const struct comparison *c)
{
	return c->calibration && c->calibration->nr_comparisons;
}

bool is_uncalibrated(const struct comparison *c, const struct row *row)
{
	return c->base->tier != TIER_EXACT && !is_calibrated(c) &&
	       (row->verdict == VERDICT_FASTER || row->verdict == VERDICT_SLOWER);
}

bool row_is_shown(const struct comparison *c, const struct row *row)
{
	return !c->changed_only || row->verdict != VERDICT_SAME;
}

static enum outcome outcome_of(const struct row *row)
{
	static const enum outcome outcomes[NR_VERDICTS] = {
		[VERDICT_SAME] = OUTCOME_PASS,	   [VERDICT_FASTER] = OUTCOME_PASS,
		[VERDICT_SLOWER] = OUTCOME_FAIL,   [VERDICT_UNPROVEN] = OUTCOME_DONE,
		[VERDICT_FAILURE] = OUTCOME_FAIL,  [VERDICT_ERROR] = OUTCOME_ERROR,
		[VERDICT_SKIP] = OUTCOME_SKIP,	   [VERDICT_MISSING] = OUTCOME_MISS,
		[VERDICT_DIFFERS] = OUTCOME_ERROR,
	};

	return outcomes[row->verdict];
}

char *result_name(const struct record_case *c, const struct record_metric *m)
{
	char *name = xasprintf("%s%s%s", c->id, m ? "." : "", m ? m->name : "");

	for (char *p = name; *p; p++)
		if (*p == '/' || *p == ':')
			*p = '.';
		else if (!isalnum((unsigned char)*p) && *p != '-' && *p != '.')
			*p = '_';
	return name;
}

static char *result_text(const struct comparison *c, const struct row *row)
{
	char base[32], head[32], change[32], unit[64], *text, *clean;
	size_t size;
	FILE *out;

	text = xasprintf("%s: %s -> %s %s (%s)%s%s%s", verdict_names[row->verdict],
			 format_value(row->base, base, sizeof(base)),
			 format_value(row->head, head, sizeof(head)),
			 row_unit(row, unit, sizeof(unit)),
			 format_percent(row->change, change, sizeof(change)),
			 is_uncalibrated(c, row) ? ", uncalibrated" : "", *row->reason ? ": " : "",
			 row->reason);
	out = xmemstream(&clean, &size);
	put_clean(text, "", out);
	xmemstream_end(out);
	free(text);
	return clean;
}

static bool has_row(const struct table *t, const struct record_case *head)
{
	for (size_t i = 0; i < t->nr_rows; i++)
		if (t->rows[i].head_case == head)
			return true;
	return false;
}

static void one_result(const struct comparison *c, const struct record_case *head,
		       const struct row *row, result_fn fn, void *data)
{
	struct result r = { .row = row, .c = row ? row->base_case : head };
	char *name = result_name(r.c, row ? row->base_metric : NULL), *text;

	r.outcome = row ? outcome_of(row) : OUTCOME_FAIL;
	text = row ? result_text(c, row) : xasprintf("failure: %s", case_why(head));
	r.name = name;
	r.text = text;
	fn(c, &r, data);
	free(name);
	free(text);
}

size_t format_results(const struct comparison *c, result_fn fn, void *data)
{
	size_t nr = 0;

	for (size_t i = 0; i < c->nr_tables; i++) {
		const struct table *t = c->tables[i];

		for (size_t k = 0; k < t->nr_failed; k++) {
			if (has_row(t, t->failed[k]))
				continue;
			nr++;
			if (fn)
				one_result(c, t->failed[k], NULL, fn, data);
		}
		for (size_t k = 0; k < t->nr_rows; k++) {
			if (!row_is_shown(c, &t->rows[k]))
				continue;
			nr++;
			if (fn)
				one_result(c, NULL, &t->rows[k], fn, data);
		}
	}
	return nr;
}

void put_json(json_t *root, FILE *out)
{
	if (!root || json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12)))
		die_usage("out of memory, or the output can't be written");
	fputc('\n', out);
	json_decref(root);
}
