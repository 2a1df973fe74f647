// SPDX-License-Identifier: GPL-2.0
/*
 * What a request to a disk of blkback's costs, all told: Xen, dom0 with blkback and the disk behind
 * it, and the domU with blkfront. The domU makes the requests, one after the other or those of a
 * sample at once, and reads the clock (scripts/lab/guest/requester.c). It has two disks
 * (scripts/lab/variants/blkback): of one blkback maps and unmaps the pages of each request, of the
 * other it keeps the grants of its own pages mapped (persistent), and blkfront copies.
 *
 * blkback's own counts of requests and sectors tell whether each request went through it, whole.
 */
#include "run/drivers/driver.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "run/drivers/disk_io.h"
#include "run/drivers/io_domu.h"

#define PAGE_BYTES   4096
#define SECTOR_BYTES 512
#define NEEDED	     "no domU makes requests to disks (the lab has it: scripts/lab/lab --variant blkback)"

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
	uint64_t nr_requests, nr_sectors; /* of the disk, in the case's direction */
};

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

	if (!read_statistic(vbd, io->write ? "wr_req" : "rd_req", &now->nr_requests) ||
	    !read_statistic(vbd, io->write ? "wr_sect" : "rd_sect", &now->nr_sectors))
		return outcome_stop(out, CASE_ERROR, "blkback has no statistics of disk %s", vbd);
	return true;
}

static bool check_counts(const struct disk_request *request, const struct counts *before,
			 const struct counts *after, struct outcome *out)
{
	const struct io_request *io = &request->io;
	uint64_t nr = (io->nr_warmup + io->nr_samples) * io->nr_requests;

	return io_domu_is_right(out, "blkback", "requests",
				after->nr_requests - before->nr_requests, nr) &&
	       io_domu_is_right(out, "blkback", "sectors", after->nr_sectors - before->nr_sectors,
				nr * io->bytes / SECTOR_BYTES);
}

static struct disk_request make_io(const struct request *req)
{
	struct disk_request io = {
		.io = io_domu_request(req, req->c->param[GNTBENCH_P_BATCH] * PAGE_BYTES),
	};
	size_t i = 0;

	while (strcmp(ops[i].name, req->c->op))
		i++;
	io.disk = ops[i].disk;
	io.at_once = !strcmp(req->c->info->name, "disk_queue");
	io.write = ops[i].write;
	return io;
}

static void blkback_run(const struct request *req, struct outcome *out)
{
	struct disk_request io = make_io(req);
	struct counts before, after;

	if (io.io.bytes > DISK_MAX_BYTES)
		outcome_stop(out, CASE_SKIP, "a request of blkfront's has %u pages at most",
			     DISK_MAX_PAGES);
	else if (io.at_once && io.io.nr_requests > DISK_MAX_QUEUE)
		outcome_stop(out, CASE_SKIP, "blkfront's ring has %u requests", DISK_MAX_QUEUE);
	else if (count(&io, &before, out) && io_domu_ask(&io.io, sizeof(io), out) &&
		 io_domu_take(req, &io.io, out) && count(&io, &after, out))
		check_counts(&io, &before, &after, out);
}

static int blkback_open(struct error *err)
{
	return io_domu_open("backend/vbd", DISK_DIR, NEEDED, err);
}

const struct driver blkback_driver = {
	.name = "blkback",
	.what = "a domU that reads and writes disks of blkback's",
	.cases = cases,
	.never_idle = true,
	.open = blkback_open,
	.run = blkback_run,
	.close = io_domu_close,
};
