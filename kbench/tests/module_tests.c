// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of gntbench.ko: run in dom0 as "module_tests PATH/gntbench.ko [PATTERN]", with the module
 * not loaded; with PATTERN, an extended regular expression, those alone whose names match. Prints
 * KTAP. Exit status: 0 if no test failed, 1 if one did, 2 if they could not run.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "ktap.h"
#include "leaks.h"
#include "module.h"
#include "request.h"

/* A run that takes far longer than any test waits for it. */
#define LONG_RUN  "map_unmap batch=512 samples=1000000 warmup=0 timeout_ms=600000"
#define UNLOAD_MS 5000 /* longer than the fault never_lets_go */
#define STOP_MS	  1000 /* a signal or a timeout ends a run within this time */

static void wait_busy(void)
{
	long start = now_ms();
	struct request r;

	while (request_line(&r, "floor:empty batch=1 flags=1") != EBUSY)
		if (now_ms() - start > 10000)
			errx(2, "a run does not begin: %s", strerror(r.error));
}

/* Runs @line in a child, which ends with the errno of the ioctl; returns once it runs. */
static pid_t start_run(const char *line)
{
	pid_t pid = fork();

	if (!pid) {
		struct request r;

		/* It may meet wait_busy()'s own. */
		while (request_line(&r, line) == EBUSY)
			;
		_exit(r.error);
	}
	wait_busy();
	return pid;
}

/* Milliseconds until the child ended, or -1 if it runs after 10 s; @status as by wait(). */
static long wait_run(pid_t pid, int *status)
{
	long start = now_ms();

	while (now_ms() - start < 10000) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return now_ms() - start;
		sleep_ms(5);
	}
	return -1;
}

/* A run that must succeed, with a clean oracle. */
static enum ktap_result expect_clean(struct ktap *k, const char *line)
{
	struct request r;

	request_line(&r, line);
	ktap_expect(k, !r.error, "'%s': %s: %s", line, strerror(r.error), r.run.why);
	ktap_expect(k, !r.run.oracle_broken, "'%s': %llu broken", line,
		    (unsigned long long)r.run.oracle_broken);
	return KTAP_PASS;
}

static enum ktap_result test_permission(struct ktap *k, const void *arg)
{
	struct stat st;
	pid_t pid;
	int status;

	(void)arg;
	ktap_expect(k, !stat(GNTBENCH_DEVICE, &st), "no %s: %s", GNTBENCH_DEVICE, strerror(errno));
	ktap_expect(k, (st.st_mode & 0777) == 0600, "mode %o, not 600", st.st_mode & 0777);
	pid = fork();
	if (!pid)
		_exit(setuid(65534) || open(GNTBENCH_DEVICE, O_RDWR) >= 0 || errno != EACCES);
	waitpid(pid, &status, 0);
	ktap_expect(k, !status, "another user can open it");
	return KTAP_PASS;
}

/* A descriptor may be inherited by who may not open the device. */
static enum ktap_result test_inherited(struct ktap *k, const void *arg)
{
	struct gntbench_info info;
	int status, fd = open(GNTBENCH_DEVICE, O_RDWR);
	pid_t pid;

	(void)arg;
	ktap_expect(k, fd >= 0, "%s", strerror(errno));
	pid = fork();
	if (!pid)
		_exit(setuid(65534) || !ioctl(fd, GNTBENCH_IOC_INFO, &info) || errno != EPERM ||
		      !ioctl(fd, GNTBENCH_IOC_RUN, NULL) || errno != EPERM);
	waitpid(pid, &status, 0);
	close(fd);
	ktap_expect(k, !status, "nobody can use it");
	return KTAP_PASS;
}

/* Which samples an interrupt hit: each of a timer's, none of an empty one right behind a tick. */
static enum ktap_result test_interrupts(struct ktap *k, const void *arg)
{
	static const struct {
		const char *line;
		unsigned int least, most;
	} runs[] = {
		{ "floor:timer batch=1 samples=40 flags=2", 1, 1000 },
		{ "floor:empty batch=1 samples=40 flags=2", 0, 0 },
	};
	unsigned int i, j;
	struct request r;

	(void)arg;
	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		uint32_t nr[40];

		memset(nr, 0xff, sizeof(nr));
		request_make(&r, runs[i].line);
		r.run.interrupts = (uintptr_t)nr;
		request_run(&r);
		ktap_expect(k, !r.error, "'%s': %s", runs[i].line, r.run.why);
		for (j = 0; j < ARRAY_SIZE(nr); j++)
			ktap_expect(k, nr[j] >= runs[i].least && nr[j] <= runs[i].most,
				    "'%s': %u interrupts in sample %u", runs[i].line, nr[j], j);
		request_free(&r);
	}
	request_line(&r, "floor:empty batch=1 interrupts=1");
	ktap_expect(k, r.error == EFAULT, "a bad pointer: %s", strerror(r.error));
	return KTAP_PASS;
}

/* All vCPUs at once, the largest batches: it must not wait for them longer than for one of them. */
#define CONTEND_RUN "contend batch=512 unmap_mode=sync samples=100000"

static enum ktap_result test_contend_ends(struct ktap *k, const void *arg)
{
	char line[160];
	struct request r;
	int status;
	long ms;
	pid_t pid;

	(void)arg;
	snprintf(line, sizeof(line), CONTEND_RUN " vcpus=%ld", sysconf(_SC_NPROCESSORS_ONLN));
	pid = start_run(line);
	kill(pid, SIGKILL);
	ms = wait_run(pid, &status);
	ktap_expect(k, ms >= 0 && ms < STOP_MS, "SIGKILL: ended after %ld ms", ms);
	snprintf(line, sizeof(line), CONTEND_RUN " vcpus=%ld timeout_ms=500",
		 sysconf(_SC_NPROCESSORS_ONLN));
	ms = now_ms();
	request_line(&r, line);
	ms = now_ms() - ms;
	ktap_expect(k, r.error == ETIMEDOUT, "%s: %s", strerror(r.error), r.run.why);
	ktap_expect(k, ms < 500 + STOP_MS, "timeout_ms=500: ended after %ld ms", ms);
	return KTAP_PASS;
}

static enum ktap_result test_info(struct ktap *k, const void *arg)
{
	struct gntbench_info info;
	int fd = open(GNTBENCH_DEVICE, O_RDWR);

	(void)arg;
	ktap_expect(k, fd >= 0 && !ioctl(fd, GNTBENCH_IOC_INFO, &info), "%s", strerror(errno));
	ktap_expect(k, ioctl(fd, _IO('G', 0x99)) && errno == ENOTTY, "unknown ioctl accepted");
	ktap_expect(k, ioctl(fd, GNTBENCH_IOC_RUN, NULL) && errno == EFAULT, "NULL accepted");
	close(fd);
	ktap_expect(k, info.abi == GNTBENCH_ABI, "abi %u, not %u", info.abi, GNTBENCH_ABI);
	ktap_expect(k, info.nr_cases == request_nr_cases, "%u cases, not %u", info.nr_cases,
		    request_nr_cases);
	ktap_expect(k, info.tick_khz, "no clock");
	ktap_expect(k, info.kernel_flags & GNTBENCH_KERNEL_FAULTS, "faults=1 is not shown");
	return KTAP_PASS;
}

/* In the exact tier only: the clock counts instructions. LAB_TIER is set by the lab. */
static enum ktap_result test_proof(struct ktap *k, const void *arg)
{
	const char *tier = getenv("LAB_TIER");
	struct gntbench_info info;
	int fd = open(GNTBENCH_DEVICE, O_RDWR);

	(void)arg;
	ktap_expect(k, fd >= 0 && !ioctl(fd, GNTBENCH_IOC_INFO, &info), "%s", strerror(errno));
	close(fd);
	if (!tier || strcmp(tier, "exact")) {
		snprintf(k->why, sizeof(k->why), "the tier is not exact");
		return KTAP_SKIP;
	}
	ktap_expect(k,
		    info.proof_ticks >= info.proof_insn && info.proof_ticks <= info.proof_insn + 16,
		    "%llu instructions took %llu ticks", (unsigned long long)info.proof_insn,
		    (unsigned long long)info.proof_ticks);
	return KTAP_PASS;
}

static enum ktap_result test_clean(struct ktap *k, const void *arg)
{
	return expect_clean(k, arg);
}

struct refusal {
	const char *line;
	int error;
	const char *why; /* what the reason must say */
};

static enum ktap_result test_refusal(struct ktap *k, const void *arg)
{
	const struct refusal *t = arg;
	struct request r;

	request_line(&r, t->line);
	ktap_expect(k, r.error == t->error, "'%s': %s, not %s (%s)", t->line, strerror(r.error),
		    strerror(t->error), r.run.why);
	ktap_expect(k, strstr(r.run.why, t->why), "'%s': the reason '%s' lacks '%s'", t->line,
		    r.run.why, t->why);
	ktap_expect(k, !r.run.nr_values || r.error == EFAULT, "'%s': left values", t->line);
	return KTAP_PASS;
}

/*
 * The oracle's answer to each planted fault, in a run that can show it: of one page, and of the
 * last of some.
 */
static const struct {
	const char *name;
	const char *run;
	int error;
	const char *why;
} planted[] = {
	{ "bad_gref", "map_unmap", EILSEQ, "status -3" },
	{ "pattern", "map_unmap", EILSEQ, "does not read the granter's pattern" },
	{ "lost_write", "map_unmap", EILSEQ, "does not see the mapper's write" },
	{ "not_foreign", "map_unmap", EILSEQ, "PG_foreign is not set" },
	{ "private", "map_unmap", EILSEQ, "page->private" },
	{ "p2m", "map_unmap", EILSEQ, "lacks FOREIGN_FRAME_BIT" },
	{ "bad_handle", "map_unmap", EILSEQ, "status -4" },
	{ "still_foreign", "map_unmap", EILSEQ, "PG_foreign is set after" },
	{ "still_p2m", "map_unmap", EILSEQ, "p2m entry" },
	{ "page_count", "map_unmap", EILSEQ, "page count 2" },
	{ "done_twice", "map_unmap", EILSEQ, "called 2 times" },
	{ "still_mapped", "map_unmap", EILSEQ, "in use after the unmap" },
	{ "never_lets_go", "map_unmap timeout_ms=300", ETIMEDOUT, "timeout_ms=300 is over" },
	{ "unsafe", "busy hold_ns=10000000", EILSEQ, "unmapped while holder 0 of 1" },
	{ "frame", "map_unmap", EILSEQ, "is not the granter's frame" },
	{ "readable", "map_unmap", EILSEQ, "can be read after the unmap" },
	{ "left_out", "map_unmap", EILSEQ, "called before 1 of" },
};

static enum ktap_result test_fault(struct ktap *k, const void *arg)
{
	static const unsigned int batches[] = { 1, 4 };
	const unsigned int *number = arg;
	const char *name = request_fault_names[*number];
	enum ktap_result result;
	unsigned int i, j;
	char line[128];

	for (i = 0; i < ARRAY_SIZE(planted) && strcmp(planted[i].name, name); i++)
		;
	ktap_expect(k, i < ARRAY_SIZE(planted), "no expectation for fault %s", name);
	for (j = 0; j < ARRAY_SIZE(batches); j++) {
		struct refusal t = { line, planted[i].error, planted[i].why };

		snprintf(line, sizeof(line), "%s batch=%u samples=3 fault=%u", planted[i].run,
			 batches[j], *number);
		result = test_refusal(k, &t);
		if (result != KTAP_PASS)
			return result;
	}
	return expect_clean(k, "map_unmap batch=4 samples=3");
}

static enum ktap_result test_fault_needs_parameter(struct ktap *k, const void *arg)
{
	static const struct refusal refused = { "map_unmap fault=1", EINVAL, "faults=1" };
	enum ktap_result result;

	(void)arg;
	ktap_expect(k, !module_unload_within(UNLOAD_MS) && !module_load(NULL, ""),
		    "can't load it without faults: %s", strerror(errno));
	result = test_refusal(k, &refused);
	ktap_expect(k, !module_unload_within(0) && !module_load(NULL, "faults=1"),
		    "can't load it again: %s", strerror(errno));
	return result;
}

static enum ktap_result test_second_caller(struct ktap *k, const void *arg)
{
	static const struct refusal busy = { "floor:empty batch=1", EBUSY, "another run" };
	enum ktap_result result;
	int status = 0;
	pid_t pid;

	(void)arg;
	pid = start_run(LONG_RUN);
	result = test_refusal(k, &busy);
	kill(pid, SIGKILL);
	wait_run(pid, &status);
	if (result != KTAP_PASS)
		return result;
	return expect_clean(k, "floor:empty batch=1");
}

static enum ktap_result test_signal(struct ktap *k, const void *arg)
{
	const int *signo = arg;
	pid_t pid = start_run(LONG_RUN);
	int status;
	long ms;

	kill(pid, *signo);
	ms = wait_run(pid, &status);
	ktap_expect(k, ms >= 0 && ms < STOP_MS, "signal %d: ended after %ld ms", *signo, ms);
	ktap_expect(k, WIFSIGNALED(status), "signal %d: status %#x", *signo, status);
	return expect_clean(k, "map_unmap batch=512 samples=3");
}

static void ignore(int signo)
{
	(void)signo;
}

/* A caller that handles the signal sees EINTR. */
static enum ktap_result test_eintr(struct ktap *k, const void *arg)
{
	struct sigaction action = { .sa_handler = ignore };
	struct request r;

	(void)arg;
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
	request_line(&r, LONG_RUN);
	alarm(0);
	ktap_expect(k, r.error == EINTR, "%s: %s", strerror(r.error), r.run.why);
	ktap_expect(k, strstr(r.run.why, "signal"), "the reason is '%s'", r.run.why);
	return KTAP_PASS;
}

static enum ktap_result test_timeout(struct ktap *k, const void *arg)
{
	long start = now_ms();
	struct request r;

	(void)arg;
	request_line(&r, "map_unmap batch=512 samples=1000000 warmup=0 timeout_ms=200");
	ktap_expect(k, r.error == ETIMEDOUT, "%s: %s", strerror(r.error), r.run.why);
	ktap_expect(k, now_ms() - start < 200 + STOP_MS, "ended after %ld ms", now_ms() - start);
	return KTAP_PASS;
}

static enum ktap_result test_rmmod_while_running(struct ktap *k, const void *arg)
{
	pid_t pid = start_run(LONG_RUN);
	int ret = module_unload();
	int error = errno;
	int status;

	(void)arg;
	kill(pid, SIGKILL);
	wait_run(pid, &status);
	ktap_expect(k, ret && (error == EWOULDBLOCK || error == EBUSY), "rmmod: %s",
		    ret ? strerror(error) : "done while a case ran");
	ktap_expect(k, !module_unload_within(UNLOAD_MS), "rmmod after the run: %s",
		    strerror(errno));
	ktap_expect(k, !module_load(NULL, "faults=1"), "insmod: %s", strerror(errno));
	return KTAP_PASS;
}

/* A request that outlives its run pins the module, and lets go of everything when it ends. */
static enum ktap_result test_left_request(struct ktap *k, const void *arg)
{
	const unsigned int *fault = arg;
	long in_use = leaks_settled_grants_in_use(k->why, sizeof(k->why));
	char line[128];
	struct request r;
	long start, left;

	snprintf(line, sizeof(line), "map_unmap batch=8 samples=1 timeout_ms=100 fault=%u", *fault);
	start = now_ms();
	request_line(&r, line);
	ktap_expect(k, r.error == ETIMEDOUT, "%s: %s", strerror(r.error), r.run.why);
	ktap_expect(k, now_ms() - start < 100 + STOP_MS, "ended after %ld ms", now_ms() - start);
	left = leaks_grants_in_use(k->why, sizeof(k->why));
	ktap_expect(k, left == in_use + 8, "%ld grants in use, %ld before: not its 8 more", left,
		    in_use);
	ktap_expect(k, module_unload() && (errno == EWOULDBLOCK || errno == EBUSY),
		    "rmmod was not refused");
	ktap_expect(k, !module_unload_within(UNLOAD_MS), "rmmod is still refused: %s",
		    strerror(errno));
	ktap_expect(k, !module_load(NULL, "faults=1"), "insmod: %s", strerror(errno));
	ktap_expect(k, leaks_settled_grants_in_use(k->why, sizeof(k->why)) == in_use,
		    "its grants stay in use");
	return KTAP_PASS;
}

/* Every case, op and unmap mode. */
static const char *const clean[] = {
	"floor:empty batch=1",
	"floor:hypercall batch=1",
	"floor:work batch=1",
	"floor:timer batch=1",
	"floor:page_count batch=1",
	"lines:touch lines=0",
	"lines:touch lines=4096",
	"floor:page_count batch=512",
	"map_unmap batch=1 unmap_mode=immediate",
	"map_unmap batch=1 unmap_mode=async",
	"map_unmap batch=1 unmap_mode=sync",
	"map_unmap batch=33 unmap_mode=immediate",
	"map_unmap batch=33 unmap_mode=async",
	"map_unmap batch=33 unmap_mode=sync",
	"map_unmap batch=512 samples=5 unmap_mode=immediate",
	"map_unmap batch=512 samples=5 unmap_mode=async",
	"map_unmap batch=512 samples=5 unmap_mode=sync",
	"map_unmap batch=1 samples=1 warmup=0",
	"busy batch=1 samples=5 warmup=1 hold_ns=0",
	"busy batch=16 samples=5 warmup=1 hold_ns=20000000",
	"busy batch=16 busy_pages=16 samples=5 warmup=1 hold_ns=1000000",
	"busy batch=16 busy_pages=0 samples=5",
	"drain batch=1 samples=3 warmup=1 hold_ns=1000000",
	"drain batch=4 busy_pages=4 requests=64 busy_requests=16 samples=3 warmup=1 hold_ns=1000000",
	"drain batch=1 busy_pages=1 requests=8 busy_requests=0 samples=3",
	"drain batch=4 busy_pages=2 requests=16 busy_requests=8 interval_us=1000 samples=2 hold_ns=3000000",
	"drain batch=1 requests=16 busy_requests=0 interval_us=100 samples=2",
	"refcount:check",
	"refcount:lookup",
	"refcount:set",
	"refcount:clear",
	"refcount:check_cold",
	"refcount:lookup_cold",
	"copy:copy batch=1 bytes=64",
	"copy:copy batch=512 samples=5",
	"copy:map bytes=72",
	"copy:map batch=512 samples=5",
	"strategy:copy batch=4 touched=30 uses=3",
	"strategy:map_copy bytes=72 uses=2 samples=5",
	"strategy:map_touch batch=512 touched=1 samples=5",
	"strategy:keep batch=1 uses=256 samples=3",
	"granter:grant",
	"granter:end batch=512 samples=5",
	"granter:try_end batch=1",
	"granter:reclaim batch=16 samples=1 warmup=0",
	"contend vcpus=1 samples=5",
	"contend vcpus=1 batch=512 samples=2 warmup=0 unmap_mode=sync",
	"limits:maptrack free=1 unmap_mode=async batch=8 samples=2 warmup=1",
	"limits:grants free=1 unmap_mode=async batch=8 samples=2 warmup=1",
	"limits:fail unmap_mode=async batch=8 samples=2 warmup=1",
};

/* Those that take two vCPUs: not run where there is one. */
static const char *const clean_smp[] = {
	"contend vcpus=2 samples=5",
	"handoff batch=33 unmap_mode=immediate",
	"handoff batch=33 unmap_mode=async",
	"limits:turns free=0 unmap_mode=async batch=8 samples=4 warmup=1",
};

static const struct refusal refusals[] = {
	{ "map_unmap abi=0", EPROTO, "ABI 0" },
	{ "map_unmap flags=4", EINVAL, "flags=0x4" },
	{ "nonesuch", EINVAL, "unknown case 'nonesuch'" },
	{ "a_name_of_thirty-two_characters_", EINVAL, "longer than 31" },
	{ "floor:nonesuch batch=1", EINVAL, "empty hypercall page_count work timer" },
	{ "map_unmap:map", EINVAL, "no op 'map'" },
	{ "map_unmap unmap_mode=lazy", EINVAL, "'lazy'; known: immediate async sync" },
	{ "map_unmap unmap_mode=", EINVAL, "unknown unmap_mode ''" },
	{ "floor batch=1 unmap_mode=sync", EINVAL, "takes no unmap_mode" },
	{ "map_unmap batch=0", EINVAL, "batch=0 is not in 1..512" },
	{ "map_unmap batch=513", EINVAL, "batch=513 is not in 1..512" },
	{ "map_unmap batch=4294967297", EINVAL, "batch=4294967297" },
	{ "map_unmap samples=0", EINVAL, "samples=0 is not in 1..1000000" },
	{ "map_unmap samples=1000001", EINVAL, "samples=1000001" },
	{ "map_unmap warmup=100001", EINVAL, "warmup=100001" },
	{ "map_unmap timeout_ms=0", EINVAL, "timeout_ms=0" },
	{ "map_unmap timeout_ms=600001", EINVAL, "timeout_ms=600001" },
	{ "map_unmap busy_pages=1", EINVAL, "takes no busy_pages" },
	{ "map_unmap granter=40000", EINVAL, "granter=40000" },
	{ "map_unmap granter=1", EINVAL, "0 grefs from domain 1" },
	{ "map_unmap nr_grefs=1", EINVAL, "self-grants take no grefs" },
	{ "map_unmap granter=1 grefs=4096 nr_grefs=31", EINVAL, "31 grefs given, 32 needed" },
	{ "map_unmap granter=1 grefs=4096 nr_grefs=40000", EINVAL, "40000 grefs" },
	{ "map_unmap granter=1 grefs=1 nr_grefs=32", EFAULT, "can't read 32 grefs" },
	{ "floor batch=1 granter=1", EINVAL, "takes no granter" },
	{ "map_unmap nr_holds=1", EINVAL, "takes no hold times" },
	{ "map_unmap values=0", EINVAL, "room for 0 values, 400 needed" },
	{ "map_unmap nr_values=399", EINVAL, "room for 399 values, 400 needed" },
	{ "map_unmap values=1 samples=1", EFAULT, "can't write 2 values" },
	{ "map_unmap fault=1000", EINVAL, "fault=1000 is not in" },
	{ "floor:empty batch=2", EINVAL, "batch=2: op empty" },
	{ "busy", EINVAL, "0 hold times given, 200 needed" },
	{ "busy hold_ns=1000 nr_holds=199", EINVAL, "199 hold times given, 200 needed" },
	{ "busy hold_ns=10000000001", EINVAL, "hold time 0 is 10000000001 ns" },
	{ "busy samples=1000000 busy_pages=2 hold_ns=1 values=1 nr_values=5000000", EINVAL,
	  "2000000 hold times" },
	{ "busy batch=4 busy_pages=5 hold_ns=1000", EINVAL, "busy_pages=5 is more than batch=4" },
	{ "busy hold_ns=1000 unmap_mode=sync", EINVAL, "takes no unmap_mode" },
	{ "drain requests=4 busy_requests=5 hold_ns=1000", EINVAL, "busy_requests=5 is more than" },
	{ "drain requests=4096 batch=16 hold_ns=1000", EINVAL, "65536 pages" },
	{ "drain interval_us=100001 hold_ns=1000", EINVAL,
	  "interval_us=100001 is not in 0..100000" },
	{ "copy bytes=63", EINVAL, "bytes=63 is not in 64..4096" },
	{ "copy bytes=65", EINVAL, "bytes=65 is not a multiple of 8" },
	{ "strategy:keep touched=101", EINVAL, "touched=101 is not in 1..100 %" },
	{ "strategy:keep uses=0", EINVAL, "uses=0 is not in 1..256" },
	{ "strategy:copy uses=2 fault=3", EILSEQ, "not the granter's bytes" },
	{ "limits:fail batch=1", EINVAL, "a batch of two or more" },
	{ "limits free=101", EINVAL, "free=101 is not in 0..100" },
	{ "contend vcpus=64", EOPNOTSUPP, "vcpus=64: only" },
	{ "granter:reclaim batch=24 samples=1 timeout_ms=500", ETIMEDOUT, "timeout_ms=500" },
	{ "copy:copy fault=1", EILSEQ, "copy op 31 of 32" },
	{ "copy:copy fault=3", EILSEQ, "not the granter's bytes" },
	{ "contend batch=4 fault=7", EILSEQ, "unmap op 3 of 4" },
	{ "map_unmap batch=4 samples=1 fault=14", EILSEQ, "unmapped while holder 0 of 1" },
	{ "drain requests=4 batch=4 samples=1 hold_ns=10000000 fault=14", EILSEQ,
	  "unmapped while holder" },
	/* Accepted, but nothing runs and nothing is returned: the room is not looked at. */
	{ "map_unmap flags=1 values=0 nr_values=0", 0, "" },
};

static enum ktap_result test_leaks(struct ktap *k, const void *arg)
{
	(void)arg;
	return leaks_check(k);
}

static regex_t only; /* tests whose names match */

#define NOTHING_LEFT "nothing is left"

static bool wanted(const char *name)
{
	return !regexec(&only, name, 0, NULL, 0);
}

static void run_test(struct ktap *k, const char *name,
		     enum ktap_result (*test)(struct ktap *k, const void *arg), const void *arg)
{
	if (wanted(name))
		ktap_line(k, test(k, arg), name);
}

static void run_clean(struct ktap *k, const char *const *lines, unsigned int nr)
{
	char name[160];

	for (unsigned int i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "runs: %s", lines[i]);
		run_test(k, name, test_clean, lines[i]);
	}
}

static void run_table(struct ktap *k)
{
	char name[160];
	unsigned int i;

	run_clean(k, clean, ARRAY_SIZE(clean));
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		run_clean(k, clean_smp, ARRAY_SIZE(clean_smp));
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		snprintf(name, sizeof(name), "refuses: %s", refusals[i].line);
		run_test(k, name, test_refusal, &refusals[i]);
	}
	for (i = 1; i < GNTBENCH_NR_FAULTS; i++) {
		snprintf(name, sizeof(name), "catches: %s", request_fault_names[i]);
		run_test(k, name, test_fault, &i);
	}
}

int main(int argc, char **argv)
{
	static const int signals[] = { SIGKILL, SIGINT };
	static const unsigned int never_lets_go = GNTBENCH_F_NEVER_LETS_GO;
	struct ktap k = { 0 };

	if (argc < 2 || argc > 3)
		errx(2, "usage: module_tests PATH/gntbench.ko [PATTERN]");
	if (regcomp(&only, argc == 3 ? argv[2] : "", REG_EXTENDED | REG_NOSUB))
		errx(2, "'%s' is no regular expression", argv[2]);
	if (module_load(argv[1], "faults=1"))
		err(2, "can't load %s", argv[1]);
	if (wanted(NOTHING_LEFT))
		leaks_begin(); /* takes as long as half of the tests */

	printf("KTAP version 1\n");
	run_test(&k, "the device is for root only", test_permission, NULL);
	run_test(&k, "an inherited descriptor", test_inherited, NULL);
	run_test(&k, "the info ioctl", test_info, NULL);
	run_test(&k, "the samples that an interrupt hit", test_interrupts, NULL);
	run_test(&k, "the clock's proof", test_proof, NULL);
	run_table(&k);
	run_test(&k, "faults need the module's parameter", test_fault_needs_parameter, NULL);
	run_test(&k, "a second caller gets EBUSY", test_second_caller, NULL);
	run_test(&k, "contend ends within a second", test_contend_ends, NULL);
	run_test(&k, "kill -9 ends a run", test_signal, &signals[0]);
	run_test(&k, "SIGINT ends a run", test_signal, &signals[1]);
	run_test(&k, "a handled signal gives EINTR", test_eintr, NULL);
	run_test(&k, "timeout_ms ends a run", test_timeout, NULL);
	run_test(&k, "rmmod is refused while a case runs", test_rmmod_while_running, NULL);
	run_test(&k, "a request that outlives its run", test_left_request, &never_lets_go);
	run_test(&k, NOTHING_LEFT, test_leaks, NULL);
	printf("1..%u\n", k.nr);
	if (module_unload_within(UNLOAD_MS))
		errx(2, "can't unload the module");
	return k.failed ? 1 : 0;
}
