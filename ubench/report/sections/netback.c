// SPDX-License-Identifier: GPL-2.0
/* What a frame through netback costs, alone and in a burst, copied and mapped; and in which domain. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record/netback.h"
#include "report/report.h"

#define CASE_NAME "net_echo"

/* A row: a size, and the domain of netback. */
struct row {
	const struct record_case *one_case, *burst_case;
	const char *mapper;
	double bytes;
	double one, burst; /* of a frame */
};

/* "dom0" if the record doesn't say. */
static const char *mapper_of(const struct record_case *c)
{
	const char *mapper = report_param_text(c, "mapper");

	return *mapper ? mapper : "dom0";
}

static const struct record_case *find_case(const struct record *rec, const char *op,
					   const char *mapper, double bytes)
{
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (report_is_measured(c, CASE_NAME) && !strcmp(c->op, op) &&
		    !strcmp(mapper_of(c), mapper) && report_param(c, "bytes") == bytes)
			return c;
	}
	return NULL;
}

/* False if @c is not the first of the two of a row, or is alone. */
static bool get_row(const struct record *rec, const struct record_case *c, struct row *row)
{
	if (!report_is_measured(c, CASE_NAME) || strcmp(c->op, "one"))
		return false;
	*row = (struct row) { .one_case = c,
			      .mapper = mapper_of(c),
			      .bytes = report_param(c, "bytes") };
	row->burst_case = find_case(rec, "burst", row->mapper, row->bytes);
	if (!row->burst_case)
		return false;
	row->one = report_typical(c, "request");
	row->burst = report_typical(row->burst_case, "request");
	return true;
}

/* Of dom0: the largest frame, and those on both sides of where mapping begins. False if one lacks. */
static bool find_rows(const struct record *rec, struct row *largest, struct row *copied,
		      struct row *mapped)
{
	struct row row;

	*largest = *copied = *mapped = (struct row) { 0 };
	for (size_t i = 0; i < rec->nr_cases; i++) {
		if (!get_row(rec, &rec->cases[i], &row) || strcmp(row.mapper, "dom0"))
			continue;
		if (row.bytes > largest->bytes)
			*largest = row;
		if (row.bytes <= NETBACK_COPY_BYTES && row.bytes > copied->bytes)
			*copied = row;
		if (row.bytes > NETBACK_COPY_BYTES &&
		    (!mapped->one_case || row.bytes < mapped->bytes))
			*mapped = row;
	}
	return copied->one_case && mapped->one_case;
}

/* The same in dom0; NAN if it wasn't measured. */
static double dom0_cost(const struct record *rec, const char *op, double bytes)
{
	const struct record_case *c = find_case(rec, op, "dom0", bytes);

	return c ? report_typical(c, "request") : NAN;
}

static bool has_mappers(const struct record *rec)
{
	struct row row;

	for (size_t i = 0; i < rec->nr_cases; i++)
		if (get_row(rec, &rec->cases[i], &row) && strcmp(row.mapper, "dom0"))
			return true;
	return false;
}

static void say_mapper(struct report *r, const struct row *dom0, const char *mapper,
		       const char *name)
{
	const struct record_case *c = find_case(r->rec, "one", mapper, dom0->bytes);
	struct row row;

	if (c && get_row(r->rec, c, &row))
		report_say(r,
			   "netback in a %s domU: a frame of %s bytes costs %s %s, %s times what "
			   "it costs in dom0, and %s, %s times, in a burst.",
			   name, number_fixed(row.bytes, 0), cost_text(r->rec, row.one),
			   r->rec->unit, number_fixed(row.one / dom0->one, 2),
			   cost_text(r->rec, row.burst), number_fixed(row.burst / dom0->burst, 2));
}

void report_netback_at_a_glance(struct report *r)
{
	struct row largest, copied, mapped;

	if (!find_rows(r->rec, &largest, &copied, &mapped))
		return;
	report_say(
		r,
		"netback: a frame of %s bytes, there and back, costs %s %s, and %s in a burst of "
		"%s.",
		number_fixed(largest.bytes, 0), cost_text(r->rec, largest.one), r->rec->unit,
		cost_text(r->rec, largest.burst),
		number_fixed(report_param(largest.burst_case, "requests"), 0));
	report_say(
		r,
		"netback: that a page of a frame is mapped (%s bytes, not %s) costs %s %s, and %s "
		"in a burst.",
		number_fixed(mapped.bytes, 0), number_fixed(copied.bytes, 0),
		cost_text(r->rec, mapped.one - copied.one), r->rec->unit,
		cost_text(r->rec, mapped.burst - copied.burst));
	say_mapper(r, &largest, "pv", "PV");
	say_mapper(r, &largest, "pvh", "PVH");
}

static void times_cell(struct report *r, double cost, double dom0)
{
	doc_cell(r->doc, "%s", isfinite(dom0) ? number_fixed(cost / dom0, 2) : "-");
}

static void netback_row(struct report *r, const struct row *row, bool mappers)
{
	if (mappers)
		doc_cell(r->doc, "%s", row->mapper);
	doc_cell(r->doc, "%s", row->bytes > NETBACK_COPY_BYTES ? "maps" : "copies");
	report_number(r->doc, row->bytes);
	report_cost(r, row->one);
	report_cost(r, row->burst);
	report_number(r->doc, report_param(row->burst_case, "requests"));
	if (!mappers)
		return;
	times_cell(r, row->one, dom0_cost(r->rec, "one", row->bytes));
	times_cell(r, row->burst, dom0_cost(r->rec, "burst", row->bytes));
}

bool report_netback(struct report *r)
{
	bool begun = false, mappers = has_mappers(r->rec);
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!get_row(r->rec, &r->rec->cases[i], &row))
			continue;
		if (!begun)
			report_medians(r, "net_echo: a frame through netback, there and back",
				       "frame",
				       mappers ? "<mapper|<netback|bytes|one|burst|frames a burst|"
						 "one, times dom0|burst, times dom0" :
						 "<netback|bytes|one|burst|frames a burst");
		begun = true;
		netback_row(r, &row, mappers);
	}
	if (!begun)
		return false;
	doc_para(
		r->doc,
		"A frame goes from a domU to dom0, which sends it back as it is, and is waited for: "
		"Xen, dom0 and domU together. one: each is sent when the one before has come back. "
		"burst: all are sent, then waited for. On its way into dom0 the first 128 bytes are "
		"copied, and the page of the rest is mapped; on its way back Xen copies all of "
		"it.%s",
		mappers ? " With another mapper netback is in that domU, not in dom0." : "");
	return true;
}
