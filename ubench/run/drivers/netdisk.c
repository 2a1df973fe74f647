// SPDX-License-Identifier: GPL-2.0
/*
 * Pages that really are busy: a domU writes to a disk that blkback exports and that is behind a
 * network, an NVMe host over TCP. TCP sends granted pages as they are. The disk has answered and
 * blkback wants to unmap them, but an sk_buff that was sent once more, or doubled by the network,
 * may still be on its way, and holds them.
 *
 * The domU, its disk and the network are the lab's (scripts/lab/variants/netdisk); COMMAND sets
 * them going. The watching is kbench's, by its case "backend".
 */
#include "run/drivers/driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/networks.h"

#define COMMAND "/sbin/netdisk"
#define WATCHER "backend"

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info cases[] = {
#include "run/drivers/netdisk_cases.h"
	{ .name = NULL },
};

static const struct {
	const char *name, *netem;
} networks[] = {
#define NETWORK(name, netem) { name, netem },
	NETWORKS(NETWORK)
#undef NETWORK
		{ NULL, NULL }
};

#define SIZE(name, netem) +sizeof(name)
_Static_assert(0 NETWORKS(SIZE) == sizeof(NETWORK_NAMES), "a name for each network");
#undef SIZE

/* COMMAND VERB VALUE, which has limits of its own. */
static bool tell(struct outcome *out, const char *verb, const char *value)
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execl(COMMAND, COMMAND, verb, value, NULL);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			pid = -1;
	if (pid < 0)
		return outcome_stop(out, CASE_ERROR, COMMAND " %s: %s", verb, strerror(errno));
	if (status)
		return outcome_stop(out, CASE_ERROR, COMMAND " %s %s failed, status %#x", verb,
				    value, status);
	return true;
}

static const char *netem_of(const char *op)
{
	int i = 0;

	while (networks[i].name && strcmp(networks[i].name, op))
		i++;
	return networks[i].netem;
}

static const struct driver *watcher;

static void watch(const struct request *req, bool check_only, struct outcome *out)
{
	struct plan_case c = *req->c;
	struct request inner = *req;

	c.info = find_case(WATCHER, NULL);
	c.op = "";
	inner.c = &c;
	inner.check_only = check_only;
	inner.aligned = false; /* requests come when they come */
	watcher->run(&inner, out);
	if (out->status == CASE_SKIP && !check_only)
		out->status = CASE_ERROR; /* the domU does not write */
}

/* The kernel's code is patched, for the watcher, before the disk is there that would run it. */
static bool watchable(const struct request *req, struct outcome *out)
{
	struct outcome check = { 0 };

	watch(req, true, &check);
	free(check.values);
	free(check.interrupts);
	if (check.status == CASE_OK)
		return true;
	out->status = check.status;
	snprintf(out->reason, sizeof(out->reason), "%s", check.reason);
	return false;
}

static void netdisk_run(const struct request *req, struct outcome *out)
{
	if (!watchable(req, out))
		return;
	if (tell(out, "network", netem_of(req->c->op)) && tell(out, "start", "")) {
		watch(req, false, out);
		tell(out, "stop", "");
	}
	tell(out, "network", "");
}

static int netdisk_open(struct error *err)
{
	if (access(COMMAND, X_OK))
		return error_set(err, "%s: %s (the lab has it: scripts/lab/lab --variant netdisk)",
				 COMMAND, strerror(errno));
	find_case(WATCHER, &watcher);
	return watcher->open(err);
}

static void netdisk_close(void)
{
	watcher->close();
}

const struct driver netdisk_driver = {
	.name = "netdisk",
	.what = "a domU that writes to a disk behind a network, watched through " GNTBENCH_DEVICE,
	.cases = cases,
	.open = netdisk_open,
	.run = netdisk_run,
	.close = netdisk_close,
};
