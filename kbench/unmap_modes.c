// SPDX-License-Identifier: GPL-2.0
/* The three ways of drivers/xen/grant-table.c. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "batch.h"
#include "sampler.h"
#include "unmap_modes.h"

static void unmap_immediate(struct batch *batch)
{
	batch->result = gnttab_unmap_refs(batch->unmap, NULL, batch->p.mapped, batch->p.nr);
	batch->done_ticks = sampler_end();
}

static void unmap_async(struct batch *batch)
{
	gnttab_unmap_refs_async(&batch->item);
}

/* Waits uninterruptibly; Linux's own done() takes the place of ours. */
static void unmap_sync(struct batch *batch)
{
	batch->result = gnttab_unmap_refs_sync(&batch->item);
	batch->done_ticks = sampler_end();
}

static const struct unmap_mode unmap_modes[] = {
	{ .name = "immediate", .unmap = unmap_immediate },
	{ .name = "async", .unmap = unmap_async, .safe = true, .calls_done = true },
	{ .name = "sync", .unmap = unmap_sync, .safe = true },
};

const struct unmap_mode *unmap_mode_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unmap_modes); i++)
		if (!strcmp(unmap_modes[i].name, name))
			return &unmap_modes[i];
	return NULL;
}
