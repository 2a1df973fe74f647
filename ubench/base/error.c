// SPDX-License-Identifier: GPL-2.0
#include "base/error.h"

#include <argp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int error_set(struct error *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int error_prefix(struct error *err, const char *format, ...)
{
	char said[sizeof(err->text)];
	va_list args;
	size_t len;

	memcpy(said, err->text, sizeof(said));
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", said);
	return -1;
}

int error_print(const struct error *err)
{
	fprintf(stderr, "gntbench: %s\n", err->text);
	return STATUS_ERROR;
}

void die_usage(const char *format, ...)
{
	va_list args;

	fputs("gntbench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(argp_err_exit_status);
}
