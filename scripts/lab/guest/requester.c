// SPDX-License-Identifier: GPL-2.0
/*
 * The requester: init and only program of a small domU. It does what gntbench's driver blkback asks
 * for: so many requests of a size to one of its disks with O_DIRECT, one after the other or at once.
 */
#define _GNU_SOURCE
#include <linux/aio_abi.h>

#include "io.h"
#include "run/drivers/disk_io.h"

#define MODULE "/xen-blkfront.ko" /* absent if the kernel has it built in */
#define PLACES 64		  /* of the disk, that are used in turn */

static char data[DISK_MAX_QUEUE][DISK_MAX_BYTES] __attribute__((aligned(4096)));
static struct disk_request request;
static int disk = -1;

static aio_context_t queue;
static struct iocb iocbs[DISK_MAX_QUEUE];
static struct iocb *iocb_list[DISK_MAX_QUEUE];
static struct io_event events[DISK_MAX_QUEUE];

static bool open_disk(void)
{
	char name[] = "/dev/xvda";

	name[strlen(name) - 1] += request.disk;
	disk = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	return disk >= 0;
}

static bool do_request(unsigned int nr)
{
	uint32_t bytes = request.io.bytes;
	off_t at = (off_t)(nr % PLACES) * bytes;
	ssize_t done = request.write ? pwrite(disk, data[0], bytes, at) :
				       pread(disk, data[0], bytes, at);

	if (done >= 0 && done != (ssize_t)bytes)
		errno = EIO;
	return done == (ssize_t)bytes;
}

static bool do_requests(void)
{
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!do_request(i))
			return false;
	return true;
}

/* Where they are not next to each other: Linux would make one of two. */
static void prepare_queue(void)
{
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		iocbs[i] = (struct iocb) {
			.aio_fildes = disk,
			.aio_lio_opcode = request.write ? IOCB_CMD_PWRITE : IOCB_CMD_PREAD,
			.aio_buf = (uintptr_t)data[i],
			.aio_nbytes = request.io.bytes,
			.aio_offset = 2ll * i * request.io.bytes,
		};
}

static bool begin(void)
{
	if (!open_disk())
		return false;
	if (request.at_once)
		prepare_queue();
	return true;
}

static bool do_at_once(void)
{
	long nr = request.io.nr_requests;
	long done = syscall(SYS_io_submit, queue, nr, iocb_list);

	if (done == nr)
		done = syscall(SYS_io_getevents, queue, nr, nr, events, NULL);
	if (done >= 0 && done != nr)
		errno = EIO;
	return done == nr;
}

/* What came of each of do_at_once(): looked at when the clock doesn't run any more. */
static bool all_done(void)
{
	for (unsigned int i = 0; request.at_once && i < request.io.nr_requests; i++) {
		if (events[i].res == request.io.bytes)
			continue;
		errno = events[i].res < 0 ? -events[i].res : EIO;
		return false;
	}
	return true;
}

static bool make_requests(void)
{
	return request.at_once ? do_at_once() : do_requests();
}

static void close_disk(void)
{
	if (disk >= 0)
		close(disk);
	disk = -1;
}

int main(void)
{
	static const struct io_service service = {
		.dir = DISK_DIR "/",
		.req = &request.io,
		.req_size = sizeof(request),
		.begin = begin,
		.sample = make_requests,
		.is_right = all_done,
		.end = close_disk,
	};

	set_up();
	load_module(MODULE, "");
	memset(data, 0x5a, sizeof(data));
	for (int i = 0; i < DISK_MAX_QUEUE; i++)
		iocb_list[i] = &iocbs[i];
	if (syscall(SYS_io_setup, DISK_MAX_QUEUE, &queue))
		stop("no queue for requests: %s", strerror(errno));
	serve_io(&service);
}
