// SPDX-License-Identifier: GPL-2.0
/* All that is known of each row, for other programs. */
#include "verdict/formats/formats.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static json_t *real(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static json_t *row_json(const struct comparison *c, const struct row *row)
{
	const struct calibration_row *cal =
		calibration_row(c->calibration, row->base_case->id, row->base_metric->name);
	json_t *obj = json_object();

	json_object_set_new(obj, "base_id", json_string(row->base_case->id));
	json_object_set_new(obj, "head_id",
			    row->head_case ? json_string(row->head_case->id) : json_null());
	json_object_set_new(obj, "metric", json_string(row->base_metric->name));
	json_object_set_new(obj, "unit", json_string(row->base_metric->unit));
	json_object_set_new(obj, "per", json_string(row->base_metric->per));
	json_object_set_new(obj, "base_n", json_integer(row->base_metric->nr_values));
	json_object_set_new(obj, "head_n", json_integer(row_head_samples(row)));
	json_object_set_new(obj, "base", real(row->base));
	json_object_set_new(obj, "head", real(row->head));
	json_object_set_new(obj, "change", real(row->change));
	json_object_set_new(obj, "interval",
			    json_pack("[o,o]", real(row->interval.lo), real(row->interval.hi)));
	json_object_set_new(obj, "shift", real(row->shift));
	json_object_set_new(obj, "p", real(row->p));
	json_object_set_new(obj, "p_adjusted", real(row->adjusted));
	json_object_set_new(obj, "control", json_boolean(row->control));
	json_object_set_new(obj, "waits", json_boolean(row->waits));
	json_object_set_new(obj, "verdict", json_string(verdict_names[row->verdict]));
	json_object_set_new(obj, "reason", json_string(row->reason));
	json_object_set_new(obj, "uncalibrated", json_boolean(is_uncalibrated(c, row)));
	json_object_set_new(obj, "smallest_seen", real(cal ? cal->smallest : NAN));
	return obj;
}

static json_t *strings(char *const *lines, size_t nr)
{
	json_t *array = json_array();

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(array, json_string(lines[i]));
	return array;
}

static json_t *failed_json(const struct table *t)
{
	json_t *array = json_array();

	for (size_t i = 0; i < t->nr_failed; i++)
		json_array_append_new(array, json_pack("{s:s, s:s}", "id", t->failed[i]->id,
						       "reason", case_why(t->failed[i])));
	return array;
}

static json_t *table_json(const struct comparison *c, const struct table *t)
{
	json_t *rows = json_array(), *obj;

	for (size_t i = 0; i < t->nr_rows; i++)
		if (row_is_shown(c, &t->rows[i]))
			json_array_append_new(rows, row_json(c, &t->rows[i]));
	obj = json_pack("{s:s, s:s, s:o, s:o, s:I, s:o, s:o}", "base", t->base.name, "head",
			t->head.name, "rows", rows, "geometric_mean", real(t->geometric_mean),
			"geometric_mean_of", (json_int_t)t->nr_mean, "failed", failed_json(t),
			"notes", strings(t->notes, t->nr_notes));
	for (enum verdict v = 0; v < NR_VERDICTS; v++)
		json_object_set_new(obj, verdict_names[v], json_integer(t->nr_of[v]));
	return obj;
}

void format_json(const struct comparison *c, FILE *out)
{
	char *headline = comparison_headline(c);
	json_t *tables = json_array(), *root;

	for (size_t i = 0; i < c->nr_tables; i++)
		json_array_append_new(tables, table_json(c, c->tables[i]));
	root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:b, s:f, s:f, s:I, s:b, s:o, s:o, s:o}",
			 "gntbench_comparison", 2, "headline", headline, "base", c->base_path,
			 "head", c->head_path, "tier", tier_names[c->base->tier], "emulated",
			 c->base->emulated, "threshold", c->settings.threshold, "level",
			 c->settings.level, "seed", (json_int_t)c->settings.seed, "calibrated",
			 is_calibrated(c), "across", strings(c->differences, c->nr_differences),
			 "doubts", strings(c->doubts, c->nr_doubts), "tables", tables);
	put_json(root, out);
	free(headline);
}
