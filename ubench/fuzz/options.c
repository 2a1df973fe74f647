// SPDX-License-Identifier: GPL-2.0
/*
 * The options of every subcommand: the first byte chooses it, and each line is an argument. What would be
 * done with them isn't: argp_parse() doesn't return to the subcommand, and who would exit comes back here.
 * (The linker's --wrap sees to that.)
 */
#include <argp.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cmd/cmd.h"
#include "fuzz/fuzz.h"

#define MAX_ARGUMENTS 64

error_t __real_argp_parse(const struct argp *argp, int argc, char **argv, unsigned int flags,
			  int *index, void *input);
error_t __wrap_argp_parse(const struct argp *argp, int argc, char **argv, unsigned int flags,
			  int *index, void *input);
void __real_exit(int status) __attribute__((noreturn));
void __wrap_exit(int status) __attribute__((noreturn));
void __wrap_argp_error(const struct argp_state *state, const char *format, ...);
void __wrap_argp_usage(const struct argp_state *state);

static int (*const cmds[])(int argc, char **argv) = {
#define CMD(name, what) cmd_##name,
	CMDS(CMD)
#undef CMD
};

/* argp's memory is lost when it doesn't return. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static jmp_buf back;
static volatile bool within;

error_t __wrap_argp_parse(const struct argp *argp, int argc, char **argv, unsigned int flags,
			  int *index, void *input)
{
	__real_argp_parse(argp, argc, argv, flags | ARGP_NO_EXIT | ARGP_NO_ERRS, index, input);
	longjmp(back, 1);
}

void __wrap_exit(int status)
{
	if (within)
		longjmp(back, 1);
	__real_exit(status);
}

void __wrap_argp_error(const struct argp_state *state, const char *format, ...)
{
	(void)state, (void)format;
	longjmp(back, 1);
}

void __wrap_argp_usage(const struct argp_state *state)
{
	(void)state;
	longjmp(back, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text, *rest, *argv[MAX_ARGUMENTS + 2] = { "gntbench" };
	int argc = 1;

	if (!size)
		return 0;
	text = rest = strndup((const char *)data + 1, size - 1);
	while (argc <= MAX_ARGUMENTS && rest)
		argv[argc++] = strsep(&rest, "\n");
	within = true;
	if (!setjmp(back))
		cmds[*data % ARRAY_SIZE(cmds)](argc, argv);
	within = false;
	free(text);
	return 0;
}
