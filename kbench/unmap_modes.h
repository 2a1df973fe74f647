/* SPDX-License-Identifier: GPL-2.0 */
/* How the pages of a batch are unmapped. */
#ifndef GNTBENCH_UNMAP_MODES_H
#define GNTBENCH_UNMAP_MODES_H

#include <linux/types.h>

struct batch;

/**
 * struct unmap_mode - one way to unmap
 * @name: as the user says it
 * @safe: looks at the page counts
 * @calls_done: ends with a call of batch_done(), perhaps after unmap() returned; if not, unmap()
 *	returns when the batch is unmapped, however long that takes
 * @unmap: starts to unmap; batch_wait() must follow. At the end result and done_ticks are set.
 */
struct unmap_mode {
	const char *name;
	bool safe;
	bool calls_done;
	void (*unmap)(struct batch *batch);
};

/* NULL if there is no mode of that name. */
const struct unmap_mode *unmap_mode_find(const char *name);

#endif /* GNTBENCH_UNMAP_MODES_H */
