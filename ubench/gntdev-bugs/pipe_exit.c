// SPDX-License-Identifier: GPL-2.0
/*
 * As pipe_munmap, but the process ends instead of calling munmap(): any backend that dies while a
 * page of it is in flight. exit_mmap() runs gntdev's notifier and zaps the page tables just as
 * munmap() does.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	return bug_hold(run, 5);
}

static enum bug_result after(struct bug_run *run)
{
	bug_wait(40); /* some attempts find the page busy */
	return bug_read_pipe(run, 5);
}

const struct bug pipe_exit = {
	.name = "pipe_exit",
	.what = "process exit with a page spliced into a pipe",
	.run = run,
	.after = after,
};
