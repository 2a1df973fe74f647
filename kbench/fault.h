/* SPDX-License-Identifier: GPL-2.0 */
/* Faults planted on purpose, for the tests of the oracle. */
#ifndef GNTBENCH_FAULT_H
#define GNTBENCH_FAULT_H

struct batch;
struct bench;

enum fault_stage {
	FAULT_BEFORE_MAP,
	FAULT_MAPPED,
	FAULT_BEFORE_UNMAP,
	FAULT_UNMAPPED,
};

/* Plants the fault that the user asked for, if this is its stage. Outside of timed phases only. */
void fault_plant(struct bench *b, struct batch *batch, enum fault_stage stage);

/* Takes it back, once the oracle has looked after the stage of that name. */
void fault_repair(struct bench *b, struct batch *batch, enum fault_stage stage);

/* Takes back what an error kept fault_repair() from; before the grants are ended. */
void fault_end(void);

/* For rmmod. */
void fault_flush(void);

#endif /* GNTBENCH_FAULT_H */
