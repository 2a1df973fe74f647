// SPDX-License-Identifier: GPL-2.0
#include "run/mail.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "base/alloc.h"

/* Of a domU xenstored takes values of 2048 bytes, by default (quota-maxsize). */
#define PART 1920

static char *key_of(const char *box, const char *key)
{
	return xasprintf("%s/%s", box, key);
}

static char *part_of(const char *box, size_t part)
{
	return xasprintf("%s/%zu", box, part);
}

static bool put_value(struct xs_handle *xs, char *path, const void *value, size_t size)
{
	bool ok = xs_write(xs, XBT_NULL, path, value, size);

	free(path);
	return ok;
}

int mail_send(struct xs_handle *xs, const char *box, const void *data, size_t size,
	      struct error *err)
{
	char count[24];
	bool ok = true;

	xs_rm(xs, XBT_NULL, box);
	for (size_t done = 0; ok && done < size; done += PART)
		ok = put_value(xs, part_of(box, done / PART), (const char *)data + done,
			       size - done < PART ? size - done : PART);
	snprintf(count, sizeof(count), "%zu", size);
	if (ok && put_value(xs, key_of(box, "size"), count, strlen(count)))
		return 0;
	return error_set(err, "xenstore refused %zu bytes in %s: %s", size, box, strerror(errno));
}

static char *get_value(struct xs_handle *xs, char *path, unsigned int *size)
{
	char *value = xs_read(xs, XBT_NULL, path, size);

	free(path);
	return value;
}

void *mail_take(struct xs_handle *xs, const char *box, size_t *size)
{
	struct mail mail = { 0 };
	unsigned int len;
	char *count = get_value(xs, key_of(box, "size"), &len);

	if (!count)
		return NULL;
	*size = strtoul(count, NULL, 10);
	free(count);
	while (mail.size < *size) {
		char *part = get_value(xs, part_of(box, mail.size / PART), &len);

		if (part && len)
			mail_put(&mail, part, len);
		free(part);
		if (!part || !len)
			break;
	}
	xs_rm(xs, XBT_NULL, box);
	if (mail.size == *size)
		return mail.data;
	free(mail.data);
	return NULL;
}

bool mail_watch(struct xs_handle *xs, const char *box)
{
	char *path = key_of(box, "size");
	bool ok = xs_watch(xs, path, "mail");

	free(path);
	return ok;
}

int mail_wait(struct xs_handle *xs, int timeout_ms)
{
	struct pollfd fd = { .fd = xs_fileno(xs), .events = POLLIN };
	int told = poll(&fd, 1, timeout_ms);
	char **event;

	while (told > 0 && (event = xs_check_watch(xs)))
		free(event);
	return told;
}

void mail_put(struct mail *mail, const void *piece, size_t size)
{
	mail->data = xrealloc_array(mail->data, mail->size + size, 1);
	memcpy(mail->data + mail->size, piece, size);
	mail->size += size;
}

void mail_get(struct mail *mail, void *piece, size_t size)
{
	bool there = mail->at <= mail->size && size <= mail->size - mail->at;

	memset(piece, 0, size);
	if (there)
		memcpy(piece, mail->data + mail->at, size);
	mail->at = there ? mail->at + size : mail->size + 1;
}

void mail_put_array(struct mail *mail, const void *array, uint64_t nr, size_t size)
{
	mail_put(mail, &nr, sizeof(nr));
	if (nr)
		mail_put(mail, array, nr * size);
}

void *mail_get_array(struct mail *mail, uint64_t *nr, size_t size)
{
	void *array = NULL;

	mail_get(mail, nr, sizeof(*nr));
	if (*nr && mail->at <= mail->size && *nr <= (mail->size - mail->at) / size) {
		array = xcalloc(*nr, size);
		mail_get(mail, array, *nr * size);
	} else if (*nr) {
		*nr = 0;
		mail->at = mail->size + 1;
	}
	return array;
}
