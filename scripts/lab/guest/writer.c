// SPDX-License-Identifier: GPL-2.0
/*
 * The writer: init and only program of a small domU. Whenever the domain has a disk, some processes
 * write to it with O_DIRECT, one request each at a time and a pause after it, as long as it works.
 */
#define _GNU_SOURCE
#include "domu.h"

#define DISK	  "/dev/xvda"
#define MODULE	  "/xen-blkfront.ko" /* absent if the kernel has it built in */
#define BYTES	  65536
#define PLACES	  64 /* of BYTES each, that a process writes to in turn */
#define PROCESSES 4
#define PAUSE_US  20000
#define LOOK_US	  50000

static char data[BYTES] __attribute__((aligned(4096)));

/* Until an error: the disk is gone. */
static void write_all(int fd, off_t first)
{
	for (unsigned int i = 0; pwrite(fd, data, BYTES, first + i % PLACES * BYTES) == BYTES; i++)
		usleep(PAUSE_US);
}

__attribute__((noreturn)) static void serve(int nr)
{
	int fd;

	for (;;) {
		fd = open(DISK, O_WRONLY | O_DIRECT | O_CLOEXEC);
		if (fd >= 0) {
			write_all(fd, (off_t)nr * PLACES * BYTES);
			close(fd);
		}
		usleep(LOOK_US);
	}
}

int main(void)
{
	set_up();
	load_module(MODULE, "");
	for (int i = 1; i < PROCESSES; i++)
		if (!fork())
			serve(i);
	serve(0);
}
