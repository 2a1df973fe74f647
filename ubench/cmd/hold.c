// SPDX-License-Identifier: GPL-2.0
/*
 * gntbench hold: grant pages, or map another domain's, and hold them, for people who look at what
 * happens when the two sides let go in this order or that. Every page is granted or mapped by
 * itself, so that it can be released by itself.
 */
#include <argp.h>
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

#include "cmd/cmd.h"
#include "gntbench_abi.h"
#include "run/granter.h"
#include "run/kmsg.h"

#define MAX_HELD      4096
#define LOOK_MS	      500 /* how often the other domain is looked for */
#define DYNAMIC_DEBUG "/sys/kernel/debug/dynamic_debug/control"

struct hold {
	const struct mode *mode;
	uint32_t domid; /* grant: who may map; map: who granted */
	uint32_t refs[MAX_HELD];
	uint64_t *page[MAX_HELD]; /* NULL: not held */
	unsigned int pages;
	const char *order;
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
		order[i] = strcmp(h->order, "reverse") ? i : h->pages - 1 - i;
	if (strcmp(h->order, "random"))
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

/* Tells the kernel to say when an ended grant is still mapped. */
static void watch_deferred(bool on)
{
	const char *text = on ? "func gnttab_add_deferred +p" : "func gnttab_add_deferred -p";
	int fd = open(DYNAMIC_DEBUG, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		fprintf(stderr, "gntbench: %s: %s\n", DYNAMIC_DEBUG, strerror(errno));
	close(fd);
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
	watch_deferred(true);
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
	watch_deferred(false);
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

enum { OPT_FOR = 256, OPT_STEP, OPT_PUBLISH };

static const struct argp_option options[] = {
	{ "pages", 'n', "N", 0, "grant: how many (default: 1)", 0 },
	{ "to", 't', "DOMID", 0, "grant: who may map them (default: 0)", 0 },
	{ "publish", OPT_PUBLISH, NULL, 0, "grant: offer them in xenstore for granter=domU", 0 },
	{ "from", 'f', "DOMID", 0, "map: who granted them", 0 },
	{ "refs", 'r', "LIST", 0, "map: the grefs, such as 8-15,20", 0 },
	{ "release", 'R', "ORDER", 0, "forward (default), reverse or random", 0 },
	{ "for", OPT_FOR, "SECONDS", 0, "release after this time", 0 },
	{ "step", OPT_STEP, NULL, 0, "wait again before each page", 0 },
	{ 0 }
};

static uint32_t number(struct argp_state *state, const char *what, const char *text, uint32_t min,
		       uint32_t max)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (!*text || *text == '-' || *end || value < min || value > max)
		argp_error(state, "%s=%s: a number from %u to %u is needed", what, text, min, max);
	return value;
}

static void parse_seconds(struct argp_state *state, const char *text, uint64_t *ms)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!*text || *end || !(seconds >= 0.001 && seconds <= 1e6))
		argp_error(state, "--for=%s: seconds from 0.001 to 1000000 are needed", text);
	*ms = seconds * 1000;
}

static void parse_refs(struct argp_state *state, const char *text, struct hold *h)
{
	size_t nr = 0;

	if (grefs_parse(text, h->refs, MAX_HELD, &nr) || !nr)
		argp_error(state, "--refs=%s: a list such as 8-15,20 of at most %d grefs is needed",
			   text, MAX_HELD);
	h->pages = nr;
}

static void parse_mode(struct argp_state *state, const char *text, struct hold *h)
{
	if (h->mode)
		argp_error(state, "'%s' is one word too many", text);
	if (!strcmp(text, "grant"))
		h->mode = &grant_mode;
	else if (!strcmp(text, "map"))
		h->mode = &map_mode;
	else
		argp_error(state, "unknown mode '%s': there are grant and map", text);
}

#define NO_DOMID UINT32_MAX

/* Which options were given can only be judged at the end. */
static void check(struct argp_state *state, struct hold *h, bool has_refs, bool has_pages)
{
	if (!h->mode)
		argp_error(state, "what to hold: grant or map?");
	if (h->mode == &map_mode && (h->domid == NO_DOMID || !has_refs || has_pages || h->publish))
		argp_error(state,
			   "map needs --from and --refs, and takes no --pages and no --publish");
	if (h->mode == &grant_mode && has_refs)
		argp_error(state, "grant takes no --refs: the kernel chooses them");
	if (h->domid == NO_DOMID)
		h->domid = 0;
}

struct args {
	struct hold *hold;
	bool has_pages, has_refs;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct args *args = state->input;
	struct hold *h = args->hold;

	switch (key) {
	case 'n':
		h->pages = number(state, "--pages", arg, 1, MAX_HELD);
		args->has_pages = true;
		return 0;
	case 't':
	case 'f':
		h->domid = number(state, key == 't' ? "--to" : "--from", arg, 0, 0x7fef);
		return 0;
	case 'r':
		parse_refs(state, arg, h);
		args->has_refs = true;
		return 0;
	case 'R':
		h->order = arg;
		if (strcmp(arg, "forward") && strcmp(arg, "reverse") && strcmp(arg, "random"))
			argp_error(state, "--release=%s: forward, reverse or random", arg);
		return 0;
	case OPT_FOR:
		parse_seconds(state, arg, &h->for_ms);
		return 0;
	case OPT_STEP:
		h->step = true;
		return 0;
	case OPT_PUBLISH:
		h->publish = true;
		return 0;
	case ARGP_KEY_ARG:
		parse_mode(state, arg, h);
		return 0;
	case ARGP_KEY_END:
		check(state, h, args->has_refs, args->has_pages);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "grant|map",
	.doc = "Grants pages, or maps granted ones, and holds them until Enter, a signal, or the end "
	       "of a time; then releases them one by one. Says at each step what happened, and when.",
};

int cmd_hold(int argc, char **argv)
{
	static struct hold h = { .pages = 1, .domid = NO_DOMID, .order = "forward" };
	struct args args = { .hold = &h };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return hold(&h);
}
