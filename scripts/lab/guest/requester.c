// SPDX-License-Identifier: GPL-2.0
/*
 * The requester: init and only program of a small domU. It does what gntbench's driver blkback asks
 * for, through xenstore: so many requests of a size to one of its disks with O_DIRECT, one after
 * the other, and tells how long each sample of them took, by the TSC.
 *
 *   data/gntbench/disk/request   a box of run/mail.h: struct disk_request
 *   data/gntbench/disk/answer    likewise: struct disk_answer, and the ticks of each sample
 *   data/gntbench/disk/ready     written once, when requests are taken
 */
#define _GNU_SOURCE
#include "disk_io.h"
#include "domu.h"
#include "ticks.h"

#define DIR	   DISK_DIR "/"
#define MODULE	   "/xen-blkfront.ko" /* absent if the kernel has it built in */
#define PLACES	   64		      /* of the disk, that are used in turn */
#define PART	   1920		      /* of a message; run/mail.c */
#define MAX_VALUES 65536

static char data[DISK_MAX_BYTES] __attribute__((aligned(4096)));

/* What becomes of a sample. Known before it begins: nothing is looked up while the clock runs. */
static struct {
	struct disk_answer head;
	uint64_t ticks[MAX_VALUES];
} answer;

static bool do_request(const struct disk_request *req, int fd, unsigned int nr)
{
	off_t at = (off_t)(nr % PLACES) * req->bytes;
	ssize_t done = req->write ? pwrite(fd, data, req->bytes, at) :
				    pread(fd, data, req->bytes, at);

	return done == (ssize_t)req->bytes;
}

static bool do_sample(const struct disk_request *req, int fd, uint64_t *ticks)
{
	uint64_t begin = ticks_mark(MARK_ROUND);

	for (unsigned int i = 0; i < req->nr_requests; i++)
		if (!do_request(req, fd, i))
			return false;
	*ticks = ticks_mark(MARK_END) - begin;
	return true;
}

/* Returns 0 or an errno. */
static int do_samples(const struct disk_request *req)
{
	char name[] = "/dev/xvda";
	uint64_t unused;
	bool ok = true;
	int fd, err;

	name[strlen(name) - 1] += req->disk;
	fd = open(name, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		return errno;
	errno = EIO; /* of a request that is cut short */
	for (uint64_t i = 0; ok && i < req->nr_warmup; i++)
		ok = do_sample(req, fd, &unused);
	ticks_mark(MARK_COUNTS);
	for (uint64_t i = 0; ok && i < req->nr_samples; i++)
		ok = do_sample(req, fd, &answer.ticks[i]);
	err = ok ? 0 : errno;
	close(fd);
	return err;
}

static void say(uint32_t type, const char *path, const void *value, size_t size)
{
	const char *error = xenstore_ask(type, path, value, size, NULL);

	if (error)
		stop("xenstore refused %s: %s", path, error);
}

static void send_answer(size_t size)
{
	const char *bytes = (const char *)&answer;
	char path[64], count[24];

	for (size_t at = 0; at < size; at += PART) {
		snprintf(path, sizeof(path), DIR "answer/%zu", at / PART);
		say(XS_WRITE, path, bytes + at, size - at < PART ? size - at : PART);
	}
	snprintf(count, sizeof(count), "%zu", size);
	say(XS_WRITE, DIR "answer/size", count, strlen(count));
}

/* False if there is none, or it makes no sense. */
static bool take_request(struct disk_request *req)
{
	char *text;

	if (xenstore_ask(XS_READ, DIR "request/size", "", 0, NULL) ||
	    xenstore_ask(XS_READ, DIR "request/0", "", 0, &text))
		return false;
	memcpy(req, text, sizeof(*req));
	say(XS_RM, DIR "request", "", 0);
	return req->bytes <= DISK_MAX_BYTES && req->nr_samples <= MAX_VALUES;
}

static void wait_until_told(void)
{
	struct xsd_sockmsg msg;

	while (!xenstore_told) {
		xenstore_read_message(&msg);
		xenstore_told = msg.type == XS_WATCH_EVENT;
	}
	xenstore_told = false;
}

int main(void)
{
	static const char token[] = "request"; /* with its NUL, as xenstored wants it */
	struct disk_request req;

	set_up();
	load_module(MODULE, "");
	memset(data, 0x5a, sizeof(data));
	memset(&answer, 0, sizeof(answer));
	say(XS_WATCH, DIR "request/size", token, sizeof(token));
	say(XS_WRITE, DIR "ready", "1", 1);
	for (;;) {
		wait_until_told();
		if (!take_request(&req))
			continue;
		answer.head = (struct disk_answer) { .token = req.token };
		answer.head.error = do_samples(&req);
		send_answer(sizeof(answer.head) + req.nr_samples * sizeof(answer.ticks[0]));
	}
}
