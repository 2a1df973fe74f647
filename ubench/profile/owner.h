/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose memory a line is: of which table or structure, in Linux and in Xen. Known from symbols, from
 * x86-64's layout of both, from what kbench tells, and, in heaps, from the functions that use a page.
 */
#ifndef UBENCH_PROFILE_OWNER_H
#define UBENCH_PROFILE_OWNER_H

#include "profile/raw.h"
#include "profile/symbols.h"

enum owner {
	OWNER_GRANTED,
	OWNER_STRUCT_PAGE,
	OWNER_P2M,
	OWNER_TABLES,
	OWNER_GRANT_FRAME,
	OWNER_ACTIVE,
	OWNER_MAPTRACK,
	OWNER_PAGE_INFO,
	OWNER_M2P,
	OWNER_OPS,
	OWNER_LINUX_DATA,
	OWNER_LINUX_PERCPU,
	OWNER_LINUX_STACK,
	OWNER_LINUX_HEAP,
	OWNER_XEN_DATA,
	OWNER_XEN_PERCPU,
	OWNER_XEN_STACK,
	OWNER_XEN_HEAP,
	OWNER_KBENCH,
	OWNER_OTHER,
	NR_OWNERS
};

struct owner_info {
	const char *name; /* a few words */
	const char *what; /* a sentence */
	const char *color;
};

extern const struct owner_info owners[NR_OWNERS];

struct owner_map;

struct owner_map *owner_map_new(const struct raw *raw, struct symbols *syms);
void owner_map_free(struct owner_map *map); /* NULL is allowed */

/* The owner of a line that was touched in a run of a case. */
enum owner owner_of(const struct owner_map *map, const struct raw_line *line, unsigned int run);

#endif /* UBENCH_PROFILE_OWNER_H */
