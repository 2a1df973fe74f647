/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the domUs that do I/O for a driver of gntbench have in common: it asks through xenstore
 * (ubench/run/drivers/io_request.h, in boxes of ubench/run/mail.h), they do the samples, and tell how
 * long each took, by the TSC.
 */
#ifndef LAB_IO_H
#define LAB_IO_H

#include "domu.h"
#include "run/drivers/io_request.h"
#include "run/drivers/ticks.h"

#define PART 1920 /* of a message; run/mail.c */

/* What a domU can do. What fails leaves an errno. */
struct io_service {
	const char *dir;	/* of the boxes, with a / behind it */
	struct io_request *req; /* with what else the driver says */
	size_t req_size;
	bool (*begin)(void);
	bool (*sample)(void);	/* all requests of one, while the clock runs */
	bool (*is_right)(void); /* what came of it, while it doesn't; may be NULL */
	void (*end)(void);	/* after begin, whatever failed */
};

/* What becomes of a sample. Known before it begins: nothing is looked up while the clock runs. */
static struct {
	struct io_answer head;
	uint64_t ticks[IO_MAX_SAMPLES];
} answer;

static inline void say(uint32_t type, const char *path, const void *value, size_t size)
{
	const char *error = xenstore_ask(type, path, value, size, NULL);

	if (error)
		stop("xenstore refused %s: %s", path, error);
}

static inline void path_in(const struct io_service *s, char *path, size_t size, const char *key)
{
	snprintf(path, size, "%s%s", s->dir, key);
}

static inline bool do_sample(const struct io_service *s, uint64_t *ticks)
{
	uint64_t begin = ticks_mark(MARK_ROUND);

	if (!s->sample())
		return false;
	*ticks = ticks_mark(MARK_END) - begin;
	return !s->is_right || s->is_right();
}

/* No sample to the profiler. */
static inline bool warm_up(const struct io_service *s)
{
	return s->sample() && (!s->is_right || s->is_right());
}

/* Returns 0 or an errno. */
static inline int do_samples(const struct io_service *s)
{
	bool ok = s->begin();
	int err;

	for (uint64_t i = 0; ok && i < s->req->nr_warmup; i++)
		ok = warm_up(s);
	ticks_mark(MARK_COUNTS);
	for (uint64_t i = 0; ok && i < s->req->nr_samples; i++)
		ok = do_sample(s, &answer.ticks[i]);
	err = ok ? 0 : errno;
	s->end();
	return err;
}

static inline void send_answer(const struct io_service *s, size_t size)
{
	const char *bytes = (const char *)&answer;
	char path[64], key[32], count[24];

	for (size_t at = 0; at < size; at += PART) {
		snprintf(key, sizeof(key), "answer/%zu", at / PART);
		path_in(s, path, sizeof(path), key);
		say(XS_WRITE, path, bytes + at, size - at < PART ? size - at : PART);
	}
	snprintf(count, sizeof(count), "%zu", size);
	path_in(s, path, sizeof(path), "answer/size");
	say(XS_WRITE, path, count, strlen(count));
}

/* False if there is none. */
static inline bool take_request(const struct io_service *s)
{
	char path[64];
	char *text;

	path_in(s, path, sizeof(path), "request/size");
	if (xenstore_ask(XS_READ, path, "", 0, NULL))
		return false;
	path_in(s, path, sizeof(path), "request/0");
	if (xenstore_ask(XS_READ, path, "", 0, &text))
		return false;
	memcpy(s->req, text, s->req_size);
	path_in(s, path, sizeof(path), "request");
	say(XS_RM, path, "", 0);
	return true;
}

static inline void wait_until_told(void)
{
	struct xsd_sockmsg msg;

	while (!xenstore_told) {
		xenstore_read_message(&msg);
		xenstore_told = msg.type == XS_WATCH_EVENT;
	}
	xenstore_told = false;
}

/* Takes requests, one after the other, for ever. */
__attribute__((noreturn)) static inline void serve_io(const struct io_service *s)
{
	static const char token[] = "request"; /* with its NUL, as xenstored wants it */
	char path[64];

	memset(&answer, 0, sizeof(answer));
	path_in(s, path, sizeof(path), "request/size");
	say(XS_WATCH, path, token, sizeof(token));
	path_in(s, path, sizeof(path), "ready");
	say(XS_WRITE, path, "1", 1);
	for (;;) {
		wait_until_told();
		if (!take_request(s))
			continue;
		answer.head = (struct io_answer) { .token = s->req->token };
		answer.head.error = do_samples(s);
		send_answer(s, sizeof(answer.head) + s->req->nr_samples * sizeof(answer.ticks[0]));
	}
}

#endif /* LAB_IO_H */
