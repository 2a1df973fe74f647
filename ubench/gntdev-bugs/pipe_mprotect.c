// SPDX-License-Identifier: GPL-2.0
/*
 * As idle_mprotect, with a page in use: now the unmap that the notifier started waits, so the
 * pages are there when mprotect() returns and go away under the user when the pipe is drained.
 */
#include "bugs.h"

#include <sys/mman.h>

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 5);

	if (verdict)
		return verdict;
	mprotect(run->map, BUG_PAGES * run->page_size, PROT_READ); /* refused is fine */
	verdict = bug_read_pipe(run, 5);
	bug_wait(100); /* the attempts that come now find no page busy */
	if (!verdict)
		verdict = bug_check_pages(run, run->map, 0, BUG_PAGES);
	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug pipe_mprotect = {
	.name = "pipe_mprotect",
	.what = "mprotect to read-only with a page spliced into a pipe",
	.run = run,
};
