// SPDX-License-Identifier: GPL-2.0
/*
 * mprotect() of a mapping changes what may be done with its pages. gntdev's notifier is told of
 * the change and takes it for the end of the mapping: it unmaps the grants, whatever the event
 * was. A write-protected page must still be readable.
 */
#include "bugs.h"

#include <sys/mman.h>

static enum bug_result run(struct bug_run *run)
{
	mprotect(run->map, BUG_PAGES * run->page_size, PROT_READ); /* refused is fine */
	return bug_check_pages(run, run->map, 0, BUG_PAGES);
}

const struct bug idle_mprotect = {
	.name = "idle_mprotect",
	.what = "mprotect to read-only, no page in use",
	.run = run,
};
