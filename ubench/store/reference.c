// SPDX-License-Identifier: GPL-2.0
#include "store/reference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "record/environment.h"
#include "verdict/verdict.h"

#define MAGIC  "# gntbench reference "
#define STEADY "steady"
#define VARIES "varies"

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

void reference_print(const struct record *rec, FILE *out)
{
	fprintf(out, MAGIC "%d\n", REFERENCE_VERSION);
	fputs("# Written by 'make reference', read by 'make regress'. A line a metric: case, metric,\n"
	      "# unit, per, divisor, then what the path of a whole sample costs (divided by divisor, the\n"
	      "# cost a page), or 'varies' if it has no one cost. See results/README.md.\n",
	      out);
	fprintf(out, "tier %s\nsuite %s\nfingerprint %s\n", tier_names[rec->tier], rec->suite,
		rec->fingerprint);
	for (size_t i = 0; i < rec->nr_environment; i++)
		if (environment_decides(rec->environment[i].name))
			fprintf(out, "environment %s %s\n", rec->environment[i].name,
				rec->environment[i].text);
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (c->status == CASE_SKIP)
			fprintf(out, "skip %s %s\n", c->id, c->reason);
		for (size_t k = 0; k < c->nr_metrics && c->status == CASE_OK; k++) {
			const struct record_metric *m = &c->metrics[k];
			double cost;

			fprintf(out, "case %s %s %s %s %ju ", c->id, m->name, m->unit, m->per,
				(uintmax_t)m->divisor);
			if (metric_is_steady(m, &cost))
				fprintf(out, "%.15g\n", cost);
			else
				fputs(VARIES "\n", out);
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

/* The case @id: the last one, or a new one. */
static struct record_case *parse_case(struct record *rec, const char *id, size_t room,
				      struct error *err)
{
	struct record_case *c = rec->nr_cases ? &rec->cases[rec->nr_cases - 1] : NULL;

	if (c && !strcmp(c->id, id))
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
	if (!strcmp(value, VARIES))
		return 0;
	m->values = record_alloc(rec, 1, sizeof(double));
	m->values[0] = strtod(value, &end);
	if (!*value || *end || line)
		return error_set(err, "'%s' is not one number at the end of the line", value);
	m->nr_values = 1;
	summarize(m->values, 1, &m->summary);
	return 0;
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
		struct record_case *c = parse_case(rec, word(&line), room, err);

		if (!c)
			return -1;
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
		if (!ret && number == 1 && atoi(line + strlen(MAGIC)) != REFERENCE_VERSION)
			ret = error_set(err, "reference version %s, this gntbench reads version %d",
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
