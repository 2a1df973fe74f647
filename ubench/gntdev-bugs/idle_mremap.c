// SPDX-License-Identifier: GPL-2.0
/*
 * mremap() moves a VMA to another address. VM_DONTEXPAND keeps a gntdev mapping from growing, but
 * nothing keeps it from moving. gntdev's notifier sees the old range go and unmaps the grants; the
 * VMA arrives at the new address with nothing in it. The kernel may refuse the move, or carry it
 * out; it must not say yes and lose the pages.
 */
#include "bugs.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static enum bug_result run(struct bug_run *run)
{
	size_t size = BUG_PAGES * run->page_size;
	void *to = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char *map;

	if (to == MAP_FAILED)
		return say(run, BUG_ERROR, "mmap: %s", strerror(errno));
	map = mremap(run->map, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	if (map == MAP_FAILED) /* refused: then all must be as it was */
		map = run->map;
	return bug_check_pages(run, map, 0, BUG_PAGES);
}

const struct bug idle_mremap = {
	.name = "idle_mremap",
	.what = "mremap to another address, no page in use",
	.run = run,
};
