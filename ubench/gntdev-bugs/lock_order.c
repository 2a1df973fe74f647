// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads, one in the ioctl that makes a mapping known, the other in mmap(). The ioctl writes its
 * answer with gntdev's lock held, and the page fault that this may be wants mmap_lock; mmap() comes
 * with mmap_lock held and wants gntdev's lock. Both wait for ever, and with them everybody who wants
 * mmap_lock, until the process is killed. Since "xen/gntdev: fix error handling in ioctl".
 *
 * The ioctl's argument is in a private mapping of a file: reading it maps the file's page, writing it
 * needs a copy, and the first one of a mapping can't be made without mmap_lock.
 */
#include "bugs.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/grant_table.h>
#include <xen/gntdev.h>

static atomic_bool stop;

/* gntdev knows nothing of this offset, but it has to look. */
static void *map_nothing(void *argument)
{
	struct bug_run *run = argument;

	while (!stop)
		if (mmap(NULL, run->page_size, PROT_READ, MAP_SHARED, run->gntdev, 1L << 40) !=
		    MAP_FAILED)
			break;
	return NULL;
}

static enum bug_result add_and_remove(struct bug_run *run, int file)
{
	struct ioctl_gntdev_unmap_grant_ref remove = { .count = 1 };
	struct ioctl_gntdev_map_grant_ref *op;
	enum bug_result verdict = BUG_OK;

	op = mmap(NULL, run->page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	if (op == MAP_FAILED)
		return say(run, BUG_ERROR, "mmap of a file: %s", strerror(errno));
	if (ioctl(run->gntdev, IOCTL_GNTDEV_MAP_GRANT_REF, op))
		verdict = say(run, BUG_ERROR, "gntdev refused a gref: %s", strerror(errno));
	remove.index = op->index;
	munmap(op, run->page_size);
	if (!verdict && ioctl(run->gntdev, IOCTL_GNTDEV_UNMAP_GRANT_REF, &remove))
		verdict = say(run, BUG_ERROR, "gntdev has lost a mapping: %s", strerror(errno));
	return verdict;
}

static enum bug_result run(struct bug_run *run)
{
	struct ioctl_gntdev_map_grant_ref op = {
		.count = 1,
		.refs[0] = { run->domid, run->ref[0] },
	};
	enum bug_result verdict = BUG_OK;
	int file = memfd_create("op", MFD_CLOEXEC);
	pthread_t thread;

	if (file < 0 || ftruncate(file, run->page_size) ||
	    write(file, &op, sizeof(op)) != sizeof(op))
		return say(run, BUG_SKIP, "memfd: %s", strerror(errno));
	if (pthread_create(&thread, NULL, map_nothing, run))
		return say(run, BUG_ERROR, "no thread");
	while (!verdict && run->progress < run->rounds) {
		verdict = add_and_remove(run, file);
		run->progress++;
	}
	stop = true;
	pthread_join(thread, NULL);
	close(file);
	return verdict;
}

const struct bug lock_order = {
	.name = "lock_order",
	.what = "one thread in the ioctl that adds a mapping, one in mmap",
	.rounds = 300,
	.run = run,
};
