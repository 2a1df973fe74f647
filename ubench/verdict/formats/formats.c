// SPDX-License-Identifier: GPL-2.0
#include "verdict/formats/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define FORMAT(name) &format_##name,
static const struct format *const all[] = { FORMATS(FORMAT) };
#undef FORMAT

const struct format *format_by_name(const char *name, struct error *err)
{
	char names[256] = "";

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		if (!strcmp(all[i]->name, name))
			return all[i];
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", all[i]->name);
	}
	error_set(err, "--format: no format '%s'; there are %s", name, names);
	return NULL;
}

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
	return strcmp(buf, "+") && strcmp(buf, "-") && v != 0 ? buf : strcpy(buf, "0");
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
