// SPDX-License-Identifier: GPL-2.0
/*
 * gntdev-bugs [--list] [--stop-if-damaged] [--no-log] [--rounds N] [--plant data|log|mapped] [NAME…]:
 * run reproducers, print KTAP.
 *
 * Exit status: 0 all passed or were skipped, 1 the kernel failed, 2 an error of the test.
 *
 * The grants are self-grants made through gntalloc, so nothing is needed but a dom0 with
 * xen-gntdev and xen-gntalloc. Four things are judged:
 *  1. what the reproducer saw: data, errno, signals, a process that gets no further;
 *  2. what the next one sees who maps grants, as he is given the same pages;
 *  3. what the kernel logged meanwhile: warnings, bad page and rss counters;
 *  4. whether Xen still counts a grant as mapped when all is over: then gnttab_end_foreign_access()
 *     defers the grant, which the kernel logs as a debug message (dynamic debug is switched on for
 *     it; a kernel without it gets the others only, and a line that says so).
 * A kernel need not warn of what it does to its users: with --no-log only 1 and 2 are judged.
 *
 * A kernel that logged alarms is damaged: it freed pages that are in use, it overwrote timers. With
 * --stop-if-damaged no further reproducer is run then; scripts/kernel-bugs goes on in a machine
 * that was started anew.
 */
#include "bugs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xen/grant_table.h> /* grant_ref_t, domid_t for gntdev.h */
#include <xen/gntalloc.h>
#include <xen/gntdev.h>

#include "run/kmsg.h"

#define LIMIT_MS  5000 /* of a reproducer that makes no progress */
#define SETTLE_MS 400  /* for the kernel's last attempts to unmap, before the grants end */

#define CLEAR_WARN_ONCE "/sys/kernel/debug/clear_warn_once"

static const struct bug *const bugs[] = {
	&idle_munmap,  &idle_partial, &idle_fork,  &idle_mremap,  &idle_mprotect, &idle_clear_refs,
	&pipe_munmap,  &pipe_exit,    &pipe_fork,  &pipe_madvise, &pipe_mprotect, &dio_munmap,
	&pipe_partial, &pipe_mremap,  &pipe_twice, &lock_order,	  &notifier_put,  &rmmod_queued,
	/* Add a new reproducer here. */
};

#define NR_BUGS (sizeof(bugs) / sizeof(bugs[0]))

/* The granting side: held by the parent, which outlives the reproducer. */
struct granted {
	int fd;
	unsigned char *map;
};

static bool damaged; /* the kernel logged alarms, or can't end a process */
static bool ignore_log;
static unsigned int rounds;
static const char *planted = ""; /* the fault that a self-test asks for */

enum bug_result say(struct bug_run *run, enum bug_result verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(run->why, sizeof(run->why), format, args);
	va_end(args);
	return verdict;
}

void bug_wait(unsigned int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

unsigned char *bug_page(const struct bug_run *run, unsigned int page)
{
	return run->map + page * run->page_size;
}

/* Every byte differs from its neighbours, and every page from every other. */
static unsigned char pattern(unsigned int page, size_t byte)
{
	return (unsigned char)(byte * 31 + page * 7 + 1);
}

static bool is_pattern(const unsigned char *data, unsigned int page, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] != pattern(page, i))
			return false;
	return true;
}

/*
 * A page that is gone would raise SIGBUS, which says nothing of the address. A write from it gives
 * EFAULT instead, and takes no reference on it as a splice would.
 */
enum bug_result bug_check_pages(struct bug_run *run, const unsigned char *map, unsigned int first,
				unsigned int nr)
{
	unsigned char copy[4096];
	int through[2];

	if (pipe(through))
		return say(run, BUG_ERROR, "pipe: %s", strerror(errno));
	for (unsigned int i = first; i < first + nr; i++) {
		enum bug_result verdict = BUG_OK;

		if (write(through[1], map + i * run->page_size, sizeof(copy)) != sizeof(copy))
			verdict = say(run, BUG_FAILURE, "page %u can't be read: %s", i,
				      strerror(errno));
		else if (read(through[0], copy, sizeof(copy)) != sizeof(copy))
			verdict = say(run, BUG_ERROR, "pipe: short read");
		else if (!is_pattern(copy, i, sizeof(copy)))
			verdict = say(run, BUG_FAILURE, "page %u lost the granter's data", i);
		if (verdict) {
			close(through[0]);
			close(through[1]);
			return verdict;
		}
	}
	close(through[0]);
	close(through[1]);
	return BUG_OK;
}

enum bug_result bug_hold(struct bug_run *run, unsigned int page)
{
	struct iovec iov = { .iov_base = bug_page(run, page), .iov_len = run->page_size };

	if (vmsplice(run->out[1], &iov, 1, 0) != (ssize_t)run->page_size)
		return say(run, BUG_ERROR, "vmsplice of page %u: %s", page, strerror(errno));
	return BUG_OK;
}

enum bug_result bug_read_pipe(struct bug_run *run, unsigned int page)
{
	struct pollfd ready = { .fd = run->out[0], .events = POLLIN };
	unsigned char data[4096];
	size_t got = 0;

	while (got < sizeof(data)) {
		ssize_t n;

		if (poll(&ready, 1, 1000) != 1)
			return say(run, BUG_FAILURE,
				   "only %zu of %zu bytes of the spliced page came out of the pipe",
				   got, sizeof(data));
		n = read(run->out[0], data + got, sizeof(data) - got);
		if (n <= 0)
			return say(run, BUG_FAILURE, "reading the spliced page from the pipe: %s",
				   n ? strerror(errno) : "end of file");
		got += n;
	}
	if (!is_pattern(data, page, sizeof(data)))
		return say(run, BUG_FAILURE,
			   "the spliced page came out of the pipe with other data in it");
	return BUG_OK;
}

enum bug_result bug_munmap(struct bug_run *run, unsigned int first, unsigned int nr)
{
	if (munmap(bug_page(run, first), nr * run->page_size))
		return say(run, BUG_ERROR, "munmap of %u pages at %u: %s", nr, first,
			   strerror(errno));
	return BUG_OK;
}

enum bug_result bug_map(struct bug_run *run)
{
	struct ioctl_gntdev_map_grant_ref *op;
	enum bug_result verdict = BUG_OK;

	op = calloc(1, sizeof(*op) + BUG_PAGES * sizeof(op->refs[0]));
	if (!op)
		return say(run, BUG_ERROR, "out of memory");
	op->count = BUG_PAGES;
	for (int i = 0; i < BUG_PAGES; i++)
		op->refs[i] = (struct ioctl_gntdev_grant_ref) { run->domid, run->ref[i] };

	if (run->gntdev < 0)
		run->gntdev = open("/dev/xen/gntdev", O_RDWR | O_CLOEXEC);
	if (run->gntdev < 0) {
		verdict = say(run, BUG_ERROR, "/dev/xen/gntdev: %s (modprobe xen-gntdev)",
			      strerror(errno));
	} else if (ioctl(run->gntdev, IOCTL_GNTDEV_MAP_GRANT_REF, op)) {
		verdict = say(run, BUG_ERROR, "gntdev refused %d grefs: %s", BUG_PAGES,
			      strerror(errno));
	} else {
		run->index = op->index;
		run->map = mmap(NULL, BUG_PAGES * run->page_size, PROT_READ | PROT_WRITE,
				MAP_SHARED, run->gntdev, op->index);
		if (run->map == MAP_FAILED)
			verdict = say(run, BUG_ERROR, "mmap of %d grants: %s", BUG_PAGES,
				      strerror(errno));
	}
	free(op);
	return verdict;
}

static enum bug_result grant_pages(struct bug_run *run, struct granted *granted)
{
	struct ioctl_gntalloc_alloc_gref *op;
	enum bug_result verdict = BUG_OK;

	op = calloc(1, sizeof(*op) + BUG_PAGES * sizeof(uint32_t));
	if (!op)
		return say(run, BUG_ERROR, "out of memory");
	op->domid = run->domid;
	op->flags = GNTALLOC_FLAG_WRITABLE;
	op->count = BUG_PAGES;

	granted->fd = open("/dev/xen/gntalloc", O_RDWR | O_CLOEXEC);
	if (granted->fd < 0) {
		verdict = say(run, BUG_ERROR, "/dev/xen/gntalloc: %s (modprobe xen-gntalloc)",
			      strerror(errno));
		goto out;
	}
	if (ioctl(granted->fd, IOCTL_GNTALLOC_ALLOC_GREF, op)) {
		verdict = say(run, BUG_ERROR, "gntalloc refused to grant %d pages: %s", BUG_PAGES,
			      strerror(errno));
		goto out;
	}
	memcpy(run->ref, op->gref_ids, BUG_PAGES * sizeof(uint32_t));
	granted->map = mmap(NULL, BUG_PAGES * run->page_size, PROT_READ | PROT_WRITE, MAP_SHARED,
			    granted->fd, op->index);
	if (granted->map == MAP_FAILED) {
		verdict = say(run, BUG_ERROR, "mmap of the granted pages: %s", strerror(errno));
		goto out;
	}
	for (unsigned int i = 0; i < BUG_PAGES; i++)
		for (size_t byte = 0; byte < run->page_size; byte++)
			granted->map[i * run->page_size + byte] = pattern(i, byte);
	/* A planted fault: what the granter wrote is not what the reproducer will look for. */
	if (!strcmp(planted, "data"))
		granted->map[0] ^= 1;
out:
	free(op);
	return verdict;
}

static void end_grants(struct bug_run *run, struct granted *granted)
{
	if (granted->map != MAP_FAILED)
		munmap(granted->map, BUG_PAGES * run->page_size);
	if (granted->fd >= 0)
		close(granted->fd);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* The child's side: never returns. What it has to say goes through shared memory. */
static void run_child(const struct bug *bug, struct bug_run *run, enum bug_result *verdict)
{
	enum bug_result said = bug_map(run);

	if (!said)
		said = bug->run(run);
	*verdict = said;
	_exit(0);
}

static enum bug_result wait_child(struct bug_run *run, pid_t pid)
{
	int status;

	for (unsigned int ms = 0, seen = 0; ms < LIMIT_MS; ms += 5) {
		pid_t done = waitpid(pid, &status, WNOHANG);

		if (run->progress != seen) {
			seen = run->progress;
			ms = 0;
		}

		if (done == pid && WIFSIGNALED(status))
			return say(run, BUG_FAILURE, "the process was killed by signal %d (%s)",
				   WTERMSIG(status), strsignal(WTERMSIG(status)));
		if (done == pid)
			return BUG_OK;
		bug_wait(5);
	}
	kill(pid, SIGKILL);
	for (unsigned int ms = 0; ms < LIMIT_MS; ms += 5) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return say(run, BUG_FAILURE, "the process hung for %d ms, after %u rounds",
				   LIMIT_MS, run->progress);
		bug_wait(5);
	}
	damaged = true;
	return say(run, BUG_FAILURE, "the process hung after %u rounds, and can't be killed",
		   run->progress);
}

/* What is shared with the child, so that its words outlive it. */
struct shared {
	struct bug_run run;
	enum bug_result verdict;
};

static enum bug_result run_process(const struct bug *bug, struct shared *shared)
{
	enum bug_result verdict;
	pid_t pid;

	fflush(stdout);
	shared->verdict = BUG_OK;
	shared->run.gntdev = -1;
	pid = fork();
	if (pid < 0)
		return say(&shared->run, BUG_ERROR, "fork: %s", strerror(errno));
	if (!pid)
		run_child(bug, &shared->run, &shared->verdict);
	verdict = wait_child(&shared->run, pid);
	if (!verdict)
		verdict = shared->verdict;
	if (!verdict && bug->after)
		verdict = bug->after(&shared->run);
	return verdict;
}

/*
 * What the next user of the pages finds: gntdev's allocator gives out first what it got back last.
 * A page with a wrong reference count can't be spliced.
 */
static enum bug_result run_later(struct bug_run *run)
{
	for (int set = 0; set < 2; set++) {
		enum bug_result verdict = set ? bug_map(run) : BUG_OK;

		for (unsigned int page = 0; !verdict && page < BUG_PAGES; page++) {
			verdict = bug_hold(run, page);
			if (verdict)
				return BUG_FAILURE;
			verdict = bug_read_pipe(run, page);
		}
		if (verdict)
			return verdict;
	}
	return BUG_OK;
}

static const struct bug later = { .name = "later", .run = run_later };

static enum bug_result check_later(struct shared *shared)
{
	enum bug_result verdict = run_process(&later, shared);
	char why[BUG_WHY_LEN];

	if (!verdict)
		return BUG_OK;
	memcpy(why, shared->run.why, sizeof(why));
	return say(&shared->run, verdict, "who maps grants next: %.*s", BUG_WHY_LEN - 30, why);
}

static void show(const char *line)
{
	printf("#   %s\n", line);
}

static void judge_log(struct bug_run *run, enum bug_result *verdict, int kmsg, bool sees_deferred)
{
	struct kmsg log;

	kmsg_read(kmsg, &log, show);
	damaged = damaged || log.alarms;
	if (*verdict || ignore_log)
		return;
	if (log.alarms)
		*verdict = say(run, BUG_FAILURE, "the kernel logged %u alarms: %s", log.alarms,
			       log.alarm);
	else if (log.deferred)
		*verdict = say(run, BUG_FAILURE,
			       "%u of %d grants were still mapped in Xen after the last user left",
			       log.deferred, BUG_PAGES);
	else if (!sees_deferred)
		printf("# not checked: grants still mapped (no %s)\n", DYNAMIC_DEBUG);
}

/* A self-grant that is mapped in a PVH dom0 is lost memory, see drivers/gntdev.c. */
static bool is_pvh(void)
{
	char type[8] = "";
	int fd = open("/sys/hypervisor/guest_type", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, type, sizeof(type) - 1) < 0)
			type[0] = 0;
		close(fd);
	}
	return !strncmp(type, "PVH", 3);
}

static enum bug_result run_bug(const struct bug *bug, struct shared *shared)
{
	struct bug_run *run = &shared->run;
	struct granted granted = { .fd = -1, .map = MAP_FAILED };
	enum bug_result verdict;
	bool sees_deferred;
	int kmsg;

	memset(run, 0, sizeof(*run));
	run->page_size = 4096;
	run->rounds = rounds ? rounds : bug->rounds;
	if (is_pvh())
		return say(run, BUG_SKIP, "a PVH dom0 maps no self-grants");
	verdict = grant_pages(run, &granted);
	if (verdict) {
		end_grants(run, &granted);
		return verdict;
	}
	if (pipe(run->out))
		return say(run, BUG_ERROR, "pipe: %s", strerror(errno));

	write_file(CLEAR_WARN_ONCE, "1"); /* a WARN_ON_ONCE counts in every reproducer */
	sees_deferred = kmsg_watch_deferred(true);
	kmsg = kmsg_open();
	if (kmsg < 0)
		return say(run, BUG_ERROR, "/dev/kmsg: %s", strerror(errno));

	verdict = run_process(bug, shared);
	if (!verdict) {
		bug_wait(SETTLE_MS);
		verdict = check_later(shared);
	}
	close(run->out[0]);
	close(run->out[1]);
	if (!strcmp(planted, "log"))
		write_file("/dev/kmsg", "<4>WARNING: planted by gntdev-bugs --plant log\n");
	if (!strcmp(planted, "mapped") && !verdict) {
		run->gntdev = -1;
		verdict = bug_map(run);
	}
	bug_wait(SETTLE_MS);
	end_grants(run, &granted);
	bug_wait(20);
	judge_log(run, &verdict, kmsg, sees_deferred);

	kmsg_watch_deferred(false);
	close(kmsg);
	if (!strcmp(planted, "mapped")) {
		munmap(run->map, BUG_PAGES * run->page_size);
		close(run->gntdev);
	}
	return verdict;
}

static const struct bug *find_bug(const char *name)
{
	for (size_t i = 0; i < NR_BUGS; i++)
		if (!strcmp(bugs[i]->name, name))
			return bugs[i];
	fprintf(stderr, "gntdev-bugs: no reproducer is called \"%s\"; there are:", name);
	for (size_t i = 0; i < NR_BUGS; i++)
		fprintf(stderr, " %s", bugs[i]->name);
	fputc('\n', stderr);
	return NULL;
}

static void print_verdict(unsigned int nr, const struct bug *bug, enum bug_result verdict,
			  const char *why)
{
	struct utsname uts;

	uname(&uts);
	switch (verdict) {
	case BUG_OK:
		printf("ok %u %s\n", nr, bug->name);
		break;
	case BUG_SKIP:
		printf("ok %u %s # SKIP %s\n", nr, bug->name, why);
		break;
	case BUG_FAILURE:
		printf("not ok %u %s # FAILURE of Linux %s: %s: %s\n", nr, bug->name, uts.release,
		       bug->what, why);
		break;
	case BUG_ERROR:
		printf("not ok %u %s # ERROR %s\n", nr, bug->name, why);
		break;
	}
}

static int run_bugs(const struct bug *const *which, unsigned int nr, bool stop_if_damaged)
{
	enum bug_result worst = BUG_OK;
	struct shared *shared;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED) {
		fprintf(stderr, "gntdev-bugs: out of memory\n");
		return 2;
	}
	printf("KTAP version 1\n1..%u\n", nr);
	for (unsigned int i = 0; i < nr; i++) {
		enum bug_result verdict = run_bug(which[i], shared);

		print_verdict(i + 1, which[i], verdict, shared->run.why);
		fflush(stdout);
		if (verdict > worst)
			worst = verdict;
		if (damaged && stop_if_damaged) {
			printf("Bail out! The kernel is damaged\n");
			break;
		}
	}
	munmap(shared, sizeof(*shared));
	return worst == BUG_FAILURE ? 1 : worst == BUG_ERROR ? 2 : 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: gntdev-bugs [--list] [--stop-if-damaged] [--no-log] [--rounds N] "
			"[--plant data|log|mapped] [NAME…]\n");
	return 2;
}

int main(int argc, char **argv)
{
	const struct bug *which[NR_BUGS];
	bool stop_if_damaged = false;
	unsigned int nr = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--list")) {
			for (size_t j = 0; j < NR_BUGS; j++)
				printf("%-16s %-5s %s\n", bugs[j]->name,
				       bugs[j]->rounds ? "race" :
				       bugs[j]->alone  ? "alone" :
							 "-",
				       bugs[j]->what);
			return 0;
		}
		if (!strcmp(argv[i], "--stop-if-damaged")) {
			stop_if_damaged = true;
			continue;
		}
		if (!strcmp(argv[i], "--no-log")) {
			ignore_log = true;
			continue;
		}
		if (!strcmp(argv[i], "--rounds")) {
			if (++i == argc || atoi(argv[i]) < 1)
				return usage();
			rounds = atoi(argv[i]);
			continue;
		}
		if (!strcmp(argv[i], "--plant")) {
			if (++i == argc || !strstr("data log mapped", argv[i]))
				return usage();
			planted = argv[i];
			continue;
		}
		if (argv[i][0] == '-' || nr == NR_BUGS)
			return usage();
		which[nr] = find_bug(argv[i]);
		if (!which[nr++])
			return 2;
	}
	if (!nr) {
		memcpy(which, bugs, sizeof(bugs));
		nr = NR_BUGS;
	}
	return run_bugs(which, nr, stop_if_damaged);
}
