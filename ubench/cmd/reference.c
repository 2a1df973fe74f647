// SPDX-License-Identifier: GPL-2.0
/* gntbench reference: boil an exact record down to a reference file, and name it. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "store/reference.h"

#define REFERENCE_DIR "results/reference"

struct args {
	const char *record;
	const char *dir;
	bool name_only;
};

static const struct argp_option options[] = {
	{ "dir", 'd', "DIR", 0, "where references are (" REFERENCE_DIR ")", 0 },
	{ "name", 'n', NULL, 0, "print which file is the reference of RECORD; write nothing", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;

	switch (key) {
	case 'd':
		args->dir = arg;
		break;
	case 'n':
		args->name_only = true;
		break;
	case ARGP_KEY_ARG:
		if (args->record)
			argp_error(state, "'%s' is one record too many", arg);
		args->record = arg;
		break;
	case ARGP_KEY_END:
		if (!args->record)
			argp_error(state, "a record is needed");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	options,
	parse,
	"RECORD",
	"Write the reference of an exact record: a line a metric, to be committed. Refuses a record of "
	"a dirty tree, of another tier, or with a case that isn't clean.",
	NULL,
	NULL,
	NULL,
};

static const char *field(const struct record *rec, const char *name)
{
	const struct record_field *f = record_find_environment(rec, name);

	return f ? f->text : "unknown";
}

/* "6.12" of 6.12.117+deb12-amd64: what a stack is known by. 0 if there is no such number. */
static int series_length(const char *version)
{
	int major = strspn(version, "0123456789");
	int minor = version[major] == '.' ? strspn(version + major + 1, "0123456789") : 0;

	return major && minor ? major + 1 + minor : 0;
}

/*
 * "DIR/default-exact-pv-1-linux-6.12-xen-4.17-qemu-7.2.txt": a file for each kind of run that can stand
 * beside another. Updates of a stack share theirs: compare says what is another one then.
 */
static char *path_of(const struct record *rec, const char *dir)
{
	const char *suite = strrchr(rec->suite, '/');
	const char *kernel = field(rec, "kernel_release");
	const char *xen = field(rec, "xen_version");
	const char *qemu = field(rec, "qemu_version");
	char *text, *name, *path, *dot;

	text = xasprintf("%s-%s-%s-%s-linux-%.*s-xen-%.*s-qemu-%.*s.txt",
			 suite ? suite + 1 : rec->suite, tier_names[rec->tier],
			 field(rec, "machine"), field(rec, "vcpus"), series_length(kernel), kernel,
			 series_length(xen), xen, series_length(qemu), qemu);
	name = file_name(text);
	dot = strstr(name, ".ini-");
	if (dot)
		memmove(dot, dot + 4, strlen(dot + 4) + 1);
	path = xasprintf("%s/%s", dir, name);
	free(text);
	free(name);
	return path;
}

static int write_reference(const struct record *rec, const char *path, struct error *err)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int ret;

	if (!out)
		die_usage("out of memory");
	reference_print(rec, out);
	if (fclose(out))
		die_usage("out of memory");
	ret = file_replace(path, text, size, err);
	free(text);
	return ret;
}

int cmd_reference(int argc, char **argv)
{
	struct args args = { .dir = REFERENCE_DIR };
	int status = STATUS_OK;
	struct record *rec;
	struct error err;
	char *path;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	rec = record_read(args.record, &err);
	if (!rec)
		return error_print(&err);
	path = path_of(rec, args.dir);
	if (!args.name_only && (reference_check(rec, &err) || write_reference(rec, path, &err)))
		status = error_print(&err);
	else
		puts(path);
	free(path);
	record_free(rec);
	return status;
}
