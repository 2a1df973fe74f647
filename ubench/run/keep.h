/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run has, handed on as it comes, for a machine that may die in the middle: first the record
 * with cases that did not run, then each case that has ended. A COMMAND is run with the name of the
 * piece as its last word and the piece on its stdin; NULL: nothing is handed on. It is between two
 * cases, never within one. gntbench stamp --kept puts the pieces together.
 */
#ifndef UBENCH_KEEP_H
#define UBENCH_KEEP_H

#include "record/record.h"

void keep_record(const char *command, struct record *rec);
void keep_case(const char *command, struct record_case *c, size_t number);

#endif /* UBENCH_KEEP_H */
