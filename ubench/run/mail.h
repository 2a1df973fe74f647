/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages between two domains, through xenstore: any bytes, in parts, as values there are short. A
 * box is a directory that holds one message at a time: size, written last, says that it is whole.
 */
#ifndef UBENCH_MAIL_H
#define UBENCH_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct xs_handle;

/* 0, or -1 and err. What was in the box is lost. */
int mail_send(struct xs_handle *xs, const char *box, const void *data, size_t size,
	      struct error *err);

/* The message of the box, malloc'd, and out of the box; NULL if there is none. */
void *mail_take(struct xs_handle *xs, const char *box, size_t *size);

/* To be called once before mail_wait(): xenstore tells when something is in the box. */
bool mail_watch(struct xs_handle *xs, const char *box);

/*
 * 1 once xenstore tells of anything that is watched, 0 when the time is over (-1: never), -1 if a
 * signal came.
 */
int mail_wait(struct xs_handle *xs, int timeout_ms);

/* A message is put together, and taken apart again, by pieces; one that isn't there is zeroes. */
struct mail {
	uint8_t *data; /* malloc'd */
	size_t size;
	size_t at; /* how much is taken; behind size, if more was wanted than there is */
};

void mail_put(struct mail *mail, const void *piece, size_t size);
void mail_get(struct mail *mail, void *piece, size_t size);

/* An array with its length in front; the one that is taken is malloc'd, NULL if it is empty. */
void mail_put_array(struct mail *mail, const void *array, uint64_t nr, size_t size);
void *mail_get_array(struct mail *mail, uint64_t *nr, size_t size);

#endif /* UBENCH_MAIL_H */
