// SPDX-License-Identifier: GPL-2.0
/*
 * As idle_mremap, with a page in use: the unmap waits, so the page table entries move with the
 * VMA. gntdev's find_special_page() goes on counting from the old address, so that the zap at the
 * new one looks far outside of map->pages, and the unmap that waits looks for its entries where
 * they are no more.
 */
#include "bugs.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static enum bug_result run(struct bug_run *run)
{
	size_t size = BUG_PAGES * run->page_size;
	enum bug_result verdict = bug_hold(run, 5);
	unsigned char *map;
	void *to;

	if (verdict)
		return verdict;
	to = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (to == MAP_FAILED)
		return say(run, BUG_ERROR, "mmap: %s", strerror(errno));
	map = mremap(run->map, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	if (map == MAP_FAILED) /* refused: then all must be as it was */
		map = run->map;
	verdict = bug_read_pipe(run, 5);
	bug_wait(100); /* the attempts that come now find no page busy */
	if (!verdict)
		verdict = bug_check_pages(run, map, 0, BUG_PAGES);
	munmap(map, size);
	return verdict;
}

const struct bug pipe_mremap = {
	.name = "pipe_mremap",
	.what = "mremap to another address with a page spliced into a pipe",
	.run = run,
};
