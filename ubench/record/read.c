// SPDX-License-Identifier: GPL-2.0
/*
 * Read a record. A record comes from elsewhere, so nothing in it is believed: every field is
 * there and of its type, or the file is refused with the name of the field.
 */
#include "record/record.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

/* As many values as one run can have in all (GNTBENCH_MAX_VALUES), so that no count of a
 * [value, repeat] pair can eat the memory.
 */
#define MAX_VALUES (8u << 20)

struct reader {
	struct record *rec;
	struct error *err;
	const char *where; /* for messages */
	size_t nr_values;  /* of the whole record so far */
};

static int refuse_type(struct reader *rd, const char *key, const json_t *val, const char *want)
{
	return error_set(rd->err, "%s: '%s' %s%s", rd->where, key, val ? "is not " : "is missing",
			 val ? want : "");
}

static int get_string(struct reader *rd, const json_t *obj, const char *key, const char **out)
{
	const json_t *val = json_object_get(obj, key);

	if (!json_is_string(val))
		return refuse_type(rd, key, val, "a string");
	*out = record_strdup(rd->rec, json_string_value(val));
	return 0;
}

static int get_count(struct reader *rd, const json_t *obj, const char *key, uint64_t *out)
{
	const json_t *val = json_object_get(obj, key);

	if (!json_is_integer(val) || json_integer_value(val) < 0)
		return refuse_type(rd, key, val, "a whole number of at least 0");
	*out = json_integer_value(val);
	return 0;
}

static json_t *get_array(struct reader *rd, const json_t *obj, const char *key)
{
	json_t *val = json_object_get(obj, key);

	if (json_is_array(val))
		return val;
	refuse_type(rd, key, val, "an array");
	return NULL;
}

static json_t *get_object(struct reader *rd, const json_t *obj, const char *key)
{
	json_t *val = json_object_get(obj, key);

	if (json_is_object(val))
		return val;
	refuse_type(rd, key, val, "an object");
	return NULL;
}

/* -1, unless the string KEY is one of NAMES. */
static int get_name(struct reader *rd, const json_t *obj, const char *key, const char *const *names,
		    int nr_names)
{
	const char *text;

	if (get_string(rd, obj, key, &text))
		return -1;
	for (int i = 0; i < nr_names; i++)
		if (!strcmp(text, names[i]))
			return i;
	return error_set(rd->err, "%s: unknown %s '%s'", rd->where, key, text);
}

static int get_strings(struct reader *rd, const json_t *obj, const char *key, const char ***out,
		       size_t *nr)
{
	const json_t *array = get_array(rd, obj, key);
	const json_t *val;
	size_t i;

	if (!array)
		return -1;
	*nr = json_array_size(array);
	*out = record_alloc(rd->rec, *nr, sizeof(**out));
	json_array_foreach(array, i, val) {
		if (!json_is_string(val))
			return refuse_type(rd, key, val, "an array of strings");
		(*out)[i] = record_strdup(rd->rec, json_string_value(val));
	}
	return 0;
}

static int get_fields(struct reader *rd, const json_t *parent, const char *key,
		      struct record_field **out, size_t *nr)
{
	json_t *obj = get_object(rd, parent, key);
	struct record_field *field;
	const char *name;
	json_t *val;

	if (!obj)
		return -1;
	*nr = json_object_size(obj);
	*out = field = record_alloc(rd->rec, *nr, sizeof(**out));
	json_object_foreach(obj, name, val) {
		field->name = record_strdup(rd->rec, name);
		if (json_is_string(val)) {
			field->text = record_strdup(rd->rec, json_string_value(val));
		} else if (json_is_integer(val)) {
			field->is_number = true;
			field->number = json_integer_value(val);
			field->text = record_printf(rd->rec, "%lld", (long long)field->number);
		} else {
			return refuse_type(rd, name, val, "a string or a whole number");
		}
		field++;
	}
	return 0;
}

/* An element of "values": a number, or [number, how often]. */
static int get_value(struct reader *rd, const json_t *elem, double *value, size_t *repeat)
{
	const json_t *number = elem;
	json_int_t times = 1;

	if (json_is_array(elem)) {
		const json_t *count = json_array_get(elem, 1);

		number = json_array_get(elem, 0);
		if (json_array_size(elem) != 2 || !json_is_integer(count))
			return refuse_type(rd, "values", elem, "numbers and [number, repeat]");
		times = json_integer_value(count);
	}
	if (!json_is_number(number))
		return refuse_type(rd, "values", elem, "numbers and [number, repeat]");
	if (times < 1 || times > MAX_VALUES || rd->nr_values + times > MAX_VALUES)
		return error_set(rd->err, "%s: repeat of %lld: a record has 1 to %u values",
				 rd->where, (long long)times, MAX_VALUES);
	*value = json_number_value(number);
	*repeat = times;
	rd->nr_values += times;
	return 0;
}

/* The array KEY of OBJ: its values, that many. */
static int get_values(struct reader *rd, const json_t *obj, const char *key, double **values,
		      size_t *nr)
{
	const json_t *array = get_array(rd, obj, key);
	struct obstack *pool = &rd->rec->pool;
	const json_t *elem;
	size_t repeat;
	double value = 0;
	size_t i;

	if (!array)
		return -1;
	json_array_foreach(array, i, elem) {
		if (get_value(rd, elem, &value, &repeat))
			return -1;
		*nr += repeat;
		while (repeat--)
			obstack_grow(pool, &value, sizeof(value));
	}
	*values = obstack_finish(pool);
	return 0;
}

/*
 * The summary is computed from the values, here as in record_write(), so a file that was edited by
 * hand can't show one thing and hold another; the file's own p50 must agree.
 */
static int get_summary(struct reader *rd, const json_t *obj, struct record_metric *m)
{
	const json_t *summary = get_object(rd, obj, "summary");
	const json_t *p50;

	if (!summary)
		return -1;
	summarize(m->values, m->nr_values, &m->summary);
	p50 = json_object_get(summary, "p50");
	if (!json_is_number(p50) ||
	    fabs(json_number_value(p50) - m->summary.p50) > 1e-3 + 1e-9 * fabs(m->summary.p50))
		return error_set(rd->err,
				 "%s: the summary of '%s' does not agree with its values: "
				 "damaged, or edited by hand",
				 rd->where, m->name);
	return 0;
}

/* Not in records of before November 2026. */
static int get_waits(struct reader *rd, const json_t *obj, struct record_metric *m)
{
	const json_t *waits = json_object_get(obj, "waits");

	if (waits && !json_is_boolean(waits))
		return refuse_type(rd, "waits", waits, "true or false");
	m->waits = json_is_true(waits);
	return 0;
}

/* No measurement is below 0, and there is no half an instruction. */
static int check_values(struct reader *rd, const struct record_metric *m)
{
	bool whole = !strcmp(m->unit, "insn") || !strcmp(m->unit, "count");

	for (size_t i = 0; i < m->nr_values; i++)
		if (m->values[i] < 0 || (whole && m->values[i] != trunc(m->values[i])))
			return error_set(rd->err,
					 "%s: '%s' has a value of %g %s: damaged, or edited "
					 "by hand",
					 rd->where, m->name, m->values[i], m->unit);
	return 0;
}

static int get_metric(struct reader *rd, const json_t *obj, struct record_metric *m)
{
	if (get_string(rd, obj, "name", &m->name) || get_string(rd, obj, "unit", &m->unit) ||
	    get_string(rd, obj, "per", &m->per) || get_count(rd, obj, "divisor", &m->divisor))
		return -1;
	if (!m->divisor)
		return error_set(rd->err, "%s: 'divisor' of '%s' is 0", rd->where, m->name);
	return get_waits(rd, obj, m)						?:
		       get_values(rd, obj, "values", &m->values, &m->nr_values) ?:
		       check_values(rd, m)					?:
		       get_summary(rd, obj, m);
}

static int get_metrics(struct reader *rd, const json_t *obj, struct record_case *c)
{
	const json_t *array = get_array(rd, obj, "metrics");
	const json_t *elem;
	size_t i;

	if (!array)
		return -1;
	c->nr_metrics = json_array_size(array);
	c->metrics = record_alloc(rd->rec, c->nr_metrics, sizeof(*c->metrics));
	c->nr_metrics = 0;
	json_array_foreach(array, i, elem) {
		if (get_metric(rd, elem, &c->metrics[i]))
			return -1;
		if (record_find_metric(c, c->metrics[i].name))
			return error_set(rd->err, "%s: metric '%s' is there twice", rd->where,
					 c->metrics[i].name);
		c->nr_metrics++;
	}
	return 0;
}

/* Not in records of before November 2026, nor in those of drivers that can't count them. */
static int get_interrupts(struct reader *rd, const json_t *obj, struct record_case *c)
{
	if (!json_object_get(obj, "interrupts"))
		return 0;
	if (get_values(rd, obj, "interrupts", &c->interrupts, &c->nr_interrupts))
		return -1;
	for (size_t i = 0; i < c->nr_metrics; i++)
		if (c->metrics[i].nr_values != c->nr_interrupts)
			return error_set(rd->err, "%s: 'interrupts' has %zu numbers, '%s' %zu",
					 rd->where, c->nr_interrupts, c->metrics[i].name,
					 c->metrics[i].nr_values);
	return 0;
}

static int get_case(struct reader *rd, const json_t *obj, struct record_case *c)
{
	const json_t *oracle;
	int status;

	if (get_string(rd, obj, "id", &c->id))
		return -1;
	rd->where = c->id;
	if (get_string(rd, obj, "case", &c->name) || get_string(rd, obj, "driver", &c->driver) ||
	    get_string(rd, obj, "op", &c->op) ||
	    get_fields(rd, obj, "params", &c->params, &c->nr_params) ||
	    get_string(rd, obj, "reason", &c->reason))
		return -1;
	status = get_name(rd, obj, "status", case_status_names, NR_CASE_STATUSES);
	if (status < 0)
		return -1;
	c->status = status;
	oracle = get_object(rd, obj, "oracle");
	if (!oracle || get_count(rd, oracle, "checks", &c->oracle_checks) ||
	    get_count(rd, oracle, "broken", &c->oracle_broken))
		return -1;
	return get_metrics(rd, obj, c) ?: get_interrupts(rd, obj, c);
}

static int by_id(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, as a record may have 60,000 cases. */
static int check_unique(struct reader *rd)
{
	const struct record *rec = rd->rec;
	const char **ids = record_alloc(rd->rec, rec->nr_cases, sizeof(*ids));

	for (size_t i = 0; i < rec->nr_cases; i++)
		ids[i] = rec->cases[i].id;
	if (rec->nr_cases)
		qsort(ids, rec->nr_cases, sizeof(*ids), by_id);
	for (size_t i = 1; i < rec->nr_cases; i++)
		if (!strcmp(ids[i - 1], ids[i]))
			return error_set(rd->err, "%s: twice in the record", ids[i]);
	return 0;
}

static int get_cases(struct reader *rd, const json_t *root)
{
	const json_t *array = get_array(rd, root, "cases");
	struct record *rec = rd->rec;
	const json_t *elem;
	size_t i;

	if (!array)
		return -1;
	rec->cases = record_alloc(rec, json_array_size(array), sizeof(*rec->cases));
	json_array_foreach(array, i, elem) {
		rd->where = "a case";
		if (get_case(rd, elem, &rec->cases[i]))
			return -1;
		rec->nr_cases++;
	}
	return check_unique(rd);
}

static int get_version(struct reader *rd, const json_t *root)
{
	const json_t *version = json_object_get(root, "gntbench_record");

	if (!json_is_integer(version))
		return error_set(rd->err, "not a gntbench record: no 'gntbench_record'");
	if (json_integer_value(version) != RECORD_VERSION)
		return error_set(rd->err,
				 "record version %lld: this gntbench reads version %d; use the "
				 "gntbench that wrote it",
				 (long long)json_integer_value(version), RECORD_VERSION);
	return 0;
}

static int get_record(struct reader *rd, const json_t *root)
{
	const json_t *run = get_object(rd, root, "run");
	struct record *rec = rd->rec;
	int tier;

	if (!run || get_string(rd, run, "id", &rec->id) ||
	    get_string(rd, run, "started", &rec->started) ||
	    get_string(rd, run, "suite", &rec->suite) ||
	    get_strings(rd, run, "command", &rec->command, &rec->nr_command))
		return -1;
	if (json_object_get(run, "interleave") &&
	    get_string(rd, run, "interleave", &rec->interleave))
		return -1;
	tier = get_name(rd, root, "tier", tier_names, NR_TIERS);
	if (tier < 0 || get_string(rd, root, "unit", &rec->unit))
		return -1;
	rec->tier = tier;
	rec->emulated = json_is_true(json_object_get(root, "emulated"));
	if (get_fields(rd, root, "environment", &rec->environment, &rec->nr_environment) ||
	    get_string(rd, root, "fingerprint", &rec->fingerprint) ||
	    get_strings(rd, root, "warnings", &rec->warnings, &rec->nr_warnings))
		return -1;
	return get_cases(rd, root);
}

/*
 * jansson asks for the memory of each number and of each string. What a file is parsed to goes all
 * at once, so it comes from a pool while there is one: reading 10,000 records takes a quarter less.
 */
static __thread struct obstack *json_pool;

static void *json_alloc(size_t size)
{
	return json_pool ? obstack_alloc(json_pool, size) : malloc(size);
}

static void json_free(void *memory)
{
	if (!json_pool)
		free(memory);
}

__attribute__((constructor)) static void use_json_pool(void)
{
	json_set_alloc_funcs(json_alloc, json_free);
}

/* A buffer at a time; jansson's own asks for each character. */
static size_t next_bytes(void *buffer, size_t size, void *file)
{
	size_t nr = fread(buffer, 1, size, file);

	return ferror((FILE *)file) ? (size_t)-1 : nr;
}

static json_t *load(const char *path, struct error *err)
{
	json_error_t at;
	json_t *root;
	FILE *file;

	file = fopen(path, "re");
	if (!file) {
		error_set(err, "%s", strerror(errno));
		return NULL;
	}
	root = json_load_callback(next_bytes, file, JSON_REJECT_DUPLICATES, &at);
	fclose(file);
	if (!root)
		error_set(err, "not JSON, or cut short: line %d, column %d: %s", at.line, at.column,
			  at.text);
	return root;
}

int record_take_case(struct record *rec, const char *path, struct error *err)
{
	struct reader rd = { .rec = rec, .err = err, .where = "a case" };
	json_t *root = load(path, err);
	struct record_case c = { 0 };
	struct record_case *old;
	int ret = -1;

	if (root && !get_case(&rd, root, &c)) {
		old = (struct record_case *)record_find_case(rec, c.id);
		ret = old ? 0 : error_set(err, "the record has no case %s", c.id);
		if (old)
			*old = c;
	}
	json_decref(root);
	return ret ? error_prefix(err, "can't read the case %s", path) : 0;
}

struct record *record_read(const char *path, struct error *err)
{
	struct reader rd = { .err = err, .where = "record" };
	struct obstack pool;
	json_t *root;

	pool_init(&pool);
	json_pool = &pool;
	root = load(path, err);
	if (root) {
		rd.rec = record_new();
		if (get_version(&rd, root) || get_record(&rd, root)) {
			record_free(rd.rec);
			rd.rec = NULL;
		}
	}
	json_pool = NULL;
	pool_free(&pool);
	if (!rd.rec)
		error_prefix(err, "can't read the record %s", path);
	return rd.rec;
}
