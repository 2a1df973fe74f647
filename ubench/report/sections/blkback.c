// SPDX-License-Identifier: GPL-2.0
/* What a request through blkback costs, with its pages mapped and with persistent grants. */
#include <stdio.h>
#include <string.h>

#include "report/report.h"

#define ONE_BY_ONE "disk_io"
#define AT_ONCE	   "disk_queue"
#define PERSISTENT "_persistent"
#define PAGE_KIB   4

/* A row: a direction and a size. */
struct row {
	const struct record_case *c;
	double mapped, persistent; /* of a request */
};

/* The case that differs from @c by persistent grants only; NULL if there is none. */
static const struct record_case *find_persistent(const struct record *rec,
						 const struct record_case *c)
{
	char op[64];

	snprintf(op, sizeof(op), "%s" PERSISTENT, c->op);
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *other = &rec->cases[i];

		if (report_is_measured(other, c->name) && !strcmp(other->op, op) &&
		    report_param(other, "batch") == report_param(c, "batch") &&
		    report_param(other, "requests") == report_param(c, "requests"))
			return other;
	}
	return NULL;
}

/* False if @c is another case, or has no two sides. */
static bool get_row(const struct record *rec, const struct record_case *c, const char *case_name,
		    struct row *row)
{
	const struct record_case *persistent;

	if (!report_is_measured(c, case_name) || strstr(c->op, PERSISTENT))
		return false;
	persistent = find_persistent(rec, c);
	if (!persistent)
		return false;
	*row = (struct row) { c, report_typical(c, "request"),
			      report_typical(persistent, "request") };
	return true;
}

static double pages_of(const struct record_case *c)
{
	return report_param(c, "requests") * report_param(c, "batch");
}

/* @what: the article of a request, or more. */
static void say_row(struct report *r, const struct row *row, const char *what)
{
	report_say(r,
		   "blkback: %s %s of %s KiB costs %s %s with its pages mapped and unmapped, "
		   "%s with persistent grants (%s %%).",
		   what, row->c->op, number_fixed(report_param(row->c, "batch") * PAGE_KIB, 0),
		   cost_text(r->rec, row->mapped), r->rec->unit, cost_text(r->rec, row->persistent),
		   number_fixed(100 * (row->persistent / row->mapped - 1), 1));
}

void report_blkback_at_a_glance(struct report *r)
{
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++)
		if (get_row(r->rec, &r->rec->cases[i], ONE_BY_ONE, &row))
			say_row(r, &row, "a");
}

/* The most of them, of the largest. */
void report_blkback_queue_at_a_glance(struct report *r)
{
	struct row row, most = { .c = NULL };
	char what[32];

	for (size_t i = 0; i < r->rec->nr_cases; i++)
		if (get_row(r->rec, &r->rec->cases[i], AT_ONCE, &row) &&
		    (!most.c || pages_of(row.c) > pages_of(most.c)))
			most = row;
	if (!most.c)
		return;
	snprintf(what, sizeof(what), "of %s at once, a",
		 number_fixed(report_param(most.c, "requests"), 0));
	say_row(r, &most, what);
}

static bool write_table(struct report *r, const char *case_name, const char *heading,
			const char *columns)
{
	bool begun = false;
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!get_row(r->rec, &r->rec->cases[i], case_name, &row))
			continue;
		if (!begun)
			report_medians(r, heading, "request", columns);
		begun = true;
		doc_cell(r->doc, "%s", row.c->op);
		report_number(r->doc, report_param(row.c, "batch") * PAGE_KIB);
		report_number(r->doc, report_param(row.c, "requests"));
		report_cost(r, row.mapped);
		report_cost(r, row.persistent);
		report_cost(r, row.mapped - row.persistent);
		doc_cell(r->doc, "%s", number_fixed(100 * (1 - row.persistent / row.mapped), 1));
	}
	return begun;
}

bool report_blkback(struct report *r)
{
	if (!write_table(r, ONE_BY_ONE, "disk_io: a request through blkback",
			 "<op|KiB|requests|mapped|persistent|saved|%"))
		return false;
	doc_para(
		r->doc,
		"A request is one of a domU's, from its system call until that returns: Xen, dom0 and "
		"domU together, one request after the other, of a disk that takes no time. mapped: "
		"blkback maps its pages and unmaps them. persistent: blkback has pages of blkfront's "
		"mapped for good, and blkfront copies.");
	return true;
}

bool report_blkback_queue(struct report *r)
{
	if (!write_table(r, AT_ONCE, "disk_queue: requests through blkback at once",
			 "<op|KiB|at once|mapped|persistent|saved|%"))
		return false;
	doc_para(r->doc, "As disk_io, but the domU makes the requests of a sample at once (queue "
			 "depth), and then waits for all of them.");
	return true;
}
