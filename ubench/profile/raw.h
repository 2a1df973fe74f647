/* SPDX-License-Identifier: GPL-2.0 */
/* What the plugin insn_profile leaves: addresses, calling contexts and counts (scripts/lab/plugin). */
#ifndef UBENCH_PROFILE_RAW_H
#define UBENCH_PROFILE_RAW_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum raw_event {
	RAW_NONE,
	RAW_SYSCALL,
	RAW_INVLPG,
	RAW_CR3,
	RAW_CR4,
	RAW_INVPCID,
	RAW_ATOMIC,
	RAW_STORE,
	RAW_WRMSR,
	RAW_HLT,
	RAW_IPI,
	NR_RAW_EVENTS
};

/* A calling context. Parents come before their children. */
struct raw_node {
	int parent;    /* -1: a vCPU, whose number is in entry */
	uint64_t site; /* address that it was called from; 0: none */
	uint64_t entry;
};

enum raw_what { RAW_INSN, RAW_CALLS, RAW_OTHER };

struct raw_count {
	unsigned int node;
	uint64_t pc; /* 0 if what is RAW_CALLS */
	uint64_t count;
	enum raw_what what;
	enum raw_event event;
};

struct raw_profile {
	struct raw_count *counts;
	size_t nr_counts;
};

enum raw_line_flag { RAW_WRITTEN = 1, RAW_PERCPU = 2, RAW_STACK = 4, RAW_FALSE = 8 };

/* A line of 64 bytes that a phase touched; @vaddr is the first address that it was touched by. */
struct raw_line {
	uint64_t phys, vaddr;
	unsigned int flags;
	unsigned int transfers, invalidations;
};

struct raw_use {
	unsigned int line; /* index in its set */
	uint64_t pc;
	unsigned int flags;
};

struct raw_transfer {
	unsigned int line;
	uint64_t pc, from_pc; /* who got it, who wrote it last */
	uint64_t count;
};

/* A word that locked instructions at @pc, in the context @node, took. */
struct raw_lock {
	uint64_t phys, vaddr, pc;
	unsigned int node;
	uint64_t count, held, transfers, waited;
};

/* What a phase touched, in the order of the first access. */
struct raw_set {
	struct raw_line *lines;
	size_t nr_lines;
	struct raw_use *uses;
	size_t nr_uses;
	struct raw_transfer *transfers;
	size_t nr_transfers;
	struct raw_lock *locks;
	size_t nr_locks;
};

/* What kbench said of an address: enum told of kbench/marks.h. */
struct raw_known {
	unsigned int kind;
	uint64_t phys;
	unsigned int run;
};

/* One timed phase. */
struct raw_window {
	unsigned int run;  /* of a case, from 1 */
	unsigned int mark; /* which phase: enum mark of kbench/marks.h */
	unsigned int profile;
	uint64_t nr_insns;
	int set; /* -1: not kept */
	unsigned int lines, written, pages;
	uint64_t transfers, invalidations;
	unsigned int steps; /* of a phase that counts its steps, else 0 */
	unsigned int turns; /* how often another vCPU had its turn */
};

struct raw {
	unsigned int nr_vcpus;
	struct raw_node *nodes;
	size_t nr_nodes;
	struct raw_profile *profiles;
	size_t nr_profiles;
	struct raw_known *known;
	size_t nr_known;
	struct raw_set *sets;
	size_t nr_sets;
	struct raw_window *windows; /* in time order */
	size_t nr_windows;
	unsigned int nr_runs; /* cases that came to their first sample */
	uint64_t nr_dropped;  /* windows that the plugin had no room for */
};

/* NULL and err if the file can't be read, isn't what it should be, or is cut short. */
struct raw *raw_read(const char *path, struct error *err);
void raw_free(struct raw *raw); /* NULL is allowed */

#endif /* UBENCH_PROFILE_RAW_H */
