// SPDX-License-Identifier: GPL-2.0
#include "store/trend.h"

#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/number.h"
#include "doc/doc.h"
#include "plot/plot.h"
#include "stats/stats.h"

#define WIDTH	     88 /* columns of the drawing */
#define HEIGHT	     16
#define MIN_SEGMENT  5 /* records between two change points */
#define PERMUTATIONS 199
#define LEVEL	     0.01
#define SEED	     1

static bool matches(const struct history_series *s, const struct trend_query *query)
{
	if (query->metric && strcmp(query->metric, s->metric))
		return false;
	return !strcmp(s->id, query->series) || !fnmatch(query->series, s->id, 0);
}

/* The one series that is meant, or -1 and err. */
static ssize_t find_series(const struct history *h, const struct trend_query *query,
			   struct error *err)
{
	ssize_t found = -1;
	size_t nr = 0;

	for (size_t i = 0; i < h->nr_series; i++) {
		if (!matches(&h->series[i], query))
			continue;
		if (nr++ && (strcmp(h->series[i].id, h->series[found].id) ||
			     strcmp(h->series[i].metric, h->series[found].metric)))
			return error_set(err,
					 "'%s' is more than one series: %s %s, %s %s, ...; "
					 "say more, or --metric",
					 query->series, h->series[found].id,
					 h->series[found].metric, h->series[i].id,
					 h->series[i].metric);
		found = i;
	}
	if (!nr)
		return error_set(err, "no record of %s has a case '%s'%s%s", h->dir, query->series,
				 query->metric ? " with a metric " : "", query->metric ?: "");
	return found;
}

/* The same case and metric has another series in another tier: its unit differs. */
static double value_of(const struct history *h, const struct history_record *rec,
		       const struct history_series *s, bool *steady, size_t *series)
{
	for (size_t i = 0; i < h->nr_series; i++) {
		double value;

		if (strcmp(h->series[i].id, s->id) || strcmp(h->series[i].metric, s->metric))
			continue;
		value = history_value(rec, i, steady);
		*series = i;
		if (!isnan(value))
			return value;
	}
	return NAN;
}

static int collect(struct trend *t, const struct history *h, const struct trend_query *query,
		   struct error *err)
{
	ssize_t found = find_series(h, query, err);
	int tier = query->tier;
	size_t series;

	if (found < 0)
		return -1;
	t->series = &h->series[found];
	t->points = xcalloc(h->nr_records + 1, sizeof(*t->points));
	/* From the newest on, so that it decides on the tier. */
	for (size_t i = h->nr_records; i-- > 0 && (!query->last || t->nr < query->last);) {
		struct trend_point p = { .rec = &h->records[i] };

		if (p.rec->problem || (tier >= 0 && (int)p.rec->tier != tier))
			continue;
		p.value = value_of(h, p.rec, t->series, &p.steady, &series);
		if (isnan(p.value))
			continue;
		tier = p.rec->tier;
		t->series = &h->series[series];
		t->points[t->nr++] = p;
	}
	for (size_t i = 0; i < t->nr / 2; i++) {
		struct trend_point p = t->points[i];

		t->points[i] = t->points[t->nr - 1 - i];
		t->points[t->nr - 1 - i] = p;
	}
	if (!t->nr)
		return error_set(err, "no record%s%s has '%s' with a value",
				 query->tier < 0 ? "" : " of tier ",
				 query->tier < 0 ? "" : tier_names[query->tier], query->series);
	t->tier = tier;
	return 0;
}

static void mark_exact(struct trend *t)
{
	for (size_t i = 1; i < t->nr; i++)
		t->points[i].step = t->points[i].value != t->points[i - 1].value;
}

static void mark_change_points(struct trend *t)
{
	double *values = xcalloc(t->nr, sizeof(*values));
	size_t *at = xcalloc(t->nr, sizeof(*at)), nr;

	for (size_t i = 0; i < t->nr; i++)
		values[i] = t->points[i].value;
	nr = stats_change_points(values, t->nr, MIN_SEGMENT, PERMUTATIONS, LEVEL, SEED, at);
	for (size_t i = 0; i < nr; i++)
		t->points[at[i]].step = true;
	free(values);
	free(at);
}

void trend_mark(struct trend *t)
{
	bool exact = t->tier == TIER_EXACT;

	for (size_t i = 0; i < t->nr; i++)
		exact = exact && t->points[i].steady;
	if (exact)
		mark_exact(t);
	else
		mark_change_points(t);
	for (size_t i = 1; i < t->nr; i++)
		t->points[i].moved = t->points[i].rec->environment !=
				     t->points[i - 1].rec->environment;
	for (size_t i = 0; i < t->nr; i++) {
		t->nr_steps += t->points[i].step;
		t->nr_moved += t->points[i].moved;
	}
}

double trend_level(const struct trend *t, size_t from, size_t *end)
{
	double *values = xcalloc(t->nr, sizeof(*values)), level;
	size_t nr = 0;

	for (size_t i = from; i < t->nr && (i == from || !t->points[i].step); i++)
		values[nr++] = t->points[i].value;
	level = stats_median(values, nr);
	free(values);
	*end = from + nr;
	return level;
}

static void draw(const struct trend *t, FILE *out)
{
	size_t columns = t->nr < WIDTH ? t->nr : WIDTH;
	double lo = INFINITY, hi = -INFINITY;
	char grid[HEIGHT + 1][WIDTH + 1];

	memset(grid, ' ', sizeof(grid));
	for (size_t i = 0; i < t->nr; i++) {
		lo = fmin(lo, t->points[i].value);
		hi = fmax(hi, t->points[i].value);
	}
	for (size_t i = 0; i < t->nr; i++) {
		size_t column = i * columns / t->nr;
		double high = hi > lo ? (t->points[i].value - lo) / (hi - lo) : 0.5;

		grid[HEIGHT - 1 - (int)(high * (HEIGHT - 1) + 0.5)][column] = '*';
		if (t->points[i].moved && grid[HEIGHT][column] != '^')
			grid[HEIGHT][column] = 'e';
		if (t->points[i].step)
			grid[HEIGHT][column] = '^';
	}
	for (size_t row = 0; row <= HEIGHT; row++) {
		grid[row][columns] = '\0';
		if (row == 0 || row == HEIGHT - 1)
			fprintf(out, "%10.6g |%s\n", row ? lo : hi, grid[row]);
		else
			fprintf(out, "%10s %c%s\n", "", row < HEIGHT ? '|' : '+', grid[row]);
	}
	fprintf(out, "%10s  %.10s .. %.10s, %zu records; ^ step, e environment changed\n\n", "",
		t->points[0].rec->started, t->points[t->nr - 1].rec->started, t->nr);
}

static const char *find(const struct history_environment *env, const char *name)
{
	for (size_t i = 0; i < env->nr_fields; i++)
		if (!strcmp(env->fields[i].name, name))
			return env->fields[i].text;
	return "not recorded";
}

static void add_moved(struct doc *doc, const struct history_environment *a,
		      const struct history_environment *b)
{
	for (size_t i = 0; i < b->nr_fields; i++)
		if (strcmp(find(a, b->fields[i].name), b->fields[i].text))
			doc_item(doc, "environment: %s: %.60s -> %.60s", b->fields[i].name,
				 find(a, b->fields[i].name), b->fields[i].text);
	for (size_t i = 0; i < a->nr_fields; i++)
		if (!strcmp(find(b, a->fields[i].name), "not recorded"))
			doc_item(doc, "environment: %s: %.60s -> not recorded", a->fields[i].name,
				 a->fields[i].text);
}

static void add_steps(const struct trend *t, struct doc *doc)
{
	size_t end, next;
	double level = trend_level(t, 0, &end), before;

	for (size_t i = 1; i < t->nr; i++) {
		const struct trend_point *p = &t->points[i];

		if (p->step) {
			before = level;
			level = trend_level(t, i, &next);
			doc_para(doc, "%s  %.12s  %s -> %s (%s%s, %+.2f %%)%s", p->rec->started,
				 p->rec->commit, number_precise(before), number_precise(level),
				 level > before ? "+" : "", number_precise(level - before),
				 100 * (level / before - 1),
				 p->moved ? ", in another environment" : "");
			doc_item(doc, "introduced by %s", p->rec->file);
		} else if (p->moved) {
			doc_para(doc, "%s  %.12s  no step, but another environment",
				 p->rec->started, p->rec->commit);
		}
		if (p->moved)
			add_moved(doc, p[-1].rec->environment, p->rec->environment);
	}
	if (!t->nr_steps && !t->nr_moved)
		doc_para(doc, "no step, no change of environment");
}

int trend_print(const struct trend *t, struct error *err)
{
	struct doc title = { 0 }, steps = { 0 };
	int ret;

	doc_para(&title, "%s %s, %s/%s, tier %s%s", t->series->id, t->series->metric,
		 t->series->unit, t->series->per, tier_names[t->tier],
		 t->tier == TIER_WALL ? " (emulated: ratios only)" : "");
	add_steps(t, &steps);
	ret = doc_print(&title, &doc_text, err);
	draw(t, stdout);
	ret = ret ?: doc_print(&steps, &doc_text, err);
	doc_free(&title);
	doc_free(&steps);
	return ret;
}

int trend_print_json(const struct trend *t, struct error *err)
{
	json_t *points = json_array(), *root;
	int ret = 0;

	for (size_t i = 0; i < t->nr; i++) {
		const struct trend_point *p = &t->points[i];

		json_array_append_new(points,
				      json_pack("{s:s, s:s, s:s, s:f, s:b, s:b}", "started",
						p->rec->started, "commit", p->rec->commit, "file",
						p->rec->file, "value", p->value, "step", p->step,
						"environment_changed", p->moved));
	}
	root = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "case", t->series->id, "metric",
			 t->series->metric, "unit", t->series->unit, "per", t->series->per, "tier",
			 tier_names[t->tier], "points", points);
	if (!root || json_dumpf(root, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(12)))
		ret = error_set(err, "out of memory, or the output can't be written");
	putchar('\n');
	json_decref(root);
	return ret;
}

int trend_plot(const struct trend *t, const char *path, struct error *err)
{
	struct plot_point *points = xcalloc(t->nr, sizeof(*points));
	char *title = xasprintf("%s %s", t->series->id, t->series->metric);
	char *y_label = xasprintf("%s a %s", t->series->unit, t->series->per);
	char *x_label = xasprintf("record, oldest first (%.10s to %.10s)",
				  t->points[0].rec->started, t->points[t->nr - 1].rec->started);
	const struct plot_trend plot = {
		.title = title,
		.y_label = y_label,
		.x_label = x_label,
		.tier = t->tier,
		.nr = t->nr,
		.points = points,
	};
	int ret;

	for (size_t i = 0; i < t->nr; i++)
		points[i] = (struct plot_point) { t->points[i].value, t->points[i].step,
						  t->points[i].moved };
	ret = plot_draw_trend(&plot, path, err);
	free(points);
	free(title);
	free(y_label);
	free(x_label);
	return ret;
}

int trend_make(struct trend *t, const struct history *h, const struct trend_query *query,
	       struct error *err)
{
	*t = (struct trend) { 0 };
	if (collect(t, h, query, err))
		return -1;
	trend_mark(t);
	return 0;
}

void trend_free(struct trend *t)
{
	free(t->points);
}
