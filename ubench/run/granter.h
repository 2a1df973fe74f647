/* SPDX-License-Identifier: GPL-2.0 */
/* The domain whose pages are mapped. */
#ifndef UBENCH_GRANTER_H
#define UBENCH_GRANTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct xs_handle;

/* NULL and errno if no xenstored answers. */
struct xs_handle *xenstore_open(void);

struct granter {
	uint32_t domid;	 /* GNTBENCH_SELF for self-grants */
	uint32_t *grefs; /* malloc'd; NULL for self-grants: the module grants them */
	size_t nr_grefs;
};

/* NAME is "self" or "domU"; "dom0" is refused. 0, or -1 and err. */
int granter_find(const char *name, struct granter *out, struct error *err);

/*
 * Adds "8-519 1024,1030" to the *NR grefs that there are, up to ROOM. Returns 0, or -1 if TEXT is
 * something else or too long.
 */
int grefs_parse(const char *text, uint32_t *grefs, size_t room, size_t *nr);

#endif /* UBENCH_GRANTER_H */
