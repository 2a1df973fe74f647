// SPDX-License-Identifier: GPL-2.0
#include "verdict/compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/environment.h"

static void *alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (!p)
		die_usage("out of memory for a comparison");
	return p;
}

static void __attribute__((format(printf, 3, 4)))
add_line(char ***lines, size_t *nr, const char *format, ...)
{
	va_list args;

	*lines = reallocarray(*lines, *nr + 1, sizeof(**lines));
	va_start(args, format);
	if (!*lines || vasprintf(&(*lines)[*nr], format, args) < 0)
		die_usage("out of memory for a comparison");
	va_end(args);
	(*nr)++;
}

static bool on_side(const struct side *side, const struct record_case *c)
{
	const struct record_field *param;

	if (!side->by)
		return true;
	param = record_find_param(c, side->by);
	return param && !strcmp(param->text, side->value);
}

static bool same_param(const struct record_field *a, const struct record_case *c)
{
	const struct record_field *b = record_find_param(c, a->name);

	return b && !strcmp(a->text, b->text);
}

/* The same case but for the parameter @by. */
static bool same_case(const struct record_case *a, const struct record_case *b, const char *by)
{
	if (!by)
		return !strcmp(a->id, b->id);
	if (strcmp(a->name, b->name) || strcmp(a->op, b->op) || a->nr_params != b->nr_params)
		return false;
	for (size_t i = 0; i < a->nr_params; i++)
		if (strcmp(a->params[i].name, by) && !same_param(&a->params[i], b))
			return false;
	return true;
}

static const struct record_case *find_pair(const struct side *side, const struct record_case *c)
{
	for (size_t i = 0; i < side->rec->nr_cases; i++)
		if (on_side(side, &side->rec->cases[i]) &&
		    same_case(&side->rec->cases[i], c, side->by))
			return &side->rec->cases[i];
	return NULL;
}

static void pair_metrics(struct table *table, const struct record_case *base,
			 const struct record_case *head, enum tier tier,
			 const struct verdict_settings *settings)
{
	for (size_t i = 0; i < base->nr_metrics; i++) {
		const struct record_metric *x = &base->metrics[i];
		const struct record_metric *y = record_find_metric(head, x->name);
		struct row *row;

		if (!y || strcmp(x->unit, y->unit) || strcmp(x->per, y->per)) {
			add_line(&table->notes, &table->nr_notes, "%s: metric '%s' %s", base->id,
				 x->name, y ? "is in another unit in head" : "is not in head");
			continue;
		}
		row = &table->rows[table->nr_rows++];
		*row = (struct row) { .base_case = base,
				      .head_case = head,
				      .base_metric = x,
				      .head_metric = y,
				      .paired = table->paired,
				      .rounds = table->base.rec->nr_rounds };
		row_measure(row, tier, settings);
	}
}

/* A case that didn't get as far as having metrics: there is no row, but it isn't forgotten. */
static void pair_cases(struct table *table, const struct record_case *base,
		       const struct record_case *head, const struct verdict_settings *settings)
{
	const struct record_case *bad = head->status != CASE_OK ? head : base;
	bool skipped = base->status == CASE_SKIP && head->status == CASE_SKIP;

	if (head->status == CASE_FAILURE || head->oracle_broken)
		table->nr_failed += base->status != CASE_FAILURE && !base->oracle_broken;
	if (base->nr_metrics && head->nr_metrics)
		pair_metrics(table, base, head, table->base.rec->tier, settings);
	else if (!skipped)
		add_line(&table->notes, &table->nr_notes, "%s: %s has status %s: %s", bad->id,
			 bad == head ? "head" : "base", case_status_names[bad->status],
			 bad->reason);
}

static void pair_sides(struct table *table, const struct verdict_settings *settings)
{
	const struct side *base = &table->base, *head = &table->head;
	size_t nr_metrics = 0;

	for (size_t i = 0; i < base->rec->nr_cases; i++)
		nr_metrics += base->rec->cases[i].nr_metrics;
	table->rows = alloc(nr_metrics, sizeof(*table->rows));
	for (size_t i = 0; i < base->rec->nr_cases; i++) {
		const struct record_case *c = &base->rec->cases[i], *pair;

		if (!on_side(base, c))
			continue;
		pair = find_pair(head, c);
		if (pair)
			pair_cases(table, c, pair, settings);
		else
			add_line(&table->notes, &table->nr_notes, "%s: not in head", c->id);
	}
	for (size_t i = 0; i < head->rec->nr_cases; i++) {
		const struct record_case *c = &head->rec->cases[i];

		if (on_side(head, c) && !find_pair(base, c))
			add_line(&table->notes, &table->nr_notes, "%s: not in base", c->id);
	}
}

/* Every row whose case takes the parameter has this value. */
static bool is_common(const struct table *table, const struct record_field *param)
{
	for (size_t i = 0; i < table->nr_rows; i++) {
		const struct record_case *c = table->rows[i].base_case;

		if (record_find_param(c, param->name) && !same_param(param, c))
			return false;
	}
	return table->nr_rows > 0;
}

/* "case:op/batch=32/async metric": a number needs its name, a word doesn't. */
static char *make_label(const struct table *table, const struct row *row)
{
	const struct record_case *c = row->base_case;
	char *label = NULL;
	size_t size;
	FILE *f = open_memstream(&label, &size);

	if (!f)
		die_usage("out of memory for a comparison");
	fprintf(f, "%s%s%s", c->name, *c->op ? ":" : "", c->op);
	for (size_t i = 0; i < c->nr_params; i++) {
		const struct record_field *param = &c->params[i];

		if ((table->base.by && !strcmp(param->name, table->base.by)) ||
		    param_is_effort(param->name) || is_common(table, param))
			continue;
		if (param->is_number)
			fprintf(f, "/%s=%s", param->name, param->text);
		else
			fprintf(f, "/%s", param->text);
	}
	if (c->nr_metrics > 1)
		fprintf(f, " %s", row->base_metric->name);
	if (fclose(f))
		die_usage("out of memory for a comparison");
	return label;
}

static char *make_common(const struct table *table)
{
	char *common = NULL;
	size_t size;
	FILE *f = open_memstream(&common, &size);

	if (!f)
		die_usage("out of memory for a comparison");
	for (size_t i = 0; i < table->nr_rows; i++) {
		const struct record_case *c = table->rows[i].base_case;

		for (size_t k = 0; k < c->nr_params; k++) {
			const struct record_field *param = &c->params[k];
			bool by = table->base.by && !strcmp(param->name, table->base.by);
			bool seen = false;

			for (size_t j = 0; j < i && !seen; j++)
				seen = record_find_param(table->rows[j].base_case, param->name);
			if (!by && !seen && is_common(table, param))
				fprintf(f, " %s=%s", param->name, param->text);
		}
	}
	if (fclose(f))
		die_usage("out of memory for a comparison");
	return common;
}

/* By samples within a run, or by runs. */
static bool took_turns(const struct side *base, const struct side *head)
{
	if (base->by)
		return base->rec->interleave && !strcmp(base->by, base->rec->interleave);
	return base->rec->nr_rounds && base->rec->nr_rounds == head->rec->nr_rounds;
}

struct table *table_make(const struct side *base, const struct side *head,
			 const struct verdict_settings *settings, const struct calibration *cal)
{
	struct table *table = alloc(1, sizeof(*table));

	table->base = *base;
	table->head = *head;
	table->paired = took_turns(base, head);
	pair_sides(table, settings);
	for (size_t i = 0; cal && i < table->nr_rows; i++) {
		struct row *row = &table->rows[i];
		const struct calibration_row *known =
			calibration_row(cal, row->base_case->id, row->base_metric->name);

		/* It is of runs that were apart. */
		row->spread = known && !row->paired ? known->spread : NAN;
	}
	rows_judge(table->rows, table->nr_rows, base->rec->tier, settings);
	table->labels = alloc(table->nr_rows, sizeof(*table->labels));
	for (size_t i = 0; i < table->nr_rows; i++) {
		table->labels[i] = make_label(table, &table->rows[i]);
		table->nr_of[table->rows[i].verdict]++;
	}
	table->common = make_common(table);
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
