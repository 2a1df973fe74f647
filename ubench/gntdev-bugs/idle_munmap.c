// SPDX-License-Identifier: GPL-2.0
/*
 * The control: map, look, munmap, with no page in use. Passes on every kernel, or the machine or
 * the test is broken, and then no other verdict means anything.
 */
#include "bugs.h"

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = bug_check_pages(run, run->map, 0, BUG_PAGES);

	return verdict ? verdict : bug_munmap(run, 0, BUG_PAGES);
}

const struct bug idle_munmap = {
	.name = "idle_munmap",
	.what = "munmap, no page in use",
	.run = run,
};
