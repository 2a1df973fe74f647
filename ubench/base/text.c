// SPDX-License-Identifier: GPL-2.0
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_until(const char *path, int end)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return NULL;
	errno = 0;
	if (getdelim(&text, &size, end, file) < 0) {
		free(text);
		text = NULL;
		errno = errno ?: EINVAL;
	}
	fclose(file);
	return text;
}

char *read_text(const char *path)
{
	char *line = read_until(path, '\n');

	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

char *read_whole_text(const char *path)
{
	return read_until(path, '\0');
}

size_t control_length(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	if ((*c && *c < ' ') || *c == 0x7f)
		return 1;
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
		return 2;
	/* U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069 */
	if (c[0] == 0xe2 && c[1] == 0x80 &&
	    ((c[2] & ~1u) == 0x8e || (c[2] >= 0xa8 && c[2] <= 0xae)))
		return 3;
	if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)
		return 3;
	return 0;
}

bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	while (list && len && !strchr(word, ' ') && (at = strstr(at, word))) {
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
		at += len;
	}
	return false;
}

void put_clean(const char *text, const char * not, FILE *out)
{
	for (size_t len; *text; text += len ?: 1) {
		len = control_length(text);
		putc(len || strchr(not, *text) ? ' ' : *text, out);
	}
}

void put_csv_text(FILE *out, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

void put_csv_number(FILE *out, double v)
{
	fputc(',', out);
	if (isfinite(v))
		fprintf(out, "%.10g", v);
}
