// SPDX-License-Identifier: GPL-2.0
/*
 * Cases that map from user space through libxengnttab and /dev/xen/gntdev: what a backend outside
 * of the kernel pays (QEMU, a disk backend, a GUI agent). Times are taken in user space around the
 * library's calls, system calls and mmap_lock included.
 *
 * A batch is mapped between pages that stay, so that its page table stays too, as in a process that
 * does more than this. A batch alone in its 2 MiB pays for a page table each time, and whether it
 * is alone would be up to the layout of the day.
 *
 * op "shared" of gntdev_map_unmap has a second process that maps the same grants all the time: Xen
 * finds the grants in use, Linux doesn't, since that process has page structs of its own.
 *
 * gntdev_pipe and gntdev_dio make pages busy as a user would, so that the retry path runs. When
 * gntdev has let go of a batch, it sends the event that was asked for with UNMAP_NOTIFY_SEND_EVENT;
 * the overshoot is the time from the end of the last use until that event. A kernel that has
 * the bugs of gntdev-bugs is damaged by them: the case ends as a failure at the first sign.
 */
#include "run/drivers/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xenevtchn.h>
#include <xengnttab.h>
#include <xen/grant_table.h> /* grant_ref_t, domid_t for gntdev.h */
#include <xen/gntdev.h>

#include "run/drivers/ticks.h"
#include "base/text.h"
#include "run/granter.h"

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info cases[] = {
#include "run/drivers/gntdev_cases.h"
	{ .name = NULL },
};

#define PAGE_BYTES	 4096u
#define PAGE_TABLE_BYTES (2u << 20)  /* what one page table maps, on x86-64 and on arm64 */
#define MAX_HOLES	 256	     /* in the address space, that are larger than a batch */
#define OWN_DOMID	 0	     /* self-grants are for dom0 only, as in kbench */
#define DISK		 "/dev/slow" /* the lab's; see scripts/lab/variants/domu/init */
#define RELEASE_LIMIT_MS 5000	     /* for gntdev to let go of a batch */

/* One run of a case. */
struct bench {
	const struct request *req;
	struct outcome *out;
	unsigned int batch;
	uint64_t deadline_ns;
	xengnttab_handle *gnttab;
	xengntshr_handle *gntshr; /* NULL if another domain grants */
	uint64_t *granted;	  /* our own granted pages, or NULL */
	struct granter granter;	  /* whose grefs are used, ours included */
	uint64_t *map;		  /* NULL while not mapped */
	uint64_t nr_sample;
};

/* A signal to us is no fault of the kernel's. Returns false. */
static bool stop_interrupted(struct bench *b)
{
	return outcome_stop(b->out, CASE_ERROR, "interrupted at sample %ju",
			    (uintmax_t)b->nr_sample);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* --- the pages --- */

static uint64_t *word(uint64_t *pages, unsigned int page, unsigned int nr)
{
	return pages + (size_t)page * (PAGE_BYTES / sizeof(*pages)) + nr;
}

/* The granter's word is the first, the mapper's is in the middle, as in kbench/oracle.c. */
#define GRANTER_WORD 0
#define MAPPER_WORD  (PAGE_BYTES / sizeof(uint64_t) / 2)

static uint64_t pattern(const struct bench *b, unsigned int page, unsigned int nr)
{
	return (b->nr_sample + 1) << 42 ^ (uint64_t)b->granter.grefs[page] << 10 ^ nr;
}

static bool check(struct bench *b, bool ok, const char *what, unsigned int page)
{
	b->out->oracle_checks++;
	if (ok)
		return true;
	b->out->oracle_broken++;
	return outcome_stop(b->out, CASE_FAILURE, "sample %ju, page %u of %u: %s",
			    (uintmax_t)b->nr_sample, page, b->batch, what);
}

static void before_map(struct bench *b)
{
	if (!b->granted)
		return;
	for (unsigned int i = 0; i < b->batch; i++)
		*word(b->granted, i, GRANTER_WORD) = pattern(b, i, GRANTER_WORD);
}

/*
 * Reads what the granter wrote and writes what it must see. Of a foreign granter only the first
 * word is known, and that a write is found again through another map is left to kbench.
 */
static bool while_mapped(struct bench *b)
{
	for (unsigned int i = 0; i < b->batch; i++) {
		uint64_t expected = b->granted ? pattern(b, i, GRANTER_WORD) :
						 GNTBENCH_FOREIGN_WORD | b->granter.grefs[i];

		if (!check(b, *word(b->map, i, GRANTER_WORD) == expected,
			   "the mapper does not read the granter's pattern", i))
			return false;
		*word(b->map, i, MAPPER_WORD) = pattern(b, i, MAPPER_WORD);
		if (b->granted &&
		    !check(b, *word(b->granted, i, MAPPER_WORD) == pattern(b, i, MAPPER_WORD),
			   "the granter does not see the mapper's write", i))
			return false;
	}
	return true;
}

/* --- map and unmap --- */

static bool map(struct bench *b, uint64_t *ticks)
{
	uint64_t start = ticks_now();

	b->map = xengnttab_map_domain_grant_refs(b->gnttab, b->batch, b->granter.domid,
						 b->granter.grefs, PROT_READ | PROT_WRITE);
	*ticks = ticks_now() - start;
	if (b->map)
		return true;
	return outcome_stop(
		b->out, CASE_ERROR,
		"mapping %u grants of domain %u: %s (is it gone, is a gref not granted, is Xen's maptrack full? gntdev doesn't say)",
		b->batch, b->granter.domid, strerror(errno));
}

static bool unmap(struct bench *b, uint64_t *ticks)
{
	uint64_t start = ticks_now();
	int err = xengnttab_unmap(b->gnttab, b->map, b->batch);

	*ticks = ticks_now() - start;
	if (err && errno == EINTR)
		return stop_interrupted(b);
	if (err)
		return outcome_stop(b->out, CASE_FAILURE, "unmapping %u grants: %s", b->batch,
				    strerror(errno));
	b->map = NULL;
	return true;
}

/*
 * Make a hole of SIZE bytes between two pages of ours, in a page table with one of them, and fill
 * every other hole that Linux would prefer (it takes the highest one that is large enough). The
 * mappings stay until the process ends.
 */
static bool make_place(struct bench *b, size_t size)
{
	const int flags = MAP_SHARED | MAP_ANONYMOUS; /* a private one may be aligned to 2 MiB */
	char *hole, *trial;

	hole = mmap(NULL, size + 3 * PAGE_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (hole == MAP_FAILED)
		return outcome_stop(b->out, CASE_ERROR, "no room for %zu bytes: %s", size,
				    strerror(errno));
	hole += PAGE_BYTES;
	if (!((uintptr_t)hole % PAGE_TABLE_BYTES))
		hole += PAGE_BYTES;
	hole[-1] = 1;
	hole[size] = 1;
	munmap(hole, size);
	for (int i = 0; i < MAX_HOLES; i++) {
		trial = mmap(NULL, size, PROT_NONE, flags, -1, 0);
		if (trial != hole)
			continue;
		munmap(trial, size);
		return true;
	}
	return outcome_stop(b->out, CASE_ERROR, "no place for %zu bytes between pages of ours",
			    size);
}

/* --- gntdev_map_unmap --- */

/* The second process: maps all grants and keeps them until it is killed. Never returns. */
__attribute__((noreturn)) static void share(struct bench *b, int ready)
{
	xengnttab_handle *gnttab = xengnttab_open(NULL, 0);
	char mapped;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	mapped = gnttab && xengnttab_map_domain_grant_refs(gnttab, b->batch, b->granter.domid,
							   b->granter.grefs, PROT_READ);
	if (write(ready, &mapped, 1) != 1 || !mapped)
		_exit(1);
	for (;;)
		pause();
}

/* Its pid, or -1. */
static pid_t start_sharer(struct bench *b)
{
	int ready[2];
	char mapped = 0;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC)) {
		outcome_stop(b->out, CASE_ERROR, "pipe: %s", strerror(errno));
		return -1;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		share(b, ready[1]);
	close(ready[1]);
	if (pid < 0 || read(ready[0], &mapped, 1) != 1 || !mapped)
		outcome_stop(b->out, CASE_ERROR,
			     "the second process can't map %u grants of domain %u", b->batch,
			     b->granter.domid);
	close(ready[0]);
	return pid;
}

static void end_sharer(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* --- busy pages --- */

/* What the busy cases have more: an event of their own, a pipe or a disk, the kernel's log. */
struct busy {
	xenevtchn_handle *evtchn;
	int local, remote; /* ports; gntdev sends through remote, local gets it */
	int pipe[2];
	int disk;
	aio_context_t aio;
};

static bool open_event(struct bench *b, struct busy *busy)
{
	busy->evtchn = xenevtchn_open(NULL, 0);
	if (!busy->evtchn)
		return outcome_stop(b->out, CASE_SKIP, "/dev/xen/evtchn: %s (modprobe xen-evtchn)",
				    strerror(errno));
	busy->local = xenevtchn_bind_unbound_port(busy->evtchn, OWN_DOMID);
	busy->remote = busy->local < 0 ?
			       -1 :
			       xenevtchn_bind_interdomain(busy->evtchn, OWN_DOMID, busy->local);
	if (busy->remote < 0)
		return outcome_stop(b->out, CASE_ERROR, "no event channel to ourselves: %s",
				    strerror(errno));
	return true;
}

/* Ask gntdev for the event when it has let go of the batch. */
static bool ask_for_event(struct bench *b, struct busy *busy)
{
	struct ioctl_gntdev_get_offset_for_vaddr where = { .vaddr = (uintptr_t)b->map };
	struct ioctl_gntdev_unmap_notify notify = {
		.action = UNMAP_NOTIFY_SEND_EVENT,
		.event_channel_port = busy->remote,
	};
	int fd = xengnttab_fd(b->gnttab);

	if (ioctl(fd, IOCTL_GNTDEV_GET_OFFSET_FOR_VADDR, &where))
		return outcome_stop(b->out, CASE_ERROR, "gntdev does not know its mapping: %s",
				    strerror(errno));
	notify.index = where.offset;
	if (ioctl(fd, IOCTL_GNTDEV_SET_UNMAP_NOTIFY, &notify))
		return outcome_stop(b->out, CASE_ERROR, "gntdev refused to send event %d: %s",
				    busy->remote, strerror(errno));
	return true;
}

static bool wait_for_event(struct bench *b, struct busy *busy)
{
	struct pollfd ready = { .fd = xenevtchn_fd(busy->evtchn), .events = POLLIN };
	int nr, port;

	do {
		nr = poll(&ready, 1, RELEASE_LIMIT_MS);
		if (nr < 0 && errno == EINTR)
			return stop_interrupted(b);
		if (nr < 0)
			return outcome_stop(b->out, CASE_ERROR, "poll: %s", strerror(errno));
		if (!nr)
			return outcome_stop(b->out, CASE_FAILURE,
					    "gntdev still held the batch %d ms after its last user",
					    RELEASE_LIMIT_MS);
		port = xenevtchn_pending(busy->evtchn);
		if (port < 0 || xenevtchn_unmask(busy->evtchn, port))
			return outcome_stop(b->out, CASE_ERROR, "event channel: %s",
					    strerror(errno));
	} while (port != busy->local); /* Xen greets the other end with one when it is bound */
	return true;
}

static bool busy_open(struct bench *b, struct busy *busy)
{
	*busy = (struct busy) { .pipe = { -1, -1 }, .disk = -1 };
	return open_event(b, busy);
}

static void busy_close(struct busy *busy)
{
	if (busy->aio)
		syscall(SYS_io_destroy, busy->aio);
	for (int i = 0; i < 2; i++)
		if (busy->pipe[i] >= 0)
			close(busy->pipe[i]);
	if (busy->disk >= 0)
		close(busy->disk);
	if (busy->evtchn)
		xenevtchn_close(busy->evtchn);
}

/* Map, use it, unmap while in use, end the use, wait: the part that both busy cases share. */
static bool sample_busy(struct bench *b, struct busy *busy, uint64_t *values,
			bool (*use)(struct bench *b, struct busy *busy),
			bool (*end_use)(struct bench *b, struct busy *busy))
{
	uint64_t map_ticks, start;

	before_map(b);
	if (!map(b, &map_ticks) || !while_mapped(b) || !ask_for_event(b, busy) || !use(b, busy) ||
	    !unmap(b, &values[0]) || !end_use(b, busy))
		return false;
	start = ticks_now();
	if (!wait_for_event(b, busy))
		return false;
	values[1] = ticks_now() - start;
	return true;
}

/* The last pages of the batch, so that the first look of the kernel at the counts is a long one. */
static bool use_pipe(struct bench *b, struct busy *busy)
{
	unsigned int nr = b->req->c->param[GNTBENCH_P_BUSY_PAGES];
	struct iovec iov = {
		.iov_base = word(b->map, b->batch - nr, 0),
		.iov_len = nr * PAGE_BYTES,
	};

	if (vmsplice(busy->pipe[1], &iov, 1, 0) == (ssize_t)iov.iov_len)
		return true;
	return outcome_stop(b->out, CASE_ERROR, "vmsplice of %u pages: %s", nr, strerror(errno));
}

static bool end_use_pipe(struct bench *b, struct busy *busy)
{
	unsigned int nr = b->req->c->param[GNTBENCH_P_BUSY_PAGES];
	uint64_t hold_ns = b->req->nr_holds ? b->req->holds_ns[b->nr_sample % b->req->nr_holds] : 0;
	struct timespec hold = { hold_ns / 1000000000, hold_ns % 1000000000 };
	uint64_t page[PAGE_BYTES / sizeof(uint64_t)];

	if (nanosleep(&hold, NULL))
		return stop_interrupted(b);
	for (unsigned int i = b->batch - nr; i < b->batch; i++) {
		ssize_t n = read(busy->pipe[0], page, sizeof(page));

		if (n < 0 && errno == EINTR)
			return stop_interrupted(b);
		b->out->oracle_checks++;
		if (n != sizeof(page) || page[MAPPER_WORD] != pattern(b, i, MAPPER_WORD)) {
			b->out->oracle_broken++;
			return outcome_stop(
				b->out, CASE_FAILURE,
				"kernel bug (gntdev-bugs pipe_munmap): the reader of the pipe lost page %u",
				i);
		}
	}
	return true;
}

static bool use_disk(struct bench *b, struct busy *busy)
{
	struct iocb iocb = {
		.aio_lio_opcode = IOCB_CMD_PWRITE,
		.aio_fildes = busy->disk,
		.aio_buf = (uintptr_t)b->map,
		.aio_nbytes = b->batch * PAGE_BYTES,
	};
	struct iocb *iocbs[] = { &iocb };

	if (syscall(SYS_io_submit, busy->aio, 1, iocbs) == 1)
		return true;
	return outcome_stop(b->out, CASE_ERROR, "O_DIRECT write of %u pages to " DISK ": %s",
			    b->batch, strerror(errno));
}

static bool end_use_disk(struct bench *b, struct busy *busy)
{
	struct timespec limit = { .tv_sec = RELEASE_LIMIT_MS / 1000 };
	struct io_event event;
	int nr = syscall(SYS_io_getevents, busy->aio, 1, 1, &event, &limit);

	if (nr < 0 && errno == EINTR)
		return stop_interrupted(b);
	if (nr != 1)
		return outcome_stop(b->out, CASE_ERROR,
				    "the write to " DISK " didn't end within %d ms",
				    RELEASE_LIMIT_MS);
	if (event.res == (int64_t)b->batch * PAGE_BYTES)
		return true;
	if (event.res == -ENOMEM)
		return outcome_stop(
			b->out, CASE_ERROR,
			"the write to " DISK " returned ENOMEM: dom0 is damaged by what failed "
			"before, or short of memory for %u pages (smaller batches, lab --mem)",
			b->batch);
	return outcome_stop(b->out, CASE_FAILURE, "the write to " DISK " returned %lld%s%s",
			    (long long)event.res, event.res < 0 ? ": " : "",
			    event.res < 0 ? strerror(-event.res) : "");
}

static bool sample_pipe(struct bench *b, struct busy *busy, uint64_t *values)
{
	return sample_busy(b, busy, values, use_pipe, end_use_pipe);
}

static bool sample_disk(struct bench *b, struct busy *busy, uint64_t *values)
{
	return sample_busy(b, busy, values, use_disk, end_use_disk);
}

static bool open_pipe(struct bench *b, struct busy *busy)
{
	uint64_t nr = b->req->c->param[GNTBENCH_P_BUSY_PAGES];

	if (nr < 1 || nr > b->batch)
		return outcome_stop(b->out, CASE_ERROR, "busy_pages=%ju: 1..%u (batch)",
				    (uintmax_t)nr, b->batch);
	if (pipe2(busy->pipe, O_CLOEXEC))
		return outcome_stop(b->out, CASE_ERROR, "pipe: %s", strerror(errno));
	if (fcntl(busy->pipe[1], F_SETPIPE_SZ, nr * PAGE_BYTES) < 0)
		return outcome_stop(b->out, CASE_ERROR, "a pipe of %ju pages: %s", (uintmax_t)nr,
				    strerror(errno));
	return true;
}

static bool open_disk(struct bench *b, struct busy *busy)
{
	busy->disk = open(DISK, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (busy->disk < 0)
		return outcome_stop(b->out, CASE_SKIP,
				    DISK ": %s; the lab has this disk with --domu",
				    strerror(errno));
	if (syscall(SYS_io_setup, 1, &busy->aio))
		return outcome_stop(b->out, CASE_SKIP, "no asynchronous I/O: %s", strerror(errno));
	return true;
}

/* --- a run --- */

/*
 * There Xen maps a page of dom0's own by moving it: it is gone from where it was granted, and after
 * the unmap from both, but the kernel goes on using it.
 */
static bool is_pvh(void)
{
	char *type = read_text("/sys/hypervisor/guest_type");
	bool pvh = type && !strcmp(type, "PVH");

	free(type);
	return pvh;
}

static bool open_self_grants(struct bench *b)
{
	if (is_pvh())
		return outcome_stop(b->out, CASE_SKIP,
				    "Xen refuses self-grants in a PVH dom0: give a granter domain");
	b->gntshr = xengntshr_open(NULL, 0);
	if (!b->gntshr)
		return outcome_stop(b->out, CASE_SKIP,
				    "/dev/xen/gntalloc: %s (modprobe xen-gntalloc)",
				    strerror(errno));
	b->granter.domid = OWN_DOMID;
	b->granter.nr_grefs = b->batch;
	b->granter.grefs = calloc(b->batch, sizeof(*b->granter.grefs));
	if (!b->granter.grefs)
		return outcome_stop(b->out, CASE_ERROR, "out of memory for %u grefs", b->batch);
	b->granted = xengntshr_share_pages(b->gntshr, OWN_DOMID, b->batch, b->granter.grefs, 1);
	if (!b->granted)
		return outcome_stop(b->out, CASE_ERROR, "gntalloc can't grant %u pages: %s",
				    b->batch, strerror(errno));
	return true;
}

static bool open_run(struct bench *b)
{
	struct error err;

	if (strcmp(b->req->c->granter, "self")) {
		if (request_granter(b->req, &b->granter, &err))
			return outcome_stop(b->out, CASE_SKIP, "%.255s", err.text);
		if (b->granter.nr_grefs < b->batch)
			return outcome_stop(b->out, CASE_ERROR,
					    "batch=%u: domain %u offers %zu pages", b->batch,
					    b->granter.domid, b->granter.nr_grefs);
	} else if (!open_self_grants(b)) {
		return false;
	}
	b->gnttab = xengnttab_open(NULL, 0);
	if (!b->gnttab)
		return outcome_stop(b->out, CASE_SKIP, "/dev/xen/gntdev: %s (modprobe xen-gntdev)",
				    strerror(errno));
	return true;
}

static void close_run(struct bench *b)
{
	if (b->map)
		xengnttab_unmap(b->gnttab, b->map, b->batch);
	if (b->gnttab)
		xengnttab_close(b->gnttab);
	if (b->granted)
		xengntshr_unshare(b->gntshr, b->granted, b->batch);
	if (b->gntshr)
		xengntshr_close(b->gntshr);
	free(b->granter.grefs);
}

/* Our own grants are ended with the run; of one that is still mapped then, gntdev has lost the mapping. */
static void close_checked(struct bench *b)
{
	int fd = kmsg_open();
	bool watched = fd >= 0 && kmsg_watch_deferred(true);
	struct kmsg log;

	close_run(b);
	if (watched) {
		kmsg_watch_deferred(false);
		kmsg_read(fd, &log, NULL);
		b->out->oracle_checks++;
		b->out->oracle_broken += log.deferred > 0;
		if (log.deferred)
			outcome_stop(b->out, CASE_FAILURE,
				     "%u of %u grants are still mapped after the last unmap",
				     log.deferred, b->batch);
	}
	if (fd >= 0)
		close(fd);
}

/* One round of the case; values of GNTBENCH_MAX_METRICS. */
typedef bool (*sample_fn)(struct bench *b, struct busy *busy, uint64_t *values);

static void run_samples(struct bench *b, struct busy *busy, sample_fn sample)
{
	uint64_t warmup = b->req->nr_warmup;
	size_t nr_metrics = count_metrics(b->req->c->info);
	uint64_t values[GNTBENCH_MAX_METRICS];

	for (uint64_t i = 0; i < warmup + b->req->nr_samples; i++) {
		b->nr_sample = i;
		if (now_ns() > b->deadline_ns) {
			outcome_stop(b->out, CASE_ERROR, "timeout_ms=%ju is over at sample %ju",
				     (uintmax_t)b->req->c->param[GNTBENCH_P_TIMEOUT_MS],
				     (uintmax_t)i);
			return;
		}
		if (!sample(b, busy, values))
			return;
		if (i < warmup)
			continue;
		memcpy(b->out->values + b->out->nr_values, values, nr_metrics * sizeof(*values));
		b->out->nr_values += nr_metrics;
	}
}

/*
 * That the pages are unmapped doesn't mean that gntdev has let go of them: the first of the warm-up
 * waits for its word. Without /dev/xen/evtchn it can't be asked.
 */
static bool sample_idle(struct bench *b, struct busy *busy, uint64_t *values)
{
	bool asks = b->nr_sample == 0 && b->req->nr_warmup && busy->local >= 0;

	before_map(b);
	if (!map(b, &values[0]) || !while_mapped(b) || (asks && !ask_for_event(b, busy)) ||
	    !unmap(b, &values[1]))
		return false;
	b->out->oracle_checks += asks;
	return !asks || wait_for_event(b, busy);
}

static void run_idle(struct bench *b)
{
	bool shared = !strcmp(b->req->c->op, "shared");
	pid_t sharer = shared ? start_sharer(b) : 0;
	struct busy busy = { .local = -1, .pipe = { -1, -1 }, .disk = -1 };

	if (!access("/dev/xen/evtchn", R_OK | W_OK))
		open_event(b, &busy);
	if (b->out->status == CASE_OK && make_place(b, (size_t)b->batch * PAGE_BYTES))
		run_samples(b, &busy, sample_idle);
	busy_close(&busy);
	end_sharer(sharer);
}

static void run_busy(struct bench *b)
{
	bool is_pipe = !strcmp(b->req->c->info->name, "gntdev_pipe");
	struct busy busy;

	if (busy_open(b, &busy) && (is_pipe ? open_pipe : open_disk)(b, &busy))
		run_samples(b, &busy, is_pipe ? sample_pipe : sample_disk);
	busy_close(&busy);
}

static void gntdev_run(const struct request *req, struct outcome *out)
{
	const struct gntbench_case_info *info = req->c->info;
	bool idle = !strcmp(info->name, "gntdev_map_unmap");
	struct bench b = {
		.req = req,
		.out = out,
		.batch = req->c->param[GNTBENCH_P_BATCH],
		.deadline_ns = now_ns() + req->c->param[GNTBENCH_P_TIMEOUT_MS] * 1000000,
	};

	out->status = CASE_OK;
	out->values = calloc(req->nr_samples * count_metrics(info), sizeof(uint64_t));
	if (!out->values)
		outcome_stop(b.out, CASE_ERROR, "out of memory for %ju samples",
			     (uintmax_t)req->nr_samples);
	else if (open_run(&b))
		(idle ? run_idle : run_busy)(&b);
	/* Busy pages may be unmapped later than that. */
	(idle && b.granted && out->status == CASE_OK ? close_checked : close_run)(&b);
}

static int gntdev_open(struct error *err)
{
	if (access("/dev/xen/gntdev", R_OK | W_OK))
		return error_set(
			err, "/dev/xen/gntdev: %s (in a Xen domain, as root: modprobe xen-gntdev)",
			strerror(errno));
	return 0;
}

static void gntdev_close(void)
{
}

const struct driver gntdev_driver = {
	.name = "gntdev",
	.what = "in user space, through libxengnttab and /dev/xen/gntdev",
	.cases = cases,
	.open = gntdev_open,
	.run = gntdev_run,
	.close = gntdev_close,
};
