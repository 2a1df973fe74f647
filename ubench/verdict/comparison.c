// SPDX-License-Identifier: GPL-2.0
/* All tables of an invocation, and what they come to. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "verdict/compare.h"

static void add_table(struct comparison *c, struct table *table)
{
	*GROW(c->tables, c->nr_tables) = table;
}

/* The different values of @by in the record, in its order; the base first. */
static size_t values_of(const struct record *rec, const char *by, const char *base,
			const char ***values)
{
	size_t nr = 0;

	*values = xcalloc(rec->nr_cases, sizeof(**values));
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_field *param = record_find_param(&rec->cases[i], by);
		size_t k = 0;

		while (param && k < nr && strcmp((*values)[k], param->text))
			k++;
		if (param && k == nr)
			(*values)[nr++] = param->text;
	}
	for (size_t k = 1; base && k < nr; k++) {
		if (!strcmp((*values)[k], base)) {
			(*values)[k] = (*values)[0];
			(*values)[0] = base;
		}
	}
	return nr;
}

static int compare_by(struct comparison *c, const char *param, struct error *err)
{
	char *by = xstrdup(param), *base = strchr(by, '=');
	struct side x = { .rec = c->base }, y = { .rec = c->base };
	const char **values;
	size_t nr;

	if (base)
		*base++ = '\0';
	nr = values_of(c->base, by, base, &values);
	if (!nr || (base && strcmp(values[0], base)))
		error_set(err, "--by=%s: no case of %s has it", param, c->base_path);
	else if (nr == 1)
		error_set(err, "--by=%s: all cases of %s have the value %s", by, c->base_path,
			  values[0]);
	for (size_t i = 1; i < nr && (!base || !strcmp(values[0], base)); i++) {
		/* Names and values live as long as the record. */
		x.by = y.by = record_strdup((struct record *)c->base, by);
		x.value = record_strdup((struct record *)c->base, values[0]);
		y.value = values[i];
		x.name = record_printf((struct record *)c->base, "%s=%s", by, x.value);
		y.name = record_printf((struct record *)c->base, "%s=%s", by, y.value);
		add_table(c, table_make(&x, &y, &c->settings, c->calibration, c->select));
	}
	free(values);
	free(by);
	return c->nr_tables ? 0 : -1;
}

int comparison_make(struct comparison *c, const char *by, struct error *err)
{
	const struct side base = { c->base, c->base_path, NULL, NULL };
	const struct side head = { c->head, c->head_path, NULL, NULL };

	c->nr_differences = environment_differences(c->base, c->head, NULL, &c->differences);
	c->nr_doubts = environment_doubts(c->base, c->head, &c->doubts);
	if (by)
		return compare_by(c, by, err);
	add_table(c, table_make(&base, &head, &c->settings, c->calibration, c->select));
	return 0;
}

void comparison_free(struct comparison *c)
{
	for (size_t i = 0; i < c->nr_tables; i++)
		table_free(c->tables[i]);
	lines_free(c->differences, c->nr_differences);
	lines_free(c->doubts, c->nr_doubts);
	reasons_free(c);
	free(c->tables);
}

size_t row_head_samples(const struct row *row)
{
	return row->head_metric ? row->head_metric->nr_values : 0;
}

/* What all tables of a comparison have. */
struct total {
	size_t of[NR_VERDICTS], rows, failed;
	const struct record_case *first_failed;
	const struct row *most[NR_VERDICTS]; /* that moved most, of the slower and the faster */
	const char *label[NR_VERDICTS];
};

static void add_to_total(struct total *sum, const struct table *t)
{
	if (t->nr_failed && !sum->failed)
		sum->first_failed = t->failed[0];
	sum->failed += t->nr_failed;
	sum->rows += t->nr_rows;
	for (size_t i = 0; i < t->nr_rows; i++) {
		const struct row *row = &t->rows[i];
		const struct row **most = &sum->most[row->verdict];

		sum->of[row->verdict]++;
		if (*most && !(fabs(row->change) > fabs((*most)->change)))
			continue;
		*most = row;
		sum->label[row->verdict] = t->labels[i];
	}
}

static struct total total_of(const struct comparison *c)
{
	struct total sum = { 0 };

	for (size_t i = 0; i < c->nr_tables; i++)
		add_to_total(&sum, c->tables[i]);
	return sum;
}

static void put_moved(const struct total *sum, enum verdict v, FILE *out)
{
	fprintf(out, "%zu of %zu %s, by up to %.3g %% (%s)", sum->of[v], sum->rows,
		verdict_names[v], 100 * fabs(sum->most[v]->change), sum->label[v]);
}

static void put_answer(const struct total *sum, FILE *out)
{
	bool slower = sum->of[VERDICT_SLOWER], faster = sum->of[VERDICT_FASTER];

	if (slower || faster) {
		fputs(slower && faster ? "mixed: " :
		      slower	       ? "regression: " :
					 "improvement: ",
		      out);
		if (slower)
			put_moved(sum, VERDICT_SLOWER, out);
		if (slower && faster)
			fputs("; ", out);
		if (faster)
			put_moved(sum, VERDICT_FASTER, out);
	} else if (sum->of[VERDICT_SAME]) {
		fprintf(out, "nothing: %zu of %zu are the same", sum->of[VERDICT_SAME], sum->rows);
	} else {
		fprintf(out, "nothing could be judged");
	}
	if (sum->of[VERDICT_UNPROVEN])
		fprintf(out, "; %zu unproven", sum->of[VERDICT_UNPROVEN]);
}

char *comparison_headline(const struct comparison *c)
{
	struct total sum = total_of(c);
	size_t gaps = 0, size;
	char *text;
	FILE *out = xmemstream(&text, &size);

	for (enum verdict v = VERDICT_ERROR; v < NR_VERDICTS; v++)
		gaps += sum.of[v];
	if (sum.failed)
		fprintf(out,
			"FAILURE: %zu case%s of head broke an invariant, %s%s: %s; no speed "
			"counts. Else ",
			sum.failed, sum.failed > 1 ? "s" : "", sum.failed > 1 ? "first " : "",
			sum.first_failed->id, case_why(sum.first_failed));
	if (gaps)
		fputs("INCOMPLETE: head lacks", out);
	for (enum verdict v = VERDICT_ERROR, first = 1; v < NR_VERDICTS; v++)
		if (sum.of[v]) {
			fprintf(out, "%s %zu (%s)", first ? "" : ",", sum.of[v], verdict_names[v]);
			first = 0;
		}
	if (gaps)
		fprintf(out, " of base's %zu. Else ", sum.rows);
	put_answer(&sum, out);
	xmemstream_end(out);
	return text;
}

enum status comparison_status(const struct comparison *c, bool bisect)
{
	struct total sum = total_of(c);
	size_t judged = 0, gaps = 0;

	for (enum verdict v = 0; v < NR_VERDICTS; v++) {
		judged += verdict_is_judgement(v) ? sum.of[v] : 0;
		gaps += verdict_is_gap(v) ? sum.of[v] : 0;
	}
	if (sum.of[VERDICT_SLOWER] || sum.failed)
		return STATUS_FAILURE;
	if (gaps)
		return STATUS_ERROR;
	if (!judged) {
		fputs("gntbench: no row could be judged\n", stderr);
		return STATUS_INCOMPARABLE;
	}
	return bisect && sum.of[VERDICT_UNPROVEN] ? STATUS_INCOMPARABLE : STATUS_OK;
}
