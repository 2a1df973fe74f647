/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory and text, never NULL: where there is none, the program says so and ends with status 2, as
 * nothing was written yet that would have to be cleaned up.
 */
#ifndef UBENCH_ALLOC_H
#define UBENCH_ALLOC_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void *xcalloc(size_t nr, size_t size);
void *xrealloc_array(void *ptr, size_t nr, size_t size);
char *xstrdup(const char *text);
char *xvasprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* open_memstream(), and its end: from then on *@text is whole, and the caller's to free. */
FILE *xmemstream(char **text, size_t *size);
void xmemstream_end(FILE *stream);

/*
 * The array that grows: room for an element behind the *@nr of @array, which is zeroed and counted.
 * Its room doubles, so that nothing else need be kept. Returns the array.
 */
void *grow_array(void *array, size_t *nr, size_t size);
#define GROW(array, nr) ((array) = grow_array(array, &(nr), sizeof(*(array))), &(array)[(nr)-1])

#endif /* UBENCH_ALLOC_H */
