// SPDX-License-Identifier: GPL-2.0
/*
 * fork() while a page is in use. The child gets no mapping; that it ends must not touch the page
 * in the pipe, nor the parent's mapping of it.
 */
#include "bugs.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 5);
	int status;
	pid_t pid;

	if (verdict)
		return verdict;
	pid = fork();
	if (pid < 0)
		return say(run, BUG_ERROR, "fork: %s", strerror(errno));
	if (!pid)
		_exit(0);
	if (waitpid(pid, &status, 0) != pid || status)
		return say(run, BUG_FAILURE, "the child ended with status %#x", status);
	verdict = bug_check_pages(run, run->map, 0, BUG_PAGES);
	if (!verdict)
		verdict = bug_read_pipe(run, 5);
	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug pipe_fork = {
	.name = "pipe_fork",
	.what = "fork with a page spliced into a pipe",
	.run = run,
};
