/* SPDX-License-Identifier: GPL-2.0 */
/* A run of the module, asked for by a line of text. */
#ifndef GNTBENCH_TESTS_REQUEST_H
#define GNTBENCH_TESTS_REQUEST_H

#include <stdint.h>

#include "gntbench_abi.h"

/**
 * struct request - what request_make() made of a line, and what the module answered
 * @run: the ioctl's argument
 * @values: room for run.nr_values values
 * @hold_ns: run.nr_holds hold times, all the same
 * @error: errno of the ioctl, or 0
 */
struct request {
	struct gntbench_run run;
	uint64_t *values;
	uint64_t *hold_ns;
	int error;
};

extern const struct gntbench_case_info request_cases[];
extern const unsigned int request_nr_cases;
extern const char *const request_fault_names[]; /* by number; [0] is "none" */

/*
 * "CASE[:OP] key=value …": every parameter that the case takes has its default, and a self-grant;
 * keys are those of the parameters and fields of struct gntbench_run, and hold_ns. Ends the program
 * at a line that it does not understand.
 */
void request_make(struct request *r, const char *line);

/* Runs it; r->error and r->run.why say how it went. Returns r->error. */
int request_run(struct request *r);

void request_free(struct request *r);

/* request_make(), request_run() and request_free(). */
int request_line(struct request *r, const char *line);

#endif /* GNTBENCH_TESTS_REQUEST_H */
