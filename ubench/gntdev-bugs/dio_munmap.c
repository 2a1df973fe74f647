// SPDX-License-Identifier: GPL-2.0
/*
 * O_DIRECT output straight from granted pages, which is what a disk backend in user space does, and
 * munmap() before it has completed. The block layer's references make the pages busy, the rest is
 * as in pipe_munmap. The disk is a null_blk whose requests take 50 ms; the lab has it with --domu
 * (scripts/lab/variants/domu/init).
 */
#include "bugs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DISK "/dev/slow"

static enum bug_result submit(struct bug_run *run, aio_context_t *context, int disk)
{
	struct iocb iocb = {
		.aio_lio_opcode = IOCB_CMD_PWRITE,
		.aio_fildes = disk,
		.aio_buf = (uintptr_t)run->map,
		.aio_nbytes = BUG_PAGES * run->page_size,
	};
	struct iocb *iocbs[] = { &iocb };

	if (syscall(SYS_io_setup, 1, context))
		return say(run, BUG_SKIP, "no asynchronous I/O: %s", strerror(errno));
	if (syscall(SYS_io_submit, *context, 1, iocbs) != 1)
		return say(run, BUG_ERROR, "O_DIRECT write to " DISK ": %s", strerror(errno));
	return BUG_OK;
}

static enum bug_result run(struct bug_run *run)
{
	struct timespec limit = { .tv_sec = 2 };
	aio_context_t context = 0;
	struct io_event event = { 0 };
	enum bug_result verdict;
	int disk = open(DISK, O_RDWR | O_DIRECT | O_CLOEXEC);

	if (disk < 0)
		return say(run, BUG_SKIP, DISK ": %s", strerror(errno));
	verdict = submit(run, &context, disk);
	if (verdict)
		goto out;
	if (syscall(SYS_io_getevents, context, 0, 1, &event, NULL)) {
		verdict = say(run, BUG_SKIP, DISK " writes at once: nothing is in flight");
		goto out;
	}
	verdict = bug_munmap(run, 0, BUG_PAGES);
	if (!verdict && syscall(SYS_io_getevents, context, 1, 1, &event, &limit) != 1)
		verdict = say(run, BUG_FAILURE, "the write never completed");
	if (!verdict && event.res != (int64_t)(BUG_PAGES * run->page_size))
		verdict = say(run, BUG_FAILURE, "the write returned %lld", (long long)event.res);
out:
	close(disk);
	return verdict;
}

const struct bug dio_munmap = {
	.name = "dio_munmap",
	.what = "munmap with O_DIRECT output in flight",
	.run = run,
};
