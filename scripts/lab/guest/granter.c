// SPDX-License-Identifier: GPL-2.0
/*
 * The granter: init and only program of the lab's small domU.
 *
 * It grants pages to dom0 through /dev/xen/gntalloc, writes a pattern into each, publishes the grant
 * references in xenstore under the domain's own data/gntbench/, and keeps the grants until the
 * domain ends.
 *
 *   data/gntbench/grefs/0, /1, …   grant references as ranges: "8-519 1024 1030-1034"
 *   data/gntbench/pages            how many in all; written last: when it is there, all is there
 *   data/gntbench/error            why there are none
 *
 * The first eight bytes of a page are GNTBENCH_FOREIGN_WORD | gref, what follows is zero.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <xen/gntalloc.h>

#include "domu.h"
#include "gntbench_abi.h"

#define DOM0	  0
#define PAGE	  4096
#define MAX_PAGES 16384
#define MODULE	  "/xen-gntalloc.ko" /* absent if the kernel has it built in */

static void load_gntalloc(unsigned int pages)
{
	char param[32];

	snprintf(param, sizeof(param), "limit=%u", pages);
	load_module(MODULE, param);
}

static uint32_t *grant(unsigned int pages)
{
	struct ioctl_gntalloc_alloc_gref *op;
	unsigned char *map;
	int fd;

	op = calloc(1, sizeof(*op) + pages * sizeof(uint32_t));
	if (!op)
		stop("out of memory for %u grefs", pages);
	op->domid = DOM0;
	op->flags = GNTALLOC_FLAG_WRITABLE;
	op->count = pages;

	fd = open("/dev/xen/gntalloc", O_RDWR);
	if (fd < 0)
		stop("/dev/xen/gntalloc: %s", strerror(errno));
	if (ioctl(fd, IOCTL_GNTALLOC_ALLOC_GREF, op))
		stop("gntalloc refused to grant %u pages: %s", pages, strerror(errno));
	map = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, op->index);
	if (map == MAP_FAILED)
		stop("mmap of %u granted pages: %s", pages, strerror(errno));
	for (unsigned int i = 0; i < pages; i++)
		*(uint64_t *)(map + (size_t)i * PAGE) = GNTBENCH_FOREIGN_WORD | op->gref_ids[i];
	return op->gref_ids;
}

static void publish_part(unsigned int part, const char *ranges)
{
	const char *error;
	char path[64];

	snprintf(path, sizeof(path), "data/gntbench/grefs/%u", part);
	error = xenstore_write(path, ranges);
	if (error)
		stop("xenstore refused %s: %s", path, error);
}

/* A value of xenstore may have XENSTORE_PAYLOAD_MAX bytes, its path included. */
static void publish(const uint32_t *grefs, unsigned int pages)
{
	char ranges[2048], count[16];
	unsigned int part = 0;
	size_t len = 0;

	for (unsigned int i = 0, last; i < pages; i = last + 1) {
		for (last = i; last + 1 < pages && grefs[last + 1] == grefs[last] + 1; last++)
			;
		if (len + 32 > sizeof(ranges)) {
			publish_part(part++, ranges);
			len = 0;
		}
		len += snprintf(ranges + len, sizeof(ranges) - len, last > i ? "%s%u-%u" : "%s%u",
				len ? " " : "", grefs[i], grefs[last]);
	}
	publish_part(part, ranges);
	snprintf(count, sizeof(count), "%u", pages);
	if (xenstore_write("data/gntbench/pages", count))
		stop("xenstore refused data/gntbench/pages");
}

/* The kernel hands "granter_pages=N" of its command line to init as an environment variable. */
int main(void)
{
	const char *text = getenv("granter_pages");
	unsigned int pages = text ? strtoul(text, NULL, 0) : 0;

	set_up();
	if (pages < 1 || pages > MAX_PAGES)
		stop("granter_pages=%s: 1..%u", text ? text : "", MAX_PAGES);
	load_gntalloc(pages);
	publish(grant(pages), pages);
	printf("granter: %u pages granted to domain %u\n", pages, DOM0);
	for (;;)
		pause();
}
