// SPDX-License-Identifier: GPL-2.0
/*
 * Whole commands, timed by hyperfine, beside our own numbers of the same cases.
 *
 * A command with twice the samples costs more by just those samples: starting, the record and the
 * module's set-up cancel out. What remains is our timed phases, and what surrounds them: the ops are
 * made and the oracle looks, untimed. That part doesn't depend on the unmap mode, so the difference
 * of two modes must be the same for hyperfine and for us.
 */
#include "report/hyperfine.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "record/record.h"

#define MAX_COMMANDS 256
#define MAX_SAMPLES  (8 << 20) /* more values than one run can have: GNTBENCH_MAX_VALUES */

/* "ID samples=N", as scripts/hyperfine names a command. */
struct command {
	char *id;
	long samples;
	double mean_s, stddev_s;
	size_t nr_runs;
};

struct commands {
	struct command list[MAX_COMMANDS];
	size_t nr;
};

static int read_command(struct commands *commands, json_t *result, const char *path,
			struct error *err)
{
	struct command *c = &commands->list[commands->nr];
	json_t *name = json_object_get(result, "command"),
	       *times = json_object_get(result, "times");
	json_t *mean = json_object_get(result, "mean");
	const char *text = json_string_value(name);
	const char *mark = text ? strstr(text, " samples=") : NULL;
	long samples;

	if (!mark || !json_is_number(mean) || !json_is_array(times))
		return error_set(err, "%s: command %zu is not what make hyperfine asks for: \"%s\"",
				 path, commands->nr + 1, text ?: "");
	if (commands->nr == MAX_COMMANDS)
		return error_set(err, "%s: more than %d commands", path, MAX_COMMANDS);
	samples = strtol(mark + strlen(" samples="), NULL, 10);
	if (samples < 1 || samples > MAX_SAMPLES)
		return error_set(err, "%s: command %zu has %ld samples: 1 to %d can be", path,
				 commands->nr + 1, samples, MAX_SAMPLES);
	*c = (struct command) {
		.id = xasprintf("%.*s", (int)(mark - text), text),
		.samples = samples,
		.mean_s = json_number_value(mean),
		.stddev_s = json_number_value(json_object_get(result, "stddev")),
		.nr_runs = json_array_size(times),
	};
	commands->nr++;
	return 0;
}

static int read_commands(struct commands *commands, const char *path, struct error *err)
{
	json_error_t where;
	json_t *json = json_load_file(path, 0, &where);
	json_t *results = json_object_get(json, "results"), *result;
	size_t i;
	int ret = 0;

	if (!json)
		return error_set(err, "can't read %s: %s", path, where.text);
	if (!json_is_array(results))
		ret = error_set(err, "%s has no \"results\": is it hyperfine's --export-json?",
				path);
	json_array_foreach(results, i, result) {
		if (ret)
			break;
		ret = read_command(commands, result, path, err);
	}
	json_decref(json);
	return ret;
}

/* Sums of the medians of all timed phases, in ns. In the exact tier an instruction is a virtual ns. */
static double own_sample_ns(const struct record_case *c)
{
	double sum = 0;

	for (size_t i = 0; i < c->nr_metrics; i++)
		if (strcmp(c->metrics[i].unit, "count"))
			sum += c->metrics[i].summary.p50;
	return sum;
}

/* The same case with twice the samples; NULL if hyperfine didn't run it. */
static const struct command *longer(const struct commands *commands, const struct command *c)
{
	for (size_t i = 0; i < commands->nr; i++)
		if (commands->list[i].samples == 2 * c->samples &&
		    !strcmp(commands->list[i].id, c->id))
			return &commands->list[i];
	return NULL;
}

static double sample_ns(const struct command *c, const struct command *twice)
{
	return (twice->mean_s - c->mean_s) / c->samples * 1e9;
}

/* Standard error of sample_ns(). */
static double sample_error_ns(const struct command *c, const struct command *twice)
{
	double a = c->stddev_s, b = twice->stddev_s;

	return sqrt((a * a + b * b) / fmax(1, c->nr_runs)) / c->samples * 1e9;
}

static void add_commands(struct doc *doc, const struct commands *commands, const struct record *rec)
{
	doc_heading(doc, 3, "Commands and samples");
	doc_para(doc,
		 "A sample: what a command with twice the samples takes longer, divided by "
		 "their number. Timed phases: the sum of our medians. The rest makes the ops and "
		 "is the oracle's, or user space's, and is in no number of ours.");
	doc_table(doc, "",
		  "<case|samples|command, ms|± ms|twice the samples, ms|a sample, µs|"
		  "timed phases, µs|rest, µs");
	for (size_t i = 0; i < commands->nr; i++) {
		const struct command *c = &commands->list[i], *twice = longer(commands, c);
		const struct record_case *own = record_find_case(rec, c->id);

		if (!twice || !own || own->status != CASE_OK)
			continue;
		doc_cell(doc, "%s", c->id);
		doc_cell(doc, "%ld", c->samples);
		doc_cell(doc, "%.3f", c->mean_s * 1e3);
		doc_cell(doc, "%.3f", c->stddev_s * 1e3);
		doc_cell(doc, "%.3f", twice->mean_s * 1e3);
		doc_cell(doc, "%.2f", sample_ns(c, twice) / 1e3);
		doc_cell(doc, "%.2f", own_sample_ns(own) / 1e3);
		doc_cell(doc, "%.2f", (sample_ns(c, twice) - own_sample_ns(own)) / 1e3);
	}
}

/* The id without the part "unmap_mode=…" is the same; the caller frees it. */
static char *without_mode(const char *id)
{
	const char *mode = strstr(id, "/unmap_mode=");

	if (!mode)
		return NULL;
	return xasprintf("%.*s%s", (int)(mode - id), id, mode + 1 + strcspn(mode + 1, "/"));
}

static bool differ_in_mode_only(const char *a, const char *b)
{
	char *x = without_mode(a), *y = without_mode(b);
	bool same = x && y && !strcmp(x, y) && strcmp(a, b);

	free(x);
	free(y);
	return same;
}

/* A row for two modes; false if hyperfine and we don't agree. */
static bool add_difference(struct doc *doc, const struct commands *commands,
			   const struct record *rec, const struct command *a,
			   const struct command *b)
{
	const struct command *twice_a = longer(commands, a), *twice_b = longer(commands, b);
	const struct record_case *own_a = record_find_case(rec, a->id);
	const struct record_case *own_b = record_find_case(rec, b->id);
	double theirs, ours, error;
	bool agree;

	if (!twice_a || !twice_b || !own_a || !own_b)
		return true;
	theirs = sample_ns(b, twice_b) - sample_ns(a, twice_a);
	ours = own_sample_ns(own_b) - own_sample_ns(own_a);
	error = hypot(sample_error_ns(a, twice_a), sample_error_ns(b, twice_b));
	/* One sample more or less of a timer tick is no disagreement: 2 % of a sample. */
	agree = fabs(theirs - ours) <= fmax(2 * error, 0.02 * sample_ns(a, twice_a));
	doc_cell(doc, "%s against %s", b->id, strstr(a->id, "unmap_mode="));
	doc_cell(doc, "%+.2f", theirs / 1e3);
	doc_cell(doc, "%.2f", error / 1e3);
	doc_cell(doc, "%+.2f", ours / 1e3);
	doc_cell(doc, "%s", agree ? "yes" : "no");
	return agree;
}

static void add_differences(struct doc *doc, const struct commands *commands,
			    const struct record *rec)
{
	bool agree = true;

	doc_heading(doc, 3, "Do the two agree?");
	doc_para(doc,
		 "What surrounds the timed phases is the same for every unmap mode, so what two "
		 "modes differ by must be the same for hyperfine, which times whole commands, and "
		 "for us, who time the calls. They agree if they differ by less than twice the "
		 "standard error of hyperfine's means, or by less than 2 %% of a sample.");
	doc_table(doc, "", "<modes|hyperfine, µs a sample|± µs|ours, µs a sample|<agree");
	for (size_t i = 0; i < commands->nr; i++)
		for (size_t k = i + 1; k < commands->nr; k++)
			if (commands->list[i].samples == commands->list[k].samples &&
			    differ_in_mode_only(commands->list[i].id, commands->list[k].id))
				agree &= add_difference(doc, commands, rec, &commands->list[i],
							&commands->list[k]);
	if (!agree)
		doc_warning(doc,
			    "They don't agree everywhere: whole commands take the machine's other "
			    "work, scheduling and timer ticks in; more RUNS= and SAMPLES= make "
			    "these smaller.");
}

static void free_commands(struct commands *commands)
{
	for (size_t i = 0; i < commands->nr; i++)
		free(commands->list[i].id);
}

int report_hyperfine(struct doc *doc, int level, const char *json, const char *record,
		     struct error *err)
{
	struct commands commands = { .nr = 0 };
	struct record *rec = read_commands(&commands, json, err) ? NULL : record_read(record, err);

	if (rec) {
		doc_heading(doc, level, "Whole commands, timed by hyperfine");
		doc_para(
			doc, "Tier %s%s.", tier_names[rec->tier],
			rec->tier == TIER_EXACT ?
				": an instruction is a virtual ns, so µs are thousands of instructions" :
			rec->emulated ? ", emulated: ratios only" :
					"");
		add_commands(doc, &commands, rec);
		add_differences(doc, &commands, rec);
	}
	free_commands(&commands);
	record_free(rec);
	return rec ? 0 : -1;
}
