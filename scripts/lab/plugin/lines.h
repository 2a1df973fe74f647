/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory that windows touch: lines of 64 bytes by physical address, pages by virtual address,
 * who wrote a line last and who has read it since, and locks.
 *
 * Two counts are what a coherent machine whose caches never run full must do at least:
 *
 * transfer	a vCPU accesses a line that another one wrote last, and has no copy of it
 * invalidation	a vCPU writes to a line that others have read since it was written last
 *
 * With several vCPUs every access counts for the state of a line, between windows too; transfers and
 * invalidations are counted in windows.
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One access of one instruction to RAM, within a line. */
struct access {
	unsigned int vcpu;
	uint64_t pc;
	uint64_t vaddr;
	uint64_t phys;
	unsigned int size; /* bytes, all of them in this line */
	bool store;
	bool stack;	   /* by push, pop, call, ret: the page is a stack */
	bool percpu;	   /* through the segment register gs */
	bool atomic;	   /* locked */
	unsigned int node; /* calling context */
	uint64_t now;	   /* instructions of this vCPU */
};

/* What a window touched; kept once for equal windows. */
struct line_counts {
	unsigned int lines, written, pages;
	uint64_t transfers, invalidations;
};

void lines_init(unsigned int nr_vcpus);
void lines_begin_run(void); /* of a case: false sharing is judged within it */
void lines_open(void);
void lines_access(const struct access *a, bool in_window);
/* What kbench says of its pages: @a is of a page (page tables: of an entry) of that kind. */
void lines_known(const struct access *a, int kind);
/* The set of lines of the window, or -1: not kept. @profile: of the window; few sets are kept for one. */
int lines_close(unsigned int profile, struct line_counts *counts);
void lines_print(FILE *out);

#endif /* LINES_H */
