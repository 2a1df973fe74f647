// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench hold: grant pages, or map another domain's, and hold them, for people who look at what
 * happens when the two sides let go in this order or that. Every page is granted or mapped by
 * itself, so that it can be released by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <xengnttab.h>
#include <xenstore.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "gntbench_abi.h"
#include "run/granter.h"
#include "run/kmsg.h"

#define MAX_HELD 4096
#define LOOK_MS	 500 /* how often the other domain is looked for */

struct hold {
	const struct mode *mode;
	uint32_t domid; /* grant: who may map; map: who granted */
	uint32_t refs[MAX_HELD];
	uint64_t *page[MAX_HELD]; /* NULL: not held */
	unsigned int pages;
	enum { FORWARD, REVERSE, RANDOM } order;
	uint64_t for_ms; /* 0: no limit */
	bool step;
	bool publish;

	xengnttab_handle *gnttab;
	xengntshr_handle *gntshr;
	struct xs_handle *xs; /* NULL: no xenstored */
	bool other_is_gone;
	int kmsg; /* -1: the kernel's log can't be read */
	unsigned int still_mapped;
	uint64_t start_ns;
};

/* What "grant" and "map" do differently. */
struct mode {
	int (*open)(struct hold *h, struct error *err);
	int (*take)(struct hold *h, unsigned int i, struct error *err);
	int (*let_go)(struct hold *h, unsigned int i, struct error *err);
	const char *if_killed;
	const char *other_gone;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* A line with the time since the start, in seconds. */
__attribute__((format(printf, 2, 3))) static void tell(const struct hold *h, const char *format,
						       ...)
{
	uint64_t ns = now_ns() - h->start_ns;
	va_list args;

	printf("[%5ju.%06ju] ", (uintmax_t)(ns / 1000000000), (uintmax_t)(ns / 1000 % 1000000));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

/* --- hold grant --- */

static int open_grant(struct hold *h, struct error *err)
{
	h->gntshr = xengntshr_open(NULL, 0);
	if (h->gntshr)
		return 0;
	return error_set(err,
			 "/dev/xen/gntalloc: %s; in a Xen domain, as root: modprobe xen-gntalloc",
			 strerror(errno));
}

static int take_grant(struct hold *h, unsigned int i, struct error *err)
{
	h->page[i] = xengntshr_share_pages(h->gntshr, h->domid, 1, &h->refs[i], 1);
	if (!h->page[i])
		return error_set(
			err, "page %u can't be granted to domain %u: %s%s", i, h->domid,
			strerror(errno),
			errno != ENOSPC ?
				"" :
				"; the grant table is full, or more than /sys/module/xen_gntalloc/parameters/limit");
	h->page[i][0] = GNTBENCH_FOREIGN_WORD | h->refs[i];
	tell(h, "page %u: granted to domain %u as gref %u", i, h->domid, h->refs[i]);
	return 0;
}

static int let_go_grant(struct hold *h, unsigned int i, struct error *err)
{
	struct kmsg log = { 0 };

	if (xengntshr_unshare(h->gntshr, h->page[i], 1))
		return error_set(err, "gref %u can't be ended: %s", h->refs[i], strerror(errno));
	if (h->kmsg >= 0)
		kmsg_read(h->kmsg, &log, NULL);
	h->still_mapped += log.deferred;
	tell(h, "page %u: gref %u ended%s", i, h->refs[i],
	     log.deferred ? ", but still mapped: the kernel keeps page and gref and tries again" :
			    "");
	return 0;
}

static const struct mode grant_mode = {
	.open = open_grant,
	.take = take_grant,
	.let_go = let_go_grant,
	.if_killed =
		"if this process is killed, the kernel ends its grants; of those that are still "
		"mapped it keeps page and gref, and looks every second whether it may free them",
	.other_gone = "is gone: Xen unmapped whatever it had mapped; all grants can be ended",
};

/* --- hold map --- */

static int open_map(struct hold *h, struct error *err)
{
	h->gnttab = xengnttab_open(NULL, 0);
	if (h->gnttab)
		return 0;
	return error_set(err, "/dev/xen/gntdev: %s; in a Xen domain, as root: modprobe xen-gntdev",
			 strerror(errno));
}

static int take_map(struct hold *h, unsigned int i, struct error *err)
{
	h->page[i] =
		xengnttab_map_grant_ref(h->gnttab, h->domid, h->refs[i], PROT_READ | PROT_WRITE);
	if (!h->page[i])
		return error_set(
			err,
			"gref %u of domain %u can't be mapped: %s; is the domain alive, and was the gref granted to this one, for writing?",
			h->refs[i], h->domid, strerror(errno));
	tell(h, "page %u: gref %u of domain %u mapped, reads %#jx%s", i, h->refs[i], h->domid,
	     (uintmax_t)h->page[i][0],
	     h->page[i][0] == (GNTBENCH_FOREIGN_WORD | h->refs[i]) ? " (gntbench's own pattern)" :
								     "");
	return 0;
}

static int let_go_map(struct hold *h, unsigned int i, struct error *err)
{
	struct kmsg log = { 0 };

	if (xengnttab_unmap(h->gnttab, h->page[i], 1))
		return error_set(err, "gref %u can't be unmapped: %s", h->refs[i], strerror(errno));
	if (h->kmsg >= 0)
		kmsg_read(h->kmsg, &log, NULL);
	tell(h, "page %u: gref %u unmapped%s%s", i, h->refs[i],
	     log.alarms ? "; the kernel says: " : "", log.alarm);
	return 0;
}

static const struct mode map_mode = {
	.open = open_map,
	.take = take_map,
	.let_go = let_go_map,
	.if_killed =
		"if this process is killed, gntdev unmaps its pages; one that is in use by then "
		"(I/O in flight, a pipe) stays mapped until it is not",
	.other_gone = "is gone: its pages stay readable here, and Xen keeps it as a zombie until "
		      "they are unmapped",
};

/* --- both --- */

/* Returns whether the other domain was there at the last look and isn't now. */
static bool other_went(struct hold *h)
{
	char path[64];
	unsigned int len;
	char *found;

	if (!h->xs || h->other_is_gone)
		return false;
	snprintf(path, sizeof(path), "/local/domain/%u", h->domid);
	found = xs_read(h->xs, XBT_NULL, path, &len);
	h->other_is_gone = !found && errno == ENOENT;
	free(found);
	return h->other_is_gone;
}

/* Till Enter, a signal, or the end of the time; returns why. */
static const char *wait_for_end(struct hold *h, int signals)
{
	uint64_t end_ns = h->for_ms ? now_ns() + h->for_ms * 1000000 : UINT64_MAX;
	struct pollfd wait[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	char line[256];

	while (now_ns() < end_ns) {
		uint64_t left_ms = (end_ns - now_ns()) / 1000000 + 1;

		poll(wait, 2, left_ms < LOOK_MS ? left_ms : LOOK_MS);
		if (wait[0].revents && read(signals, &info, sizeof(info)) == sizeof(info))
			return strsignal(info.ssi_signo);
		if (wait[1].revents && read(STDIN_FILENO, line, sizeof(line)) > 0)
			return "Enter";
		if (wait[1].revents)
			wait[1].fd = -1; /* end of file: no one will press Enter */
		if (other_went(h))
			tell(h, "domain %u %s", h->domid, h->mode->other_gone);
	}
	return "the time is over";
}

/* The pages in the order in which they are let go. */
static void make_order(const struct hold *h, unsigned int *order)
{
	for (unsigned int i = 0; i < h->pages; i++)
		order[i] = h->order == REVERSE ? h->pages - 1 - i : i;
	if (h->order != RANDOM)
		return;
	srandom(now_ns());
	for (unsigned int i = h->pages; i > 1; i--) {
		unsigned int other = random() % i;
		unsigned int page = order[other];

		order[other] = order[i - 1];
		order[i - 1] = page;
	}
}

/* Returns 0, or -1 if a page can't be let go; goes on with the others then. */
static int let_go_all(struct hold *h, int signals)
{
	unsigned int order[MAX_HELD];
	struct error err;
	int ret = 0;

	make_order(h, order);
	for (unsigned int n = 0; n < h->pages; n++) {
		unsigned int i = order[n];

		if (!h->page[i])
			continue;
		if (h->step && n)
			tell(h, "%s", wait_for_end(h, signals));
		if (h->mode->let_go(h, i, &err)) {
			error_print(&err);
			ret = -1;
		}
		h->page[i] = NULL;
	}
	return ret;
}

static int take_all(struct hold *h, struct error *err)
{
	for (unsigned int i = 0; i < h->pages; i++)
		if (h->mode->take(h, i, err))
			return -1;
	return 0;
}

/* As scripts/lab/guest/granter.c does, for granter=domU of gntbench run. */
static int publish(struct hold *h, struct error *err)
{
	char path[64], value[2048];
	unsigned int part = 0;

	if (!h->xs)
		return error_set(err, "--publish: no xenstored answers");
	for (unsigned int i = 0; i < h->pages; part++) {
		size_t len = 0;

		value[0] = 0;
		for (; i < h->pages && len + 12 < sizeof(value); i++)
			len += snprintf(value + len, sizeof(value) - len, "%s%u", len ? " " : "",
					h->refs[i]);
		snprintf(path, sizeof(path), "data/gntbench/grefs/%u", part);
		if (!xs_write(h->xs, XBT_NULL, path, value, len))
			return error_set(err, "--publish: xenstore refused %s: %s", path,
					 strerror(errno));
	}
	snprintf(value, sizeof(value), "%u", h->pages);
	if (!xs_write(h->xs, XBT_NULL, "data/gntbench/pages", value, strlen(value)))
		return error_set(err, "--publish: xenstore refused data/gntbench/pages: %s",
				 strerror(errno));
	tell(h, "published in xenstore: data/gntbench");
	return 0;
}

static int catch_signals(struct error *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd < 0 ? error_set(err, "signalfd: %s", strerror(errno)) : fd;
}

static void say_held(const struct hold *h)
{
	tell(h, "%u pages held; they are released by Enter, SIGINT, SIGTERM, SIGHUP or SIGUSR1%s",
	     h->pages, h->for_ms ? ", or when the time is over" : "");
	tell(h, "%s", h->mode->if_killed);
}

static int hold(struct hold *h)
{
	struct error err;
	int signals = catch_signals(&err);
	int ret = STATUS_OK;

	if (signals < 0 || h->mode->open(h, &err))
		return error_print(&err);
	h->start_ns = now_ns();
	h->kmsg = kmsg_open();
	h->xs = xenstore_open();
	if (!kmsg_watch_deferred(true))
		fprintf(stderr, "gntbench: not checked: grants still mapped (no %s)\n",
			DYNAMIC_DEBUG);
	if (take_all(h, &err) || (h->publish && publish(h, &err))) {
		ret = error_print(&err);
	} else {
		say_held(h);
		tell(h, "%s", wait_for_end(h, signals));
	}
	if (h->publish && h->xs)
		xs_rm(h->xs, XBT_NULL, "data/gntbench");
	if (let_go_all(h, signals))
		ret = STATUS_ERROR;
	kmsg_watch_deferred(false);
	if (h->still_mapped)
		tell(h,
		     "%u grants are still mapped by domain %u; the kernel frees them once they "
		     "are not",
		     h->still_mapped, h->domid);
	if (h->xs)
		xs_close(h->xs);
	return ret;
}

/* --- arguments --- */

#define NO_DOMID UINT32_MAX

/* Of @domid and @pages it is known, too, whether they were given. */
struct args {
	unsigned int pages;
	uint32_t domid;
	const char *refs;
	unsigned int order;
	double for_s;
	bool step, publish;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "pages", 'n', "N", "grant: how many (default: 1)", TO_COUNT(pages, 1, MAX_HELD) },
	{ "to", 't', "DOMID", "grant: who may map them (default: 0)", TO_COUNT(domid, 0, 0x7fef) },
	{ "publish", 0, NULL, "grant: offer them in xenstore for granter=domU", TO_FLAG(publish) },
	{ "from", 'f', "DOMID", "map: who granted them", TO_COUNT(domid, 0, 0x7fef) },
	{ "refs", 'r', "LIST", "map: the grefs, such as 8-15,20", TO_TEXT(refs) },
	{ "release", 'R', "ORDER", "forward (default), reverse or random",
	  TO_WORD(order, "forward, reverse, random") },
	{ "for", 0, "SECONDS", "release after this time", TO_NUMBER(for_s, 0.001, 1000000) },
	{ "step", 0, NULL, "wait again before each page", TO_FLAG(step) },
	{ 0 },
};

static int check_map(struct hold *h, const struct args *args, struct error *err)
{
	size_t nr = 0;

	h->mode = &map_mode;
	if (args->domid == NO_DOMID || !args->refs || args->pages || args->publish)
		return error_set(
			err, "map needs --from and --refs, and takes no --pages and no --publish");
	if (grefs_parse(args->refs, h->refs, MAX_HELD, &nr) || !nr)
		return error_set(err,
				 "--refs=%s: a list such as 8-15,20 of at most %d grefs is needed",
				 args->refs, MAX_HELD);
	h->domid = args->domid;
	h->pages = nr;
	return 0;
}

static int check_grant(struct hold *h, const struct args *args, struct error *err)
{
	h->mode = &grant_mode;
	if (args->refs)
		return error_set(err, "grant takes no --refs: the kernel chooses them");
	h->domid = args->domid == NO_DOMID ? 0 : args->domid;
	h->pages = args->pages ?: 1;
	return 0;
}

static struct hold held;

static int check(void *data, struct error *err)
{
	const struct args *args = data;
	const char *mode = args->operands.all[0];

	held.order = args->order;
	held.for_ms = args->for_s * 1000;
	held.step = args->step;
	held.publish = args->publish;
	if (!strcmp(mode, "grant"))
		return check_grant(&held, args, err);
	if (!strcmp(mode, "map"))
		return check_map(&held, args, err);
	return error_set(err, "unknown mode '%s': there are grant and map", mode);
}

static const struct options options = {
	.rows = rows,
	.takes = "grant|map",
	.what = "Grants pages, or maps granted ones, and holds them until Enter, a signal, or the end "
		"of a time; then releases them one by one. Says at each step what happened, and when.",
	OPERANDS(1, 1, "what to hold: grant or map?"),
	.check = check,
};

int cmd_hold(int argc, char **argv)
{
	struct args args = { .domid = NO_DOMID };

	options_parse(&options, argc, argv, &args);
	return hold(&held);
}
