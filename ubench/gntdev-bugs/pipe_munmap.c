// SPDX-License-Identifier: GPL-2.0
/*
 * A user-space backend splices a granted page into a pipe and unmaps the batch, as one would unmap
 * any memory after handing it over. The pipe's reference makes the page busy, so gntdev puts the
 * unmap off (gnttab_unmap_refs_async()) and its page table entries stay. But munmap() goes on: the
 * zap finds the entries, gets their pages from find_special_page(), and drops a reference and a
 * mapping count for each that nobody took when they were mapped. All 16 pages are freed under the
 * mapping, and the one in the pipe too, so that its reader gets an error or somebody else's data;
 * the unmap that comes later finds its page table entries gone and fails, and the grants stay
 * mapped.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 5);

	if (!verdict)
		verdict = bug_munmap(run, 0, BUG_PAGES);
	bug_wait(40); /* some attempts find the page busy */
	return verdict ? verdict : bug_read_pipe(run, 5);
}

const struct bug pipe_munmap = {
	.name = "pipe_munmap",
	.what = "munmap with a page spliced into a pipe",
	.run = run,
};
