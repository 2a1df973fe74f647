// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench trend: one metric of one case over a history, with what changed and when.
 *
 * In the exact tier every difference between neighbours of the same environment is a step; there is
 * no noise. Elsewhere, and for metrics that aren't steady, the steps are the change points of
 * E-divisive means (changepoint.c).
 */
#include <errno.h>
#include <fnmatch.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "plot/plot.h"
#include "stats/stats.h"
#include "store/history.h"

#define WIDTH	     88 /* columns of the drawing */
#define HEIGHT	     16
#define MIN_SEGMENT  5 /* records between two change points */
#define PERMUTATIONS 199
#define LEVEL	     0.01
#define SEED	     1

struct args {
	const char *dir, *metric, *plot;
	unsigned int json;
	int tier;    /* -1: that of the newest record that has the series */
	size_t last; /* 0: all */
	struct operands operands;
};

static int take_tier(void *field, const char *text, struct error *err)
{
	int tier = tier_by_name(text);

	if (tier < 0)
		return error_set(err, "there are %s", tier_list());
	*(int *)field = tier;
	return 0;
}

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "the history (" HISTORY_DIR ")", TO_TEXT(dir) },
	{ "metric", 'm', "NAME", "if the case has several", TO_TEXT(metric) },
	{ "tier", 't', "TIER", "exact, wall or host (that of the newest record)",
	  TO_TAKE(tier, take_tier) },
	{ "last", 'n', "N", "only the newest N records", TO_COUNT(last, 1, UINT32_MAX) },
	{ "plot", 'p', "FILE", "draw to FILE.svg or FILE.png, with gnuplot", TO_TEXT(plot) },
	{ "format", 'f', "FORMAT", "text or json", TO_WORD(json, "text, json") },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "CASE",
	.what = "Print and plot one case over the records of a history, its steps, and the changes "
		"of the environment.",
	OPERANDS(1, 1, "a case is needed: its id, or a pattern like 'map_unmap/batch=32*async'"),
};

/* A record that has the series. */
struct point {
	const struct history_record *rec;
	double value;
	bool steady;
	bool step;  /* the value is another one from here on */
	bool moved; /* the environment is another one than the point's before */
};

struct trend {
	const struct history_series *series;
	enum tier tier;
	size_t nr;
	struct point *points;
	size_t nr_steps, nr_moved;
};

static bool matches(const struct history_series *s, const struct args *args)
{
	if (args->metric && strcmp(args->metric, s->metric))
		return false;
	return !strcmp(s->id, args->operands.all[0]) || !fnmatch(args->operands.all[0], s->id, 0);
}

/* The one series that is meant, or -1 and err. */
static ssize_t find_series(const struct history *h, const struct args *args, struct error *err)
{
	ssize_t found = -1;
	size_t nr = 0;

	for (size_t i = 0; i < h->nr_series; i++) {
		if (!matches(&h->series[i], args))
			continue;
		if (nr++ && (strcmp(h->series[i].id, h->series[found].id) ||
			     strcmp(h->series[i].metric, h->series[found].metric)))
			return error_set(err,
					 "'%s' is more than one series: %s %s, %s %s, ...; "
					 "say more, or --metric",
					 args->operands.all[0], h->series[found].id,
					 h->series[found].metric, h->series[i].id,
					 h->series[i].metric);
		found = i;
	}
	if (!nr)
		return error_set(err, "no record of %s has a case '%s'%s%s", args->dir,
				 args->operands.all[0], args->metric ? " with a metric " : "",
				 args->metric ?: "");
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

static int collect(struct trend *t, const struct history *h, const struct args *args,
		   struct error *err)
{
	ssize_t found = find_series(h, args, err);
	int tier = args->tier;
	size_t series;

	if (found < 0)
		return -1;
	t->series = &h->series[found];
	t->points = xcalloc(h->nr_records + 1, sizeof(*t->points));
	/* From the newest on, so that it decides on the tier. */
	for (size_t i = h->nr_records; i-- > 0 && (!args->last || t->nr < args->last);) {
		struct point p = { .rec = &h->records[i] };

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
		struct point p = t->points[i];

		t->points[i] = t->points[t->nr - 1 - i];
		t->points[t->nr - 1 - i] = p;
	}
	if (!t->nr)
		return error_set(err, "no record%s%s has '%s' with a value",
				 args->tier < 0 ? "" : " of tier ",
				 args->tier < 0 ? "" : tier_names[args->tier],
				 args->operands.all[0]);
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

static void mark(struct trend *t)
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

/* Median of the values from @from to the next step. */
static double level_of(const struct trend *t, size_t from, size_t *end)
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

static void draw(const struct trend *t)
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
			printf("%10.6g |%s\n", row ? lo : hi, grid[row]);
		else
			printf("%10s %c%s\n", "", row < HEIGHT ? '|' : '+', grid[row]);
	}
	printf("%10s  %.10s .. %.10s, %zu records; ^ step, e environment changed\n\n", "",
	       t->points[0].rec->started, t->points[t->nr - 1].rec->started, t->nr);
}

static const char *find(const struct history_environment *env, const char *name)
{
	for (size_t i = 0; i < env->nr_fields; i++)
		if (!strcmp(env->fields[i].name, name))
			return env->fields[i].text;
	return "not recorded";
}

static void print_moved(const struct history_environment *a, const struct history_environment *b)
{
	for (size_t i = 0; i < b->nr_fields; i++)
		if (strcmp(find(a, b->fields[i].name), b->fields[i].text))
			printf("    environment: %s: %.60s -> %.60s\n", b->fields[i].name,
			       find(a, b->fields[i].name), b->fields[i].text);
	for (size_t i = 0; i < a->nr_fields; i++)
		if (!strcmp(find(b, a->fields[i].name), "not recorded"))
			printf("    environment: %s: %.60s -> not recorded\n", a->fields[i].name,
			       a->fields[i].text);
}

static void print_steps(const struct trend *t)
{
	size_t end, next;
	double level = level_of(t, 0, &end), before;

	for (size_t i = 1; i < t->nr; i++) {
		const struct point *p = &t->points[i];

		if (p->step) {
			before = level;
			level = level_of(t, i, &next);
			printf("%s  %.12s  %.8g -> %.8g (%+.4g, %+.2f %%)%s\n    introduced by %s\n",
			       p->rec->started, p->rec->commit, before, level, level - before,
			       100 * (level / before - 1),
			       p->moved ? ", in another environment" : "", p->rec->file);
		} else if (p->moved) {
			printf("%s  %.12s  no step, but another environment\n", p->rec->started,
			       p->rec->commit);
		}
		if (p->moved)
			print_moved(p[-1].rec->environment, p->rec->environment);
	}
	if (!t->nr_steps && !t->nr_moved)
		puts("no step, no change of environment");
}

static void print(const struct trend *t)
{
	printf("%s %s, %s/%s, tier %s%s\n", t->series->id, t->series->metric, t->series->unit,
	       t->series->per, tier_names[t->tier],
	       t->tier == TIER_WALL ? " (emulated: ratios only)" : "");
	draw(t);
	print_steps(t);
}

static void print_json(const struct trend *t)
{
	json_t *points = json_array(), *root;

	for (size_t i = 0; i < t->nr; i++) {
		const struct point *p = &t->points[i];

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
		die_usage("out of memory, or the output can't be written");
	putchar('\n');
	json_decref(root);
}

static void plot_data(FILE *gp, const struct trend *t)
{
	fputs("$data << EOD\n", gp);
	for (size_t i = 0; i < t->nr; i++)
		fprintf(gp, "%zu %.12g\n", i + 1, t->points[i].value);
	fputs("EOD\n", gp);
	for (size_t i = 0; i < t->nr; i++) {
		if (t->points[i].moved)
			fprintf(gp,
				"set arrow from %zu, graph 0 to %zu, graph 1 nohead lc rgb '#999999' "
				"dt 2\n",
				i + 1, i + 1);
		if (t->points[i].step)
			fprintf(gp,
				"set arrow from %zu, graph 0 to %zu, graph 1 nohead lc rgb '#d55e00' "
				"lw 2\n",
				i + 1, i + 1);
	}
}

/* set WHAT 'TEXT', a text that may hold anything. */
static void __attribute__((format(printf, 3, 4)))
set_text(FILE *gp, const char *what, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	fprintf(gp, "set %s ", what);
	plot_put_string(text, gp);
	fputc('\n', gp);
	free(text);
}

/* Solid lines are steps, dashed ones changes of the environment. */
static int plot(const struct trend *t, const char *path, struct error *err)
{
	size_t len = strlen(path);
	bool svg = len > 4 && !strcmp(path + len - 4, ".svg");
	FILE *gp;

	if (!svg && (len < 5 || strcmp(path + len - 4, ".png")))
		return error_set(err, "--plot: '%s' doesn't end in .svg or .png", path);
	/* gnuplot takes a name that starts with | for a command, and misreads quotes. */
	if (strpbrk(path, "'`\"\\|\n"))
		return error_set(err, "--plot: '%s' has a quote, a | or a \\ in it", path);
	gp = popen("gnuplot", "w");
	if (!gp)
		return error_set(err, "can't start gnuplot: %s", strerror(errno));
	fprintf(gp, "set encoding utf8\nset terminal %s size 1000,450\n",
		svg ? "svg noenhanced" : "pngcairo noenhanced");
	set_text(gp, "output", "%s", path);
	set_text(gp, "title", "%s %s, tier %s%s", t->series->id, t->series->metric,
		 tier_names[t->tier], t->tier == TIER_WALL ? ", emulated: ratios only" : "");
	set_text(gp, "ylabel", "%s a %s", t->series->unit, t->series->per);
	set_text(gp, "xlabel", "record, oldest first (%.10s to %.10s)", t->points[0].rec->started,
		 t->points[t->nr - 1].rec->started);
	fputs("set key outside bottom center horizontal\nset xrange [0.5:*]\nset offsets 0,0,1,1\n",
	      gp);
	plot_data(gp, t);
	fputs("plot $data with points pt 7 ps 0.4 lc rgb '#0072b2' title 'median', "
	      "NaN with lines lc rgb '#d55e00' lw 2 title 'step', "
	      "NaN with lines lc rgb '#999999' dt 2 title 'environment changed'\n",
	      gp);
	return pclose(gp) ? error_set(err, "gnuplot failed to draw %s; is gnuplot-nox installed?",
				      path) :
			    0;
}

int cmd_trend(int argc, char **argv)
{
	struct args args = { .dir = HISTORY_DIR, .tier = -1 };
	int status = STATUS_OK;
	struct trend t = { 0 };
	struct history *h;
	struct error err;

	options_parse(&options, argc, argv, &args);
	h = history_open(args.dir, &err);
	if (!h)
		return error_print(&err);
	if (collect(&t, h, &args, &err)) {
		status = error_print(&err);
	} else {
		mark(&t);
		if (args.json)
			print_json(&t);
		else
			print(&t);
		if (args.plot && plot(&t, args.plot, &err))
			status = error_print(&err);
	}
	free(t.points);
	history_free(h);
	return status;
}
