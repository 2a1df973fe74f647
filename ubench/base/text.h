/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UBENCH_TEXT_H
#define UBENCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A file's first line without its end, malloc'd; NULL if it can't be read. */
char *read_text(const char *path);

/* A whole file that has no NUL in it, malloc'd; NULL and errno if it can't be read. */
char *read_whole_text(const char *path);

/*
 * Bytes of the character at @text that a terminal or a page could obey instead of showing it: the
 * controls of ASCII and of Unicode, and what turns the direction of a line. 0: it is harmless.
 */
size_t control_length(const char *text);

/* Whether LIST, words separated by spaces or NULL, has WORD. */
bool has_word(const char *list, const char *word);

/* @text with every control character, and every one of @not, as a blank. */
void put_clean(const char *text, const char * not, FILE *out);

/* A field of CSV (RFC 4180), quoted where it must be; one behind a comma, empty if it isn't finite. */
void put_csv_text(FILE *out, const char *text);
void put_csv_number(FILE *out, double v);

#endif /* UBENCH_TEXT_H */
