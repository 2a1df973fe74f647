// SPDX-License-Identifier: GPL-2.0
/*
 * The module goes while a request of it is queued. A process ends with a page of its mapping in a pipe,
 * so that nobody has the device open, and gntdev's callback is yet to be called. Either rmmod is
 * refused until then, or nothing of the module may be used any more: stock Linux lets it go, and
 * calls what was at done()'s address as soon as the page is let go of.
 *
 * It needs a machine in which nobody else uses gntdev: xenstored and xenconsoled do.
 */
#include "bugs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WAIT_MS 200 /* for the kernel's next look at the page */

static bool is_loaded(void)
{
	return !access("/sys/module/xen_gntdev", F_OK);
}

/* The lab has no modules.dep. */
static enum bug_result load(struct bug_run *run)
{
	if (system("modprobe -q xen-gntdev || insmod /lib/modules/xen-gntdev.ko") || !is_loaded())
		return say(run, BUG_ERROR, "xen-gntdev can't be loaded again");
	return BUG_OK;
}

/* 0 or an errno. */
static int unload(void)
{
	return syscall(SYS_delete_module, "xen_gntdev", O_NONBLOCK) ? errno : 0;
}

static enum bug_result run(struct bug_run *run)
{
	return bug_hold(run, 5);
}

static enum bug_result after(struct bug_run *run)
{
	enum bug_result verdict;
	int err = unload();

	if (err && err != EWOULDBLOCK && err != EBUSY)
		return say(run, BUG_SKIP, "rmmod xen_gntdev: %s: built in?", strerror(err));
	verdict = bug_read_pipe(run, 5);
	bug_wait(WAIT_MS);
	if (!err) {
		if (!verdict)
			verdict = say(run, BUG_FAILURE,
				      "the module went, and its callback was still to be called");
		load(run);
		return verdict;
	}
	/* It was refused: because of the request, if it isn't any more now. */
	err = unload();
	if (!verdict && err)
		return say(run, BUG_SKIP, "somebody else uses gntdev");
	return verdict ?: load(run);
}

const struct bug rmmod_queued = {
	.name = "rmmod_queued",
	.what = "rmmod of xen-gntdev with a request queued",
	.alone = true,
	.run = run,
	.after = after,
};
