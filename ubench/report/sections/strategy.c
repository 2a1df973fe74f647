// SPDX-License-Identifier: GPL-2.0
/* Copy, map each time, or keep mapped: what a use of a page costs, and from how many uses on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "report/report.h"

#define CASE_NAME "strategy"

/* What tells the rows of the table apart. */
static const char *const row_params[] = { "granter", "batch", "bytes", "touched" };

static bool is_row(const struct record_case *a, const struct record_case *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(row_params); i++)
		if (strcmp(report_param_text(a, row_params[i]),
			   report_param_text(b, row_params[i])))
			return false;
	return true;
}

/* The cost of @op in the row of @c, with the most uses; NAN if there is none. */
static double cost_of(const struct record *rec, const struct record_case *c, const char *op,
		      double *uses)
{
	double cost = NAN;

	*uses = 0;
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *other = &rec->cases[i];

		if (!report_is_measured(other, CASE_NAME) || strcmp(other->op, op) ||
		    !is_row(c, other) || report_param(other, "uses") <= *uses)
			continue;
		*uses = report_param(other, "uses");
		cost = report_typical(other, "total");
	}
	return cost;
}

/* A row: a use of a page each way. */
struct row {
	const struct record_case *c;
	double copy, map_copy, map_touch, keep;
	double uses; /* of keep */
	double pays; /* from how many uses on keep costs less than copy; INFINITY: never */
};

/*
 * keep costs (what a mapping costs) / uses + (a copy by memcpy), and map_copy is its first use: two
 * points, from which the uses follow where it meets copy.
 */
static double uses_that_pay(const struct row *row)
{
	double mapping = (row->map_copy - row->keep) / (1 - 1 / row->uses);
	double gain = row->copy - (row->map_copy - mapping);

	if (!isfinite(mapping) || row->uses < 2)
		return NAN;
	return gain > 0 ? fmax(1, floor(mapping / gain) + 1) : INFINITY;
}

static bool is_first_of_row(const struct record *rec, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (report_is_measured(&rec->cases[i], CASE_NAME) &&
		    is_row(&rec->cases[i], &rec->cases[nr]))
			return false;
	return report_is_measured(&rec->cases[nr], CASE_NAME);
}

/* The row whose first case is @nr; false if that one begins none. */
static bool get_row(const struct record *rec, size_t nr, struct row *row)
{
	double once;

	if (!is_first_of_row(rec, nr))
		return false;
	row->c = &rec->cases[nr];
	row->copy = cost_of(rec, row->c, "copy", &once);
	row->map_copy = cost_of(rec, row->c, "map_copy", &once);
	row->map_touch = cost_of(rec, row->c, "map_touch", &once);
	row->keep = cost_of(rec, row->c, "keep", &row->uses);
	row->pays = uses_that_pay(row);
	return true;
}

struct span {
	double least, most;
	size_t nr;
};

static void widen(struct span *span, double value)
{
	if (isnan(value))
		return;
	span->least = span->nr ? fmin(span->least, value) : value;
	span->most = span->nr ? fmax(span->most, value) : value;
	span->nr++;
}

static const char *span_text(const struct span *span, int decimals)
{
	static char texts[2][160];
	static unsigned int next;
	char *text = texts[next++ % 2];
	const char *least = number_fixed(span->least, decimals);
	const char *most = number_fixed(span->most, decimals);

	if (strcmp(least, most))
		snprintf(text, sizeof(texts[0]), "%s to %s", least, most);
	else
		snprintf(text, sizeof(texts[0]), "%s", least);
	return text;
}

static void say_kept(struct report *r, const struct span *pays, size_t nr_never,
		     const struct span *gain)
{
	if (!pays->nr)
		return;
	if (nr_never == pays->nr) {
		report_say(r, "Keeping pages mapped never pays here, however often they are used.");
		return;
	}
	report_say(r,
		   "Kept mapped, a page is cheaper than copied from %s uses on%s; with the most "
		   "uses measured, copying costs %s times as much.",
		   isinf(pays->most) ? number_fixed(pays->least, 0) : span_text(pays, 0),
		   nr_never ? " at best, and at some sizes never" : "", span_text(gain, 1));
}

void report_strategy_at_a_glance(struct report *r)
{
	struct span once = { 0 }, handed_on = { 0 }, some = { 0 }, pays = { 0 }, gain = { 0 };
	size_t nr_never = 0;
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!get_row(r->rec, i, &row))
			continue;
		if (report_param(row.c, "touched") < 100) {
			widen(&some, row.map_copy / row.copy);
			continue;
		}
		widen(&once, row.map_copy / row.copy);
		widen(&handed_on, row.map_touch / row.copy);
		widen(&pays, row.pays);
		widen(&gain, row.copy / row.keep);
		nr_never += isinf(row.pays);
	}
	if (once.nr)
		report_say(r, "To map, copy and unmap costs %s times what a copy by Xen costs.",
			   span_text(&once, 1));
	if (handed_on.nr)
		report_say(r,
			   "A backend that maps and hands the pages on, without a copy of its own, "
			   "pays %s times a copy.",
			   span_text(&handed_on, 1));
	say_kept(r, &pays, nr_never, &gain);
	if (some.nr)
		report_say(r,
			   "Where few of a batch's pages are wanted, all of them are mapped for "
			   "that: %s times the cost of copying those few.",
			   span_text(&some, 1));
}

static const char *pays_text(double pays)
{
	return isnan(pays) ? "-" : isinf(pays) ? "never" : number_fixed(pays, 0);
}

static void write_row(struct report *r, const struct row *row)
{
	const struct {
		const char *name;
		double cost;
	} ways[] = {
		{ "copy", row->copy },
		{ "map_copy", row->map_copy },
		{ "map_touch", row->map_touch },
		{ "keep", row->keep },
	};
	const char *cheapest = "-";
	double least = INFINITY;

	doc_cell(r->doc, "%s", report_param_text(row->c, "granter"));
	for (size_t i = 1; i < ARRAY_SIZE(row_params); i++)
		report_number(r->doc, report_param(row->c, row_params[i]));
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		report_cost(r, ways[i].cost);
		if (ways[i].cost < least) {
			least = ways[i].cost;
			cheapest = ways[i].name;
		}
	}
	doc_cell(r->doc, "%s", row->uses ? number_fixed(row->uses, 0) : "-");
	doc_cell(r->doc, "%s", pays_text(row->pays));
	doc_cell(r->doc, "%s", cheapest);
}

bool report_strategy(struct report *r)
{
	bool begun = false;
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!get_row(r->rec, i, &row))
			continue;
		if (!begun) {
			char *caption = xasprintf("%s a use of a page, medians", r->rec->unit);

			doc_heading(r->doc, 3, "strategy: copy, map each time, or keep mapped?");
			doc_table(r->doc, caption,
				  "<granter|batch|bytes|touched, %|copy|map, copy, unmap|"
				  "map, touch, unmap|kept mapped|uses|kept pays from|<cheapest");
			free(caption);
			begun = true;
		}
		write_row(r, &row);
	}
	if (!begun)
		return false;
	doc_para(
		r->doc,
		"Kept pages are mapped once, copied from at each use, and unmapped at the end: with n "
		"uses, one in n misses the pool. \"Kept pays from\" is where the line through map, "
		"copy, unmap (one use) and the most uses measured meets the copy by Xen.");
	if (r->rec->tier == TIER_EXACT)
		doc_para(
			r->doc,
			"Instructions are not time. Xen copies by \"rep movs\", which counts as one for "
			"each eight bytes, and memcpy() of a CPU without fast strings, as here, by a "
			"loop of three for each eight: of 4 KiB that is 512 against 1,536, and no "
			"difference between the ways. A TLB flush counts as one instruction. For "
			"large copies believe the host tier.");
	return true;
}
