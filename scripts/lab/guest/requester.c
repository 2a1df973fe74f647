// SPDX-License-Identifier: GPL-2.0
/*
 * The requester: init and only program of a small domU. It does what gntbench's driver blkback asks
 * for: so many requests of a size to one of its disks with O_DIRECT, one after the other.
 */
#define _GNU_SOURCE
#include "io.h"
#include "run/drivers/disk_io.h"

#define MODULE "/xen-blkfront.ko" /* absent if the kernel has it built in */
#define PLACES 64		  /* of the disk, that are used in turn */

static char data[DISK_MAX_BYTES] __attribute__((aligned(4096)));
static struct disk_request request;
static int disk = -1;

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
	ssize_t done = request.write ? pwrite(disk, data, bytes, at) : pread(disk, data, bytes, at);

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
		.begin = open_disk,
		.sample = do_requests,
		.end = close_disk,
	};

	set_up();
	load_module(MODULE, "");
	memset(data, 0x5a, sizeof(data));
	serve_io(&service);
}
