// SPDX-License-Identifier: GPL-2.0
/* The forms of a comparison for other programs: JSON, CSV, and Go's benchmark format. */
#include "verdict/formats/formats.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct format *format_by_name(const char *name, struct error *err)
{
	static const struct format *const all[] = {
		&format_text, &format_json, &format_csv, &format_markdown, &format_benchstat,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	error_set(err, "--format: no format '%s'; there are text, json, csv, markdown, benchstat",
		  name);
	return NULL;
}

const char *row_unit(const struct row *row, char *buf, size_t size)
{
	const struct record_metric *m = row->base_metric;

	snprintf(buf, size, "%s/%s", m->unit, m->per);
	return buf;
}

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
	json_object_set_new(obj, "head_id", json_string(row->head_case->id));
	json_object_set_new(obj, "metric", json_string(row->base_metric->name));
	json_object_set_new(obj, "unit", json_string(row->base_metric->unit));
	json_object_set_new(obj, "per", json_string(row->base_metric->per));
	json_object_set_new(obj, "base_n", json_integer(row->base_metric->nr_values));
	json_object_set_new(obj, "head_n", json_integer(row->head_metric->nr_values));
	json_object_set_new(obj, "base", real(row->base));
	json_object_set_new(obj, "head", real(row->head));
	json_object_set_new(obj, "change", real(row->change));
	json_object_set_new(obj, "interval",
			    json_pack("[o,o]", real(row->interval.lo), real(row->interval.hi)));
	json_object_set_new(obj, "shift", real(row->shift));
	json_object_set_new(obj, "p", real(row->p));
	json_object_set_new(obj, "p_adjusted", real(row->adjusted));
	json_object_set_new(obj, "control", json_boolean(row->control));
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

static json_t *table_json(const struct comparison *c, const struct table *t)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < t->nr_rows; i++)
		if (row_is_shown(c, &t->rows[i]))
			json_array_append_new(rows, row_json(c, &t->rows[i]));
	return json_pack("{s:s, s:s, s:o, s:o, s:I, s:I, s:o, s:I}", "base", t->base.name, "head",
			 t->head.name, "rows", rows, "geometric_mean", real(t->geometric_mean),
			 "geometric_mean_of", (json_int_t)t->nr_mean, "failed",
			 (json_int_t)t->nr_failed, "notes", strings(t->notes, t->nr_notes),
			 "slower", (json_int_t)t->nr_of[VERDICT_SLOWER]);
}

static void print_json(const struct comparison *c, FILE *out)
{
	json_t *tables = json_array(), *root;

	for (size_t i = 0; i < c->nr_tables; i++)
		json_array_append_new(tables, table_json(c, c->tables[i]));
	root = json_pack("{s:i, s:s, s:s, s:s, s:b, s:f, s:f, s:I, s:b, s:o, s:o}",
			 "gntbench_comparison", 1, "base", c->base_path, "head", c->head_path,
			 "tier", tier_names[c->base->tier], "emulated", c->base->emulated,
			 "threshold", c->settings.threshold, "level", c->settings.level, "seed",
			 (json_int_t)c->settings.seed, "calibrated", is_calibrated(c), "across",
			 strings(c->differences, c->nr_differences), "tables", tables);
	if (!root || json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12)))
		die_usage("out of memory, or the output can't be written");
	fputc('\n', out);
	json_decref(root);
}

/* RFC 4180: quoted where it must be. */
static void csv_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void csv_number(FILE *out, double v)
{
	fputc(',', out);
	if (isfinite(v))
		fprintf(out, "%.10g", v);
}

static void csv_row(const struct comparison *c, const struct table *t, const struct row *row,
		    FILE *out)
{
	char unit[32];

	csv_text(out, t->base.name);
	fputc(',', out);
	csv_text(out, t->head.name);
	fputc(',', out);
	csv_text(out, row->base_case->id);
	fprintf(out, ",%s,%s,%zu,%zu", row->base_metric->name, row_unit(row, unit, sizeof(unit)),
		row->base_metric->nr_values, row->head_metric->nr_values);
	csv_number(out, row->base);
	csv_number(out, row->head);
	csv_number(out, row->change);
	csv_number(out, row->interval.lo);
	csv_number(out, row->interval.hi);
	csv_number(out, row->shift);
	csv_number(out, row->adjusted);
	fprintf(out, ",%s,%s,", verdict_names[row->verdict],
		is_uncalibrated(c, row) ? "uncalibrated" : "");
	csv_text(out, row->reason);
	fputs("\r\n", out);
}

static void print_csv(const struct comparison *c, FILE *out)
{
	fputs("base_side,head_side,case,metric,unit,base_n,head_n,base,head,change,interval_lo,"
	      "interval_hi,shift,p_adjusted,verdict,calibration,reason\r\n",
	      out);
	for (size_t i = 0; i < c->nr_tables; i++)
		for (size_t k = 0; k < c->tables[i]->nr_rows; k++)
			if (row_is_shown(c, &c->tables[i]->rows[k]))
				csv_row(c, c->tables[i], &c->tables[i]->rows[k], out);
}

/* "BenchmarkMap_unmap/batch=32/unmap_mode=async": a name may hold no space. */
static void benchmark_name(FILE *out, const struct table *t, const struct row *row)
{
	const struct record_case *c = row->base_case;

	fprintf(out, "Benchmark%c%s", toupper((unsigned char)c->name[0]), c->name + 1);
	if (*c->op)
		fprintf(out, "/op=%s", c->op);
	for (size_t i = 0; i < c->nr_params; i++)
		if (!t->base.by || strcmp(c->params[i].name, t->base.by))
			fprintf(out, "/%s=%s", c->params[i].name, c->params[i].text);
	fprintf(out, "/metric=%s", row->base_metric->name);
}

static void benchmark_samples(FILE *out, const struct table *t, const struct row *row,
			      const struct record_metric *m)
{
	char unit[32];

	row_unit(row, unit, sizeof(unit));
	for (size_t i = 0; i < m->nr_values; i++) {
		benchmark_name(out, t, row);
		fprintf(out, " 1 %.10g %s\n", m->values[i] / m->divisor, unit);
	}
}

/*
 * https://go.dev/design/14313-benchmark-format, one line a sample, sides told apart by a
 * configuration line: benchstat -col side FILE.
 */
static void print_benchstat(const struct comparison *c, FILE *out)
{
	fprintf(out, "tier: %s\n", tier_names[c->base->tier]);
	for (size_t i = 0; i < c->nr_tables; i++) {
		const struct table *t = c->tables[i];

		fprintf(out, "side: %s\n", t->base.name);
		for (size_t k = 0; k < t->nr_rows; k++)
			benchmark_samples(out, t, &t->rows[k], t->rows[k].base_metric);
		fprintf(out, "side: %s\n", t->head.name);
		for (size_t k = 0; k < t->nr_rows; k++)
			benchmark_samples(out, t, &t->rows[k], t->rows[k].head_metric);
	}
}

const struct format format_json = { "json", print_json };
const struct format format_csv = { "csv", print_csv };
const struct format format_benchstat = { "benchstat", print_benchstat };
