// SPDX-License-Identifier: GPL-2.0
#include "store/reference.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "base/alloc.h"
#include "base/pool.h"
#include "record/environment.h"
#include "verdict/exact.h"

#define MAGIC  "# gntbench reference "
#define WAITS  "waits"
#define VARIES "varies"

#define NR_QUANTILES  40  /* of what waits */
#define MAX_DIFFERENT 32  /* values of a metric; it varies if there are more */
#define ALL_SAMPLES   100 /* what a single value stands for */
#define MAX_SAMPLES   1000000

int reference_check(const struct record *rec, struct error *err)
{
	const struct record_field *dirty = record_find_environment(rec, "git_dirty");

	if (rec->tier != TIER_EXACT)
		return error_set(err,
				 "a record of tier %s is no reference: only exact numbers are "
				 "the same elsewhere",
				 tier_names[rec->tier]);
	if (dirty && strcmp(dirty->text, "false") && strcmp(dirty->text, "0"))
		return error_set(err, "the tree was dirty when this was recorded: commit, then "
				      "record the reference again");
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (c->oracle_broken)
			return error_set(err,
					 "%s: the oracle found %ju broken invariants: "
					 "its numbers are no reference",
					 c->id, (uintmax_t)c->oracle_broken);
		if (c->status == CASE_ERROR || c->status == CASE_FAILURE)
			return error_set(err, "%s has status %s: %s", c->id,
					 case_status_names[c->status], c->reason);
	}
	return 0;
}

/* A line is a line, whatever the record holds. */
static void put_text(const char *text, FILE *out)
{
	for (; *text; text++)
		putc((unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text, out);
}

static void put_word(const char *word, FILE *out)
{
	for (; *word; word++)
		putc((unsigned char)*word <= ' ' || *word == 0x7f ? '_' : *word, out);
	putc(' ', out);
}

/* "VALUE*N+VALUE*N" of sorted values; only counts them if @out is NULL. Returns how many there are. */
static size_t put_values(const double *v, size_t nr, FILE *out)
{
	size_t different = 0;

	for (size_t i = 0, end; i < nr; i = end) {
		for (end = i + 1; end < nr && v[end] == v[i]; end++)
			;
		if (out)
			fprintf(out, "%s%.15g*%zu", different ? "+" : "", v[i], end - i);
		different++;
	}
	return different;
}

/* What waits: as many order statistics as a verdict by statistics needs, and a bit. */
static void put_quantiles(const struct record_metric *m, FILE *out)
{
	double *sorted = xcalloc(m->nr_values, sizeof(*sorted)), quantiles[NR_QUANTILES];

	memcpy(sorted, m->values, m->nr_values * sizeof(*sorted));
	gsl_sort(sorted, 1, m->nr_values);
	for (size_t i = 0; i < NR_QUANTILES; i++)
		quantiles[i] = sorted[(2 * i + 1) * m->nr_values / (2 * NR_QUANTILES)];
	put_values(quantiles, NR_QUANTILES, out);
	fputs(" " WAITS, out);
	free(sorted);
}

static void put_cost(const struct record_case *c, const struct record_metric *m, FILE *out)
{
	double cost, *clean;
	bool steady;
	size_t nr;

	cost = exact_cost(c, m, &steady);
	if (steady) {
		fprintf(out, "%.15g", cost);
		return;
	}
	if (m->waits && m->nr_values) {
		put_quantiles(m, out);
		return;
	}
	clean = exact_samples(c, m, &nr);
	if (isnan(cost) || put_values(clean, nr, NULL) > MAX_DIFFERENT)
		fputs(VARIES, out);
	else
		put_values(clean, nr, out);
	free(clean);
}

void reference_print(const struct record *rec, FILE *out)
{
	fprintf(out, MAGIC "%d\n", REFERENCE_VERSION);
	fputs("# Written by 'make reference', read by 'make regress'. A line a metric: case, metric,\n"
	      "# unit, per, divisor, then what the path of a whole sample costs (divided by divisor, the\n"
	      "# cost a page), VALUE*N+... if not all samples cost the same, or 'varies'. See\n"
	      "# results/README.md.\n",
	      out);
	fprintf(out, "tier %s\nsuite ", tier_names[rec->tier]);
	put_text(rec->suite, out);
	fputs("\nfingerprint ", out);
	put_text(rec->fingerprint, out);
	putc('\n', out);
	for (size_t i = 0; i < rec->nr_environment; i++) {
		if (!environment_decides(rec->environment[i].name))
			continue;
		fprintf(out, "environment %s ", rec->environment[i].name);
		put_text(rec->environment[i].text, out);
		putc('\n', out);
	}
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (c->status == CASE_SKIP) {
			fputs("skip ", out);
			put_word(c->id, out);
			put_text(c->reason, out);
			putc('\n', out);
		}
		for (size_t k = 0; k < c->nr_metrics && c->status == CASE_OK; k++) {
			const struct record_metric *m = &c->metrics[k];

			fputs("case ", out);
			put_word(c->id, out);
			put_word(m->name, out);
			put_word(m->unit, out);
			put_word(m->per, out);
			fprintf(out, "%ju ", (uintmax_t)m->divisor);
			put_cost(c, m, out);
			putc('\n', out);
		}
	}
}

/* Takes the next word off *@line; "" at its end. */
static char *word(char **line)
{
	char *w = strsep(line, " ");

	return w ? w : "";
}

/* "name[:op]/param=value/…" */
static int parse_id(struct record *rec, struct record_case *c, const char *id, struct error *err)
{
	char *copy = (char *)record_strdup(rec, id), *name = strsep(&copy, "/"), *part;
	char *op = strchr(name, ':');

	c->id = record_strdup(rec, id);
	c->op = "";
	if (op) {
		*op = '\0';
		c->op = op + 1;
	}
	c->name = name;
	c->driver = c->reason = "";
	c->params = record_alloc(rec, 32, sizeof(*c->params));
	while ((part = strsep(&copy, "/"))) {
		char *value = strchr(part, '='), *end;
		struct record_field *param = &c->params[c->nr_params++];

		if (!value || c->nr_params == 32)
			return error_set(err, "'%s' is no case", id);
		*value++ = '\0';
		param->name = part;
		param->text = value;
		param->number = strtoll(value, &end, 10);
		param->is_number = *value && !*end;
	}
	return 0;
}

/* The case @id: the last one, if that is measured, or a new one. */
static struct record_case *parse_case(struct record *rec, const char *id, size_t room,
				      struct error *err)
{
	struct record_case *c = rec->nr_cases ? &rec->cases[rec->nr_cases - 1] : NULL;

	if (c && !strcmp(c->id, id) && c->status != CASE_SKIP)
		return c;
	if (record_find_case(rec, id)) {
		error_set(err, "case %s stands here twice", id);
		return NULL;
	}
	if (!rec->cases)
		rec->cases = record_alloc(rec, room, sizeof(*rec->cases));
	c = &rec->cases[rec->nr_cases++];
	return parse_id(rec, c, id, err) ? NULL : c;
}

static int drop_values(struct record *rec, struct record_metric *m, const char *text,
		       struct error *err)
{
	m->nr_values = 0;
	obstack_finish(&rec->pool);
	return error_set(err, "'%s' is not VALUE, nor VALUE*N+VALUE*N...", text);
}

/* "VALUE" is all samples, "VALUE*N+VALUE*N" says how many have which: none of them was hit. */
static int parse_values(struct record *rec, struct record_case *c, struct record_metric *m,
			const char *text, struct error *err)
{
	const char *p = text;
	char *end;

	do {
		double value = strtod(p, &end);
		size_t nr = ALL_SAMPLES;

		if (end > p && *end == '*')
			nr = strtoul(end + 1, &end, 10);
		if (end == p || !isfinite(value) || (*end && *end != '+') || !nr ||
		    nr > MAX_SAMPLES - m->nr_values)
			return drop_values(rec, m, text, err);
		m->nr_values += nr;
		while (nr--)
			obstack_grow(&rec->pool, &value, sizeof(value));
		p = end + 1;
	} while (*end);
	m->values = obstack_finish(&rec->pool);
	if (m->nr_values > c->nr_interrupts) {
		c->nr_interrupts = m->nr_values;
		c->interrupts = record_alloc(rec, c->nr_interrupts, sizeof(*c->interrupts));
	}
	c->oracle_checks = 1; /* it was clean, see reference_check() */
	summarize(m->values, m->nr_values, &m->summary);
	return 0;
}

static int parse_metric(struct record *rec, char *line, size_t room, struct error *err)
{
	struct record_case *c = parse_case(rec, word(&line), room, err);
	const char *value, *divisor;
	struct record_metric *m;
	char *end;

	if (!c)
		return -1;
	if (!c->metrics)
		c->metrics = record_alloc(rec, 16, sizeof(*c->metrics));
	if (c->nr_metrics == 16)
		return error_set(err, "case %s has more than 16 metrics", c->id);
	m = &c->metrics[c->nr_metrics];
	m->name = record_strdup(rec, word(&line));
	m->unit = record_strdup(rec, word(&line));
	m->per = record_strdup(rec, word(&line));
	divisor = word(&line);
	value = word(&line);
	if (record_find_metric(c, m->name))
		return error_set(err, "metric %s of %s stands here twice", m->name, c->id);
	c->nr_metrics++;
	m->divisor = strtoull(divisor, &end, 10);
	if (!m->divisor || *end)
		return error_set(err, "divisor '%s' is not a number from 1", divisor);
	m->waits = line && !strcmp(line, WAITS);
	if (line && !m->waits)
		return error_set(err, "'%s' at the end of the line", line);
	if (!strcmp(value, VARIES))
		return 0;
	return parse_values(rec, c, m, value, err);
}

static int parse_environment(struct record *rec, char *line, size_t room)
{
	struct record_field *field;

	if (!rec->environment)
		rec->environment = record_alloc(rec, room, sizeof(*rec->environment));
	field = &rec->environment[rec->nr_environment++];
	field->name = record_strdup(rec, word(&line));
	field->text = record_strdup(rec, line ? line : "");
	return 0;
}

static int parse_line(struct record *rec, char *line, size_t room, struct error *err)
{
	const char *key = word(&line);

	if (*key == '#' || !*key)
		return 0;
	if (!strcmp(key, "case"))
		return parse_metric(rec, line, room, err);
	if (!strcmp(key, "environment"))
		return parse_environment(rec, line, room);
	if (!strcmp(key, "suite"))
		rec->suite = record_strdup(rec, line ? line : "");
	else if (!strcmp(key, "fingerprint"))
		rec->fingerprint = record_strdup(rec, line ? line : "");
	else if (!strcmp(key, "skip")) {
		size_t nr_cases = rec->nr_cases;
		struct record_case *c = parse_case(rec, word(&line), room, err);

		if (!c)
			return -1;
		if (rec->nr_cases == nr_cases)
			return error_set(err, "case %s stands here twice", c->id);
		c->status = CASE_SKIP;
		c->reason = record_strdup(rec, line ? line : "");
	} else if (strcmp(key, "tier") || !line || strcmp(line, "exact"))
		return error_set(err, "can't read '%s %s'", key, line ? line : "");
	return 0;
}

static int parse(struct record *rec, FILE *in, const char *path, struct error *err)
{
	size_t room = 0, size = 0, number = 0;
	char *line = NULL;
	ssize_t len;
	int ret = 0;

	/* Room for as many cases, or fields, as there are lines. */
	while (getline(&line, &size, in) > 0)
		room++;
	rewind(in);
	while (!ret && (len = getline(&line, &size, in)) > 0) {
		number++;
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		else
			ret = error_set(err, "cut off in the middle of a line");
		if (!ret && number == 1 && strncmp(line, MAGIC, strlen(MAGIC)))
			ret = error_set(err, "no reference: its first line should be " MAGIC "%d",
					REFERENCE_VERSION);
		if (!ret && number == 1 &&
		    (atoi(line + strlen(MAGIC)) < 1 ||
		     atoi(line + strlen(MAGIC)) > REFERENCE_VERSION))
			ret = error_set(
				err, "reference version %s, this gntbench reads versions 1 to %d",
				line + strlen(MAGIC), REFERENCE_VERSION);
		if (!ret)
			ret = parse_line(rec, line, room, err);
	}
	free(line);
	if (!ret && (!rec->fingerprint || !rec->nr_cases))
		ret = error_set(err, "no %s in it", rec->fingerprint ? "case" : "fingerprint");
	return ret ? error_prefix(err, "%s:%zu", path, number) : 0;
}

struct record *reference_read(const char *path, struct error *err)
{
	FILE *in = fopen(path, "r");
	struct record *rec;

	if (!in) {
		error_set(err, "can't read %s: %s", path, strerror(errno));
		return NULL;
	}
	rec = record_new();
	rec->id = rec->suite = "";
	rec->started = "reference";
	rec->tier = TIER_EXACT;
	rec->unit = "insn";
	rec->emulated = true;
	if (parse(rec, in, path, err)) {
		record_free(rec);
		rec = NULL;
	}
	fclose(in);
	return rec;
}

struct record *record_or_reference(const char *path, struct error *err)
{
	char start[sizeof(MAGIC)] = "";
	FILE *in = fopen(path, "r");

	if (in) {
		if (!fgets(start, sizeof(start), in))
			start[0] = '\0';
		fclose(in);
	}
	return !strcmp(start, MAGIC) ? reference_read(path, err) : record_read(path, err);
}
