/* SPDX-License-Identifier: GPL-2.0 */
/* What a run shows while it runs: a line a case, and on a terminal what goes on right now. */
#ifndef UBENCH_PROGRESS_H
#define UBENCH_PROGRESS_H

#include <stdio.h>
#include <time.h>

#include "record/record.h"

struct progress {
	FILE *out;
	bool terminal;
	size_t nr_turns, turn;
	struct timespec start;
};

void progress_begin(struct progress *p, FILE *out, size_t nr_turns);
void progress_turn(struct progress *p, const char *id);
void progress_result(struct progress *p, const struct record_case *c);
void progress_end(struct progress *p);

#endif /* UBENCH_PROGRESS_H */
