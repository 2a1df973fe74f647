// SPDX-License-Identifier: GPL-2.0
#include "base/options.h"

#include <argp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/man.h"

#define FIRST_KEY 256 /* of the options without a letter */
#define HELP_KEY  '?'
#define USAGE_KEY (FIRST_KEY - 1)

struct parsing {
	const struct options *options;
	char *args;
};

int number_parse(const char *text, double min, double max, double *value, struct error *err)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= min && v <= max))
		return error_set(err, "a number from %.10g to %.10g is needed", min, max);
	*value = v;
	return 0;
}

static int take_count(const struct option_row *row, void *field, const char *text,
		      struct error *err)
{
	uint64_t count;
	uint32_t small;
	double value = 0;

	if (number_parse(text, row->min, row->max, &value, err))
		return -1;
	count = value;
	small = count;
	if (count != value)
		return error_set(err, "a whole number is needed");
	memcpy(field, row->size == sizeof(small) ? (void *)&small : (void *)&count, row->size);
	return 0;
}

static int take_word(const struct option_row *row, unsigned int *field, const char *text,
		     struct error *err)
{
	size_t len = strlen(text), nr = 0;

	for (const char *word = row->words; *word; nr++) {
		size_t word_len = strcspn(word, ",");

		if (len == word_len && !memcmp(text, word, len)) {
			*field = nr;
			return 0;
		}
		word += word_len;
		word += strspn(word, ", ");
	}
	return error_set(err, "there are %s", row->words);
}

static int take_texts(struct texts *field, const char *text, struct error *err)
{
	if (field->nr == MAX_TEXTS)
		return error_set(err, "more than %d of them", MAX_TEXTS);
	field->all[field->nr++] = text;
	return 0;
}

static int take(const struct option_row *row, void *field, const char *text, struct error *err)
{
	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)field = text;
		return 0;
	case OPTION_TEXTS:
		return take_texts(field, text, err);
	case OPTION_NUMBER:
		return number_parse(text, row->min, row->max, field, err);
	case OPTION_COUNT:
		return take_count(row, field, text, err);
	case OPTION_WORD:
		return take_word(row, field, text, err);
	case OPTION_TAKE:
		return row->take(field, text, err);
	}
	return 0;
}

static int key_of(const struct option_row *rows, size_t i)
{
	return rows[i].letter ?: FIRST_KEY + (int)i;
}

static error_t take_option(int key, const char *text, struct argp_state *state)
{
	const struct parsing *p = state->input;
	const struct option_row *rows = p->options->rows;
	struct error err;

	for (size_t i = 0; rows && rows[i].name; i++) {
		if (key_of(rows, i) != key)
			continue;
		text = text ?: rows[i].otherwise;
		if (take(&rows[i], p->args + rows[i].at, text, &err))
			argp_error(state, "--%s=%s: %s", rows[i].name, text, err.text);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void take_operands(struct argp_state *state)
{
	const struct parsing *p = state->input;
	struct operands *operands;
	size_t nr = state->argc - state->next;

	if (nr > p->options->most)
		argp_error(state, "'%s' is one word too many",
			   state->argv[state->next + p->options->most]);
	if (!p->options->most)
		return;
	operands = (struct operands *)(p->args + p->options->operands_at);
	operands->all = state->argv + state->next;
	operands->nr = nr;
}

static void check(struct argp_state *state)
{
	const struct parsing *p = state->input;
	struct error err;

	if (p->options->least &&
	    ((struct operands *)(p->args + p->options->operands_at))->nr < p->options->least)
		argp_error(state, "%s", p->options->needed);
	if (p->options->check && p->options->check(p->args, &err))
		argp_error(state, "%s", err.text);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARGS:
		take_operands(state);
		return 0;
	case ARGP_KEY_END:
		check(state);
		return 0;
	case HELP_KEY:
		argp_state_help(state, state->out_stream, ARGP_HELP_STD_HELP);
		return 0;
	case USAGE_KEY:
		argp_state_help(state, state->out_stream, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	default:
		return take_option(key, arg, state);
	}
}

/* For shells that complete a word: each option, and = behind those that need an argument. */
static void put_words(const struct option_row *rows)
{
	for (; rows && rows->name; rows++)
		printf("--%s%s\n", rows->name, rows->arg && !rows->otherwise ? "=" : "");
	puts("--help");
}

/* What no user asks for: options_parse() is all that there is of a subcommand then. */
static void print_and_end(const struct options *options, int argc, char **argv)
{
	if (argc != 2)
		return;
	if (!strcmp(argv[1], "--print-man"))
		man_of_options(options, argv[0], stdout);
	else if (!strcmp(argv[1], "--print-options"))
		put_words(options->rows);
	else
		return;
	exit(0);
}

void options_parse(const struct options *options, int argc, char **argv, void *args)
{
	struct parsing parsing = { options, args };
	const struct option_row *rows = options->rows;
	struct argp_option *table;
	size_t nr = 0;

	print_and_end(options, argc, argv);
	while (rows && rows[nr].name)
		nr++;
	table = xcalloc(nr + 3, sizeof(*table));
	for (size_t i = 0; i < nr; i++)
		table[i] = (struct argp_option) {
			.name = rows[i].name,
			.key = key_of(rows, i),
			.arg = rows[i].arg,
			.flags = rows[i].otherwise ? OPTION_ARG_OPTIONAL : 0,
			.doc = rows[i].what,
		};
	/* argp's own two come with a third, --HANG, which sleeps for an hour. */
	table[nr] = (struct argp_option) {
		.name = "help", .key = HELP_KEY, .doc = "this help", .group = -1
	};
	table[nr + 1] = (struct argp_option) {
		.name = "usage", .key = USAGE_KEY, .doc = "the same in short", .group = -1
	};
	argp_parse(&(struct argp) { table, parse, options->takes, options->what, NULL, NULL, NULL },
		   argc, argv, ARGP_NO_HELP, NULL, &parsing);
	free(table);
}
