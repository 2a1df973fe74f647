// SPDX-License-Identifier: GPL-2.0
/*
 * Takes every grant that Linux has left, by a few large requests to gntalloc, says how many those
 * were, and keeps them until it is killed. (Page by page it would take minutes: gntalloc walks the
 * list of all its grants each time.)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <xen/gntalloc.h>

#define MOST 8192

int main(void)
{
	struct ioctl_gntalloc_alloc_gref *op = calloc(1, sizeof(*op) + MOST * sizeof(uint32_t));
	int fd = open("/dev/xen/gntalloc", O_RDWR);
	unsigned int taken = 0;

	if (fd < 0 || !op) {
		perror("eat_grants");
		return 2;
	}
	for (unsigned int nr = MOST; nr; nr /= 2) {
		do {
			op->domid = 0;
			op->count = nr;
		} while (!ioctl(fd, IOCTL_GNTALLOC_ALLOC_GREF, op) && (taken += nr));
	}
	printf("%u grants taken\n", taken);
	fflush(stdout);
	for (;;)
		pause();
}
