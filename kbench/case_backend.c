// SPDX-License-Identifier: GPL-2.0
/*
 * backend: how the unmaps of real backends fare
 *
 * Grants nothing and maps nothing: a sample is a request of somebody else's, as it is made by
 * blkback or gntdev while the run lasts. Samples are in the order in which they were asked for, and
 * each is followed to its end, so that those that wait long are not left out.
 *
 * latency    from the call until done()
 * hold       from the call until no page of the request was in use, to 0.2 ms; 0 if none ever was
 * overshoot  latency minus hold: what the request waited for nothing, and the unmap itself
 * attempts   looks at the page counts, the caller's own included; more than 1: it was deferred
 * busy_pages in use at the call
 * pages      of the request
 *
 * It can't say who used a page. Requests that were asked for before the run are not seen, and
 * backends that unmap without gnttab_unmap_refs_async() (netback) never are.
 */
#include "bench.h"
#include "oracle.h"
#include "requests.h"

/* In the order of the row. */
enum { LATENCY, HOLD, OVERSHOOT, ATTEMPTS, BUSY_PAGES, PAGES };

static int backend_valid(struct bench *b)
{
	return requests_possible(b);
}

static int backend_setup(struct bench *b)
{
	return requests_start(b, bench_param(b, WARMUP) + bench_param(b, SAMPLES));
}

static int check_request(struct bench *b, const struct unmap_request *req)
{
	oracle_check(b, !req->result, "a request of %u pages ended with %d", req->nr_pages,
		     req->result);
	oracle_check(b, !req->nr_mapped, "%u of %u pages were still foreign at done()",
		     req->nr_mapped, req->nr_pages);
	oracle_check(b, !req->nr_used, "%u of %u pages were unmapped while in use", req->nr_used,
		     req->nr_pages);
	return oracle_verdict(b);
}

static int backend_sample(struct bench *b, u64 *row)
{
	const struct unmap_request *req;
	int err;

	req = requests_wait(b, b->nr_sample, &err);
	if (!req)
		return err;
	row[LATENCY] = req->done_ticks - req->start_ticks;
	row[HOLD] = req->idle_ticks - req->start_ticks;
	row[OVERSHOOT] = req->done_ticks - req->idle_ticks;
	row[ATTEMPTS] = req->nr_looks;
	row[BUSY_PAGES] = req->nr_busy;
	row[PAGES] = req->nr_pages;
	return check_request(b, req);
}

static void backend_teardown(struct bench *b)
{
	requests_stop(b);
}

const struct case_ops case_backend_ops = {
	.valid = backend_valid,
	.setup = backend_setup,
	.sample = backend_sample,
	.teardown = backend_teardown,
};
