// SPDX-License-Identifier: GPL-2.0
/* gntbench history: records over time: list, add, merge, find one to compare with, draw all of it. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "doc/doc.h"
#include "store/history.h"
#include "store/history_page.h"

struct args {
	const char *dir;
	unsigned int json;
	struct operands operands; /* a verb and its own */
};

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "the history (" HISTORY_DIR ")", TO_TEXT(dir) },
	{ "format", 'f', "FORMAT", "of list: text or json", TO_WORD(json, "text, json") },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "list\nadd RECORD\nmerge DIR...\nlike RECORD\npage FILE",
	.what = "List the records of a history; add one, or all of other histories; print the path "
		"of the newest one that may be compared with RECORD (exit status 3 if there is none); "
		"write all cases over time, with what moved them, as one HTML file.",
	OPERANDS(1, SIZE_MAX, "list, add, merge, like or page is needed"),
};

static const char *version(const struct history_record *r, const char *name)
{
	return r->problem ? "" : history_field(r->environment, name) ?: "-";
}

static json_t *record_json(const struct history_record *r)
{
	json_t *environment, *obj;

	if (r->problem)
		return json_pack("{s:s, s:s}", "file", r->file, "problem", r->problem);
	environment = json_object();
	for (size_t i = 0; i < r->environment->nr_fields; i++)
		json_object_set_new(environment, r->environment->fields[i].name,
				    json_string(r->environment->fields[i].text));
	obj = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "file", r->file, "id", r->id,
			"started", r->started, "tier", tier_names[r->tier], "suite", r->suite,
			"commit", r->commit, "fingerprint", r->fingerprint, "environment",
			environment);
	return obj;
}

static void list_json(const struct history *h)
{
	json_t *records = json_array();

	for (size_t i = 0; i < h->nr_records; i++)
		json_array_append_new(records, record_json(&h->records[i]));
	json_dumpf(records, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(records);
}

static int list(const struct args *args, struct error *err)
{
	struct history *h = history_open(args->dir, err);
	struct doc doc = { 0 };
	int ret;

	if (!h)
		return error_print(err);
	if (args->json) {
		list_json(h);
		history_free(h);
		return STATUS_OK;
	}
	doc_table(&doc, "", "=started|=tier|=suite|=commit|=kernel|=Xen|=file");
	for (size_t i = 0; i < h->nr_records; i++) {
		const struct history_record *r = &h->records[i];

		doc_cell(&doc, "%s", r->problem ? "unreadable" : r->started);
		doc_cell(&doc, "%s", r->problem ? "" : tier_names[r->tier]);
		doc_cell(&doc, "%s", r->problem ? "" : r->suite);
		doc_cell(&doc, "%.10s", r->problem ? "" : r->commit);
		doc_cell(&doc, "%s", version(r, "kernel_release"));
		doc_cell(&doc, "%s", version(r, "xen_version"));
		doc_cell(&doc, "%s", r->file);
	}
	ret = doc_print(&doc, &doc_text, err);
	doc_free(&doc);
	history_free(h);
	return ret ? error_print(err) : STATUS_OK;
}

/* The index is made now, so that the next list or trend finds it up to date. */
static int index_history(const struct args *args, struct error *err)
{
	struct history *h = history_open(args->dir, err);

	if (!h)
		return error_print(err);
	history_free(h);
	return STATUS_OK;
}

static int add(const struct args *args, struct error *err)
{
	struct history_target *target = history_target_open(args->dir, err);
	char *name;
	int ret = target ? history_target_add(target, args->operands.all[0], &name, err) : -1;

	history_target_close(target);
	if (ret < 0)
		return error_print(err);
	printf("%s/%s\n", args->dir, name);
	free(name);
	return index_history(args, err);
}

/* Adds to @added; what can't be read was said when @from was opened. */
static int merge_one(struct history_target *target, const struct history *from, size_t *added,
		     struct error *err)
{
	for (size_t i = 0; i < from->nr_records; i++) {
		char *path, *name;
		int ret;

		if (from->records[i].problem)
			continue;
		path = xasprintf("%s/%s", from->dir, from->records[i].file);
		ret = history_target_add(target, path, &name, err);
		free(path);
		if (ret < 0)
			return -1;
		free(name);
		*added += ret;
	}
	return 0;
}

/* What was merged before an error stays: each record is whole, and merging again goes on from there. */
static int merge(const struct args *args, struct error *err)
{
	struct history_target *target = history_target_open(args->dir, err);
	int ret = target ? 0 : -1;

	for (size_t i = 0; i < args->operands.nr && !ret; i++) {
		struct history *from = history_open(args->operands.all[i], err);
		size_t added = 0;

		ret = from ? merge_one(target, from, &added, err) : -1;
		if (!ret)
			printf("%s: merged: %zu of %zu records are new\n", args->operands.all[i],
			       added, from->nr_records);
		history_free(from);
	}
	history_target_close(target);
	return ret ? error_print(err) : index_history(args, err);
}

static int like(const struct args *args, struct error *err)
{
	struct record *rec = record_read(args->operands.all[0], err);
	const struct history_record *found;
	struct history *h;
	int status = STATUS_OK;

	if (!rec)
		return error_print(err);
	h = history_open(args->dir, err);
	if (!h) {
		record_free(rec);
		return error_print(err);
	}
	found = history_like(h, rec);
	if (found) {
		printf("%s/%s\n", h->dir, found->file);
	} else {
		fprintf(stderr, "gntbench: none of the %zu records of %s may be compared with %s\n",
			h->nr_records, h->dir, args->operands.all[0]);
		status = STATUS_INCOMPARABLE;
	}
	history_free(h);
	record_free(rec);
	return status;
}

static int page(const struct args *args, struct error *err)
{
	struct history *h = history_open(args->dir, err);
	int ret = h ? history_page(h, args->operands.all[0], err) : -1;

	history_free(h);
	if (ret)
		return error_print(err);
	printf("%s\n", args->operands.all[0]);
	return STATUS_OK;
}

int cmd_history(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct args *args, struct error *err);
		size_t least, most; /* operands */
		const char *takes;
	} verbs[] = {
		{ "list", list, 0, 0, "no record" },
		{ "add", add, 1, 1, "a record" },
		{ "merge", merge, 1, SIZE_MAX, "other histories" },
		{ "like", like, 1, 1, "a record" },
		{ "page", page, 1, 1, "the file to write" },
	};
	struct args args = { .dir = HISTORY_DIR };
	const char *verb;
	struct error err;

	options_parse(&options, argc, argv, &args);
	verb = *args.operands.all++;
	args.operands.nr--;
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].name, verb))
			continue;
		if (args.operands.nr < verbs[i].least || args.operands.nr > verbs[i].most)
			die_usage("history %s takes %s", verb, verbs[i].takes);
		return verbs[i].run(&args, &err);
	}
	die_usage("history: no verb '%s'; there are list, add, merge, like and page", verb);
}
