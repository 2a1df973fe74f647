// SPDX-License-Identifier: GPL-2.0
/* Cases that run inside the kernel: one ioctl of /dev/gntbench each. */
#include "run/drivers/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info cases[] = {
#include "gntbench_cases.h"
	{ .name = NULL },
};

static int device = -1;
static unsigned int nr_users; /* of it: netdisk is one, too */

static int open_device(struct error *err)
{
	int fd = open(GNTBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	const char *todo = "";

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		todo = ": the module is not loaded; in a dom0: insmod $(scripts/kbench), "
		       "or modprobe gntbench if it came as a package; anywhere else, the lab: make "
		       "bench";
	else if (errno == EACCES || errno == EPERM)
		todo = ": run as root";
	return error_set(err, "can't open %s: %s%s", GNTBENCH_DEVICE, strerror(errno), todo);
}

static int ask_info(int fd, struct gntbench_info *info, struct error *err)
{
	memset(info, 0, sizeof(*info));
	if (ioctl(fd, GNTBENCH_IOC_INFO, info))
		return error_set(err,
				 "%s does not answer GNTBENCH_IOC_INFO: %s; is gntbench.ko "
				 "of this tree loaded?",
				 GNTBENCH_DEVICE, strerror(errno));
	if (info->abi != GNTBENCH_ABI)
		return error_set(err,
				 "the loaded module has ABI %#x, this command %#x: load the "
				 "gntbench.ko that was built with it",
				 info->abi, GNTBENCH_ABI);
	return 0;
}

int kbench_info(struct gntbench_info *info, struct error *err)
{
	int fd = open_device(err);
	int ret;

	if (fd < 0)
		return -1;
	ret = ask_info(fd, info, err);
	close(fd);
	return ret;
}

static int kbench_open(struct error *err)
{
	struct gntbench_info info;

	if (device < 0)
		device = open_device(err);
	if (device < 0 || ask_info(device, &info, err))
		return -1;
	nr_users++;
	return 0;
}

static void kbench_close(void)
{
	if (nr_users && --nr_users)
		return;
	close(device);
	device = -1;
}

/* errno of GNTBENCH_IOC_RUN; any other is an error. */
static enum case_status status_of(int errnum)
{
	switch (errnum) {
	case 0:
		return CASE_OK;
	case EOPNOTSUPP:
		return CASE_SKIP;
	case EILSEQ:
		return CASE_FAILURE;
	default:
		return CASE_ERROR;
	}
}

static void fill_run(struct gntbench_run *run, const struct request *req,
		     const struct granter *granter, struct outcome *out)
{
	const struct plan_case *c = req->c;

	run->abi = GNTBENCH_ABI;
	strncpy(run->name, c->info->name, sizeof(run->name) - 1);
	strncpy(run->op, c->op, sizeof(run->op) - 1);
	strncpy(run->unmap_mode, c->unmap_mode, sizeof(run->unmap_mode) - 1);
	memcpy(run->param, c->param, sizeof(run->param));
	run->param[GNTBENCH_P_SAMPLES] = req->nr_samples;
	run->param[GNTBENCH_P_WARMUP] = req->nr_warmup;
	run->grefs = (uintptr_t)granter->grefs;
	run->nr_grefs = granter->nr_grefs;
	run->granter = c->info->params & GNTBENCH_TAKES(GRANTER) ? granter->domid : 0;
	run->hold_ns = (uintptr_t)req->holds_ns;
	run->nr_holds = req->nr_holds;
	run->fault = req->fault;
	run->values = (uintptr_t)out->values;
	run->nr_values = req->nr_samples * count_metrics(c->info);
	run->interrupts = (uintptr_t)out->interrupts;
	run->flags = (req->aligned ? GNTBENCH_ALIGNED : 0) |
		     (req->check_only ? GNTBENCH_CHECK_ONLY : 0);
}

static void run_ioctl(const struct request *req, const struct granter *granter, struct outcome *out)
{
	struct gntbench_run run = { 0 };
	int errnum;

	fill_run(&run, req, granter, out);
	errnum = ioctl(device, GNTBENCH_IOC_RUN, &run) ? errno : 0;
	run.why[sizeof(run.why) - 1] = '\0';
	out->status = status_of(errnum);
	out->nr_values = run.nr_values;
	out->oracle_checks = run.oracle_checks;
	out->oracle_broken = run.oracle_broken;
	if (errnum)
		snprintf(out->reason, sizeof(out->reason), "%s",
			 *run.why ? run.why : strerror(errnum));
}

static void kbench_run(const struct request *req, struct outcome *out)
{
	struct granter granter = { 0 };
	struct error err;

	out->status = CASE_ERROR;
	out->values = calloc(req->nr_samples * count_metrics(req->c->info), sizeof(uint64_t));
	out->interrupts = calloc(req->nr_samples, sizeof(*out->interrupts));
	if (!out->values || !out->interrupts) {
		snprintf(out->reason, sizeof(out->reason), "out of memory for %ju samples",
			 (uintmax_t)req->nr_samples);
	} else if (*req->c->granter && request_granter(req, &granter, &err)) {
		out->status = CASE_SKIP;
		snprintf(out->reason, sizeof(out->reason), "%.255s", err.text);
	} else {
		run_ioctl(req, &granter, out);
	}
	free(granter.grefs);
}

const struct driver kbench_driver = {
	.name = "kbench",
	.what = "in the kernel, through " GNTBENCH_DEVICE,
	.cases = cases,
	.open = kbench_open,
	.run = kbench_run,
	.close = kbench_close,
};
