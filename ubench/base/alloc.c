// SPDX-License-Identifier: GPL-2.0
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static void *there(void *memory)
{
	if (!memory)
		die_usage("out of memory");
	return memory;
}

void *xcalloc(size_t nr, size_t size)
{
	/* Room for nothing is some room: NULL means failure. */
	return there(calloc(nr ?: 1, size ?: 1));
}

void *xrealloc_array(void *ptr, size_t nr, size_t size)
{
	return there(reallocarray(ptr, nr ?: 1, size ?: 1));
}

char *xstrdup(const char *text)
{
	return there(strdup(text));
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *text = NULL;

	return there(vasprintf(&text, fmt, ap) < 0 ? NULL : text);
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	return text;
}

FILE *xmemstream(char **text, size_t *size)
{
	return there(open_memstream(text, size));
}

void xmemstream_end(FILE *stream)
{
	if (fclose(stream))
		there(NULL);
}

void *grow_array(void *array, size_t *nr, size_t size)
{
	/* Full where the number is a power of two, or nothing. */
	if (!(*nr & (*nr - 1)))
		array = xrealloc_array(array, *nr ? 2 * *nr : 1, size);
	memset((char *)array + *nr * size, 0, size);
	++*nr;
	return array;
}
