/* SPDX-License-Identifier: GPL-2.0 */
/* Requests that rand() makes up, most of them within their limits. */
#ifndef GNTBENCH_TESTS_RANDOM_REQUEST_H
#define GNTBENCH_TESTS_RANDOM_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request.h"

/* A number from 0 to @n - 1; 0 if @n is 0. */
uint64_t random_below(uint64_t n);

/* True once in @n times. */
bool random_one_in(unsigned int n);

/* A line for request_make(): a case, with an op, an unmap mode and parameters. */
void random_request_line(char *line, size_t size);

/* Whether it would take too long. */
bool random_request_too_much(const struct gntbench_run *run);

#endif /* GNTBENCH_TESTS_RANDOM_REQUEST_H */
