// SPDX-License-Identifier: GPL-2.0
/*
 * A child of fork() doesn't get a gntdev mapping on PV (VM_DONTCOPY: Xen maps a grant into one
 * page table entry, which can't be copied). The parent's mapping must survive the fork and the
 * child's end.
 */
#include "bugs.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return say(run, BUG_ERROR, "fork: %s", strerror(errno));
	if (!pid)
		_exit(0);
	if (waitpid(pid, &status, 0) != pid || status)
		return say(run, BUG_FAILURE, "the child ended with status %#x", status);
	verdict = bug_check_pages(run, run->map, 0, BUG_PAGES);
	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug idle_fork = {
	.name = "idle_fork",
	.what = "fork, no page in use",
	.run = run,
};
