/* SPDX-License-Identifier: GPL-2.0 */
/* Rounds: runs of the same thing, boots apart, each of which counts as one sample. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include "record/record.h"

/*
 * Makes one record of @nr: the first one's, in which a metric has a value for each round, the median
 * of that round's. A case that isn't ok in one of the rounds isn't ok, for that round's reason. 0, or
 * -1 and err if the rounds are not of the same cases.
 */
int rounds_join(struct record **rounds, size_t nr, struct error *err);

#endif /* ROUNDS_H */
