/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All trends of a history: a row is one metric of one case on one stack, so that the records of several
 * machines and kernels, merged into one history, don't look like steps of each other.
 */
#ifndef ROWS_H
#define ROWS_H

#include "store/trend.h"

struct history_row {
	struct trend trend;
	const char *
		stack; /* "Linux 6.12, Xen 4.17, QEMU 7.2, pv, 1 vCPU"; of what is noisy, the CPU too */
};

struct history_rows {
	size_t nr;
	struct history_row *rows; /* by case, tier, metric and stack */
	struct trend_point *points;
	size_t nr_stacks;
	const char **stacks;
	struct obstack pool;
};

/* To be freed before @h. */
void history_rows_make(struct history_rows *all, const struct history *h);
void history_rows_free(struct history_rows *all);

#endif /* ROWS_H */
