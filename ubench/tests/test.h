/* SPDX-License-Identifier: GPL-2.0 */
/* What cmocka.h wants before it, and what several tests share. */
#ifndef UBENCH_TEST_H
#define UBENCH_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The text has the part; says both if not. */
#define assert_has(text, part)                                          \
	do {                                                            \
		if (!strstr(text, part))                                \
			fail_msg("'%s' does not say '%s'", text, part); \
	} while (0)

static inline void put_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline char *get_file(const char *path, size_t *size)
{
	char *text = NULL;
	FILE *file = fopen(path, "r");
	FILE *copy = open_memstream(&text, size);
	int c;

	assert_non_null(file);
	assert_non_null(copy);
	while ((c = fgetc(file)) != EOF)
		fputc(c, copy);
	fclose(file);
	assert_int_equal(fclose(copy), 0);
	return text;
}

#endif /* UBENCH_TEST_H */
