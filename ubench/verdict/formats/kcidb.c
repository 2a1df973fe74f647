// SPDX-License-Identifier: GPL-2.0
/*
 * KernelCI's report schema, version 5.0 (https://github.com/kernelci/kcidb-io): a test a row, with
 * what head costs as its number. Which build of which checkout it was is for the sender to say:
 * build_id is made of the kernel's build id.
 */
#include "verdict/formats/formats.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

#define ORIGIN "gntbench"

static const char *field(const struct record *rec, const char *name)
{
	const struct record_field *f = record_find_environment(rec, name);

	return f ? f->text : "unknown";
}

static json_t *environment(const struct record *rec)
{
	json_t *misc = json_object(), *obj;
	char *comment = xasprintf("Linux %s on Xen %s, %s, tier %s", field(rec, "kernel_release"),
				  field(rec, "xen_version"), field(rec, "machine"),
				  tier_names[rec->tier]);

	for (size_t i = 0; i < rec->nr_environment; i++)
		json_object_set_new(misc, rec->environment[i].name,
				    json_string(rec->environment[i].text));
	obj = json_pack("{s:s, s:o}", "comment", comment, "misc", misc);
	free(comment);
	return obj;
}

static json_t *row_misc(const struct row *row)
{
	json_t *misc = json_pack("{s:s, s:s}", "verdict", verdict_names[row->verdict], "reason",
				 row->reason);

	if (isfinite(row->base))
		json_object_set_new(misc, "base", json_real(row->base));
	if (isfinite(row->change))
		json_object_set_new(misc, "change", json_real(row->change));
	return misc;
}

static void add_test(const struct comparison *c, const struct result *r, void *data)
{
	static const char *const statuses[] = {
		[OUTCOME_PASS] = "PASS", [OUTCOME_FAIL] = "FAIL", [OUTCOME_ERROR] = "ERROR",
		[OUTCOME_MISS] = "MISS", [OUTCOME_SKIP] = "SKIP", [OUTCOME_DONE] = "DONE",
	};
	char *id = xasprintf(ORIGIN ":%s.%s", c->head->id, r->name);
	char *build = xasprintf(ORIGIN ":%s", field(c->head, "kernel_build_id"));
	char *path = xasprintf(ORIGIN ".%s", r->name), unit[64];
	json_t *test;

	test = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "id", id, "origin", ORIGIN,
			 "build_id", build, "path", path, "status", statuses[r->outcome], "comment",
			 r->text, "environment", environment(c->head));
	if (r->row && isfinite(r->row->head))
		json_object_set_new(test, "number",
				    json_pack("{s:f, s:s}", "value", r->row->head, "unit",
					      row_unit(r->row, unit, sizeof(unit))));
	if (r->row)
		json_object_set_new(test, "misc", row_misc(r->row));
	json_object_set_new(test, "start_time", json_string(c->head->started));
	json_array_append_new(data, test);
	free(id);
	free(build);
	free(path);
}

void format_kcidb(const struct comparison *c, FILE *out)
{
	json_t *tests = json_array(), *root;

	format_results(c, add_test, tests);
	root = json_pack("{s:{s:i, s:i}, s:o}", "version", "major", 5, "minor", 0, "tests", tests);
	put_json(root, out);
}
