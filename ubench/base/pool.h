/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that goes all at once: obstacks. Nothing here returns NULL. */
#ifndef UBENCH_POOL_H
#define UBENCH_POOL_H

#include <obstack.h>
#include <stdarg.h>
#include <stddef.h>

void pool_init(struct obstack *pool);
void pool_free(struct obstack *pool);
void *pool_alloc(struct obstack *pool, size_t count, size_t size); /* zeroed */
const char *pool_strdup(struct obstack *pool, const char *text);
const char *pool_vprintf(struct obstack *pool, const char *format, va_list args);
const char *pool_printf(struct obstack *pool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* UBENCH_POOL_H */
