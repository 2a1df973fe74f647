// SPDX-License-Identifier: GPL-2.0
#include "verdict/formats/formats.h"

#include <ctype.h>
#include <string.h>

/* A name or a unit holds no space, and nothing that ends a line. */
static void put_word(const char *text, FILE *out)
{
	for (; *text; text++)
		putc((unsigned char)*text <= ' ' || *text == 0x7f ? '_' : *text, out);
}

/* "BenchmarkMap_unmap/batch=32/unmap_mode=async" */
static void benchmark_name(FILE *out, const struct table *t, const struct row *row)
{
	const struct record_case *c = row->base_case;

	fprintf(out, "Benchmark%c", toupper((unsigned char)c->name[0]));
	put_word(c->name + !!*c->name, out);
	if (*c->op) {
		fputs("/op=", out);
		put_word(c->op, out);
	}
	for (size_t i = 0; i < c->nr_params; i++) {
		if (t->base.by && !strcmp(c->params[i].name, t->base.by))
			continue;
		putc('/', out);
		put_word(c->params[i].name, out);
		putc('=', out);
		put_word(c->params[i].text, out);
	}
	fputs("/metric=", out);
	put_word(row->base_metric->name, out);
}

static void benchmark_samples(FILE *out, const struct table *t, const struct row *row,
			      const struct record_metric *m)
{
	char unit[32];

	row_unit(row, unit, sizeof(unit));
	for (size_t i = 0; m && i < m->nr_values; i++) {
		benchmark_name(out, t, row);
		fprintf(out, " 1 %.10g ", m->values[i] / m->divisor);
		put_word(unit, out);
		putc('\n', out);
	}
}

static void put_side(const char *name, FILE *out)
{
	fputs("side: ", out);
	put_word(name, out);
	putc('\n', out);
}

/*
 * https://go.dev/design/14313-benchmark-format, one line a sample, sides told apart by a
 * configuration line: benchstat -col side FILE.
 */
void format_benchstat(const struct comparison *c, FILE *out)
{
	fprintf(out, "tier: %s\n", tier_names[c->base->tier]);
	for (size_t i = 0; i < c->nr_tables; i++) {
		const struct table *t = c->tables[i];

		put_side(t->base.name, out);
		for (size_t k = 0; k < t->nr_rows; k++)
			benchmark_samples(out, t, &t->rows[k], t->rows[k].base_metric);
		put_side(t->head.name, out);
		for (size_t k = 0; k < t->nr_rows; k++)
			benchmark_samples(out, t, &t->rows[k], t->rows[k].head_metric);
	}
}
