// SPDX-License-Identifier: GPL-2.0
/*
 * madvise(MADV_DONTNEED) empties a range and keeps its VMA; allocators and sandboxes use it. It
 * zaps like munmap(), with the same busy page. What the pages read as afterwards is undefined
 * here; that the page in the pipe is whole and the counts are right is not.
 */
#include "bugs.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 5);

	if (!verdict && madvise(run->map, BUG_PAGES * run->page_size, MADV_DONTNEED) &&
	    errno != EINVAL)
		return say(run, BUG_ERROR, "madvise: %s", strerror(errno));
	bug_wait(40); /* some attempts find the page busy */
	if (!verdict)
		verdict = bug_read_pipe(run, 5);
	bug_wait(100);
	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug pipe_madvise = {
	.name = "pipe_madvise",
	.what = "madvise(MADV_DONTNEED) with a page spliced into a pipe",
	.run = run,
};
