// SPDX-License-Identifier: GPL-2.0
/* gntbench history: list the records of a history, add one, find one to compare with. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "store/history.h"

struct args {
	const char *dir;
	const char *verb;
	const char *record;
};

static const struct argp_option options[] = {
	{ "dir", 'd', "DIR", 0, "the history (" HISTORY_DIR ")", 0 }, { 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'd':
		args->dir = arg;
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0)
			args->verb = arg;
		else if (state->arg_num == 1)
			args->record = arg;
		else
			argp_error(state, "'%s' is one argument too many", arg);
		break;
	case ARGP_KEY_END:
		if (!args->verb)
			argp_error(state, "list, add or like is needed");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	options,
	parse,
	"list\nadd RECORD\nlike RECORD",
	"List the records of a history; add one; print the path of the newest one that may be compared "
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

static int list(const struct args *args, struct error *err)
{
	struct history *h = history_open(args->dir, err);

	if (!h)
		return error_print(err);
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

static int add(const struct args *args, struct error *err)
{
	struct history *h;
	char *name;

	if (history_add(args->dir, args->record, &name, err))
		return error_print(err);
	printf("%s/%s\n", args->dir, name);
	free(name);
	/* Now, so that the next list or trend finds the index up to date. */
	h = history_open(args->dir, err);
	if (!h)
		return error_print(err);
	history_free(h);
	return STATUS_OK;
}

static int like(const struct args *args, struct error *err)
{
	struct record *rec = record_read(args->record, err);
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
			h->nr_records, h->dir, args->record);
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
		bool needs_record;
	} verbs[] = {
		{ "list", list, false },
		{ "add", add, true },
		{ "like", like, true },
	};
	struct args args = { .dir = HISTORY_DIR };
	struct error err;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].name, args.verb))
			continue;
		if (verbs[i].needs_record != !!args.record)
			die_usage("history %s takes %s", args.verb,
				  args.record ? "no record" : "a record");
		return verbs[i].run(&args, &err);
	}
	die_usage("history: no verb '%s'; there are list, add and like", args.verb);
}
