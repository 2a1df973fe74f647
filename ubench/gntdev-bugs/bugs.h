/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reproducers of what goes wrong when a gntdev mapping changes while one of its pages is in use.
 *
 * They test the kernel, not gntbench. A reproducer does in a process of its own what a user-space
 * backend would do, and says whether the user got what was promised; around it, the harness
 * (bugs.c) looks at what the kernel logged and whether Xen still counts the grants as mapped.
 */
#ifndef GNTBENCH_BUGS_H
#define GNTBENCH_BUGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUG_PAGES   16 /* pages granted and mapped by every reproducer */
#define BUG_WHY_LEN 240

/* The worst one wins. An error is a fault of the test, a failure is one of the kernel. */
enum bug_result {
	BUG_OK,
	BUG_SKIP, /* can't be tried here; why[] says what is missing */
	BUG_ERROR,
	BUG_FAILURE,
};

/* What a reproducer works on. The granting side and the judging stay with its parent process. */
struct bug_run {
	uint32_t domid; /* of the granter */
	uint32_t ref[BUG_PAGES];
	int out[2];	    /* a pipe; both ends are also open in the parent */
	int gntdev;	    /* -1 before bug_map() */
	uint64_t index;	    /* of the mapping in gntdev's file */
	unsigned char *map; /* BUG_PAGES pages */
	size_t page_size;
	unsigned int rounds;		/* to be run, of a race */
	volatile unsigned int progress; /* of them are done; who makes none has hung */
	char why[BUG_WHY_LEN];
};

/*
 * @run: is called with the grants mapped, in a process of its own that may die
 * @rounds: how often a race is run that may be lost each time; it needs two CPUs. 0 if it is none
 * @alone: needs a machine in which nobody else uses gntdev
 * @after: is called in the parent when that process is gone; NULL if there is nothing left to do
 */
struct bug {
	const char *name;
	const char *what;
	unsigned int rounds;
	bool alone;
	enum bug_result (*run)(struct bug_run *run);
	enum bug_result (*after)(struct bug_run *run);
};

extern const struct bug idle_munmap, idle_partial, idle_fork, idle_mremap, idle_mprotect,
	idle_clear_refs, pipe_munmap, pipe_exit, pipe_fork, pipe_madvise, pipe_mprotect, dio_munmap,
	pipe_partial, pipe_mremap, pipe_twice, lock_order, notifier_put, rmmod_queued;

/* Say why and return @verdict. */
enum bug_result say(struct bug_run *run, enum bug_result verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Map the grants (once more). The harness has called it before run(). */
enum bug_result bug_map(struct bug_run *run);

unsigned char *bug_page(const struct bug_run *run, unsigned int page);

/* Put @page into the pipe without a copy: it stays busy until bug_read_pipe() takes it out. */
enum bug_result bug_hold(struct bug_run *run, unsigned int page);

/* Read the held @page out of the pipe. A failure if that isn't what the granter wrote. */
enum bug_result bug_read_pipe(struct bug_run *run, unsigned int page);

/* A failure if pages @first to @first + @nr - 1 don't read as the granter wrote them. */
enum bug_result bug_check_pages(struct bug_run *run, const unsigned char *map, unsigned int first,
				unsigned int nr);

/* Unmap pages @first to @first + @nr - 1. */
enum bug_result bug_munmap(struct bug_run *run, unsigned int first, unsigned int nr);

/* Wait long enough for a few of the kernel's attempts to unmap (5, 15, 30 ms and so on). */
void bug_wait(unsigned int ms);

#endif /* GNTBENCH_BUGS_H */
