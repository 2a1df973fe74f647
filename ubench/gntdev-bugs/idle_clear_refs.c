// SPDX-License-Identifier: GPL-2.0
/*
 * Writing 4 to /proc/PID/clear_refs clears the soft-dirty bits of a process, as checkpointing and
 * memory tracking tools do to others. Its notification covers every address, and gntdev takes it
 * for the end of the mapping. The pages must still be there.
 */
#include "bugs.h"

#include <fcntl.h>
#include <unistd.h>

static enum bug_result run(struct bug_run *run)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, "4", 1) == 1;
	enum bug_result verdict;

	if (fd >= 0)
		close(fd);
	if (!done)
		return say(run, BUG_SKIP, "no /proc/self/clear_refs in this kernel");
	verdict = bug_check_pages(run, run->map, 0, BUG_PAGES);
	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug idle_clear_refs = {
	.name = "idle_clear_refs",
	.what = "clear_refs of soft-dirty bits, no page in use",
	.run = run,
};
