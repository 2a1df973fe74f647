// SPDX-License-Identifier: GPL-2.0
/*
 * Write a record: the struct as JSON with its keys in the order of results/README.md, a line for
 * what a reader of a diff sees as one thing.
 */
#include "record/record.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"

/* json_object_set_new() in the order of calls; an out-of-memory is the only way to fail. */
static void set(json_t *obj, const char *key, json_t *val)
{
	if (json_object_set_new(obj, key, val))
		die_usage("out of memory, or '%s' is not UTF-8", key);
}

static void append(json_t *array, json_t *val)
{
	if (json_array_append_new(array, val))
		die_usage("out of memory");
}

/* Text of a kernel or hypervisor that isn't UTF-8 is shown as Latin-1 would be: never lost. */
static json_t *text(const char *s)
{
	json_t *val = json_string(s);
	char *latin, *p;

	if (val)
		return val;
	latin = p = xcalloc(2 * strlen(s) + 1, 1);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c >= 0x80) {
			*p++ = 0xc0 | c >> 6;
			c = 0x80 | (c & 0x3f);
		}
		*p++ = c;
	}
	*p = '\0';
	val = json_string(latin);
	free(latin);
	return val;
}

static json_t *strings(const char **list, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		append(array, text(list[i]));
	return array;
}

/* Instructions and counts are whole; ns have three decimals at most, and fifteen digits. */
static double thousandths(double value)
{
	char text[32];

	if (value == trunc(value) && fabs(value) < 0x1p53)
		return value;
	if (fabs(value) < 1e12)
		return round(value * 1000) / 1000;
	snprintf(text, sizeof(text), "%.15g", value);
	return strtod(text, NULL);
}

static json_t *number(double value)
{
	double rounded = thousandths(value);

	if (rounded == trunc(rounded) && fabs(rounded) < 0x1p53)
		return json_integer(rounded);
	return json_real(rounded);
}

static json_t *fields(const struct record_field *field, size_t n)
{
	json_t *obj = json_object();

	for (; n--; field++)
		set(obj, field->name,
		    field->is_number ? json_integer(field->number) : text(field->text));
	return obj;
}

/* Equal neighbours become [value, repeat]. */
static json_t *values(const double *value, size_t nr)
{
	json_t *array = json_array();
	size_t run;

	for (size_t i = 0; i < nr; i += run) {
		for (run = 1; i + run < nr && value[i + run] == value[i]; run++)
			;
		if (run == 1)
			append(array, number(value[i]));
		else
			append(array, json_pack("[o,I]", number(value[i]), (json_int_t)run));
	}
	return array;
}

static json_t *summary(const struct summary *s)
{
	json_t *obj = json_object();

	set(obj, "n", json_integer(s->n));
	set(obj, "min", number(s->min));
	set(obj, "p50", number(s->p50));
	set(obj, "p90", number(s->p90));
	set(obj, "p99", number(s->p99));
	set(obj, "p999", number(s->p999));
	set(obj, "max", number(s->max));
	set(obj, "mean", number(s->mean));
	set(obj, "mad", number(s->mad));
	return obj;
}

static json_t *metric(struct record_metric *m)
{
	json_t *obj = json_object();

	/* The summary is of what is written, so that who reads it finds the same. */
	for (size_t i = 0; i < m->nr_values; i++)
		m->values[i] = thousandths(m->values[i]);
	summarize(m->values, m->nr_values, &m->summary);
	set(obj, "name", text(m->name));
	set(obj, "unit", text(m->unit));
	set(obj, "per", text(m->per));
	set(obj, "divisor", json_integer(m->divisor));
	set(obj, "waits", json_boolean(m->waits));
	set(obj, "values", values(m->values, m->nr_values));
	set(obj, "summary", summary(&m->summary));
	return obj;
}

static json_t *one_case(struct record_case *c)
{
	json_t *metrics = json_array();
	json_t *obj = json_object();

	for (size_t i = 0; i < c->nr_metrics; i++)
		append(metrics, metric(&c->metrics[i]));
	set(obj, "case", text(c->name));
	set(obj, "driver", text(c->driver));
	set(obj, "op", text(c->op));
	set(obj, "params", fields(c->params, c->nr_params));
	set(obj, "id", text(c->id));
	set(obj, "status", text(case_status_names[c->status]));
	set(obj, "reason", text(c->reason));
	set(obj, "oracle",
	    json_pack("{s:I,s:I}", "checks", (json_int_t)c->oracle_checks, "broken",
		      (json_int_t)c->oracle_broken));
	if (c->nr_interrupts)
		set(obj, "interrupts", values(c->interrupts, c->nr_interrupts));
	set(obj, "metrics", metrics);
	return obj;
}

static json_t *whole(struct record *rec)
{
	json_t *root = json_object();
	json_t *cases = json_array();
	json_t *run = json_object();

	for (size_t i = 0; i < rec->nr_cases; i++)
		append(cases, one_case(&rec->cases[i]));
	set(run, "id", text(rec->id));
	set(run, "started", text(rec->started));
	set(run, "suite", text(rec->suite));
	set(run, "command", strings(rec->command, rec->nr_command));
	if (rec->interleave)
		set(run, "interleave", text(rec->interleave));
	set(root, "gntbench_record", json_integer(RECORD_VERSION));
	set(root, "run", run);
	set(root, "tier", text(tier_names[rec->tier]));
	set(root, "unit", text(rec->unit));
	set(root, "emulated", json_boolean(rec->emulated));
	set(root, "environment", fields(rec->environment, rec->nr_environment));
	set(root, "fingerprint", text(rec->fingerprint));
	set(root, "warnings", strings(rec->warnings, rec->nr_warnings));
	set(root, "cases", cases);
	return root;
}

/* A container gets a line for each child at the top, or if it has containers itself. */
static bool spread(const json_t *val, int depth)
{
	const json_t *child;
	const char *key;
	size_t i;

	if (depth > 4 || (!json_object_size(val) && !json_array_size(val)))
		return false;
	if (depth < 2)
		return json_is_object(val) || json_is_array(val);
	json_array_foreach(val, i, child)
		if (json_object_size(child) || json_array_size(child))
			return true;
	json_object_foreach((json_t *)val, key, child)
		if (json_object_size(child) || json_array_size(child))
			return true;
	return false;
}

static void print(FILE *out, const json_t *val, int depth);

static void print_child(FILE *out, const char *key, const json_t *child, int depth, size_t i)
{
	json_t *name = key ? json_string(key) : NULL;

	fprintf(out, "%s\n%*s", i ? "," : "", depth + 1, "");
	if (name) {
		json_dumpf(name, out, JSON_ENCODE_ANY);
		fputs(": ", out);
		json_decref(name);
	}
	print(out, child, depth + 1);
}

static void print(FILE *out, const json_t *val, int depth)
{
	const json_t *child;
	const char *key;
	size_t i = 0;

	if (!spread(val, depth)) {
		json_dumpf(val, out, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		return;
	}
	fputc(json_is_object(val) ? '{' : '[', out);
	json_object_foreach((json_t *)val, key, child)
		print_child(out, key, child, depth, i++);
	if (json_is_array(val))
		json_array_foreach(val, i, child)
			print_child(out, NULL, child, depth, i);
	fprintf(out, "\n%*s%c", depth, "", json_is_object(val) ? '}' : ']');
}

void record_print(struct record *rec, FILE *out)
{
	json_t *root = whole(rec);

	print(out, root, 0);
	fputc('\n', out);
	json_decref(root);
}

void record_print_case(struct record_case *c, FILE *out)
{
	json_t *obj = one_case(c);

	json_dumpf(obj, out, JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(obj);
}

int record_write(struct record *rec, const char *path, struct error *err)
{
	struct new_file file;

	if (file_begin(&file, path, err))
		return -1;
	record_print(rec, file.out);
	return file_end(&file, false, err);
}
