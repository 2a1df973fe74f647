/* SPDX-License-Identifier: GPL-2.0 */
/* Manual pages, of the texts that --help shows. */
#ifndef UBENCH_MAN_H
#define UBENCH_MAN_H

#include <stdio.h>

struct options;

/* The page of a subcommand. @command: "gntbench compare". */
void man_of_options(const struct options *options, const char *command, FILE *out);

/* A page by hand: its title and its one line; and a word with what it means. */
void man_begin(const char *command, const char *what, FILE *out);
void man_row(const char *name, const char *what, FILE *out);

#endif /* UBENCH_MAN_H */
