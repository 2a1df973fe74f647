// SPDX-License-Identifier: GPL-2.0
/*
 * munmap of a part of the mapping that has a page in use. The other pages belong to the user
 * still: they must be readable while the unmap waits, and after it.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 5);

	if (!verdict)
		verdict = bug_munmap(run, 4, 4);
	if (!verdict)
		verdict = bug_check_pages(run, run->map, 0, 4);
	if (!verdict)
		verdict = bug_read_pipe(run, 5);
	bug_wait(100); /* the attempts that come now find no page busy */
	if (!verdict)
		verdict = bug_check_pages(run, run->map, 8, 8);
	if (!verdict)
		verdict = bug_munmap(run, 8, 8);
	return verdict ? verdict : bug_munmap(run, 0, 4);
}

const struct bug pipe_partial = {
	.name = "pipe_partial",
	.what = "partial munmap with a page spliced into a pipe",
	.run = run,
};
