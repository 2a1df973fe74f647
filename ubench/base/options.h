/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subcommand's command line as a table: a row an option, which says where in the subcommand's struct args
 * its argument goes. argp does the rest: --help, abbreviations, options behind operands. Whatever is wrong
 * ends the program as argp does.
 */
#ifndef UBENCH_OPTIONS_H
#define UBENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum option_kind {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_TEXTS,
	OPTION_NUMBER,
	OPTION_COUNT,
	OPTION_WORD,
	OPTION_TAKE
};

struct option_row {
	const char *name; /* NULL ends the table */
	int letter;	  /* 0: none */
	const char *arg;  /* as --help calls it; NULL: takes none */
	const char *what;
	enum option_kind kind;
	size_t at, size; /* of the field in struct args */
	double min, max;
	const char *words;     /* "this, that" */
	const char *otherwise; /* what it is without its argument, which may be left out then */
	int (*take)(void *field, const char *text, struct error *err);
};

/* An option that can be given often. */
#define MAX_TEXTS 32
struct texts {
	const char *all[MAX_TEXTS];
	size_t nr;
};

/* What is no option. */
struct operands {
	char **all;
	size_t nr;
};

struct options {
	const struct option_row *rows; /* NULL: none */
	const char *takes;	       /* the operands, a line a form, for --help */
	const char *what;	       /* for --help, above the options and, after \v, below them */
	size_t operands_at, least, most;
	const char *needed; /* said if there are fewer than @least */
	/* What can be judged at the end only: 0, or -1 and err. NULL: nothing. */
	int (*check)(void *args, struct error *err);
};

/* Where a row's argument goes: a field of struct args of that type, which the compiler checks. */
#define OPTION_AT(type, field) \
	(offsetof(struct args, field) + 0 * sizeof((type *)0 == &((struct args *)0)->field))
#define TO_FLAG(field)	.kind = OPTION_FLAG, .at = OPTION_AT(bool, field)
#define TO_TEXT(field)	.kind = OPTION_TEXT, .at = OPTION_AT(const char *, field)
#define TO_TEXTS(field) .kind = OPTION_TEXTS, .at = OPTION_AT(struct texts, field)
#define TO_NUMBER(field, from, to) \
	.kind = OPTION_NUMBER, .at = OPTION_AT(double, field), .min = (from), .max = (to)
/* An unsigned integer of 4 or 8 bytes. */
#define TO_COUNT(field, from, to)                                 \
	.kind = OPTION_COUNT, .at = offsetof(struct args, field), \
	.size = sizeof(((struct args *)0)->field), .min = (from), .max = (to)
/* Which of the words it is, from 0. */
#define TO_WORD(field, list) \
	.kind = OPTION_WORD, .at = OPTION_AT(unsigned int, field), .words = (list)
/* Whatever @function makes of it; on failure it says what is needed. */
#define TO_TAKE(field, function) \
	.kind = OPTION_TAKE, .at = offsetof(struct args, field), .take = (function)

/* As many operands, to the field operands of struct args. */
#define OPERANDS(from, to, otherwise_said)                                                  \
	.operands_at = OPTION_AT(struct operands, operands), .least = (from), .most = (to), \
	.needed = (otherwise_said)

/*
 * To @args, a struct args that holds the defaults. Doesn't return where something is wrong, nor after
 * --print-man, the manual page, and --print-options, for shells that complete words.
 */
void options_parse(const struct options *options, int argc, char **argv, void *args);

/* 0, or -1 and err if @text is no number from @min to @max. */
int number_parse(const char *text, double min, double max, double *value, struct error *err);

#endif /* UBENCH_OPTIONS_H */
