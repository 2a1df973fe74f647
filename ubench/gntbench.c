// SPDX-License-Identifier: GPL-2.0
/* gntbench: what Linux pays for Xen grants. This file only finds the subcommand. */
#include <argp.h>
#include <obstack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/man.h"
#include "cmd/cmd.h"
#include "record/record.h"

struct cmd {
	const char *name;
	const char *what;
	int (*main)(int argc, char **argv);
};

static const struct cmd cmds[] = {
#define CMD(name, what) { #name, what, cmd_##name },
	CMDS(CMD)
#undef CMD
};

static void help(FILE *out)
{
	fputs("Usage: gntbench SUBCOMMAND [ARGUMENTS]\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		fprintf(out, "  %-10s %s\n", cmds[i].name, cmds[i].what);
	fputs("\n'gntbench SUBCOMMAND --help' says more.\n", out);
}

static void man(void)
{
	man_begin("gntbench", "what Linux pays for Xen grants", stdout);
	fputs(".SH SYNOPSIS\n.B gntbench\n\\fISUBCOMMAND\\fR [ARGUMENTS]\n.SH SUBCOMMANDS\n",
	      stdout);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		man_row(cmds[i].name, cmds[i].what, stdout);
	fputs(".SH EXIT STATUS\n", stdout);
	man_row("0", "done; nothing is wrong, or worse", stdout);
	man_row("1", "the code under test is wrong, or worse", stdout);
	man_row("2", "an error, which has nothing to do with the code under test", stdout);
	man_row("3", "nothing comparable", stdout);
	fputs(".SH SEE ALSO\n", stdout);
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		printf(".BR gntbench\\-%s (1)%s\n", cmds[i].name,
		       i + 1 < ARRAY_SIZE(cmds) ? "," : "");
}

/* Of every subcommand: what can't be written was not said, whatever the status. */
static void check_stdout(void)
{
	if (!ferror(stdout) && !fflush(stdout))
		return;
	error_say("the output can't be written: is the disk full?");
	_exit(argp_err_exit_status);
}

int main(int argc, char **argv)
{
	char name[64];

	argp_err_exit_status = STATUS_ERROR;
	obstack_exit_failure = STATUS_ERROR;
	atexit(check_stdout);
	if (argc < 2) {
		help(stderr);
		return STATUS_ERROR;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("gntbench: record format %d, module ABI %08x\n", RECORD_VERSION,
		       GNTBENCH_ABI);
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "--print-man")) {
		man();
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "--help") || (!strcmp(argv[1], "help") && argc == 2)) {
		help(stdout);
		return STATUS_OK;
	}
	if (!strcmp(argv[1], "help")) {
		argv[1] = argv[2];
		argv[2] = "--help";
	}
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		if (strcmp(argv[1], cmds[i].name))
			continue;
		snprintf(name, sizeof(name), "gntbench %s", cmds[i].name);
		argv[1] = name;
		return cmds[i].main(argc - 1, argv + 1);
	}
	fprintf(stderr, "gntbench: no subcommand '%s'\n\n", argv[1]);
	help(stderr);
	return STATUS_ERROR;
}
