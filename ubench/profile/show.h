/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of a profile as text, on stdout. */
#ifndef UBENCH_PROFILE_SHOW_H
#define UBENCH_PROFILE_SHOW_H

#include "profile/profile.h"

/* Lines, pages, transfers and locks of a phase; at most @nr_top rows a table. */
void show_lines(const struct profile_phase *phase, size_t nr_top);

/*
 * What moved in memory between two profiles of a phase, transfers and locks first. False, and nothing
 * is printed, if nothing did.
 */
bool show_moved_lines(const struct profile_phase *base, const struct profile_phase *head);

enum moved_lines { LINES_SAME, LINES_FEWER, LINES_MORE, NR_MOVED_LINES };

enum moved_lines compare_lines(const struct profile_phase *base, const struct profile_phase *head);

#endif /* UBENCH_PROFILE_SHOW_H */
