/* SPDX-License-Identifier: GPL-2.0 */
/* What went wrong, in one line for the user: what was tried, with which value, why it failed. */
#ifndef UBENCH_ERROR_H
#define UBENCH_ERROR_H

/* Exit statuses of every subcommand. */
enum status {
	STATUS_OK,
	STATUS_FAILURE,	     /* of the code under test; or: worse */
	STATUS_ERROR,	     /* of usage or environment */
	STATUS_INCOMPARABLE, /* nothing to compare with */
};

struct error {
	char text[512];
};

/* Both return -1, so that "return error_set(…)" ends a function that failed. */
int error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "PREFIX: " before what is already said. */
int error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints "gntbench: TEXT" on stderr, without control characters. */
void error_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same of @err; returns STATUS_ERROR. */
int error_print(const struct error *err);

/* Prints the same and exits with argp's argp_err_exit_status, which main() makes STATUS_ERROR. */
void die_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif /* UBENCH_ERROR_H */
