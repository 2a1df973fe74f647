/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UBENCH_FIT_H
#define UBENCH_FIT_H

#include <stddef.h>

/*
 * cost = per_call + per_page * pages: what a hypercall costs once, and what each of its pages adds.
 * @worst: the largest distance of a point from the line, as a part of the point (0.01 is 1 %):
 *	   a large one says that the cost is not a straight line.
 * @worst_pages: the batch where that is.
 */
struct fit {
	double per_call;
	double per_page;
	double worst;
	double worst_pages;
	size_t nr_points;
};

/*
 * Fit @nr points, @cost of a whole batch of @pages each. Least squares with weights 1 / pages^2,
 * that is, of the cost per page: without them the largest batch alone would decide, and per_call,
 * which is a few hundred of its million instructions, would be noise.
 *
 * Returns 0, or -1 where there is no line: fewer than two different batches, a batch below 1, or a
 * cost that is not finite.
 */
int fit_line(const double *pages, const double *cost, size_t nr, struct fit *fit);

#endif /* UBENCH_FIT_H */
