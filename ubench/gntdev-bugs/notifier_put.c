// SPDX-License-Identifier: GPL-2.0
/*
 * The last reference to a mapping must not be dropped by its MMU notifier, as dropping it removes the
 * notifier, which waits for all notifiers of the process: for itself. The first version of our own fix
 * of pipe_munmap could do so, see kernel-patches/README.md.
 *
 * Two partial munmaps, the first with a page in use, and the second waiting for it; the file forgets
 * the mapping, so that only the waiting requests keep it. Then the page is let go, while another thread
 * makes one invalidation after the other of the same addresses, where something else is mapped now: the
 * notifier stays until the mapping is gone. Whoever of the work item and the notifier comes first
 * unmaps the second part; only one of them may drop the reference.
 */
#include "bugs.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/grant_table.h>
#include <xen/gntdev.h>

#define WAIT_MS 16 /* until the kernel has looked at the page again: 5 ms, in ticks of 4 */

/* The work item holds the mapping's lock the longer, and the notifier waits for it the surer. */
#define PAGES 512

static _Atomic(unsigned char *) target;
static atomic_uint turns; /* of the other thread */

static void *invalidate(void *argument)
{
	const struct bug_run *run = argument;
	unsigned char *where;

	/* NULL: wait, MAP_FAILED: the end. */
	while ((where = target) != MAP_FAILED) {
		if (where)
			madvise(where, PAGES * run->page_size, MADV_DONTNEED);
		turns++;
	}
	return NULL;
}

/* The next mapping may get the same addresses. */
static void leave_alone(void)
{
	unsigned int turn;

	target = NULL;
	turn = turns;
	while (turns - turn < 2)
		sched_yield();
}

/* Each grant many times: page i is a mapping of grant i % BUG_PAGES. */
static enum bug_result map_many(struct bug_run *run)
{
	struct ioctl_gntdev_map_grant_ref *op;
	enum bug_result verdict = BUG_OK;

	op = calloc(1, sizeof(*op) + PAGES * sizeof(op->refs[0]));
	if (!op)
		return say(run, BUG_ERROR, "out of memory");
	op->count = PAGES;
	for (unsigned int i = 0; i < PAGES; i++)
		op->refs[i] =
			(struct ioctl_gntdev_grant_ref) { run->domid, run->ref[i % BUG_PAGES] };
	if (ioctl(run->gntdev, IOCTL_GNTDEV_MAP_GRANT_REF, op))
		verdict =
			say(run, BUG_ERROR, "gntdev refused %d grefs: %s", PAGES, strerror(errno));
	run->index = op->index;
	free(op);
	if (verdict)
		return verdict;
	run->map = mmap(NULL, PAGES * run->page_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			run->gntdev, run->index);
	if (run->map == MAP_FAILED)
		return say(run, BUG_ERROR, "mmap of %d grants: %s", PAGES, strerror(errno));
	return BUG_OK;
}

static enum bug_result forget(struct bug_run *run)
{
	struct ioctl_gntdev_unmap_grant_ref op = { .index = run->index, .count = PAGES };

	if (ioctl(run->gntdev, IOCTL_GNTDEV_UNMAP_GRANT_REF, &op))
		return say(run, BUG_ERROR, "gntdev doesn't know the mapping: %s", strerror(errno));
	return BUG_OK;
}

static enum bug_result race(struct bug_run *run)
{
	size_t size = PAGES * run->page_size;
	enum bug_result verdict = map_many(run);

	if (!verdict)
		verdict = bug_hold(run, 3);
	if (!verdict)
		verdict = bug_munmap(run, 0, PAGES / 2);
	if (!verdict)
		verdict = bug_munmap(run, PAGES / 2, PAGES / 2);
	if (!verdict)
		verdict = forget(run);
	if (verdict)
		return verdict;
	if (mmap(run->map, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		 -1, 0) == MAP_FAILED)
		return say(run, BUG_ERROR, "mmap: %s", strerror(errno));
	target = run->map;
	verdict = bug_read_pipe(run, 3);
	bug_wait(WAIT_MS);
	leave_alone();
	munmap(run->map, size);
	return verdict;
}

static enum bug_result run(struct bug_run *run)
{
	enum bug_result verdict = BUG_OK;
	pthread_t thread;

	if (pthread_create(&thread, NULL, invalidate, run))
		return say(run, BUG_ERROR, "no thread");
	while (!verdict && run->progress < run->rounds) {
		verdict = race(run);
		run->progress++;
	}
	target = MAP_FAILED;
	pthread_join(thread, NULL);
	return verdict;
}

const struct bug notifier_put = {
	.name = "notifier_put",
	.what = "partial munmaps with a page in a pipe, while the addresses are used anew",
	.rounds = 300,
	.run = run,
};
