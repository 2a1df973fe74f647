// SPDX-License-Identifier: GPL-2.0
/*
 * Several processes that ask the module for anything at once, and are killed at any moment: run in
 * dom0 as "storm PATH/gntbench.ko SECONDS WORKERS SEED", with the module not loaded.
 *
 * What they ask for: requests that are right, the same with one word changed, structs of random
 * bytes, ioctls that there are none, pointers to nothing. A vCPU goes and comes in the first half,
 * if there is more than one; where the kernel has failslab and fail_page_alloc
 * (CONFIG_FAULT_INJECTION), the workers' allocations fail at times.
 *
 * Whatever the answer, it is one of those that gntbench_abi.h names, with a reason where that says
 * so; who is killed dies; in the end nothing is left. Prints KTAP. Exit status: 0, 1 if a test
 * failed, 2 if they could not run.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "ktap.h"
#include "leaks.h"
#include "module.h"
#include "random_request.h"

#define MAX_WORKERS	   16
#define DIES_MS		   15000  /* at most, from SIGKILL on: a page may be held for 10 s */
#define LIVES_MS	   120000 /* one that lives then is not waited for */
#define UNLOADS_MS	   30000
#define LEFT_MAX_KIB	   3072 /* less than before: it differs by 1,400 from run to run */
#define LEFT_MAX_DEBUG_KIB 65536
#define HOTPLUG_MS	   400

/**
 * struct counts - of all workers, dead ones too; in memory that they share
 * @ioctls: answered
 * @ran: with a clean oracle, or GNTBENCH_CHECK_ONLY accepted it
 * @refused: with a reason
 * @busy: another one ran
 * @stopped: by a limit of time, a full table, no memory, a vCPU that went
 * @pointers: refused for want of a pointer, an ABI or an ioctl; no reason is to be had
 * @wrong: an answer that there must not be
 * @what: the first of those
 */
struct counts {
	unsigned long ioctls;
	unsigned long ran;
	unsigned long refused;
	unsigned long busy;
	unsigned long stopped;
	unsigned long pointers;
	unsigned long wrong;
	char what[512];
};

static struct counts *counts;

static void count(unsigned long *counter)
{
	__atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

__attribute__((format(printf, 1, 2))) static void wrong(const char *format, ...)
{
	va_list args;

	if (__atomic_fetch_add(&counts->wrong, 1, __ATOMIC_RELAXED))
		return;
	va_start(args, format);
	vsnprintf(counts->what, sizeof(counts->what), format, args);
	va_end(args);
}

/* Anything, but often what is nearly right. */
static uint64_t random_word64(void)
{
	static const uint64_t words[] = { 0,
					  1,
					  0x7fffffff,
					  0x80000000,
					  0xffffffff,
					  0x7fffffffffffffff,
					  UINT64_MAX,
					  0x7ffffffff000,
					  0xffff888000000000 };

	if (random_one_in(2))
		return words[random_below(ARRAY_SIZE(words))];
	if (random_one_in(2))
		return random_below(8192);
	return random_below(UINT64_MAX) ^ (uint64_t)rand() << 40;
}

static void judge(const struct gntbench_run *run, int error)
{
	switch (error) {
	case 0:
		if (run->oracle_broken || !(run->flags & GNTBENCH_CHECK_ONLY || run->nr_values))
			wrong("%.32s: success, with %llu broken, %llu values", run->name,
			      (unsigned long long)run->oracle_broken,
			      (unsigned long long)run->nr_values);
		return count(&counts->ran);
	case EINVAL:
	case EOPNOTSUPP:
		count(&counts->refused);
		break;
	case EBUSY:
		count(&counts->busy);
		break;
	case ETIMEDOUT:
	case ENOSPC:
	case EIO:
		count(&counts->stopped);
		break;
	case ENOMEM: /* for the struct itself, or for the run */
		return count(&counts->stopped);
	case EFAULT:
	case EPROTO:
		return count(&counts->pointers);
	default:
		return wrong("%.32s:%.32s: %s: %.150s", run->name, run->op, strerror(error),
			     run->why);
	}
	if (!*run->why)
		wrong("%.32s:%.32s: %s, without a reason", run->name, run->op, strerror(error));
}

static void ask(int fd, struct gntbench_run *run)
{
	int error = ioctl(fd, GNTBENCH_IOC_RUN, run) ? errno : 0;

	count(&counts->ioctls);
	judge(run, error);
}

/* A request; with one word changed, if @changed. */
static void ask_request(int fd, bool changed)
{
	size_t words = sizeof(struct gntbench_run) / sizeof(uint64_t);
	struct request r;
	char line[512];
	uint64_t word;

	random_request_line(line, sizeof(line));
	if (random_one_in(20)) /* would end after an hour, if nobody were killed */
		strcpy(line, "map_unmap batch=512 samples=1000000 warmup=0 timeout_ms=600000");
	request_make(&r, line);
	if (changed) {
		word = random_word64();
		memcpy((char *)&r.run + random_below(words) * sizeof(word), &word, sizeof(word));
	}
	if (changed || !random_request_too_much(&r.run))
		ask(fd, &r.run);
	request_free(&r);
}

static void ask_bytes(int fd)
{
	struct gntbench_run run;
	unsigned char *byte = (unsigned char *)&run;
	unsigned int i;

	for (i = 0; i < sizeof(run); i++)
		byte[i] = rand() >> 8;
	if (!random_one_in(4))
		run.abi = GNTBENCH_ABI;
	if (random_one_in(2))
		strcpy(run.name, request_cases[random_below(request_nr_cases)].name);
	ask(fd, &run);
}

/* Nobody there; the last word of @size bytes beyond the page; read-only; the kernel's. */
static void *bad_pointer(size_t size)
{
	static char *pages;
	const size_t page = 4096;

	if (!pages) {
		pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
		if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE) ||
		    mprotect(pages + 2 * page, page, PROT_READ))
			err(2, "mmap");
	}
	switch (random_below(4)) {
	case 0:
		return pages + page;
	case 1:
		return pages + page - size + 8;
	case 2:
		return pages + 2 * page;
	default:
		return (void *)(uintptr_t)random_word64();
	}
}

static void ask_pointer(int fd)
{
	bool info = random_one_in(2);
	void *pointer =
		bad_pointer(info ? sizeof(struct gntbench_info) : sizeof(struct gntbench_run));

	if (!ioctl(fd, info ? GNTBENCH_IOC_INFO : GNTBENCH_IOC_RUN, pointer))
		wrong("success at the pointer %p", pointer);
	count(&counts->ioctls);
	count(&counts->pointers);
}

static void ask_nonsense(int fd)
{
	unsigned long cmd = random_word64();
	struct gntbench_info info;

	/* FIGETBSZ is answered by the kernel's fs/ioctl.c, for any file. */
	if (cmd != GNTBENCH_IOC_INFO && cmd != GNTBENCH_IOC_RUN && cmd != FIGETBSZ) {
		if (!ioctl(fd, cmd, &info))
			wrong("success of ioctl %#lx", cmd);
		count(&counts->ioctls);
		count(&counts->pointers);
	}
	if (ioctl(fd, GNTBENCH_IOC_INFO, &info) || info.abi != GNTBENCH_ABI)
		wrong("GNTBENCH_IOC_INFO: %s, abi %#x", strerror(errno), info.abi);
	count(&counts->ioctls);
	count(&counts->ran);
	if (read(fd, &info, 1) >= 0 || write(fd, &info, 1) >= 0 ||
	    mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED)
		wrong("read, write or mmap of %s", GNTBENCH_DEVICE);
}

/* False if there is no such file, or the kernel refuses it. */
static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) > 0;
	close(fd);
	return ok;
}

static void work(unsigned int seed)
{
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	srand(seed);
	fd = open(GNTBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, GNTBENCH_DEVICE);
	/* Who reads them waits for the last one that holds them. */
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	write_file("/proc/self/make-it-fail", "1");
	for (;;)
		switch (random_below(16)) {
		case 0:
			ask_request(fd, false);
			break;
		case 1:
		case 2:
		case 3:
			ask_request(fd, true);
			break;
		case 4:
		case 5:
			ask_nonsense(fd);
			break;
		case 6:
		case 7:
		case 8:
		case 9:
			ask_pointer(fd);
			break;
		default:
			ask_bytes(fd);
		}
}

static pid_t start_worker(void)
{
	unsigned int seed = rand();
	pid_t pid = fork();

	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		work(seed);
		_exit(0);
	}
	return pid;
}

static bool no_self_grants; /* Xen refuses them in a PVH dom0: most cases can't run, and say so */
static bool one_lives;	    /* after SIGKILL: nothing else can be asked then */

/* Where in the kernel it is. */
static void print_stack(pid_t pid)
{
	char path[32], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	f = fopen(path, "re");
	printf("# %d ms after SIGKILL a worker is in:\n", DIES_MS);
	while (f && fgets(line, sizeof(line), f))
		printf("#   %s", line);
	if (f)
		fclose(f);
	fflush(stdout);
}

/* SIGKILL, and how long it takes. */
static long kill_worker(pid_t pid)
{
	long start = now_ms(), took;
	bool told = false;

	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, WNOHANG) != pid) {
		took = now_ms() - start;
		if (took > DIES_MS && !told) {
			print_stack(pid);
			told = true;
		}
		if (took > LIVES_MS) {
			one_lives = true;
			return took;
		}
		usleep(500);
	}
	return now_ms() - start;
}

/* The same, and that it took no longer than it may. */
static long end_worker(struct ktap *k, pid_t pid)
{
	long took = kill_worker(pid);

	ktap_expect(k, took <= DIES_MS, "a worker %s %ld ms after SIGKILL",
		    one_lives ? "lives" : "died", took);
	return took;
}

/* The last vCPU, off or on; true if there is one and it is done. */
static bool toggle_vcpu(bool on)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%ld/online",
		 sysconf(_SC_NPROCESSORS_CONF) - 1);
	return write_file(path, on ? "1" : "0");
}

/* Those of the workers only: task-filter. */
static bool let_allocations_fail(void)
{
	static const char *const attrs[] = { "failslab", "fail_page_alloc" };
	static const char *const settings[][2] = { { "task-filter", "Y" },
						   { "verbose", "0" },
						   { "interval", "50" },
						   { "times", "-1" },
						   { "probability", "100" } };
	char path[128];
	unsigned int i, k;

	if (access("/proc/self/make-it-fail", W_OK))
		return false;
	for (i = 0; i < ARRAY_SIZE(attrs); i++)
		for (k = 0; k < ARRAY_SIZE(settings); k++) {
			snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", attrs[i],
				 settings[k][0]);
			if (!write_file(path, settings[k][1]))
				return false;
		}
	return true;
}

/* KiB that are free, or are so as soon as somebody asks. */
static long memory_kib(void)
{
	FILE *f;
	char line[128];
	long kib = -1;

	sync();
	write_file("/proc/sys/vm/drop_caches", "3");
	f = fopen("/proc/meminfo", "re");
	while (f && fgets(line, sizeof(line), f) && sscanf(line, "MemAvailable: %ld", &kib) != 1)
		;
	if (f)
		fclose(f);
	return kib;
}

static enum ktap_result storm(struct ktap *k, long seconds, unsigned int workers)
{
	long end = now_ms() + seconds * 1000, half = now_ms() + seconds * 500,
	     hotplug = now_ms() + HOTPLUG_MS, took, longest = 0;
	unsigned long kills = 0, hotplugs = 0;
	bool fail = let_allocations_fail(), on = true;
	pid_t pid[MAX_WORKERS];
	unsigned int i;

	for (i = 0; i < workers; i++)
		pid[i] = start_worker();
	while (now_ms() < end) {
		sleep_ms(1 + random_below(1L << random_below(9)));
		/* In the first half: a vCPU that goes ends a run as a signal does. */
		if (now_ms() > hotplug && (!on || now_ms() < half)) {
			hotplug = now_ms() + HOTPLUG_MS;
			hotplugs += toggle_vcpu(on = !on);
		}
		i = random_below(workers);
		took = end_worker(k, pid[i]);
		if (one_lives)
			return KTAP_PASS;
		if (took > longest)
			longest = took;
		kills++;
		pid[i] = start_worker();
	}
	for (i = 0; i < workers; i++)
		end_worker(k, pid[i]);
	if (!on)
		toggle_vcpu(true);
	printf("# %lu ioctls: %lu ran, %lu refused, %lu busy, %lu stopped, %lu no pointer, ABI or ioctl\n",
	       counts->ioctls, counts->ran, counts->refused, counts->busy, counts->stopped,
	       counts->pointers);
	printf("# %lu SIGKILLs, the slowest death %ld ms; %lu times a vCPU went or came; %s\n",
	       kills, longest, hotplugs,
	       fail ? "allocations failed" : "no allocation was made to fail");
	ktap_expect(k, !counts->wrong, "%lu wrong answers, the first: %s", counts->wrong,
		    counts->what);
	ktap_expect(k, counts->ran && counts->refused && counts->busy && counts->pointers,
		    "a storm that shows little");
	return KTAP_PASS;
}

/* Those that were in use when they were ended: all at the next look, in place of ten a second. */
static void free_grants_soon(void)
{
	write_file("/sys/module/grant_table/parameters/free_per_iteration", "100000");
}

/*
 * KiB that may be missing. A kernel with lockdep keeps stacks and objects of its own: 19 MiB after
 * 15 s, 22 after 60.
 */
static long left_max_kib(void)
{
	struct gntbench_info info = { 0 };
	int fd = open(GNTBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0 || ioctl(fd, GNTBENCH_IOC_INFO, &info))
		err(2, GNTBENCH_DEVICE);
	close(fd);
	return info.kernel_flags & (GNTBENCH_KERNEL_LOCKDEP | GNTBENCH_KERNEL_KASAN) ?
		       LEFT_MAX_DEBUG_KIB :
		       LEFT_MAX_KIB;
}

static enum ktap_result check_memory(struct ktap *k, long before)
{
	long after = memory_kib();

	ktap_expect(k, before > 0 && before - after <= left_max_kib(),
		    "%ld KiB of memory were available, %ld are", before, after);
	printf("# %ld KiB of memory were available, %ld are\n", before, after);
	return KTAP_PASS;
}

/* Of every case that can run here: the next user is one like any other. */
static enum ktap_result check_runs(struct ktap *k)
{
	struct request r;
	unsigned int i;

	for (i = 0; i < request_nr_cases; i++) {
		request_make(&r, request_cases[i].name);
		r.run.param[GNTBENCH_P_SAMPLES] = 2;
		request_run(&r);
		request_free(&r);
		ktap_expect(k, !r.error || r.error == EOPNOTSUPP || r.error == EINVAL, "%s: %s: %s",
			    r.run.name, strerror(r.error), r.run.why);
		ktap_expect(k, !r.error || no_self_grants || strcmp(r.run.name, "map_unmap"),
			    "%s: %s", r.run.name, r.run.why);
	}
	return KTAP_PASS;
}

static enum ktap_result check_unloads(struct ktap *k)
{
	ktap_expect(k, !module_unload_within(UNLOADS_MS), "after %d ms: %s", UNLOADS_MS,
		    strerror(errno));
	return KTAP_PASS;
}

int main(int argc, char **argv)
{
	struct ktap k = { 0 };
	struct request r;
	unsigned int workers = argc == 5 ? strtoul(argv[3], NULL, 0) : 0;
	long before;

	if (!workers || workers > MAX_WORKERS)
		errx(2, "usage: storm PATH/gntbench.ko SECONDS WORKERS SEED");
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (counts == MAP_FAILED)
		err(2, "mmap");
	if (module_load(argv[1], ""))
		err(2, "can't load %s", argv[1]);
	leaks_begin();
	/*
	 * Linux keeps what it once took to have pages for foreign frames, so take the most that a run
	 * can have; and lists of free pages for each vCPU, 10 MiB and more unless they are limited.
	 */
	write_file("/proc/sys/vm/percpu_pagelist_high_fraction", "100000");
	if (request_line(&r, "drain batch=512 requests=60 busy_requests=0 samples=1 warmup=0")) {
		if (r.error != EOPNOTSUPP)
			errx(2, "%s", r.run.why);
		no_self_grants = true;
	}
	before = memory_kib();
	free_grants_soon();
	srand(strtoul(argv[4], NULL, 0));

	printf("KTAP version 1\n1..5\n# %s s, %u workers, seed %s\n", argv[2], workers, argv[4]);
	if (no_self_grants)
		printf("# cases with self-grants are refused here: %s\n", r.run.why);
	fflush(stdout);
	ktap_line(&k, storm(&k, strtol(argv[2], NULL, 0), workers),
		  "every answer is a verdict or a named refusal, and who is killed dies");
	if (one_lives)
		return 1;
	ktap_line(&k, check_runs(&k), "every case runs afterwards");
	ktap_line(&k, leaks_check(&k), "nothing is mapped or granted, the kernel is content");
	ktap_line(&k, check_memory(&k, before), "memory is as it was");
	ktap_line(&k, check_unloads(&k), "the module unloads");
	return k.failed ? 1 : 0;
}
