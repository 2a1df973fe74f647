// SPDX-License-Identifier: GPL-2.0
/* gntbench history: list the records of a history, add one, find one to compare with. */
#include <argp.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cmd/cmd.h"
#include "store/history.h"

struct args {
	const char *dir;
	const char *verb;
	char **operands;
	size_t nr_operands;
	bool json;
};

static const struct argp_option options[] = {
	{ "dir", 'd', "DIR", 0, "the history (" HISTORY_DIR ")", 0 },
	{ "format", 'f', "FORMAT", 0, "of list: text or json", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'd':
		args->dir = arg;
		break;
	case 'f':
		if (strcmp(arg, "json") && strcmp(arg, "text"))
			die_usage("--format: no format '%s'; there are text, json", arg);
		args->json = !strcmp(arg, "json");
		break;
	case ARGP_KEY_ARGS:
		args->verb = state->argv[state->next];
		args->operands = state->argv + state->next + 1;
		args->nr_operands = state->argc - state->next - 1;
		break;
	case ARGP_KEY_END:
		if (!args->verb)
			argp_error(state, "list, add, merge or like is needed");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	options,
	parse,
	"list\nadd RECORD\nmerge DIR...\nlike RECORD",
	"List the records of a history; add one, or all of other histories; print the path of the newest one that may be compared "
	"with RECORD (exit status 3 if there is none).",
	NULL,
	NULL,
	NULL,
};

static const char *field(const struct history_record *rec, const char *name)
{
	for (size_t i = 0; i < rec->environment->nr_fields; i++)
		if (!strcmp(rec->environment->fields[i].name, name))
			return rec->environment->fields[i].text;
	return "-";
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

	if (!h)
		return error_print(err);
	if (args->json) {
		list_json(h);
		history_free(h);
		return STATUS_OK;
	}
	printf("%-20s  %-5s  %-10s  %-10.10s  %-22s  %-8s  %s\n", "started", "tier", "suite",
	       "commit", "kernel", "Xen", "file");
	for (size_t i = 0; i < h->nr_records; i++) {
		const struct history_record *r = &h->records[i];

		if (r->problem)
			printf("%-20s  %s\n", "unreadable", r->file);
		else
			printf("%-20s  %-5s  %-10s  %-10.10s  %-22s  %-8s  %s\n", r->started,
			       tier_names[r->tier], r->suite, r->commit, field(r, "kernel_release"),
			       field(r, "xen_version"), r->file);
	}
	history_free(h);
	return STATUS_OK;
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
	char *name;

	if (history_add(args->dir, args->operands[0], &name, err))
		return error_print(err);
	printf("%s/%s\n", args->dir, name);
	free(name);
	return index_history(args, err);
}

static int merge_one(const struct args *args, const struct history *from, struct error *err)
{
	for (size_t i = 0; i < from->nr_records; i++) {
		char *path = xasprintf("%s/%s", from->dir, from->records[i].file), *name;
		int ret = from->records[i].problem ? 1 : history_add(args->dir, path, &name, err);

		free(path);
		if (ret < 0)
			return -1;
		if (!ret)
			free(name);
	}
	return 0;
}

/* A record has the same name wherever it was added, so none is there twice. */
static int merge(const struct args *args, struct error *err)
{
	for (size_t i = 0; i < args->nr_operands; i++) {
		struct history *from = history_open(args->operands[i], err);
		int ret = from ? merge_one(args, from, err) : -1;

		history_free(from);
		if (ret)
			return error_print(err);
		printf("%s: merged\n", args->operands[i]);
	}
	return index_history(args, err);
}

static int like(const struct args *args, struct error *err)
{
	struct record *rec = record_read(args->operands[0], err);
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
			h->nr_records, h->dir, args->operands[0]);
		status = STATUS_INCOMPARABLE;
	}
	history_free(h);
	record_free(rec);
	return status;
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
	};
	struct args args = { .dir = HISTORY_DIR };
	struct error err;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, args.verb))
			continue;
		if (args.nr_operands < verbs[i].least || args.nr_operands > verbs[i].most)
			die_usage("history %s takes %s", args.verb, verbs[i].takes);
		return verbs[i].run(&args, &err);
	}
	die_usage("history: no verb '%s'; there are list, add, merge and like", args.verb);
}
