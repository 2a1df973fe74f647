// SPDX-License-Identifier: GPL-2.0
/*
 * munmap of the middle of a mapping splits its VMA in two. gntdev's notifier is not split with it
 * and goes on covering the whole range, so it must leave the pages of the two ends alone, and
 * unmap each end when its turn comes.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_munmap(run, 4, 8);

	if (!verdict)
		verdict = bug_check_pages(run, run->map, 0, 4);
	if (!verdict)
		verdict = bug_check_pages(run, run->map, 12, 4);
	if (!verdict)
		verdict = bug_munmap(run, 12, 4);
	if (!verdict)
		verdict = bug_check_pages(run, run->map, 0, 4);
	return verdict ? verdict : bug_munmap(run, 0, 4);
}

const struct bug idle_partial = {
	.name = "idle_partial",
	.what = "munmap of the middle, then of each end, no page in use",
	.run = run,
};
