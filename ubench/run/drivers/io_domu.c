// SPDX-License-Identifier: GPL-2.0
#include "run/drivers/io_domu.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "base/alloc.h"
#include "run/mail.h"

static struct xs_handle *xs;
static char *domid; /* of the domU; NULL: there is none */
static char *dir;   /* its own, with the boxes */
static uint64_t token;

const char *io_domu_id(void)
{
	return domid;
}

static char *box_of(const char *which)
{
	return xasprintf("%s/%s", dir, which);
}

static bool is_ready(void)
{
	char *ready = box_of("ready");
	unsigned int len;
	char *value = xs_read(xs, XBT_NULL, ready, &len);

	free(ready);
	free(value);
	return value;
}

/* Sets domid and dir to those of the domU which is ready, of those that have a backend here. */
static void find_domain(const char *backends, const char *which)
{
	unsigned int nr = 0;
	char **domids = xs_directory(xs, XBT_NULL, backends, &nr);

	for (unsigned int i = 0; !domid && domids && i < nr; i++) {
		dir = xasprintf("/local/domain/%s/%s", domids[i], which);
		if (is_ready()) {
			domid = xasprintf("%s", domids[i]);
			break;
		}
		free(dir);
		dir = NULL;
	}
	free(domids);
}

void io_domu_close(void)
{
	free(domid);
	free(dir);
	domid = dir = NULL;
	if (xs)
		xs_close(xs);
	xs = NULL;
}

int io_domu_open(const char *backends, const char *which, const char *needed, struct error *err)
{
	char *answers, *ready;
	bool ok;

	xs = xenstore_open();
	if (xs)
		find_domain(backends, which);
	if (!domid) {
		io_domu_close();
		return error_set(err, "%s", needed);
	}
	answers = box_of("answer");
	ready = box_of("ready"); /* it goes with the domU */
	ok = mail_watch(xs, answers) && xs_watch(xs, ready, "ready");
	free(ready);
	free(answers);
	if (ok)
		return 0;
	io_domu_close();
	return error_set(err, "xenstore doesn't tell of answers: %s", strerror(errno));
}

struct io_request io_domu_request(const struct request *req, uint32_t bytes)
{
	return (struct io_request) {
		.token = ++token,
		.nr_warmup = req->nr_warmup,
		.nr_samples = req->nr_samples,
		.nr_requests = req->c->param[GNTBENCH_P_REQUESTS],
		.bytes = bytes,
	};
}

bool io_domu_ask(const struct io_request *io, size_t size, struct outcome *out)
{
	char *to;
	struct error err;
	bool ok = true;

	if (io->nr_samples > IO_MAX_SAMPLES)
		return outcome_stop(out, CASE_SKIP, "the domU remembers %u samples at most",
				    IO_MAX_SAMPLES);
	to = box_of("request");
	if (mail_send(xs, to, io, size, &err))
		ok = outcome_stop(out, CASE_ERROR, "%.200s", err.text);
	free(to);
	return ok;
}

/* NULL and a reason if there is none in time. */
static struct io_answer *wait_for_answer(const struct request *req, const struct io_request *io,
					 const char *from, struct outcome *out)
{
	size_t should = sizeof(struct io_answer) + io->nr_samples * sizeof(uint64_t), size;
	struct io_answer *answer;

	for (;;) {
		int told = mail_wait(xs, req->c->param[GNTBENCH_P_TIMEOUT_MS]);

		if (told <= 0) {
			outcome_stop(out, CASE_ERROR,
				     told ? "interrupted" : "the domU does not answer");
			return NULL;
		}
		answer = mail_take(xs, from, &size);
		if (answer && size == should && answer->token == io->token)
			return answer;
		free(answer);
		if (!is_ready()) {
			outcome_stop(out, CASE_ERROR, "the domU is gone");
			return NULL;
		}
	}
}

static bool take_ticks(const struct request *req, const struct io_answer *answer,
		       struct outcome *out)
{
	if (answer->error)
		return outcome_stop(out, CASE_FAILURE, "a request failed in the domU: %s",
				    strerror(answer->error));
	out->nr_values = req->nr_samples;
	out->values = xcalloc(out->nr_values, sizeof(*out->values));
	memcpy(out->values, answer + 1, out->nr_values * sizeof(*out->values));
	return true;
}

bool io_domu_take(const struct request *req, const struct io_request *io, struct outcome *out)
{
	char *from = box_of("answer");
	struct io_answer *answer = wait_for_answer(req, io, from, out);
	bool ok = answer && take_ticks(req, answer, out);

	free(answer);
	free(from);
	return ok;
}

bool io_domu_is_right(struct outcome *out, const char *backend, const char *what, uint64_t is,
		      uint64_t should)
{
	out->oracle_checks++;
	if (is == should)
		return true;
	out->oracle_broken++;
	return outcome_stop(out, CASE_FAILURE, "%s counted %ju %s, not %ju", backend, (uintmax_t)is,
			    what, (uintmax_t)should);
}
