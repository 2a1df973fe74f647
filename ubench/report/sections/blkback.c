// SPDX-License-Identifier: GPL-2.0
/* What a request through blkback costs, with its pages mapped and with persistent grants. */
#include <stdio.h>
#include <string.h>

#include "report/report.h"

#define CASE_NAME  "disk_io"
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

		if (report_is_measured(other, CASE_NAME) && !strcmp(other->op, op) &&
		    report_param(other, "batch") == report_param(c, "batch") &&
		    report_param(other, "requests") == report_param(c, "requests"))
			return other;
	}
	return NULL;
}

/* False if @c has no two sides. */
static bool get_row(const struct record *rec, const struct record_case *c, struct row *row)
{
	const struct record_case *persistent;

	if (!report_is_measured(c, CASE_NAME) || strstr(c->op, PERSISTENT))
		return false;
	persistent = find_persistent(rec, c);
	if (!persistent)
		return false;
	*row = (struct row) { c, report_typical(c, "request"),
			      report_typical(persistent, "request") };
	return true;
}

void report_blkback_at_a_glance(struct report *r)
{
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++)
		if (get_row(r->rec, &r->rec->cases[i], &row))
			report_say(
				r,
				"blkback: a %s of %s KiB costs %s %s with its pages mapped and unmapped, "
				"%s with persistent grants (%s %%).",
				row.c->op, number_fixed(report_param(row.c, "batch") * PAGE_KIB, 0),
				cost_text(r->rec, row.mapped), r->rec->unit,
				cost_text(r->rec, row.persistent),
				number_fixed(100 * (row.persistent / row.mapped - 1), 1));
}

bool report_blkback(struct report *r)
{
	bool begun = false;
	struct row row;

	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		if (!get_row(r->rec, &r->rec->cases[i], &row))
			continue;
		if (!begun)
			report_medians(r, "disk_io: a request through blkback", "request",
				       "<op|KiB|requests|mapped|persistent|saved|%");
		begun = true;
		doc_cell(r->doc, "%s", row.c->op);
		report_number(r->doc, report_param(row.c, "batch") * PAGE_KIB);
		report_number(r->doc, report_param(row.c, "requests"));
		report_cost(r, row.mapped);
		report_cost(r, row.persistent);
		report_cost(r, row.mapped - row.persistent);
		doc_cell(r->doc, "%s", number_fixed(100 * (1 - row.persistent / row.mapped), 1));
	}
	if (!begun)
		return false;
	doc_para(
		r->doc,
		"A request is one of a domU's, from its system call until that returns: Xen, dom0 and "
		"domU together, one request after the other, of a disk that takes no time. mapped: "
		"blkback maps its pages and unmaps them. persistent: blkback has pages of blkfront's "
		"mapped for good, and blkfront copies.");
	return true;
}
