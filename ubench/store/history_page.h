/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A history as one HTML file that needs nothing else: which commit moved what, and a line for each
 * metric of each case on each stack.
 */
#ifndef HISTORY_PAGE_H
#define HISTORY_PAGE_H

#include "store/history.h"

/* Complete or not at all. 0, or -1 and err. */
int history_page(const struct history *h, const char *path, struct error *err);

#endif /* HISTORY_PAGE_H */
