// SPDX-License-Identifier: GPL-2.0
#include "run/keep.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"

#define RECORD_NAME "record.json"

/* A pipe to COMMAND NAME. */
static FILE *begin(const char *command, const char *name)
{
	char *line = xasprintf("%s %s", command, name);
	FILE *pipe;

	fflush(NULL);
	pipe = popen(line, "we");
	free(line);
	return pipe;
}

static void end(const char *command, const char *name, FILE *pipe)
{
	if (!pipe || pclose(pipe))
		fprintf(stderr,
			"gntbench: warning: '%s %s' failed: if this machine dies, so does what was measured\n",
			command, name);
}

void keep_record(const char *command, struct record *rec)
{
	FILE *pipe;

	if (!command)
		return;
	pipe = begin(command, RECORD_NAME);
	if (pipe)
		record_print(rec, pipe);
	end(command, RECORD_NAME, pipe);
}

void keep_case(const char *command, struct record_case *c, size_t number)
{
	char name[32];
	FILE *pipe;

	if (!command)
		return;
	snprintf(name, sizeof(name), "case-%06zu.json", number);
	pipe = begin(command, name);
	if (pipe)
		record_print_case(c, pipe);
	end(command, name, pipe);
}
