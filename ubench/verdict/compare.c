// SPDX-License-Identifier: GPL-2.0
#include "verdict/compare.h"

#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "record/environment.h"

static void __attribute__((format(printf, 3, 4)))
add_line(char ***lines, size_t *nr, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*GROW(*lines, *nr) = xvasprintf(format, args);
	va_end(args);
}

static bool on_side(const struct side *side, const struct record_case *c, const char *select)
{
	const struct record_field *param;

	if (select && strcmp(select, c->name) && fnmatch(select, c->id, 0))
		return false;
	if (!side->by)
		return true;
	param = record_find_param(c, side->by);
	return param && !strcmp(param->text, side->value);
}

/* The id without the parameter that tells the sides apart: what a pair has in common. */
static char *pair_key(const struct side *side, const struct record_case *c)
{
	const struct record_field *param = side->by ? record_find_param(c, side->by) : NULL;
	char *key = xasprintf("%s/", c->id), *from;
	size_t len;

	if (!param)
		return key;
	for (from = strchr(key, '/'); from; from = strchr(from + 1, '/')) {
		len = strlen(param->name);
		if (!strncmp(from + 1, param->name, len) && from[len + 1] == '=')
			break;
	}
	if (from)
		memmove(from, from + 1 + strcspn(from + 1, "/"),
			strlen(from + 1 + strcspn(from + 1, "/")) + 1);
	return key;
}

/* The cases of a side, sorted by their keys: a record may have 60,000. */
struct indexed_case {
	char *key;
	const struct record_case *c;
};

struct side_index {
	size_t nr;
	struct indexed_case *cases;
};

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct indexed_case *)a)->key, ((const struct indexed_case *)b)->key);
}

static struct side_index index_side(const struct side *side, const char *select)
{
	struct side_index index = { 0 };

	index.cases = xcalloc(side->rec->nr_cases, sizeof(*index.cases));
	for (size_t i = 0; i < side->rec->nr_cases; i++) {
		const struct record_case *c = &side->rec->cases[i];

		if (on_side(side, c, select))
			index.cases[index.nr++] = (struct indexed_case) { pair_key(side, c), c };
	}
	qsort(index.cases, index.nr, sizeof(*index.cases), by_key);
	return index;
}

static void index_free(struct side_index *index)
{
	for (size_t i = 0; i < index->nr; i++)
		free(index->cases[i].key);
	free(index->cases);
}

/* The case of the other side, whose index this is, that goes with @c of @side. */
static const struct record_case *find_pair(const struct side_index *index, const struct side *side,
					   const struct record_case *c)
{
	struct indexed_case key = { pair_key(side, c), c }, *found;

	found = bsearch(&key, index->cases, index->nr, sizeof(key), by_key);
	free(key.key);
	return found ? found->c : NULL;
}

static struct row *add_row(struct table *table, const struct record_case *base,
			   const struct record_case *head, const struct record_metric *x)
{
	struct row *row = &table->rows[table->nr_rows++];

	*row = (struct row) {
		.base_case = base,
		.head_case = head,
		.base_metric = x,
		.paired = table->paired,
		.rounds = table->base.rec->nr_rounds,
	};
	return row;
}

static double tick_of(const struct record *rec)
{
	const struct record_field *hz = record_find_environment(rec, "hz");

	return hz && hz->is_number && hz->number > 0 ? 1e9 / hz->number : 0;
}

static void pair_metric(struct table *table, const struct record_case *base,
			const struct record_case *head, const struct record_metric *x,
			const struct verdict_settings *settings)
{
	const struct record_metric *y = record_find_metric(head, x->name);
	struct row *row = add_row(table, base, head, x);

	if (!y)
		row_lack(row, VERDICT_MISSING, "head has no metric '%s'", x->name);
	else if (strcmp(x->unit, y->unit) || strcmp(x->per, y->per))
		row_lack(row, VERDICT_DIFFERS, "it is in %s/%s in base, in %s/%s in head", x->unit,
			 x->per, y->unit, y->per);
	else if (x->divisor != y->divisor && !table->base.by)
		row_lack(row, VERDICT_DIFFERS, "its divisor is %ju in base, %ju in head",
			 (uintmax_t)x->divisor, (uintmax_t)y->divisor);
	else
		row->head_metric = y;
	if (row->head_metric)
		row_measure(row, table->base.rec->tier, tick_of(table->base.rec), settings);
}

/* Head has nothing to hold against what base has: a row for each metric all the same. */
static void lack_case(struct table *table, const struct record_case *base,
		      const struct record_case *head, enum verdict verdict, const char *why)
{
	for (size_t i = 0; i < base->nr_metrics; i++)
		row_lack(add_row(table, base, head, &base->metrics[i]), verdict, "%s", why);
}

static bool case_failed(const struct record_case *c)
{
	return c->status == CASE_FAILURE || c->oracle_broken;
}

const char *case_why(const struct record_case *c)
{
	return *c->reason || !c->oracle_broken ? c->reason : "the oracle found broken invariants";
}

/* A case that base measured and head has not, for whatever reason, is never silence. */
static void pair_cases(struct table *table, const struct record_case *base,
		       const struct record_case *head, const struct verdict_settings *settings)
{
	bool measured = base->status == CASE_OK && !base->oracle_broken;

	if (head && case_failed(head))
		lack_case(table, base, head, VERDICT_FAILURE, case_why(head));
	else if (measured && !head && table->base.by)
		add_line(&table->notes, &table->nr_notes, "%s: no counterpart", base->id);
	else if (measured && !head)
		lack_case(table, base, NULL, VERDICT_MISSING, "head has no such case");
	else if (measured && head->status == CASE_SKIP)
		lack_case(table, base, head, VERDICT_SKIP, head->reason);
	else if (measured && head->status == CASE_ERROR)
		lack_case(table, base, head, VERDICT_ERROR, head->reason);
	else if (head && head->status == CASE_OK)
		for (size_t i = 0; i < base->nr_metrics; i++)
			pair_metric(table, base, head, &base->metrics[i], settings);
	if (!measured && head && head->status != base->status)
		add_line(&table->notes, &table->nr_notes, "%s: base has status %s: %s", base->id,
			 case_status_names[base->status], base->reason);
}

static void find_failed(struct table *table, const char *select)
{
	const struct record *rec = table->head.rec;

	table->failed = xcalloc(rec->nr_cases, sizeof(*table->failed));
	for (size_t i = 0; i < rec->nr_cases; i++)
		if (on_side(&table->head, &rec->cases[i], select) && case_failed(&rec->cases[i]))
			table->failed[table->nr_failed++] = &rec->cases[i];
}

static void pair_sides(struct table *table, const struct verdict_settings *settings,
		       const char *select)
{
	const struct side *base = &table->base, *head = &table->head;
	struct side_index base_cases = index_side(base, select);
	struct side_index head_cases = index_side(head, select);
	size_t nr_metrics = 0;

	for (size_t i = 0; i < base->rec->nr_cases; i++)
		nr_metrics += base->rec->cases[i].nr_metrics;
	table->rows = xcalloc(nr_metrics, sizeof(*table->rows));
	for (size_t i = 0; i < base->rec->nr_cases; i++) {
		const struct record_case *c = &base->rec->cases[i];

		if (on_side(base, c, select))
			pair_cases(table, c, find_pair(&head_cases, base, c), settings);
	}
	for (size_t i = 0; i < head->rec->nr_cases; i++) {
		const struct record_case *c = &head->rec->cases[i];

		if (on_side(head, c, select) && !find_pair(&base_cases, head, c))
			add_line(&table->notes, &table->nr_notes, "%s: not in base", c->id);
	}
	index_free(&base_cases);
	index_free(&head_cases);
	find_failed(table, select);
}

/*
 * A parameter of the rows' cases. @value: of the first case that has it
 * @common: every case that takes it has this value
 */
struct known_param {
	const char *name, *value;
	bool common;
};

struct known_params {
	size_t nr;
	struct known_param *list;
};

static struct known_param *find_known(const struct known_params *known, const char *name)
{
	for (size_t i = 0; i < known->nr; i++)
		if (!strcmp(known->list[i].name, name))
			return &known->list[i];
	return NULL;
}

static struct known_params know_params(const struct table *table)
{
	struct known_params known = { 0 };

	for (size_t i = 0; i < table->nr_rows; i++) {
		const struct record_case *c = table->rows[i].base_case;

		for (size_t k = 0; k < c->nr_params; k++) {
			struct known_param *p = find_known(&known, c->params[k].name);

			if (p) {
				p->common = p->common && !strcmp(p->value, c->params[k].text);
				continue;
			}
			*GROW(known.list, known.nr) =
				(struct known_param) { c->params[k].name, c->params[k].text, true };
		}
	}
	return known;
}

static bool is_by(const struct table *table, const char *param)
{
	return table->base.by && !strcmp(param, table->base.by);
}

/* "case:op/batch=32/async metric": a number needs its name, a word doesn't. */
static char *make_label(const struct table *table, const struct known_params *known,
			const struct row *row)
{
	const struct record_case *c = row->base_case;
	char *label = NULL;
	size_t size;
	FILE *f = xmemstream(&label, &size);

	fprintf(f, "%s%s%s", c->name, *c->op ? ":" : "", c->op);
	for (size_t i = 0; i < c->nr_params; i++) {
		const struct record_field *param = &c->params[i];

		if (is_by(table, param->name) || param_is_effort(param->name) ||
		    find_known(known, param->name)->common)
			continue;
		if (param->is_number)
			fprintf(f, "/%s=%s", param->name, param->text);
		else
			fprintf(f, "/%s", param->text);
	}
	if (c->nr_metrics > 1)
		fprintf(f, " %s", row->base_metric->name);
	xmemstream_end(f);
	return label;
}

static void make_labels(struct table *table)
{
	struct known_params known = know_params(table);
	size_t size;
	FILE *f = xmemstream(&table->common, &size);

	for (size_t i = 0; i < known.nr; i++)
		if (known.list[i].common && !is_by(table, known.list[i].name))
			fprintf(f, " %s=%s", known.list[i].name, known.list[i].value);
	xmemstream_end(f);
	table->labels = xcalloc(table->nr_rows, sizeof(*table->labels));
	for (size_t i = 0; i < table->nr_rows; i++)
		table->labels[i] = make_label(table, &known, &table->rows[i]);
	free(known.list);
}

/* By samples within a run, or by runs. */
static bool took_turns(const struct side *base, const struct side *head)
{
	if (base->by)
		return base->rec->interleave && !strcmp(base->by, base->rec->interleave);
	return base->rec->nr_rounds && base->rec->nr_rounds == head->rec->nr_rounds;
}

struct table *table_make(const struct side *base, const struct side *head,
			 const struct verdict_settings *settings, const struct calibration *cal,
			 const char *select)
{
	struct table *table = xcalloc(1, sizeof(*table));

	table->base = *base;
	table->head = *head;
	table->paired = took_turns(base, head);
	pair_sides(table, settings, select);
	for (size_t i = 0; cal && i < table->nr_rows; i++) {
		struct row *row = &table->rows[i];
		const struct calibration_row *known =
			calibration_row(cal, row->base_case->id, row->base_metric->name);

		/* It is of runs that were apart. */
		row->spread = known && !row->paired ? known->spread : NAN;
	}
	rows_judge(table->rows, table->nr_rows, base->rec->tier, settings);
	for (size_t i = 0; i < table->nr_rows; i++)
		table->nr_of[table->rows[i].verdict]++;
	make_labels(table);
	table->geometric_mean = rows_geometric_mean(table->rows, table->nr_rows, &table->nr_mean);
	return table;
}

void lines_free(char **lines, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		free(lines[i]);
	free(lines);
}

void table_free(struct table *table)
{
	lines_free(table->labels, table->nr_rows);
	lines_free(table->notes, table->nr_notes);
	free(table->common);
	free(table->failed);
	free(table->rows);
	free(table);
}

/* Parts of the environment that change together, beyond the fields that carry the part's name. */
static const struct {
	const char *part, *field;
} parts[] = {
	{ "kernel", "hz" },	    { "kernel", "mitigations" }, { "kernel", "clocksource" },
	{ "machine", "cpu_model" }, { "machine", "vcpus" },
};

static bool in_part(const char *field, const char *part, size_t len)
{
	if (!strncmp(part, "all", len) && len == 3)
		return true;
	if (!strncmp(field, part, len) && (!field[len] || field[len] == '_'))
		return true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strcmp(parts[i].field, field) && strlen(parts[i].part) == len &&
		    !strncmp(parts[i].part, part, len))
			return true;
	return false;
}

static bool is_allowed(const char *field, const char *across)
{
	size_t len;

	for (; across && *across; across += len + (across[len] == ',')) {
		len = strcspn(across, ",");
		if (in_part(field, across, len))
			return true;
	}
	return false;
}

int across_check(const char *across, const struct record *base, const struct record *head,
		 struct error *err)
{
	size_t len;

	for (; across && *across; across += len + (across[len] == ',')) {
		bool known = false;

		len = strcspn(across, ",");
		for (size_t i = 0; i < base->nr_environment && !known; i++)
			known = in_part(base->environment[i].name, across, len);
		for (size_t i = 0; i < head->nr_environment && !known; i++)
			known = in_part(head->environment[i].name, across, len);
		if (!known)
			return error_set(err,
					 "--across: '%.*s' is no part (kernel, xen, qemu, "
					 "machine, compiler, all) and no field of these records",
					 (int)len, across);
	}
	return 0;
}

#define EXCERPT 60 /* columns of a value in a message */
#define CONTEXT 16 /* of them, before the first difference */

/* What of @text shows how it differs from @other: command lines are long. */
static const char *excerpt(const char *text, const char *other, char *buf, size_t size)
{
	size_t same = 0;
	const char *from;

	while (text[same] && text[same] == other[same])
		same++;
	if (strlen(text) <= EXCERPT)
		return text;
	from = same > CONTEXT ? text + same - CONTEXT : text;
	snprintf(buf, size, "%s%.*s%s", from > text ? "..." : "", EXCERPT, from,
		 strlen(from) > EXCERPT ? "..." : "");
	return buf;
}

static void add_difference(char ***lines, size_t *nr, const char *name, const char *base,
			   const char *head)
{
	char x[EXCERPT + 8], y[EXCERPT + 8];

	add_line(lines, nr, "%s: '%s' -> '%s'", name, excerpt(base, head, x, sizeof(x)),
		 excerpt(head, base, y, sizeof(y)));
}

size_t environment_differences(const struct record *base, const struct record *head,
			       const char *across, char ***lines)
{
	size_t nr = 0;

	*lines = NULL;
	for (size_t i = 0; i < base->nr_environment; i++) {
		const struct record_field *a = &base->environment[i];
		const struct record_field *b = record_find_environment(head, a->name);

		if (environment_decides(a->name) && !is_allowed(a->name, across) &&
		    (!b || strcmp(a->text, b->text)))
			add_difference(lines, &nr, a->name, a->text, b ? b->text : "not recorded");
	}
	for (size_t i = 0; i < head->nr_environment; i++) {
		const struct record_field *b = &head->environment[i];

		if (environment_decides(b->name) && !is_allowed(b->name, across) &&
		    !record_find_environment(base, b->name))
			add_difference(lines, &nr, b->name, "not recorded", b->text);
	}
	return nr;
}

/* A field that every lab's record has, or every host's: what neither side says may differ unseen. */
static void add_unknown(const struct record *base, const struct record *head, char ***lines,
			size_t *nr)
{
	size_t size, found = 0;
	char *names;
	FILE *f = xmemstream(&names, &size);

	for (size_t i = 0; i < nr_environment_names; i++) {
		const char *name = environment_names[i].name;

		if (!environment_names[i].decides || record_find_environment(base, name) ||
		    record_find_environment(head, name) ||
		    (base->tier == TIER_HOST && !strncmp(name, "qemu_", 5)))
			continue;
		fprintf(f, "%s%s", found++ ? ", " : "", name);
	}
	xmemstream_end(f);
	if (found)
		add_line(lines, nr, "neither record says, so that it may differ: %s", names);
	free(names);
}

static void add_doubts(const struct record *rec, const char *side, char ***lines, size_t *nr)
{
	const char *fingerprint = environment_fingerprint((struct record *)rec);

	for (size_t i = 0; i < rec->nr_warnings; i++)
		add_line(lines, nr, "%s warns: %s", side, rec->warnings[i]);
	if (strcmp(fingerprint, rec->fingerprint))
		add_line(lines, nr,
			 "%s has fingerprint %s, its fields say %s: edited by hand, or of "
			 "another gntbench; the fields count",
			 side, rec->fingerprint, fingerprint);
}

size_t environment_doubts(const struct record *base, const struct record *head, char ***lines)
{
	size_t nr = 0;

	*lines = NULL;
	add_doubts(base, head == base ? "the record" : "base", lines, &nr);
	if (head != base)
		add_doubts(head, "head", lines, &nr);
	add_unknown(base, head, lines, &nr);
	return nr;
}
