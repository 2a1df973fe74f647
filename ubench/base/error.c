// SPDX-License-Identifier: GPL-2.0
#include "base/error.h"

#include <argp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

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

/* Names in it may come out of a file of somebody else's. */
static void print_line(const char *text)
{
	fputs("gntbench: ", stderr);
	for (size_t len; *text; text += len) {
		len = control_length(text);
		putc(len ? ' ' : *text, stderr);
		len = len ?: 1;
	}
	putc('\n', stderr);
}

void error_say(const char *format, ...)
{
	struct error err;
	va_list args;

	va_start(args, format);
	vsnprintf(err.text, sizeof(err.text), format, args);
	va_end(args);
	print_line(err.text);
}

int error_print(const struct error *err)
{
	print_line(err->text);
	return STATUS_ERROR;
}

void die_usage(const char *format, ...)
{
	struct error err;
	va_list args;

	va_start(args, format);
	vsnprintf(err.text, sizeof(err.text), format, args);
	va_end(args);
	error_print(&err);
	exit(argp_err_exit_status);
}
