// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_fit.h>

#include "stats/fit.h"

static bool is_fittable(const double *pages, const double *cost, size_t nr)
{
	bool differs = false;

	for (size_t i = 0; i < nr; i++) {
		if (!(pages[i] >= 1) || !isfinite(pages[i]) || !isfinite(cost[i]))
			return false;
		differs |= pages[i] != pages[0];
	}
	return differs;
}

static void find_worst(const double *pages, const double *cost, size_t nr, struct fit *fit)
{
	for (size_t i = 0; i < nr; i++) {
		double off = fabs(fit->per_call + fit->per_page * pages[i] - cost[i]);
		double part = cost[i] ? off / fabs(cost[i]) : off > 0 ? INFINITY : 0;

		if (i && part <= fit->worst)
			continue;
		fit->worst = part;
		fit->worst_pages = pages[i];
	}
}

int fit_line(const double *pages, const double *cost, size_t nr, struct fit *fit)
{
	double cov00, cov01, cov11, chisq, *weight;

	memset(fit, 0, sizeof(*fit));
	if (!is_fittable(pages, cost, nr))
		return -1;
	weight = calloc(nr, sizeof(*weight));
	if (!weight)
		return -1;
	for (size_t i = 0; i < nr; i++)
		weight[i] = 1 / (pages[i] * pages[i]);
	gsl_fit_wlinear(pages, 1, weight, 1, cost, 1, nr, &fit->per_call, &fit->per_page, &cov00,
			&cov01, &cov11, &chisq);
	free(weight);
	fit->nr_points = nr;
	find_worst(pages, cost, nr, fit);
	return 0;
}
