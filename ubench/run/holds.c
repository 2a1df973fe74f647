// SPDX-License-Identifier: GPL-2.0
#include "run/holds.h"

#include <errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "gntbench_abi.h"

struct holds {
	const struct shape *shape;
	double a, b;	/* ns */
	double *replay; /* ns; malloc'd */
	size_t nr_replay;
	gsl_rng *rng;
};

struct shape {
	const char *name;
	int nr_times; /* after the colon, separated by commas; -1: a path */
	double (*draw)(const struct holds *h, size_t sample, size_t nr_samples, size_t i);
};

static double draw_constant(const struct holds *h, size_t sample, size_t nr_samples, size_t i)
{
	(void)sample, (void)nr_samples, (void)i;
	return h->a;
}

static double draw_spread(const struct holds *h, size_t sample, size_t nr_samples, size_t i)
{
	(void)i;
	return nr_samples < 2 ? h->a : h->a + (h->b - h->a) * sample / (nr_samples - 1);
}

static double draw_uniform(const struct holds *h, size_t sample, size_t nr_samples, size_t i)
{
	(void)sample, (void)nr_samples, (void)i;
	return gsl_ran_flat(h->rng, h->a, h->b);
}

static double draw_exponential(const struct holds *h, size_t sample, size_t nr_samples, size_t i)
{
	(void)sample, (void)nr_samples, (void)i;
	return fmin(gsl_ran_exponential(h->rng, h->a), HOLD_MAX_NS);
}

static double draw_replay(const struct holds *h, size_t sample, size_t nr_samples, size_t i)
{
	(void)sample, (void)nr_samples;
	return h->replay[i % h->nr_replay];
}

static const struct shape shapes[] = {
	{ "constant", 1, draw_constant }, { "spread", 2, draw_spread },
	{ "uniform", 2, draw_uniform },	  { "exponential", 1, draw_exponential },
	{ "file", -1, draw_replay },
};

/* The time at TEXT in ns, and where it ends; -1 if it isn't one, or not of 0 to HOLD_MAX_NS. */
static double parse_time(const char *text, const char **end)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1e3 },
		{ "ms", 1e6 },
		{ "s", 1e9 },
	};
	double value = strtod(text, (char **)end);

	if (*end == text || !(value >= 0))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		size_t len = strlen(units[i].name);

		if (strncmp(*end, units[i].name, len))
			continue;
		*end += len;
		value = round(value * units[i].ns);
		return value <= HOLD_MAX_NS ? value : -1;
	}
	return -1;
}

static int parse_times(struct holds *h, const char *text, struct error *err)
{
	const char *end;

	h->a = h->b = parse_time(text, &end);
	if (h->a >= 0 && h->shape->nr_times == 2)
		h->b = *end == ',' ? parse_time(end + 1, &end) : -1;
	if (h->a < 0 || h->b < h->a || *end)
		return error_set(err,
				 "%d time%s of 0 to 10s wanted after '%s:', such as 0.5ms%s, "
				 "not '%s'",
				 h->shape->nr_times, h->shape->nr_times == 1 ? "" : "s, rising,",
				 h->shape->name, h->shape->nr_times == 1 ? "" : ",2s", text);
	return 0;
}

static int read_line(struct holds *h, char *line, const char *path, size_t number,
		     struct error *err)
{
	const char *end;
	double ns;

	line[strcspn(line, "#\r\n")] = '\0';
	line += strspn(line, " \t");
	if (!*line)
		return 0;
	ns = parse_time(line, &end);
	if (ns < 0 || end[strspn(end, " \t")])
		return error_set(err, "%s:%zu: '%s' is not a time of 0 to 10s, such as 1.5ms", path,
				 number, line);
	h->replay[h->nr_replay++] = ns;
	return 0;
}

static int read_replay(struct holds *h, const char *path, struct error *err)
{
	FILE *file = fopen(path, "re");
	size_t size = 0, number = 0;
	char *line = NULL;
	int ret = 0;

	if (!file)
		return error_set(err, "can't read the hold times %s: %s", path, strerror(errno));
	h->replay = xcalloc(GNTBENCH_MAX_HOLDS, sizeof(*h->replay));
	while (!ret && h->nr_replay < GNTBENCH_MAX_HOLDS && getline(&line, &size, file) >= 0)
		ret = read_line(h, line, path, ++number, err);
	if (!ret && !h->nr_replay)
		ret = error_set(err, "%s: no hold times in it", path);
	free(line);
	fclose(file);
	return ret;
}

static int parse(const char *spec, struct holds *h, struct error *err)
{
	const char *colon = strchr(spec, ':');
	size_t len = colon ? (size_t)(colon - spec) : strlen(spec);

	*h = (struct holds) { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
		if (strlen(shapes[i].name) == len && !memcmp(shapes[i].name, spec, len))
			h->shape = &shapes[i];
	if (!h->shape || !colon)
		return error_set(err,
				 "'%s' is not constant:TIME, spread:FROM,TO, "
				 "uniform:FROM,TO, exponential:MEAN or file:PATH",
				 spec);
	if (h->shape->nr_times < 0)
		return read_replay(h, colon + 1, err);
	return parse_times(h, colon + 1, err);
}

int holds_check(const char *spec, struct error *err)
{
	struct holds h;
	int ret = parse(spec, &h, err);

	free(h.replay);
	return ret;
}

uint64_t *holds_draw(const char *spec, size_t samples, size_t per_sample, struct error *err)
{
	size_t n = samples * per_sample; /* limits of both keep this far from an overflow */
	uint64_t *ns = NULL;
	struct holds h;

	if (parse(spec, &h, err))
		goto out;
	if (n > GNTBENCH_MAX_HOLDS) {
		error_set(err, "%zu samples of %zu busy pages: at most %u hold times in a run",
			  samples, per_sample, GNTBENCH_MAX_HOLDS);
		goto out;
	}
	ns = xcalloc(n, sizeof(*ns));
	h.rng = gsl_rng_alloc(gsl_rng_mt19937);
	if (!h.rng)
		die_usage("out of memory");
	gsl_rng_set(h.rng, 1);
	for (size_t i = 0; i < n; i++)
		ns[i] = llround(h.shape->draw(&h, i / per_sample, samples, i));
	gsl_rng_free(h.rng);
out:
	free(h.replay);
	return ns;
}
