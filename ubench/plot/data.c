// SPDX-License-Identifier: GPL-2.0
/* From a record to the data files of a plot. */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "plot/plot.h"

#define MAX_RANKS   400	 /* lines of a PLOT_RANKS file: more is not seen */
#define MAX_SAMPLES 4000 /* lines of a PLOT_SAMPLES file, likewise */

/* Parameters that make no series of their own: of how a case was measured, and the plot's merge. */
static bool is_merged(const struct plot *plot, const char *param)
{
	return param_is_effort(param) || (plot->merge && !strcmp(param, plot->merge));
}

static double param_number(const struct record_case *c, const char *name)
{
	const struct record_field *f = record_find_param(c, name);

	return f && f->is_number ? f->number : NAN;
}

static bool is_wanted_op(const struct plot *plot, const char *op)
{
	size_t len = strlen(op);
	const char *p = plot->ops;

	while (p && *p) {
		size_t here = strcspn(p, " ");

		if (here == len && !strncmp(p, op, len))
			return true;
		p += here + strspn(p + here, " ");
	}
	return !plot->ops;
}

/* A plot of one op need not name it. */
static bool has_one_op(const struct plot *plot)
{
	return plot->ops && !strchr(plot->ops, ' ');
}

static bool is_drawable(const struct plot *plot, const struct record_case *c)
{
	const struct record_metric *m = record_find_metric(c, plot->y);

	return c->status == CASE_OK && !strcmp(c->name, plot->case_name) &&
	       is_wanted_op(plot, c->op) && m &&
	       m->nr_values >= (plot->kind == PLOT_RANKS ? 2 : 1) &&
	       (!plot->x || isfinite(param_number(c, plot->x)));
}

static bool has_value(const struct record_case *c, const char *param, const char *pattern)
{
	const struct record_field *f = record_find_param(c, param);

	return f && !fnmatch(pattern, f->text, 0);
}

/* Keep the cases with the values that the plot prefers, one after the other, if any has them. */
static size_t keep_preferred(const char *prefer, const struct record_case **cases, size_t nr)
{
	char *copy = xstrdup(prefer ?: ""), *rest = copy;

	for (char *pattern; (pattern = strsep(&rest, " "));) {
		char *param = strsep(&pattern, "=");
		size_t kept = 0;

		for (size_t i = 0; pattern && i < nr; i++)
			kept += has_value(cases[i], param, pattern);
		if (!kept)
			continue;
		kept = 0;
		for (size_t i = 0; i < nr; i++)
			if (has_value(cases[i], param, pattern))
				cases[kept++] = cases[i];
		nr = kept;
	}
	free(copy);
	return nr;
}

static bool differs(const struct record_case *a, const struct record_case *b, const char *param)
{
	const struct record_field *fa = record_find_param(a, param);
	const struct record_field *fb = record_find_param(b, param);

	return strcmp(fa ? fa->text : "", fb ? fb->text : "");
}

/* Whether two cases differ in nothing but x. */
static bool is_same_series(const struct plot *plot, const struct record_case *a,
			   const struct record_case *b)
{
	if (strcmp(a->op, b->op) || strcmp(a->driver, b->driver))
		return false;
	if (plot->kind != PLOT_CASES && differs(a, b, plot->x ? plot->x : ""))
		return false;
	for (size_t i = 0; i < a->nr_params; i++) {
		const char *param = a->params[i].name;

		if ((!plot->x || strcmp(param, plot->x)) && !is_merged(plot, param) &&
		    differs(a, b, param))
			return false;
	}
	return true;
}

static bool varies(const struct record_case **cases, size_t nr, const char *param)
{
	for (size_t i = 1; i < nr; i++)
		if (differs(cases[0], cases[i], param))
			return true;
	return false;
}

char *plot_hold_text(const char *hold)
{
	static const struct {
		const char *prefix, *after;
	} kinds[] = {
		{ "constant:", "" },
		{ "spread:", ", evenly" },
		{ "uniform:", ", at random" },
		{ "exponential:", " on average" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t len = strlen(kinds[i].prefix);
		const char *comma = strchr(hold, ',');

		if (strncmp(hold, kinds[i].prefix, len))
			continue;
		if (!comma)
			return xasprintf("%s%s", hold + len, kinds[i].after);
		return xasprintf("%.*s to %s%s", (int)(comma - hold - len), hold + len, comma + 1,
				 kinds[i].after);
	}
	return xstrdup(hold);
}

/* A parameter where a series is named. */
static char *param_words(const struct record_field *f)
{
	char *hold, *text;

	if (f->is_number)
		return xasprintf("%s %s", f->name, f->text);
	if (strcmp(f->name, "hold"))
		return xstrdup(f->text);
	hold = plot_hold_text(f->text);
	text = xasprintf("held %s", hold);
	free(hold);
	return text;
}

/* What tells the series of @c from the others of the plot; the case's name if there is no other. */
static char *series_name(const struct plot *plot, const struct record_case **cases, size_t nr,
			 const struct record_case *c)
{
	char *name = xasprintf("%s", has_one_op(plot) ? "" : c->op);

	for (size_t i = 0; i < c->nr_params; i++) {
		const struct record_field *f = &c->params[i];
		char *longer, *text;

		if (is_merged(plot, f->name) || (plot->x && !strcmp(f->name, plot->x)) ||
		    !varies(cases, nr, f->name))
			continue;
		text = param_words(f);
		longer = xasprintf("%s%s%s", name, *name ? ", " : "", text);
		free(text);
		free(name);
		name = longer;
	}
	if (!*name) {
		const struct record_field *mode = record_find_param(c, "unmap_mode");

		free(name);
		name = xasprintf("%s", mode ? mode->text : *c->op ? c->op : c->name);
	}
	return name;
}

static struct plot_series *find_series(const struct plot *plot, struct plot_data *data,
				       const struct record_case *c)
{
	for (size_t s = 0; s < data->nr_series; s++)
		if (is_same_series(plot, data->series[s].cases[0], c))
			return &data->series[s];
	return NULL;
}

static void add_to_series(const struct plot *plot, struct plot_data *data,
			  const struct record_case **cases, size_t nr, const struct record_case *c)
{
	struct plot_series *series = find_series(plot, data, c);

	if (!series) {
		if (data->nr_series == PLOT_MAX_SERIES) {
			data->nr_left_out++;
			return;
		}
		series = &data->series[data->nr_series++];
		series->name = series_name(plot, cases, nr, c);
	}
	*GROW(series->cases, series->nr_cases) = c;
}

static void sort_by_x(const struct plot *plot, struct plot_series *series)
{
	for (size_t i = 1; i < series->nr_cases; i++) {
		const struct record_case *c = series->cases[i];
		size_t k = i;

		for (; k && param_number(series->cases[k - 1], plot->x) > param_number(c, plot->x);
		     k--)
			series->cases[k] = series->cases[k - 1];
		series->cases[k] = c;
	}
}

static void drop_short_series(const struct plot *plot, struct plot_data *data)
{
	size_t kept = 0;

	for (size_t s = 0; s < data->nr_series; s++) {
		struct plot_series *series = &data->series[s];

		if (plot->kind != PLOT_CASES || series->nr_cases >= plot->min_points) {
			data->series[kept++] = *series;
			continue;
		}
		free(series->name);
		free(series->cases);
	}
	data->nr_series = kept;
}

/* The smallest x, the largest, and the one nearest to their geometric mean. */
static bool is_shown_x(const struct plot *plot, const struct record_case **cases, size_t nr,
		       double x)
{
	double min = INFINITY, max = 0, middle, best = INFINITY;

	for (size_t i = 0; i < nr; i++) {
		min = fmin(min, param_number(cases[i], plot->x));
		max = fmax(max, param_number(cases[i], plot->x));
	}
	middle = (log(min) + log(max)) / 2 + 1e-6; /* of two that are as near: the larger */
	for (size_t i = 0; i < nr; i++)
		best = fmin(best, fabs(log(param_number(cases[i], plot->x)) - middle));
	return x == min || x == max || fabs(log(x) - middle) <= best;
}

static bool is_of_tier(const struct plot *plot, const struct record *rec)
{
	return !plot->tiers || plot->tiers & 1u << rec->tier;
}

bool plot_collect(const struct plot *plot, const struct record *rec, struct plot_data *data)
{
	const struct record_case **cases = xrealloc_array(NULL, rec->nr_cases + 1, sizeof(*cases));
	size_t nr = 0;

	memset(data, 0, sizeof(*data));
	for (size_t i = 0; i < rec->nr_cases && is_of_tier(plot, rec); i++)
		if (is_drawable(plot, &rec->cases[i]))
			cases[nr++] = &rec->cases[i];
	nr = keep_preferred(plot->prefer, cases, nr);
	if (plot->by && !varies(cases, nr, plot->by))
		nr = 0;
	for (size_t i = 0; i < nr; i++)
		if (plot->kind != PLOT_RANKS || !plot->x ||
		    is_shown_x(plot, cases, nr, param_number(cases[i], plot->x)))
			add_to_series(plot, data, cases, nr, cases[i]);
	free(cases);
	for (size_t s = 0; s < data->nr_series && plot->kind == PLOT_CASES; s++)
		sort_by_x(plot, &data->series[s]);
	drop_short_series(plot, data);
	return data->nr_series > 0;
}

void plot_data_free(struct plot_data *data)
{
	for (size_t s = 0; s < data->nr_series; s++) {
		free(data->series[s].name);
		free(data->series[s].cases);
	}
	data->nr_series = 0;
}

/* A name of a column: gnuplot finds it by this string. */
static void put_column(const char *name, const char *suffix, FILE *out)
{
	putc('"', out);
	for (; *name; name++)
		putc((unsigned char)*name < ' ' || *name == '"' ? '_' : *name, out);
	fprintf(out, "%s\" ", suffix);
}

static void put_number(double value, FILE *out)
{
	if (isfinite(value))
		fprintf(out, "%.17g ", value);
	else
		fputs("NaN ", out);
}

static void put_param_columns(const struct record_case *c, FILE *out)
{
	for (size_t i = 0; i < c->nr_params; i++)
		if (c->params[i].is_number)
			put_column(c->params[i].name, "", out);
}

static void put_params(const struct record_case *first, const struct record_case *c, FILE *out)
{
	for (size_t i = 0; i < first->nr_params; i++)
		if (first->params[i].is_number)
			put_number(param_number(c, first->params[i].name), out);
}

static const struct {
	const char *suffix;
	size_t offset;
} statistics[] = {
	{ ".min", offsetof(struct summary, min) }, { ".p50", offsetof(struct summary, p50) },
	{ ".p90", offsetof(struct summary, p90) }, { ".p99", offsetof(struct summary, p99) },
	{ ".max", offsetof(struct summary, max) }, { ".mean", offsetof(struct summary, mean) },
};

#define NR_STATISTICS (sizeof(statistics) / sizeof(statistics[0]))

static double statistic(const struct record_metric *m, size_t k)
{
	double value;

	if (!m || !m->summary.n)
		return NAN;
	memcpy(&value, (const char *)&m->summary + statistics[k].offset, sizeof(value));
	return value / m->divisor;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * The 95 % confidence interval of the median, by the ranks of a binomial: half of the samples lie
 * below it, more or less 0.98 sqrt(n).
 */
static void median_interval(const struct record_metric *m, double *lo, double *hi)
{
	size_t n = m ? m->nr_values : 0, low, high;
	double *sorted;

	*lo = *hi = NAN;
	if (!n)
		return;
	sorted = xcalloc(n, sizeof(*sorted));
	memcpy(sorted, m->values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_doubles);
	low = fmax(0, floor(n / 2.0 - 0.98 * sqrt(n)));
	high = fmin(n - 1, ceil(n / 2.0 + 0.98 * sqrt(n)));
	*lo = sorted[low] / m->divisor;
	*hi = sorted[high] / m->divisor;
	free(sorted);
}

static void write_cases(const struct plot_series *series, FILE *out)
{
	const struct record_case *first = series->cases[0];

	put_param_columns(first, out);
	for (size_t k = 0; k < first->nr_metrics; k++) {
		for (size_t s = 0; s < NR_STATISTICS; s++)
			put_column(first->metrics[k].name, statistics[s].suffix, out);
		put_column(first->metrics[k].name, ".lo", out);
		put_column(first->metrics[k].name, ".hi", out);
	}
	putc('\n', out);
	for (size_t i = 0; i < series->nr_cases; i++) {
		const struct record_case *c = series->cases[i];

		put_params(first, c, out);
		for (size_t k = 0; k < first->nr_metrics; k++) {
			const struct record_metric *m =
				record_find_metric(c, first->metrics[k].name);
			double lo, hi;

			for (size_t s = 0; s < NR_STATISTICS; s++)
				put_number(statistic(m, s), out);
			median_interval(m, &lo, &hi);
			put_number(lo, out);
			put_number(hi, out);
		}
		putc('\n', out);
	}
}

static void write_samples(const struct plot_series *series, FILE *out)
{
	const struct record_case *first = series->cases[0];

	put_param_columns(first, out);
	for (size_t k = 0; k < first->nr_metrics; k++)
		put_column(first->metrics[k].name, "", out);
	putc('\n', out);
	for (size_t i = 0; i < series->nr_cases; i++) {
		const struct record_case *c = series->cases[i];
		size_t nr = c->nr_metrics ? c->metrics[0].nr_values : 0;
		size_t step = nr / MAX_SAMPLES + 1;

		for (size_t v = 0; v < nr; v += step) {
			put_params(first, c, out);
			for (size_t k = 0; k < first->nr_metrics; k++) {
				const struct record_metric *m =
					record_find_metric(c, first->metrics[k].name);

				put_number(m && v < m->nr_values ? m->values[v] / m->divisor : NAN,
					   out);
			}
			putc('\n', out);
		}
	}
}

/* Every rank of a small sample; of a large one fewer, but all of the last ones: the tail. */
static void write_ranks(const struct plot *plot, const struct plot_series *series, FILE *out)
{
	const struct record_metric *m = record_find_metric(series->cases[0], plot->y);
	double *sorted = xrealloc_array(NULL, m->nr_values, sizeof(*sorted));
	size_t n = m->nr_values, step = n / MAX_RANKS + 1;

	memcpy(sorted, m->values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_doubles);
	fputs("\"share\" \"value\"\n", out);
	for (size_t i = 0; i < n; i++) {
		if (i % step && n - i > MAX_RANKS)
			continue;
		put_number((i + 0.5) / n, out);
		put_number(sorted[i], out);
		putc('\n', out);
	}
	free(sorted);
}

void plot_write_series(const struct plot *plot, const struct plot_series *series, FILE *out)
{
	switch (plot->kind) {
	case PLOT_CASES:
		write_cases(series, out);
		break;
	case PLOT_SAMPLES:
		write_samples(series, out);
		break;
	case PLOT_RANKS:
		write_ranks(plot, series, out);
		break;
	}
}
