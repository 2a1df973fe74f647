/* SPDX-License-Identifier: GPL-2.0 */
/* Executes a plan and puts what comes of it into a record. */
#ifndef UBENCH_RUN_H
#define UBENCH_RUN_H

#include "record/record.h"
#include "run/plan.h"

struct run_options {
	/* NULL: each case at one go. Else a key: cases that differ only in it take turns. */
	const char *interleave;
	uint32_t tick_khz;
	enum gntbench_fault fault;
	const char *keep; /* a command, see keep.h, or NULL */
};

/*
 * Fills rec->cases (rec->tier and rec->unit are set already), also when it is interrupted:
 * then the cases that did not run are errors that say so. REC uses names of PLAN from then on.
 */
void run_plan(struct record *rec, const struct plan *plan, const struct run_options *options);

/* The exit status that the cases of a record stand for. */
enum status run_status(const struct record *rec);

/* Turns: exposed for the tests. NR_SAMPLES of case C, the first of which is FIRST. */
struct turn {
	size_t c;
	uint64_t first, nr_samples;
};

/* As many turns as *nr says, malloc'd. */
struct turn *make_turns(const struct plan *plan, const char *interleave, size_t *nr);

#endif /* UBENCH_RUN_H */
