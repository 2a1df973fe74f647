// SPDX-License-Identifier: GPL-2.0
#include "verdict/calibration.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/pool.h"

struct calibration *calibration_new(void)
{
	struct calibration *cal = xcalloc(1, sizeof(*cal));

	pool_init(&cal->pool);
	return cal;
}

void calibration_free(struct calibration *cal)
{
	if (!cal)
		return;
	pool_free(&cal->pool);
	free(cal);
}

char *calibration_path(const char *dir, enum tier tier, const char *fingerprint)
{
	char *name = file_name(fingerprint);
	char *path = xasprintf("%s/%s-%s.json", dir, tier_names[tier], name);

	free(name);
	return path;
}

static const struct calibration_row *find(const struct calibration *cal, const char *id,
					  const char *metric)
{
	for (size_t i = 0; i < cal->nr_rows; i++)
		if (!strcmp(cal->rows[i].id, id) && !strcmp(cal->rows[i].metric, metric))
			return &cal->rows[i];
	return NULL;
}

const struct calibration_row *calibration_row(const struct calibration *cal, const char *id,
					      const char *metric)
{
	return cal ? find(cal, id, metric) : NULL;
}

static double number_or_nan(const json_t *val)
{
	return json_is_number(val) ? json_number_value(val) : NAN;
}

static int read_rows(struct calibration *cal, const json_t *rows, struct error *err)
{
	const json_t *row;
	size_t i;

	cal->rows = pool_alloc(&cal->pool, json_array_size(rows), sizeof(*cal->rows));
	json_array_foreach(rows, i, row) {
		struct calibration_row *r = &cal->rows[cal->nr_rows++];
		const char *id, *metric;

		if (json_unpack((json_t *)row, "{s:s, s:s}", "id", &id, "metric", &metric))
			return error_set(err, "row %zu has no id or no metric", i);
		r->id = pool_strdup(&cal->pool, id);
		r->metric = pool_strdup(&cal->pool, metric);
		r->spread = number_or_nan(json_object_get(row, "spread"));
		r->smallest = number_or_nan(json_object_get(row, "smallest"));
	}
	return 0;
}

static int read_all(struct calibration *cal, json_t *root, struct error *err)
{
	json_int_t version, runs, pairs, moved, comparisons, alarms;
	const char *tier, *fingerprint, *started;
	json_error_t why;
	json_t *rows;

	if (json_unpack_ex(root, &why, 0, "{s:I}", "gntbench_calibration", &version))
		return error_set(err, "not a calibration: %s", why.text);
	if (version != CALIBRATION_VERSION)
		return error_set(err, "version %lld, this gntbench reads version %d",
				 (long long)version, CALIBRATION_VERSION);
	if (json_unpack_ex(root, &why, 0, "{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:F, s:F, s:o}",
			   "tier", &tier, "fingerprint", &fingerprint, "started", &started, "runs",
			   &runs, "pairs", &pairs, "control_moved", &moved, "comparisons",
			   &comparisons, "alarms", &alarms, "threshold", &cal->threshold, "level",
			   &cal->level, "rows", &rows))
		return error_set(err, "damaged: %s", why.text);
	if (tier_by_name(tier) < 0)
		return error_set(err, "damaged: no tier '%s'", tier);
	cal->tier = tier_by_name(tier);
	cal->fingerprint = pool_strdup(&cal->pool, fingerprint);
	cal->started = pool_strdup(&cal->pool, started);
	cal->nr_runs = runs;
	cal->nr_pairs = pairs;
	cal->nr_moved = moved;
	cal->nr_comparisons = comparisons;
	cal->nr_alarms = alarms;
	return read_rows(cal, rows, err);
}

struct calibration *calibration_load(const char *dir, const struct record *rec, struct error *err)
{
	char *path = calibration_path(dir, rec->tier, rec->fingerprint);
	struct calibration *cal = NULL;
	json_error_t why;
	json_t *root;

	err->text[0] = '\0';
	if (access(path, F_OK) && errno == ENOENT)
		goto out;
	root = json_load_file(path, 0, &why);
	if (!root) {
		error_set(err, "%s: not JSON, line %d: %s", path, why.line, why.text);
		goto out;
	}
	cal = calibration_new();
	if (read_all(cal, root, err)) {
		error_prefix(err, "%s", path);
		calibration_free(cal);
		cal = NULL;
	}
	json_decref(root);
out:
	free(path);
	return cal;
}

static json_t *environment_json(const struct calibration *cal)
{
	json_t *obj = json_object();

	for (size_t i = 0; i < cal->nr_environment; i++)
		json_object_set_new(obj, cal->environment[i].name,
				    json_string(cal->environment[i].text));
	return obj;
}

static json_t *number_json(double value)
{
	return isfinite(value) ? json_real(round(value * 1e6) / 1e6) : json_null();
}

static json_t *rows_json(const struct calibration *cal)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < cal->nr_rows; i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:o, s:o}", "id", cal->rows[i].id,
						      "metric", cal->rows[i].metric, "spread",
						      number_json(cal->rows[i].spread), "smallest",
						      number_json(cal->rows[i].smallest)));
	return rows;
}

int calibration_store(const char *dir, const struct calibration *cal, struct error *err)
{
	char *path = calibration_path(dir, cal->tier, cal->fingerprint), *text;
	json_t *root;
	int ret;

	root = json_pack("{s:i, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:o, s:o}",
			 "gntbench_calibration", CALIBRATION_VERSION, "tier", tier_names[cal->tier],
			 "fingerprint", cal->fingerprint, "started", cal->started, "runs",
			 (json_int_t)cal->nr_runs, "pairs", (json_int_t)cal->nr_pairs,
			 "control_moved", (json_int_t)cal->nr_moved, "comparisons",
			 (json_int_t)cal->nr_comparisons, "alarms", (json_int_t)cal->nr_alarms,
			 "threshold", cal->threshold, "level", cal->level, "environment",
			 environment_json(cal), "rows", rows_json(cal));
	text = root ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) : NULL;
	if (!text)
		die_usage("out of memory for the calibration");
	ret = file_replace(path, text, strlen(text), err);
	free(text);
	json_decref(root);
	free(path);
	return ret;
}
