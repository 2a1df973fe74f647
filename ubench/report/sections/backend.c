// SPDX-License-Identifier: GPL-2.0
/* Unmap requests of backends: how many met a page in use, and how late their unmaps were. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "record/networks.h"
#include "report/report.h"

#define NS_PER_MS 1e6 /* and instructions of the exact tier per virtual ms */

/* What is asked of a case: of its requests, those that were deferred. */
struct deferred {
	size_t nr_requests, nr_deferred;
	double looks;
	struct summary hold, overshoot;
};

/* Of METRIC the values of those requests that ATTEMPTS says were looked at more than once. */
static void summarize_deferred(const struct record_case *c, const struct record_metric *attempts,
			       const char *metric, struct summary *out)
{
	const struct record_metric *m = record_find_metric(c, metric);
	double *values = xcalloc(attempts->nr_values, sizeof(*values));
	size_t n = 0;

	for (size_t i = 0; m && i < attempts->nr_values; i++)
		if (attempts->values[i] > 1)
			values[n++] = m->values[i];
	summarize(values, n, out);
	free(values);
}

/* False if @c is another case, or was not measured. */
static bool collect(const struct record_case *c, const char *case_name, struct deferred *d)
{
	const struct record_metric *attempts = record_find_metric(c, "attempts");

	*d = (struct deferred) { 0 };
	if (!report_is_measured(c, case_name) || !attempts || !attempts->nr_values)
		return false;
	d->nr_requests = attempts->nr_values;
	for (size_t i = 0; i < attempts->nr_values; i++)
		d->looks += attempts->values[i];
	summarize_deferred(c, attempts, "hold", &d->hold);
	summarize_deferred(c, attempts, "overshoot", &d->overshoot);
	d->nr_deferred = d->hold.n;
	return true;
}

static void say_network(struct report *r, const char *op)
{
#define NETWORK(name, netem)             \
	if (*netem && !strcmp(op, name)) \
		doc_item(r->doc, "Network %s: netem %s, each way.", name, netem);
	NETWORKS(NETWORK)
#undef NETWORK
}

static void ms_cell(struct report *r, const struct summary *s, double value)
{
	doc_cell(r->doc, "%s", s->n ? number_fixed(value / NS_PER_MS, 1) : "-");
}

static void backend_row(struct report *r, const struct record_case *c, const struct deferred *d)
{
	doc_cell(r->doc, "%s", *c->op ? c->op : c->name);
	report_number(r->doc, d->nr_requests);
	report_number(r->doc, d->looks);
	report_number(r->doc, d->looks - d->nr_requests);
	report_number(r->doc, d->nr_deferred);
	ms_cell(r, &d->hold, d->hold.p50);
	ms_cell(r, &d->hold, d->hold.max);
	ms_cell(r, &d->overshoot, d->overshoot.p50);
	ms_cell(r, &d->overshoot, d->overshoot.p90);
	ms_cell(r, &d->overshoot, d->overshoot.max);
}

static void at_a_glance(struct report *r, const char *case_name)
{
	const struct record_case *worst = NULL;
	struct deferred d, most = { 0 };
	double latest_ns = 0;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!collect(&r->rec->cases[i], case_name, &d))
			continue;
		latest_ns = fmax(latest_ns, d.overshoot.max);
		if (!worst || d.nr_deferred * most.nr_requests > most.nr_deferred * d.nr_requests) {
			worst = &r->rec->cases[i];
			most = d;
		}
	}
	if (!worst)
		return;
	if (!most.nr_deferred)
		report_say(r, "Real backends: no unmap request met a page in use.");
	else
		report_say(
			r,
			"Real backends: %s of %s unmap requests of %s%s%s met a page in use. Such a "
			"request was done up to %s %sms after the last use of its pages.",
			number_text(most.nr_deferred), number_text(most.nr_requests), worst->name,
			*worst->op ? " on network " : "", worst->op,
			number_fixed(latest_ns / NS_PER_MS, 1),
			r->rec->tier == TIER_EXACT ? "virtual " : "");
}

static bool body(struct report *r, const char *case_name)
{
	struct deferred d;
	bool begun = false;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!collect(&r->rec->cases[i], case_name, &d))
			continue;
		if (!begun) {
			doc_heading(r->doc, 3, "%s: unmap requests of a real backend", case_name);
			doc_table(r->doc, r->rec->tier == TIER_EXACT ? "virtual ms" : "ms",
				  "<network|requests|looks|by retry|deferred|hold p50|max|"
				  "overshoot p50|p90|max");
			begun = true;
		}
		backend_row(r, &r->rec->cases[i], &d);
	}
	if (!begun)
		return false;
	doc_para(r->doc,
		 "deferred is a request that found a page in use when it was asked for; hold "
		 "and overshoot are of those only. hold is how long a page was in use from "
		 "then on, overshoot how much later all was unmapped.");
	for (size_t i = 0; i < r->rec->nr_cases; i++)
		if (report_is_measured(&r->rec->cases[i], case_name))
			say_network(r, r->rec->cases[i].op);
	return true;
}

void report_backend_at_a_glance(struct report *r)
{
	at_a_glance(r, "backend");
}

bool report_backend(struct report *r)
{
	return body(r, "backend");
}

void report_busy_io_at_a_glance(struct report *r)
{
	at_a_glance(r, "busy_io");
}

bool report_busy_io(struct report *r)
{
	return body(r, "busy_io");
}
