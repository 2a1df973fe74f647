// SPDX-License-Identifier: GPL-2.0
#include "base/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free  free

void pool_init(struct obstack *pool)
{
	obstack_init(pool);
}

void pool_free(struct obstack *pool)
{
	obstack_free(pool, NULL);
}

void *pool_alloc(struct obstack *pool, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		die_usage("out of memory");
	return memset(obstack_alloc(pool, bytes), 0, bytes);
}

const char *pool_strdup(struct obstack *pool, const char *text)
{
	return obstack_copy0(pool, text, strlen(text));
}

const char *pool_vprintf(struct obstack *pool, const char *format, va_list args)
{
	obstack_vprintf(pool, format, args);
	obstack_1grow(pool, '\0');
	return obstack_finish(pool);
}

const char *pool_printf(struct obstack *pool, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = pool_vprintf(pool, format, args);
	va_end(args);
	return text;
}
