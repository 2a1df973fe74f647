// SPDX-License-Identifier: GPL-2.0
/*
 * Two partial munmaps, the first with a page in use. gntdev has one struct gntab_unmap_queue_data
 * a mapping (map->unmap_data), and the first unmap waits in it: the second one overwrites its ops,
 * its pages and its pending delayed work. The first part is never unmapped, or the kernel's timer
 * list is overwritten.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_hold(run, 3);

	if (!verdict)
		verdict = bug_munmap(run, 0, 8);
	if (!verdict)
		verdict = bug_munmap(run, 8, 8);
	bug_wait(40); /* some attempts find the page busy */
	return verdict ? verdict : bug_read_pipe(run, 3);
}

const struct bug pipe_twice = {
	.name = "pipe_twice",
	.what = "two partial munmaps, the first with a page spliced into a pipe",
	.run = run,
};
