// SPDX-License-Identifier: GPL-2.0
/* What a page in use costs: how late its unmap is, and what it does to the rest of its batch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/schedule.h"
#include "report/report.h"

#define NS_PER_MS 1e6 /* and instructions of the exact tier per virtual ms */

static const struct {
	const char *metric;
	size_t offset;
} columns[] = {
	{ "attempts", offsetof(struct summary, p50) },
	{ "overshoot", offsetof(struct summary, p50) },
	{ "overshoot", offsetof(struct summary, p99) },
	{ "overshoot", offsetof(struct summary, max) },
	{ "idle_page", offsetof(struct summary, p50) },
	{ "idle_page", offsetof(struct summary, max) },
};

static void busy_row(struct report *r, const struct record_case *c)
{
	report_param_cell(r, c, "hold");
	doc_cell(r->doc, "%s", report_param_text(c, "granter"));
	doc_cell(r->doc, "%s of %s", report_param_text(c, "busy_pages"),
		 report_param_text(c, "batch"));
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct record_metric *m = record_find_metric(c, columns[i].metric);
		double value = NAN;

		if (m && m->nr_values)
			memcpy(&value, (const char *)&m->summary + columns[i].offset,
			       sizeof(value));
		if (m && !strcmp(m->unit, "count"))
			report_number(r->doc, value);
		else
			doc_cell(r->doc, "%s", number_fixed(value / NS_PER_MS, 2));
	}
}

/* Within a jiffy, or a tenth, of the middle of an attempt that may find the page idle. */
static bool is_as_scheduled(double hold_ns, double latency_ns, double attempts, unsigned int hz)
{
	unsigned int nr = schedule_last_attempt(hold_ns, hz);

	for (unsigned int k = nr ? nr - 1 : 0; k <= nr + 1; k++) {
		struct attempt a = schedule_attempt(k, hz);
		double middle_ns = (a.earliest_ns + a.latest_ns) / 2;

		if (a.latest_ns >= hold_ns && attempts == k + 1 &&
		    fabs(latency_ns - middle_ns) <= fmax(1e9 / hz, middle_ns / 10))
			return true;
	}
	return false;
}

struct agreement {
	size_t nr_samples;
	size_t nr_agree;
};

static void count_agreement(const struct record_case *c, unsigned int hz, struct agreement *sum)
{
	const struct record_metric *latency = record_find_metric(c, "latency");
	const struct record_metric *hold = record_find_metric(c, "hold");
	const struct record_metric *attempts = record_find_metric(c, "attempts");

	if (!latency || !hold || !attempts || latency->nr_values != hold->nr_values ||
	    latency->nr_values != attempts->nr_values)
		return;
	sum->nr_samples += latency->nr_values;
	for (size_t i = 0; i < latency->nr_values; i++)
		sum->nr_agree += is_as_scheduled(hold->values[i], latency->values[i],
						 attempts->values[i], hz);
}

static void write_agreement(struct report *r, const struct agreement *sum, unsigned int hz)
{
	if (!sum->nr_samples)
		return;
	doc_para(r->doc,
		 "Closed form of an unpatched kernel: the first attempt is made at once, "
		 "the next ones 5, 10, 15, … ms after the one before, each rounded up to "
		 "jiffies of %s ms and, by the timer wheel, one more. %zu of %zu samples "
		 "have the attempts that it says, and are done within one jiffy or 10 %% "
		 "of when it says.",
		 number_text(1000.0 / hz), sum->nr_agree, sum->nr_samples);
	if (sum->nr_agree == sum->nr_samples)
		return;
	if (r->rec->emulated && r->rec->tier != TIER_EXACT)
		doc_para(r->doc, "Where they differ here: an emulated vCPU runs when the host "
				 "lets it, so timers and holders are late. For the schedule "
				 "believe the exact tier.");
	else
		doc_para(r->doc, "Where they differ: a kernel that retries in another way, or "
				 "vCPUs that had to wait.");
}

static const char *unit_caption(const struct record *rec)
{
	return rec->tier == TIER_EXACT ?
		       "Virtual ms (a million instructions); medians unless named" :
		       "ms; medians unless named";
}

void report_busy_at_a_glance(struct report *r)
{
	double overshoot_ns = -1, idle_ns = 0;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];
		const struct record_metric *overshoot = record_find_metric(c, "overshoot");
		const struct record_metric *idle = record_find_metric(c, "idle_page");

		if (!report_is_measured(c, "busy") || !overshoot || !overshoot->nr_values)
			continue;
		overshoot_ns = fmax(overshoot_ns, overshoot->summary.max);
		idle_ns = fmax(idle_ns, idle ? idle->summary.max : 0);
	}
	if (overshoot_ns >= 0)
		report_say(r,
			   "Busy pages: the unmap was done up to %s %sms after the last of "
			   "them was let go, and idle pages of the batch stayed mapped for "
			   "up to %s %sms.",
			   number_fixed(overshoot_ns / NS_PER_MS, 1),
			   r->rec->tier == TIER_EXACT ? "virtual " : "",
			   number_fixed(idle_ns / NS_PER_MS, 1),
			   r->rec->tier == TIER_EXACT ? "virtual " : "");
}

bool report_busy(struct report *r)
{
	const struct record_field *hz = record_find_environment(r->rec, "hz");
	struct agreement sum = { 0 };
	bool begun = false;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];

		if (!report_is_measured(c, "busy"))
			continue;
		if (!begun) {
			doc_heading(r->doc, 3,
				    "busy: what a page in use does to the unmap of its "
				    "batch");
			doc_table(r->doc, unit_caption(r->rec),
				  "<hold time|<granter|busy|attempts|overshoot|p99|max|"
				  "idle mapped|max");
		}
		begun = true;
		busy_row(r, c);
		if (hz && hz->is_number && hz->number > 0)
			count_agreement(c, hz->number, &sum);
	}
	if (!begun)
		return false;
	doc_para(r->doc, "overshoot: from the last extra reference dropped until done. idle "
			 "mapped: how long the idle pages of the batch stayed mapped, seen by "
			 "PG_foreign, because another page was busy.");
	if (hz)
		write_agreement(r, &sum, hz->number);
	return true;
}

/* How the requests of a drain come. Static storage. */
static const char *report_together(const struct record_case *c)
{
	static char text[64];
	double interval_us = report_param(c, "interval_us");

	if (!(interval_us > 0))
		return "at once";
	snprintf(text, sizeof(text), "%s us apart", number_text(interval_us));
	return text;
}

void report_drain_at_a_glance(struct report *r)
{
	const struct record_case *most = NULL;
	char *held;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];

		if (report_is_measured(c, "drain") &&
		    (!most ||
		     report_param(c, "busy_requests") > report_param(most, "busy_requests")))
			most = c;
	}
	if (!most)
		return;
	held = report_param_words(most, "hold");
	report_say(r,
		   "%s busy requests %s, held %s: the last is done %s %sms late, after %s work "
		   "items of the core.",
		   number_text(report_param(most, "busy_requests")), report_together(most), held,
		   number_fixed(report_typical(most, "overshoot") / NS_PER_MS, 1),
		   r->rec->tier == TIER_EXACT ? "virtual " : "",
		   number_text(report_typical(most, "work_items")));
	free(held);
}

static void report_ms(struct report *r, const struct record_case *c, const char *metric)
{
	doc_cell(r->doc, "%s", number_fixed(report_typical(c, metric) / NS_PER_MS, 3));
}

bool report_drain(struct report *r)
{
	bool begun = false;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const struct record_case *c = &r->rec->cases[i];

		if (!report_is_measured(c, "drain"))
			continue;
		if (!begun) {
			doc_heading(r->doc, 3,
				    "drain: many unmap requests at once, some of them "
				    "busy");
			doc_table(r->doc, unit_caption(r->rec),
				  "requests|busy|interval, us|batch|<hold time|all done|overshoot|"
				  "CPU of retries|not idle|work items");
		}
		begun = true;
		report_number(r->doc, report_param(c, "requests"));
		report_number(r->doc, report_param(c, "busy_requests"));
		report_number(r->doc, report_param(c, "interval_us"));
		report_number(r->doc, report_param(c, "batch"));
		report_param_cell(r, c, "hold");
		report_ms(r, c, "drain");
		report_ms(r, c, "overshoot");
		report_ms(r, c, "retry_cpu");
		report_ms(r, c, "busy_cpu");
		report_number(r->doc, report_typical(c, "work_items"));
	}
	if (!begun)
		return false;
	doc_para(r->doc, "CPU of retries: time in the work items of the core, less what it is when "
			 "nobody uses the pages any more after the last call. not idle: what the "
			 "vCPUs did in all, from the last call until the last request was done. "
			 "Unpatched Linux has a timer and a work item for each request that "
			 "waits.");
	return true;
}
