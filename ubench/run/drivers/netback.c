// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet through netback costs, all told: Xen, the domain with netback, and the domU with
 * netfront. The former is dom0, or the mapper, in which all of this runs then (gntbench serve), as
 * in a driver domain: where it says dom0 that domain is meant.
 *
 * The domU sends and reads the clock (scripts/lab/guest/sender.c). Of what it sends netback copies
 * the first NETBACK_COPY_BYTES of a packet and maps the rest; what it gets netback copies.
 *
 * Frames go back as in a driver domain, by a redirection in front of dom0's own stack
 * (scripts/lab/variants/netback/vif): what is mapped is handed on, and read by Xen alone, which copies
 * it from one page of the domU's to another. A stream's other end is here, and dom0's stack copies
 * what is mapped, first of all. netback's own counts of packets and bytes, and of packets with mapped
 * pages, tell whether each went through it, whole, and that nothing stayed mapped.
 */
#include "run/drivers/driver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glob.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "record/netback.h"
#include "run/drivers/io_domu.h"
#include "run/drivers/net_io.h"

#define PAGE_BYTES 4096
#define NEEDED	   "no domU sends packets (the lab has it: its variants netback and driver-domain)"

#define GNTBENCH_CASE(...) GNTBENCH_CASE_INFO(__VA_ARGS__),
static const struct gntbench_case_info cases[] = {
#include "run/drivers/netback_cases.h"
	{ .name = NULL },
};

static const struct {
	const char *name;
	enum net_op op;
	bool stream;
} ops[] = {
	{ "one", NET_ECHO, false },
	{ "burst", NET_BURST, false },
	{ "tx", NET_TX, true },
	{ "rx", NET_RX, true },
};

/* netback's own, as seen by dom0: what the domU sends is received. */
enum count { RX_PACKETS, RX_BYTES, TX_PACKETS, TX_BYTES, MAPPED, UNMAPPED, COPIED, NR_COUNTS };

static const struct {
	const char *name;
	bool ethtool;
} count_infos[] = {
	[RX_PACKETS] = { "rx_packets", false },
	[RX_BYTES] = { "rx_bytes", false },
	[TX_PACKETS] = { "tx_packets", false },
	[TX_BYTES] = { "tx_bytes", false },
	/* Packets with mapped pages; those that went as they were, those that Linux copied first. */
	[MAPPED] = { "tx_zerocopy_sent", true },
	[UNMAPPED] = { "tx_zerocopy_success", true },
	[COPIED] = { "tx_zerocopy_fail", true },
};

/* The name of the domU's interface in dom0, malloc'd, or NULL. */
static char *find_vif(void)
{
	char *pattern = xasprintf("/sys/bus/xen-backend/devices/vif-%s-0/net/*", io_domu_id());
	glob_t found = { 0 };
	char *name = NULL;

	if (!glob(pattern, 0, NULL, &found))
		name = xasprintf("%s", strrchr(found.gl_pathv[0], '/') + 1);
	globfree(&found);
	free(pattern);
	return name;
}

static bool read_statistic(const char *vif, const char *name, uint64_t *value)
{
	char *path = xasprintf("/sys/class/net/%s/statistics/%s", vif, name);
	FILE *f = fopen(path, "r");
	bool ok = f && fscanf(f, "%ju", (uintmax_t *)value) == 1;

	if (f)
		fclose(f);
	free(path);
	return ok;
}

/* What ethtool -S shows: names and numbers, each in the order of the other. */
struct ethtool_counts {
	struct ethtool_gstrings *names;
	struct ethtool_stats *numbers;
};

static bool ask_ethtool(int fd, const char *vif, void *what)
{
	struct ifreq nic = { .ifr_data = what };

	snprintf(nic.ifr_name, sizeof(nic.ifr_name), "%s", vif);
	return !ioctl(fd, SIOCETHTOOL, &nic);
}

static bool read_ethtool(const char *vif, struct ethtool_counts *counts)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && ask_ethtool(fd, vif, &info);

	if (ok) {
		counts->names = xcalloc(1, sizeof(*counts->names) + info.n_stats * ETH_GSTRING_LEN);
		counts->numbers =
			xcalloc(1, sizeof(*counts->numbers) + info.n_stats * sizeof(uint64_t));
		counts->names->cmd = ETHTOOL_GSTRINGS;
		counts->names->string_set = ETH_SS_STATS;
		counts->names->len = info.n_stats;
		counts->numbers->cmd = ETHTOOL_GSTATS;
		counts->numbers->n_stats = info.n_stats;
		ok = ask_ethtool(fd, vif, counts->names) && ask_ethtool(fd, vif, counts->numbers);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool find_ethtool(const struct ethtool_counts *counts, const char *name, uint64_t *value)
{
	for (uint32_t i = 0; i < counts->names->len; i++)
		if (!strncmp((const char *)counts->names->data + i * ETH_GSTRING_LEN, name,
			     ETH_GSTRING_LEN)) {
			*value = counts->numbers->data[i];
			return true;
		}
	return false;
}

static bool count(uint64_t *counts, struct outcome *out)
{
	struct ethtool_counts all = { 0 };
	char *vif = find_vif();
	bool ok = vif && read_ethtool(vif, &all);

	for (size_t i = 0; ok && i < NR_COUNTS; i++) {
		const char *name = count_infos[i].name;

		ok = count_infos[i].ethtool ? find_ethtool(&all, name, &counts[i]) :
					      read_statistic(vif, name, &counts[i]);
		if (!ok)
			outcome_stop(out, CASE_ERROR, "netback doesn't count %s of %s", name, vif);
	}
	if (!ok)
		outcome_stop(out, CASE_ERROR, "netback has no interface for the domU");
	free(all.names);
	free(all.numbers);
	free(vif);
	return ok;
}

static bool is_right(struct outcome *out, const char *what, uint64_t is, uint64_t should)
{
	return io_domu_is_right(out, "netback", what, is, should);
}

/* What comes from the domU is counted without its header. */
static bool check_frames(const struct io_request *io, const uint64_t *of, struct outcome *out)
{
	uint64_t nr = (io->nr_warmup + io->nr_samples) * io->nr_requests;
	uint64_t nr_mapped = io->bytes > NETBACK_COPY_BYTES ? nr : 0;

	return is_right(out, "packets of the domU's", of[RX_PACKETS], nr) &&
	       is_right(out, "bytes of them", of[RX_BYTES], nr * (io->bytes - ETH_HLEN)) &&
	       is_right(out, "packets to it", of[TX_PACKETS], nr) &&
	       is_right(out, "bytes of them", of[TX_BYTES], nr * io->bytes) &&
	       is_right(out, "packets that it maps pages of", of[MAPPED], nr_mapped) &&
	       is_right(out, "of them that went on as they are", of[UNMAPPED], nr_mapped);
}

static uint64_t stream_bytes(const struct io_request *io)
{
	return (uint64_t)io->nr_requests * io->bytes;
}

/* How many packets there are is TCP's to say; each has some more bytes than the stream. */
static bool check_stream(const struct net_request *request, const uint64_t *of, struct outcome *out)
{
	const struct io_request *io = &request->io;
	uint64_t sent = of[request->op == NET_TX ? RX_BYTES : TX_BYTES];
	uint64_t least = (io->nr_warmup + io->nr_samples) * stream_bytes(io);

	out->oracle_checks++;
	if (sent < least) {
		out->oracle_broken++;
		return outcome_stop(out, CASE_FAILURE, "netback counted %ju bytes, not %ju or more",
				    (uintmax_t)sent, (uintmax_t)least);
	}
	return is_right(out, "packets that it no longer maps pages of", of[UNMAPPED] + of[COPIED],
			of[MAPPED]);
}

static bool set_limits(int fd, uint64_t ms)
{
	struct timeval limit = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	return !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* The end of streams in dom0: a socket, or -1 and a reason. */
static int listen_to(uint64_t timeout_ms, struct outcome *out)
{
	static const int on = 1;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(NET_PORT) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_aton(NET_DOM0, &at.sin_addr);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	    set_limits(fd, timeout_ms) && !bind(fd, (struct sockaddr *)&at, sizeof(at)) &&
	    !listen(fd, 1))
		return fd;
	outcome_stop(out, CASE_ERROR, "can't listen at " NET_DOM0 ": %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool send_all(int fd, const char *data, uint64_t nr, size_t bytes)
{
	for (uint64_t i = 0; i < nr; i++)
		if (send(fd, data, bytes, MSG_NOSIGNAL) != (ssize_t)bytes)
			return false;
	return true;
}

static bool take_all(int fd, char *data, uint64_t nr, size_t bytes)
{
	for (uint64_t i = 0; i < nr; i++)
		if (recv(fd, data, bytes, MSG_WAITALL) != (ssize_t)bytes)
			return false;
	return true;
}

/* All samples, as the domU has them, from the other side. */
static bool do_samples(const struct net_request *request, int fd, char *data)
{
	const struct io_request *io = &request->io;
	uint64_t nr = io->nr_warmup + io->nr_samples;
	bool ok = true;

	for (uint64_t i = 0; ok && i < nr; i++)
		ok = request->op == NET_TX ? take_all(fd, data, io->nr_requests, io->bytes) &&
						     send_all(fd, data, 1, 1) :
					     take_all(fd, data, 1, 1) &&
						     send_all(fd, data, io->nr_requests, io->bytes);
	return ok;
}

static bool serve_stream(const struct request *req, const struct net_request *request, int listener,
			 struct outcome *out)
{
	static const int on = 1;
	uint64_t timeout_ms = req->c->param[GNTBENCH_P_TIMEOUT_MS];
	char *data = xcalloc(request->io.bytes, 1);
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	bool ok = fd >= 0 && set_limits(fd, timeout_ms) &&
		  !setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) &&
		  do_samples(request, fd, data);

	if (!ok)
		outcome_stop(out, CASE_ERROR, "the stream ends early: %s",
			     errno == EAGAIN ? "nothing comes" : strerror(errno));
	if (fd >= 0)
		close(fd);
	free(data);
	return ok;
}

static bool ask_and_serve(const struct request *req, const struct net_request *request, bool stream,
			  struct outcome *out)
{
	int listener;
	bool ok;

	if (!stream)
		return io_domu_ask(&request->io, sizeof(*request), out);
	listener = listen_to(req->c->param[GNTBENCH_P_TIMEOUT_MS], out);
	if (listener < 0)
		return false;
	ok = io_domu_ask(&request->io, sizeof(*request), out) &&
	     serve_stream(req, request, listener, out);
	close(listener);
	return ok;
}

static void run_op(const struct request *req, struct net_request *request, bool stream,
		   struct outcome *out)
{
	uint64_t before[NR_COUNTS], after[NR_COUNTS];

	if (!count(before, out) || !ask_and_serve(req, request, stream, out) ||
	    !io_domu_take(req, &request->io, out) || !count(after, out))
		return;
	for (size_t i = 0; i < NR_COUNTS; i++)
		after[i] -= before[i];
	if (stream)
		check_stream(request, after, out);
	else
		check_frames(&request->io, after, out);
}

static void netback_run(const struct request *req, struct outcome *out)
{
	struct net_request request = { 0 };
	size_t i = 0;

	while (strcmp(ops[i].name, req->c->op))
		i++;
	request.op = ops[i].op;
	request.io = io_domu_request(req, ops[i].stream ?
						  req->c->param[GNTBENCH_P_BATCH] * PAGE_BYTES :
						  req->c->param[GNTBENCH_P_BYTES]);
	if (!ops[i].stream && request.io.bytes > NET_MAX_FRAME)
		outcome_stop(out, CASE_SKIP, "a frame has %u bytes at most", NET_MAX_FRAME);
	else if (!ops[i].stream && request.io.nr_requests > NET_MAX_BURST)
		outcome_stop(out, CASE_SKIP, "the domU has room for %u frames at most",
			     NET_MAX_BURST);
	else
		run_op(req, &request, ops[i].stream, out);
}

static int netback_open(struct error *err)
{
	return io_domu_open("backend/vif", NET_DIR, NEEDED, err);
}

const struct driver netback_driver = {
	.name = "netback",
	.what = "a domU that sends and receives through netback",
	.cases = cases,
	.never_idle = true,
	.open = netback_open,
	.run = netback_run,
	.close = io_domu_close,
};
