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

/* One timed phase. */
struct raw_window {
	unsigned int run;  /* of a case, from 1 */
	unsigned int mark; /* which phase: enum sampler_phase in kbench/sampler.h */
	unsigned int profile;
	uint64_t nr_insns;
};

struct raw {
	unsigned int nr_vcpus;
	struct raw_node *nodes;
	size_t nr_nodes;
	struct raw_profile *profiles;
	size_t nr_profiles;
	struct raw_window *windows; /* in time order */
	size_t nr_windows;
	unsigned int nr_runs; /* cases that came to their first sample */
	uint64_t nr_dropped;  /* windows that the plugin had no room for */
};

/* NULL and err if the file can't be read, isn't what it should be, or is cut short. */
struct raw *raw_read(const char *path, struct error *err);
void raw_free(struct raw *raw); /* NULL is allowed */

#endif /* UBENCH_PROFILE_RAW_H */
