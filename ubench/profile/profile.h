/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Profiles: where the instructions of a case's timed phases went, by function, from the hypervisor to
 * the kernel. Made from a record and what the plugin insn_profile left of the same run; a file of
 * its own, because a record stays small.
 *
 * A phase is shown by one sample, the typical one: of the samples whose value is nearest to the
 * median, the path that most of them took. So every count is a whole number, the counts add up to
 * the record's number, and a timer tick that fell into some sample is not spread over all of them.
 */
#ifndef UBENCH_PROFILE_H
#define UBENCH_PROFILE_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "profile/raw.h"
#include "profile/symbols.h"
#include "record/record.h"

#define PROFILE_VERSION 2

enum profile_event {
	PROFILE_TLB_FLUSHES, /* invlpg, invpcid, writes to cr3 and cr4 */
	PROFILE_IPIS,	     /* writes to the local APIC's ICR */
	PROFILE_ATOMICS,     /* locked read-modify-writes */
	PROFILE_PTE_WRITES,  /* page-table entries written by Xen's grant code */
	NR_PROFILE_EVENTS
};

extern const char *const profile_event_names[NR_PROFILE_EVENTS];

/*
 * A function where it was called from. Parents come before their children, children are sorted.
 * Counts are of one sample and exclude what the function calls.
 */
struct profile_frame {
	int parent;	   /* index, or -1: a vCPU */
	const char *image; /* "" for a vCPU */
	const char *function;
	uint64_t calls; /* how often it was entered, by a call or by a jump */
	uint64_t insns;
	uint64_t events[NR_PROFILE_EVENTS];
};

/*
 * Lines of one owner (profile/owner.h) and name. The name is the symbol of a variable; of memory from
 * a heap "by FUNCTION", the function that touches it first; else "".
 */
struct profile_lines {
	const char *owner;
	const char *name;
	uint64_t lines;
	uint64_t written;
	uint64_t transfers;
	uint64_t invalidations;
	uint64_t false_sharing; /* lines of which no byte that one vCPU writes is another's too */
};

/* Lines that a function touches itself, wherever it was called from. */
struct profile_touch {
	const char *image, *function;
	uint64_t lines, written;
};

/* From the function that wrote a line to the one that took it to its own vCPU. */
struct profile_transfer {
	const char *owner, *name;
	const char *image, *function;
	const char *from_image, *from_function;
	uint64_t count;
	uint64_t false_sharing; /* 1: the line is shared by bytes that never meet */
};

/* A lock, by the function that takes it. */
struct profile_lock {
	const char *owner, *name;
	const char *image, *function;
	uint64_t taken;
	uint64_t held;	    /* instructions that the holder ran meanwhile */
	uint64_t transfers; /* its line came from another vCPU */
	uint64_t waited;    /* another vCPU had it */
};

struct profile_phase {
	const char *case_id;
	const char *name; /* the metric: "map", "unmap", … */
	const char *per;
	uint64_t divisor;
	uint64_t insns; /* of the typical sample: the sum of its frames */
	uint64_t idle;	/* what the clock shows beyond that: every vCPU slept */
	double median;	/* of all samples: the record's number, times divisor */
	size_t nr_samples;
	size_t nr_typical; /* samples that took the typical path */
	size_t nr_agree;   /* samples whose instructions are what the clock shows */
	size_t nr_frames;
	struct profile_frame *frames;

	/* Memory: of the typical sample. */
	uint64_t touched, written; /* lines */
	uint64_t pages;		   /* virtual pages of 4 KiB */
	uint64_t transfers, invalidations;
	size_t nr_same_lines; /* samples with these five counts */
	uint64_t steps;	      /* of a phase that counts them: they are in the divisor; else 0 */
	uint64_t turns;	      /* how often another vCPU had its turn */
	size_t nr_lines;
	struct profile_lines *lines; /* most transfers first, then most lines */
	size_t nr_touches;
	struct profile_touch *touches; /* most lines first */
	size_t nr_from;
	struct profile_transfer *from; /* most first */
	size_t nr_locks;
	struct profile_lock *locks; /* most transfers first, then most taken */
};

struct profile {
	unsigned int nr_vcpus;
	bool marks_only; /* the counts are the plugin's alone, and no clock's */
	size_t nr_environment;
	struct record_field *environment; /* what decides comparability */
	size_t nr_hints;
	const char **hints; /* what has no names, and what would give them; what is left out */
	size_t nr_phases;
	struct profile_phase *phases;

	struct obstack pool;
};

/* A count of the typical sample, as the metric is divided. */
static inline double profile_each(const struct profile_phase *phase, uint64_t count)
{
	return (double)count / phase->divisor;
}

struct profile *profile_new(void);
void profile_free(struct profile *p); /* NULL is allowed */

struct owner_map;
struct raw_set;

/* What a phase touched, by owner, function and lock (resolve_lines.c). @run: of the case. */
void profile_resolve_lines(struct profile *p, struct profile_phase *phase, const struct raw *raw,
			   const struct raw_set *set, unsigned int run,
			   const struct owner_map *owners, struct symbols *syms);

/*
 * Metrics without marked phases are left out. NULL and err if nothing is left, or if the two files
 * aren't of one run. @marks_only: the record's clock counts no instructions, so its values aren't
 * looked at.
 */
struct profile *profile_resolve(const struct record *rec, const struct raw *raw,
				struct symbols *syms, bool marks_only, struct error *err);

struct profile *profile_read(const char *path, struct error *err);
/* Complete or not at all. Returns 0, or -1 and err. */
int profile_write(const struct profile *p, const char *path, struct error *err);

const char *profile_environment(const struct profile *p, const char *name); /* "?" if none */

/* Calls of a hypercall: NULL unless the frame is what Xen runs for it; "grant_table_op". */
const char *profile_hypercall(const struct profile_phase *phase, const struct profile_frame *f);

/* A function, wherever it was called from. */
struct profile_function {
	const char *image;
	const char *function;
	uint64_t calls;
	uint64_t insns;
	uint64_t total; /* with what it calls */
};

/* Sorted by insns, the most first; the caller frees it. */
struct profile_function *profile_functions(const struct profile_phase *phase, size_t *nr);

uint64_t profile_grants_sum(const struct profile_phase *phase);
/*
 * The functions through which a phase works on grants, the outermost ones: how often they were called,
 * and in @total what each does for grants. The most first; the caller frees it.
 */
struct profile_function *profile_grants(const struct profile_phase *phase, size_t *nr);
/* Of each frame the outermost one that it works on grants for, or -1; the caller frees it. */
int *profile_grant_roots(const struct profile_phase *phase);

/* As strcmp() does: by image, then by function. */
int profile_compare_names(const char *image, const char *function, const char *image2,
			  const char *function2);
/* Instructions of each frame with what it calls; the caller frees it. */
uint64_t *profile_subtrees(const struct profile_phase *phase);

uint64_t profile_event_sum(const struct profile_phase *phase, enum profile_event event);

/* cmd_profile's other files */
void profile_show(const struct profile *p, size_t nr_top);
/* Calls of all hypercalls together. */
uint64_t profile_hypercalls(const struct profile_phase *phase);
/* Pictures and a page, profile.md and profile.html, in the directory @dir. 0, or -1 and err. */
int profile_page(const struct profile *p, const char *dir, struct error *err);
struct doc;

/*
 * Sections of a report: the cost model of the profile @path, with a warning for each thing that is
 * another one in @rec (NULL: not compared). Pictures go to @dir; NULL: none. 0, or -1 and err.
 */
int report_profile(struct doc *doc, const char *path, const struct record *rec, const char *dir,
		   struct error *err);
/* Returns STATUS_OK, STATUS_FAILURE if anything moved, STATUS_INCOMPARABLE. */
int profile_diff(const struct profile *base, const struct profile *head);
/* The same of memory alone; STATUS_FAILURE only if some phase has more of it. */
int profile_diff_lines(const struct profile *base, const struct profile *head);

#endif /* UBENCH_PROFILE_H */
