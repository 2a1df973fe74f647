// SPDX-License-Identifier: GPL-2.0
#include "verdict/rounds.h"

#include "stats/stats.h"

static int join_metric(struct record_metric *m, const struct record_case *c, double *values,
		       size_t round, struct error *err)
{
	const struct record_metric *other = record_find_metric(c, m->name);

	if (!other)
		return error_set(err, "round %zu: %s has no metric '%s'", round + 1, c->id,
				 m->name);
	values[round] = stats_median(other->values, other->nr_values);
	return 0;
}

static int join_case(struct record **rounds, size_t nr, struct record_case *c, struct error *err)
{
	double *values[c->nr_metrics + 1];

	for (size_t i = 0; i < c->nr_metrics; i++)
		values[i] = record_alloc(rounds[0], nr, sizeof(double));
	for (size_t round = 0; round < nr; round++) {
		const struct record_case *other = record_find_case(rounds[round], c->id);

		if (!other)
			return error_set(err, "round %zu has no case %s", round + 1, c->id);
		if (other->status > c->status) {
			c->status = other->status;
			c->reason =
				record_printf(rounds[0], "round %zu: %s", round + 1, other->reason);
		}
		for (size_t i = 0; i < c->nr_metrics; i++)
			if (join_metric(&c->metrics[i], other, values[i], round, err))
				return -1;
	}
	for (size_t i = 0; i < c->nr_metrics; i++) {
		struct record_metric *m = &c->metrics[i];

		m->values = values[i];
		m->nr_values = c->status == CASE_OK ? nr : 0;
		summarize(m->values, m->nr_values, &m->summary);
	}
	return 0;
}

int rounds_join(struct record **rounds, size_t nr, struct error *err)
{
	for (size_t i = 0; i < rounds[0]->nr_cases; i++)
		if (join_case(rounds, nr, &rounds[0]->cases[i], err))
			return -1;
	rounds[0]->nr_rounds = nr;
	return 0;
}
