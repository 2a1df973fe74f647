/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs of the lab's small domUs have in common: each is init and only program of its
 * domU. Xenstore's wire protocol is spoken directly (xen/io/xs_wire.h), so that a domU needs no
 * library. Why one has given up is in data/gntbench/error.
 */
#ifndef LAB_DOMU_H
#define LAB_DOMU_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <xen/io/xs_wire.h>

static int xenbus = -1;

/* Whether xenstored told of something that is watched, since it was last set to false. */
static bool xenstore_told;

static inline void read_all(int fd, void *data, size_t size)
{
	ssize_t n;

	for (char *p = data; size; p += n, size -= n) {
		n = read(fd, p, size);
		if (n <= 0)
			return;
	}
}

/* The next message; its payload, which ends with a NUL of ours, is in the buffer returned. */
static inline char *xenstore_read_message(struct xsd_sockmsg *msg)
{
	static char payload[XENSTORE_PAYLOAD_MAX + 1];

	read_all(xenbus, msg, sizeof(*msg));
	if (msg->len > XENSTORE_PAYLOAD_MAX)
		msg->len = 0;
	read_all(xenbus, payload, msg->len);
	payload[msg->len] = 0;
	return payload;
}

/* A request of a path and more bytes. Returns 0, or the name of xenstored's error. */
static inline const char *xenstore_ask(uint32_t type, const char *path, const void *more,
				       size_t size, char **answer)
{
	struct xsd_sockmsg msg = { .type = type, .len = strlen(path) + 1 + size };
	struct iovec request[] = {
		{ &msg, sizeof(msg) },
		{ (void *)path, strlen(path) + 1 },
		{ (void *)more, size },
	};
	char *payload;

	for (int i = 0; i < 3; i++)
		if (request[i].iov_len &&
		    write(xenbus, request[i].iov_base, request[i].iov_len) < 0)
			return strerror(errno);
	do {
		msg.type = XS_ERROR;
		payload = xenstore_read_message(&msg);
		xenstore_told |= msg.type == XS_WATCH_EVENT;
	} while (msg.type == XS_WATCH_EVENT);
	if (answer)
		*answer = payload;
	return msg.type == XS_ERROR ? payload : NULL;
}

static inline const char *xenstore_write(const char *path, const char *value)
{
	return xenstore_ask(XS_WRITE, path, value, strlen(value), NULL);
}

/* init may not end: the kernel would panic. dom0 reads the reason and destroys the domain. */
__attribute__((format(printf, 1, 2), noreturn)) static inline void stop(const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	printf("domU: %s\n", why);
	if (xenbus >= 0)
		xenstore_write("data/gntbench/error", why);
	for (;;)
		pause();
}

/* A file that is absent is built into the kernel. */
static inline void load_module(const char *file, const char *params)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, params, 0))
		stop("%s %s: %s", file, params, strerror(errno));
	close(fd);
}

static inline void set_up(void)
{
	mkdir("/dev", 0755);
	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
		stop("can't mount devtmpfs: %s", strerror(errno));
	if (!freopen("/dev/hvc0", "w", stdout))
		stop("no console: %s", strerror(errno));
	setlinebuf(stdout);
	xenbus = open("/dev/xen/xenbus", O_RDWR | O_CLOEXEC);
	if (xenbus < 0)
		stop("/dev/xen/xenbus: %s", strerror(errno));
}

#endif /* LAB_DOMU_H */
