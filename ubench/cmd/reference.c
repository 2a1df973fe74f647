// SPDX-License-Identifier: GPL-2.0
/* gntbench reference: boil an exact record down to a reference file, and name it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/options.h"
#include "cmd/cmd.h"
#include "record/environment.h"
#include "store/reference.h"

#define REFERENCE_DIR "results/reference"

struct args {
	const char *dir;
	bool name_only;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "where references are (" REFERENCE_DIR ")", TO_TEXT(dir) },
	{ "name", 'n', NULL, "print which file is the reference of RECORD; write nothing",
	  TO_FLAG(name_only) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "RECORD",
	.what = "Write the reference of an exact record: a line a metric, to be committed. Refuses a "
		"record of a dirty tree, of another tier, or with a case that isn't clean.",
	OPERANDS(1, 1, "a record is needed"),
};

static const char *field(const struct record *rec, const char *name)
{
	const struct record_field *f = record_find_environment(rec, name);

	return f ? f->text : "unknown";
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
			 field(rec, "machine"), field(rec, "vcpus"),
			 environment_version_length(kernel), kernel,
			 environment_version_length(xen), xen, environment_version_length(qemu),
			 qemu);
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
	FILE *out = xmemstream(&text, &size);
	int ret;

	reference_print(rec, out);
	xmemstream_end(out);
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

	options_parse(&options, argc, argv, &args);
	rec = record_read(args.operands.all[0], &err);
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
