// SPDX-License-Identifier: GPL-2.0
/* The part of a report that one record has: its sections in their order, and what frames them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

static const char *environment(const struct record *rec, const char *name)
{
	const struct record_field *f = record_find_environment(rec, name);

	return f && *f->text ? f->text : "?";
}

void report_title(struct doc *doc)
{
	doc_heading(doc, 1, "gntbench: what Linux pays to map and unmap Xen grants");
}

static size_t count_status(const struct record *rec, enum case_status status)
{
	size_t nr = 0;

	for (size_t i = 0; i < rec->nr_cases; i++)
		nr += rec->cases[i].status == status;
	return nr;
}

static void write_warnings(struct report *r)
{
	const struct record *rec = r->rec;
	size_t nr_errors = count_status(rec, CASE_ERROR);
	size_t nr_skipped = count_status(rec, CASE_SKIP);

	if (nr_errors)
		doc_warning(r->doc, "%zu of %zu cases went wrong. See \"Not measured\".", nr_errors,
			    rec->nr_cases);
	if (nr_skipped)
		doc_warning(r->doc, "%zu of %zu cases can't run here. See \"Not measured\".",
			    nr_skipped, rec->nr_cases);
	for (size_t i = 0; i < rec->nr_warnings; i++)
		doc_warning(r->doc, "%s", rec->warnings[i]);
}

static void write_not_measured(struct report *r)
{
	const struct record *rec = r->rec;

	if (count_status(rec, CASE_OK) == rec->nr_cases)
		return;
	doc_heading(r->doc, 3, "Not measured");
	doc_para(r->doc, "skip: can't run here. error: the test went wrong. failure: the code "
			 "under test did.");
	doc_table(r->doc, "", "<case|<status|<reason");
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		if (c->status == CASE_OK)
			continue;
		doc_cell(r->doc, "%s", c->id);
		doc_cell(r->doc, "%s", case_status_names[c->status]);
		doc_cell(r->doc, "%s", *c->reason ? c->reason : "no reason given");
	}
}

static void write_environment(struct report *r)
{
	const struct record *rec = r->rec;
	uint64_t checks = 0, broken = 0;

	doc_heading(r->doc, 3, "Environment");
	doc_table(r->doc, "", "<what|<value");
	doc_cell(r->doc, "run");
	doc_cell(r->doc, "%s, started %s, suite %s", rec->id, rec->started, rec->suite);
	doc_cell(r->doc, "fingerprint");
	doc_cell(r->doc, "%s", rec->fingerprint);
	for (size_t i = 0; i < rec->nr_cases; i++) {
		checks += rec->cases[i].oracle_checks;
		broken += rec->cases[i].oracle_broken;
	}
	doc_cell(r->doc, "oracle");
	doc_cell(r->doc, "%ju invariants checked, %ju broken", (uintmax_t)checks,
		 (uintmax_t)broken);
	for (size_t i = 0; i < rec->nr_environment; i++) {
		doc_cell(r->doc, "%s", rec->environment[i].name);
		doc_cell(r->doc, "%s", rec->environment[i].text);
	}
}

/* A case has the parameter, and in it @text, if that isn't NULL. */
static bool any_has(const struct record *rec, const char *param, const char *text)
{
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_field *field = record_find_param(&rec->cases[i], param);

		if (field && (!text || !strcmp(field->text, text)))
			return true;
	}
	return false;
}

static void write_how_to_read(struct report *r)
{
	doc_heading(r->doc, 3, "How to read this, and what it can't say");
	doc_item(r->doc, "What this tier can say: %s", tiers[r->rec->tier].can_say);
	doc_item(r->doc, "What it can't: %s", tiers[r->rec->tier].cannot_say);
	doc_item(r->doc, "A number is the median of its samples unless it says otherwise. A sample "
			 "is one batch; where a number is \"a page\", it is the batch's divided by "
			 "its pages.");
	if (any_has(r->rec, "unmap_mode", NULL))
		doc_item(r->doc, "immediate: gnttab_unmap_refs(), looks at no page count. async: "
				 "gnttab_unmap_refs_async(), waits until every page count is one. "
				 "sync: the same, and the caller waits for it.");
	if (any_has(r->rec, "granter", NULL))
		doc_item(r->doc,
			 "The empty sample of the floor is in every other number; it was not "
			 "subtracted.");
	if (any_has(r->rec, "granter", "self"))
		doc_item(r->doc,
			 "Self-grants (granter self): granter and mapper are both this dom0. "
			 "The pages are warm, and nothing else runs.");
}

/* Case names in the order of their first appearance, each once. */
static bool is_first_of_name(const struct record *rec, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (!strcmp(rec->cases[k].name, rec->cases[i].name))
			return false;
	return true;
}

static bool has_own_section(const char *case_name)
{
	for (size_t i = 0; i < nr_report_sections; i++)
		if (!strcmp(case_name, report_sections[i].case_name))
			return true;
	return false;
}

static void write_sections(struct report *r)
{
	for (size_t i = 0; i < nr_report_sections; i++)
		if (report_sections[i].body(r))
			report_plots(r, report_sections[i].name);
	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const char *name = r->rec->cases[i].name;

		if (is_first_of_name(r->rec, i) && !has_own_section(name) && report_case(r, name))
			report_plots(r, name);
	}
}

/* Of the floor nothing was found: it is of the tool. */
static bool has_own_glance(const char *case_name)
{
	for (size_t i = 0; i < nr_report_sections; i++)
		if (!strcmp(case_name, report_sections[i].case_name) &&
		    report_sections[i].at_a_glance)
			return true;
	return !strcmp(case_name, "floor");
}

static void write_at_a_glance(struct report *r)
{
	for (size_t i = 0; i < nr_report_sections; i++)
		if (report_sections[i].at_a_glance)
			report_sections[i].at_a_glance(r);
	for (size_t i = 0; i < r->rec->nr_cases; i++) {
		const char *name = r->rec->cases[i].name;

		if (is_first_of_name(r->rec, i) && !has_own_glance(name))
			report_case_at_a_glance(r, name);
	}
}

static void write_failures(struct report *r)
{
	size_t nr_failures = count_status(r->rec, CASE_FAILURE);

	if (nr_failures)
		doc_warning(r->doc,
			    "%zu of %zu cases FAILED: the code under test broke an "
			    "invariant. See \"Not measured\".",
			    nr_failures, r->rec->nr_cases);
	if (!r->rec->nr_cases)
		doc_warning(r->doc, "This record has no cases.");
}

void report_record(struct report *r, const char *path)
{
	const struct record *rec = r->rec;

	doc_heading(r->doc, 2, "Tier %s: %s (%s)", tier_names[rec->tier], tiers[rec->tier].title,
		    basename(path));
	write_failures(r);
	write_at_a_glance(r);
	report_lead_plot(r);
	doc_para(r->doc, "%s%s Linux %s on Xen %s, %s dom0, vCPUs: %s, suite %s.",
		 tiers[rec->tier].what,
		 rec->emulated && !tiers[rec->tier].emulated ?
			 " This CPU is emulated: ratios only." :
			 "",
		 environment(rec, "kernel_release"), environment(rec, "xen_version"),
		 environment(rec, "xen_dom0_type"), environment(rec, "vcpus"), rec->suite);
	write_warnings(r);
	write_sections(r);
	write_not_measured(r);
	write_environment(r);
	write_how_to_read(r);
}
