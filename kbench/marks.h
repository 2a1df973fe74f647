/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module says to the profiler, which sees its instructions (scripts/lab/plugin): by marks,
 * reads of the clock, and by loads of bytes. Each carries a number of 0 to 15 in two segment
 * prefixes, which the CPU ignores. Included by the module, by the plugin and by gntbench.
 */
#ifndef GNTBENCH_MARKS_H
#define GNTBENCH_MARKS_H

/* Of a phase, that it begins; a metric's row of gntbench_cases.h says which phase is timed. */
enum mark {
	MARK_NONE,		/* no phase: the metric is not timed by marks */
	MARK_MAP,
	MARK_UNMAP,
	MARK_ROUND,
	MARK_STEPS,		/* a phase that several vCPUs are in, each taking its steps */
	MARK_END = 8,		/* the end of any phase but MARK_STEPS */
	MARK_PROOF,		/* the proof of the clock, before all of them */
	MARK_COUNTS,		/* behind the warm-up, before the first sample that counts */
	MARK_STEP,		/* one of the steps is done, on some vCPU */
	MARK_STEPS_END,		/* one of the vCPUs has done its last step */
	MARK_DOM0,		/* gntbench begins to run cases, in dom0 */
};

/* What the memory at an address is, as far as the profiler can't find out. */
enum told {
	TOLD_GRANTED,		/* a page that is granted */
	TOLD_P2M,		/* an entry of the p2m */
	TOLD_TABLE,		/* an entry of the page tables that map a page */
	TOLD_BUFFER,		/* a case's own memory */
};

#endif /* GNTBENCH_MARKS_H */
