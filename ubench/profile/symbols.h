/* SPDX-License-Identifier: GPL-2.0 */
/* From addresses to functions: of Xen, the kernel and its modules. */
#ifndef UBENCH_SYMBOLS_H
#define UBENCH_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct symbols;

/*
 * What an address is part of. Pointers belong to the struct symbols.
 * @image: "Xen"; "Linux", dom0's, or the name of a module of its, "module" if nobody knows which one;
 *	   "domU" and "domU module", of any other domain; "user"
 * @function: the function's name, without what compilers append (.isra.0, .cold); NULL: unknown
 * @start: of the function; 0 if it is unknown
 */
struct symbol {
	const char *image;
	const char *function;
	uint64_t start;
};

struct symbols *symbols_new(void);
void symbols_free(struct symbols *syms); /* NULL is allowed */

/*
 * Adds the names of a file in the form of nm and /proc/kallsyms: "ADDRESS TYPE NAME [MODULE]".
 * Returns 0, or -1 and err.
 */
int symbols_read(struct symbols *syms, const char *path, struct error *err);

struct symbol symbols_find(struct symbols *syms, uint64_t address);

/* An image that is a kernel, of whatever domain. */
bool symbols_is_linux(const char *image);

/* The address as the CPU has it, without what tells a domU's kernel from dom0's. */
uint64_t symbols_address(uint64_t address);

/*
 * What data an address belongs to: the symbol before it, of an image's data; @function is its name.
 * NULL if there is none, or if the address isn't of an image.
 */
struct symbol symbols_find_data(struct symbols *syms, uint64_t address);

/* What would give names to an image that has none; NULL if nothing would. */
const char *symbols_hint(const char *image);

#endif /* UBENCH_SYMBOLS_H */
