/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UBENCH_STAMP_H
#define UBENCH_STAMP_H

#include "record/record.h"

/* Gives REC an id of its own, and the time of now as its start. */
void stamp(struct record *rec);

#endif /* UBENCH_STAMP_H */
