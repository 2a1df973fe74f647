// SPDX-License-Identifier: GPL-2.0
/*
 * What a request to a disk of blkback's costs, all told: Xen, dom0 with blkback and the disk behind
 * it, and the domU with blkfront. The domU makes the requests, one after the other, and reads the
 * clock (scripts/lab/guest/requester.c). It has two disks (scripts/lab/variants/blkback): of one
 * blkback maps and unmaps the pages of each request, of the other it keeps the grants of its own
 * pages mapped (persistent), and blkfront copies.
 *
 * With one CPU for both domains that clock counts what either of them does, and what neither does.
 * The latter must be nothing: Xen is asked how long it was idle. blkback's own counts of requests
 * and sectors tell whether each request went through it, whole.
 */
#include "run/drivers/driver.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

#include "base/alloc.h"
#include "run/drivers/disk_io.h"
#include "run/drivers/idle.h"
#include "run/mail.h"

#define PAGE_BYTES   4096
#define SECTOR_BYTES 512
#define NEEDED	     "the lab has it: scripts/lab/lab --variant blkback"

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info cases[] = {
#include "run/drivers/blkback_cases.h"
	{ .name = NULL },
};

static const struct {
	const char *name;
	enum disk disk;
	bool write;
} ops[] = {
	{ "write", DISK_MAPPED, true },
	{ "read", DISK_MAPPED, false },
	{ "write_persistent", DISK_PERSISTENT, true },
	{ "read_persistent", DISK_PERSISTENT, false },
};

static const char *const vbds[] = { [DISK_PERSISTENT] = "51712", [DISK_MAPPED] = "51728" };

/* What is known before and after a case. */
struct counts {
	uint64_t idle_ns;
	uint64_t nr_requests, nr_sectors; /* of the disk, in the case's direction */
};

static struct xs_handle *xs;
static char *box; /* of the domU; NULL: there is none */
static uint64_t token;

static char *key_of(const char *domid, const char *key)
{
	return xasprintf("/local/domain/%s/" DISK_DIR "/%s", domid, key);
}

/* Sets box to that of the domU which is ready, if there is one. */
static void find_domain(void)
{
	unsigned int nr = 0, len;
	char **domids = xs_directory(xs, XBT_NULL, "/local/domain", &nr);

	for (unsigned int i = 0; !box && domids && i < nr; i++) {
		char *ready = key_of(domids[i], "ready");
		char *value = xs_read(xs, XBT_NULL, ready, &len);

		if (value)
			box = key_of(domids[i], "");
		free(value);
		free(ready);
	}
	free(domids);
}

static char *box_of(const char *which)
{
	return xasprintf("%s%s", box, which);
}

/* blkback's own statistics of a disk. */
static bool read_statistic(const char *vbd, const char *name, uint64_t *value)
{
	char *pattern = xasprintf("/sys/bus/xen-backend/devices/vbd-*-%s/statistics/%s", vbd, name);
	glob_t found = { 0 };
	FILE *f = NULL;
	bool ok;

	if (!glob(pattern, 0, NULL, &found))
		f = fopen(found.gl_pathv[0], "r");
	ok = f && fscanf(f, "%ju", (uintmax_t *)value) == 1;
	if (f)
		fclose(f);
	globfree(&found);
	free(pattern);
	return ok;
}

static bool count(const struct disk_request *io, struct counts *now, struct outcome *out)
{
	const char *vbd = vbds[io->disk];
	struct error err;

	if (!read_statistic(vbd, io->write ? "wr_req" : "rd_req", &now->nr_requests) ||
	    !read_statistic(vbd, io->write ? "wr_sect" : "rd_sect", &now->nr_sectors))
		return outcome_stop(out, CASE_ERROR, "blkback has no statistics of disk %s", vbd);
	if (idle_now(&now->idle_ns, &err))
		return outcome_stop(out, CASE_ERROR, "%.200s", err.text);
	return true;
}

static bool is_right(struct outcome *out, const char *what, uint64_t is, uint64_t should)
{
	out->oracle_checks++;
	if (is == should)
		return true;
	out->oracle_broken++;
	return outcome_stop(out, CASE_FAILURE, "blkback counted %ju %s, not %ju", (uintmax_t)is,
			    what, (uintmax_t)should);
}

static bool check_counts(const struct disk_request *io, const struct counts *before,
			 const struct counts *after, struct outcome *out)
{
	uint64_t nr = (io->nr_warmup + io->nr_samples) * io->nr_requests;
	uint64_t idle_ns = after->idle_ns - before->idle_ns;

	if (!before->idle_ns)
		return outcome_stop(out, CASE_ERROR, "Xen says that it was never idle");
	if (idle_ns)
		return outcome_stop(out, CASE_ERROR,
				    "Xen was idle for %ju ns of it (one vCPU, and a disk that "
				    "takes no time?)",
				    (uintmax_t)idle_ns);
	return is_right(out, "requests", after->nr_requests - before->nr_requests, nr) &&
	       is_right(out, "sectors", after->nr_sectors - before->nr_sectors,
			nr * io->bytes / SECTOR_BYTES);
}

/* Waits for the answer to @io; NULL and a reason if there is none in time. */
static struct disk_answer *wait_for_answer(const struct request *req, const struct disk_request *io,
					   const char *from, struct outcome *out)
{
	size_t should = sizeof(struct disk_answer) + io->nr_samples * sizeof(uint64_t), size;
	struct disk_answer *answer;

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
	}
}

static void take_ticks(const struct request *req, const struct disk_answer *answer,
		       struct outcome *out)
{
	if (answer->error) {
		outcome_stop(out, CASE_FAILURE, "a request failed in the domU: %s",
			     strerror(answer->error));
		return;
	}
	out->nr_values = req->nr_samples;
	out->values = xcalloc(out->nr_values, sizeof(*out->values));
	memcpy(out->values, answer + 1, out->nr_values * sizeof(*out->values));
}

static struct disk_request make_io(const struct request *req)
{
	struct disk_request io = {
		.token = ++token,
		.nr_warmup = req->nr_warmup,
		.nr_samples = req->nr_samples,
		.nr_requests = req->c->param[GNTBENCH_P_REQUESTS],
		.bytes = req->c->param[GNTBENCH_P_BATCH] * PAGE_BYTES,
	};
	size_t i = 0;

	while (strcmp(ops[i].name, req->c->op))
		i++;
	io.disk = ops[i].disk;
	io.write = ops[i].write;
	return io;
}

static void ask_and_wait(const struct request *req, const struct disk_request *io,
			 struct outcome *out)
{
	char *to = box_of("request"), *from = box_of("answer");
	struct disk_answer *answer = NULL;
	struct counts before, after;
	struct error err;

	if (!count(io, &before, out))
		goto done;
	if (mail_send(xs, to, io, sizeof(*io), &err))
		outcome_stop(out, CASE_ERROR, "%.200s", err.text);
	else
		answer = wait_for_answer(req, io, from, out);
	if (answer && count(io, &after, out) && check_counts(io, &before, &after, out))
		take_ticks(req, answer, out);
done:
	free(answer);
	free(from);
	free(to);
}

static void blkback_run(const struct request *req, struct outcome *out)
{
	struct disk_request io = make_io(req);

	if (io.bytes > DISK_MAX_BYTES)
		outcome_stop(out, CASE_SKIP, "a request of blkfront's has %u pages at most",
			     DISK_MAX_PAGES);
	else
		ask_and_wait(req, &io, out);
}

static void blkback_close(void)
{
	free(box);
	box = NULL;
	if (xs)
		xs_close(xs);
	xs = NULL;
}

static int blkback_open(struct error *err)
{
	char *answers;
	bool ok;

	xs = xenstore_open();
	if (xs)
		find_domain();
	if (!box) {
		blkback_close();
		return error_set(err, "no domU makes requests to disks (" NEEDED ")");
	}
	answers = box_of("answer");
	ok = mail_watch(xs, answers);
	free(answers);
	if (ok)
		return 0;
	blkback_close();
	return error_set(err, "xenstore doesn't tell of answers: %s", strerror(errno));
}

const struct driver blkback_driver = {
	.name = "blkback",
	.what = "a domU that reads and writes disks of blkback's",
	.cases = cases,
	.open = blkback_open,
	.run = blkback_run,
	.close = blkback_close,
};
