// SPDX-License-Identifier: GPL-2.0
/*
 * The granter: init and only program of the lab's small domU.
 *
 * It grants pages to dom0 through /dev/xen/gntalloc, writes a pattern into each, publishes the grant
 * references in xenstore under the domain's own data/gntbench/, and keeps the grants until the
 * domain ends. Xenstore's wire protocol is spoken directly (xen/io/xs_wire.h), so that the domU
 * needs no library.
 *
 *   data/gntbench/grefs/0, /1, …   grant references as ranges: "8-519 1024 1030-1034"
 *   data/gntbench/pages            how many in all; written last: when it is there, all is there
 *   data/gntbench/error            why there are none
 *
 * The first eight bytes of a page are GNTBENCH_FOREIGN_WORD | gref, what follows is zero.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <xen/gntalloc.h>
#include <xen/io/xs_wire.h>

#include "gntbench_abi.h"

#define DOM0	  0
#define PAGE	  4096
#define MAX_PAGES 16384
#define MODULE	  "/xen-gntalloc.ko" /* absent if the kernel has it built in */

static int xenbus = -1;

static void read_all(int fd, void *data, size_t size)
{
	ssize_t n;

	for (char *p = data; size; p += n, size -= n) {
		n = read(fd, p, size);
		if (n <= 0)
			return;
	}
}

/* Returns 0, or the name of xenstored's error. */
static const char *xenstore_write(const char *path, const char *value)
{
	static char reply[XENSTORE_PAYLOAD_MAX + 1];
	struct xsd_sockmsg msg = {
		.type = XS_WRITE,
		.len = strlen(path) + 1 + strlen(value),
	};
	struct iovec request[] = {
		{ &msg, sizeof(msg) },
		{ (void *)path, strlen(path) + 1 },
		{ (void *)value, strlen(value) },
	};

	for (int i = 0; i < 3; i++)
		if (request[i].iov_len &&
		    write(xenbus, request[i].iov_base, request[i].iov_len) < 0)
			return strerror(errno);
	read_all(xenbus, &msg, sizeof(msg));
	if (msg.len > XENSTORE_PAYLOAD_MAX)
		return "reply too long";
	read_all(xenbus, reply, msg.len);
	reply[msg.len] = 0;
	return msg.type == XS_ERROR ? reply : NULL;
}

/* init may not end: the kernel would panic. dom0 reads the reason and destroys the domain. */
__attribute__((format(printf, 1, 2), noreturn)) static void stop(const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	printf("granter: %s\n", why);
	if (xenbus >= 0)
		xenstore_write("data/gntbench/error", why);
	for (;;)
		pause();
}

static void load_module(unsigned int pages)
{
	char param[32];
	int fd = open(MODULE, O_RDONLY);

	if (fd < 0)
		return;
	snprintf(param, sizeof(param), "limit=%u", pages);
	if (syscall(SYS_finit_module, fd, param, 0))
		stop("%s %s: %s", MODULE, param, strerror(errno));
	close(fd);
}

static void set_up(void)
{
	mkdir("/dev", 0755);
	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
		stop("can't mount devtmpfs: %s", strerror(errno));
	if (!freopen("/dev/hvc0", "w", stdout))
		stop("no console: %s", strerror(errno));
	setlinebuf(stdout);
	xenbus = open("/dev/xen/xenbus", O_RDWR);
	if (xenbus < 0)
		stop("/dev/xen/xenbus: %s", strerror(errno));
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
	load_module(pages);
	publish(grant(pages), pages);
	printf("granter: %u pages granted to domain %u\n", pages, DOM0);
	for (;;)
		pause();
}
