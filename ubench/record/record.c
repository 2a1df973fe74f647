// SPDX-License-Identifier: GPL-2.0
/* A record in memory: its pool, look-ups, and the summary of values. */
#include "record/record.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"

const char *const case_status_names[NR_CASE_STATUSES] = {
	[CASE_OK] = "ok",
	[CASE_SKIP] = "skip",
	[CASE_ERROR] = "error",
	[CASE_FAILURE] = "failure",
};

struct record *record_new(void)
{
	struct record *rec = xcalloc(1, sizeof(*rec));

	pool_init(&rec->pool);
	return rec;
}

void record_free(struct record *rec)
{
	if (!rec)
		return;
	pool_free(&rec->pool);
	free(rec);
}

void *record_alloc(struct record *rec, size_t count, size_t size)
{
	return pool_alloc(&rec->pool, count, size);
}

const char *record_strdup(struct record *rec, const char *text)
{
	return pool_strdup(&rec->pool, text);
}

const char *record_printf(struct record *rec, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = pool_vprintf(&rec->pool, format, args);
	va_end(args);
	return text;
}

void record_warn(struct record *rec, const char *format, ...)
{
	const char **warnings = record_alloc(rec, rec->nr_warnings + 1, sizeof(*warnings));
	va_list args;

	if (rec->nr_warnings)
		memcpy(warnings, rec->warnings, rec->nr_warnings * sizeof(*warnings));
	va_start(args, format);
	warnings[rec->nr_warnings++] = pool_vprintf(&rec->pool, format, args);
	va_end(args);
	rec->warnings = warnings;
}

static const struct record_field *find_field(const struct record_field *fields, size_t n,
					     const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

const struct record_field *record_find_environment(const struct record *rec, const char *name)
{
	return find_field(rec->environment, rec->nr_environment, name);
}

const struct record_field *record_find_param(const struct record_case *c, const char *name)
{
	return find_field(c->params, c->nr_params, name);
}

bool param_is_effort(const char *name)
{
	return !strcmp(name, "samples") || !strcmp(name, "warmup") || !strcmp(name, "timeout_ms");
}

const struct record_case *record_find_case(const struct record *rec, const char *id)
{
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (!strcmp(rec->cases[i].id, id))
			return &rec->cases[i];
	return NULL;
}

const struct record_metric *record_find_metric(const struct record_case *c, const char *name)
{
	for (size_t i = 0; i < c->nr_metrics; i++)
		if (!strcmp(c->metrics[i].name, name))
			return &c->metrics[i];
	return NULL;
}

int tier_by_name(const char *name)
{
	for (int i = 0; i < NR_TIERS; i++)
		if (!strcmp(tier_names[i], name))
			return i;
	return -1;
}

double metric_typical(const struct record_metric *m)
{
	return m->summary.p50 / m->divisor;
}

void summarize(const double *values, size_t n, struct summary *out)
{
	double *sorted, *deviations;

	memset(out, 0, sizeof(*out));
	if (!n)
		return;
	sorted = xcalloc(2 * n, sizeof(*sorted));
	memcpy(sorted, values, n * sizeof(*sorted));
	gsl_sort(sorted, 1, n);
	*out = (struct summary) {
		.n = n,
		.min = sorted[0],
		.p50 = gsl_stats_median_from_sorted_data(sorted, 1, n),
		.p90 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.9),
		.p99 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.99),
		.p999 = gsl_stats_quantile_from_sorted_data(sorted, 1, n, 0.999),
		.max = sorted[n - 1],
		.mean = gsl_stats_mean(values, 1, n),
	};
	deviations = sorted + n;
	for (size_t i = 0; i < n; i++)
		deviations[i] = fabs(sorted[i] - out->p50);
	out->mad = gsl_stats_median(deviations, 1, n);
	free(sorted);
}
