// SPDX-License-Identifier: GPL-2.0
/*
 * The sender: init and only program of a small domU. It does what gntbench's driver netback asks
 * for: Ethernet frames, which dom0 sends back as they are, and streams to dom0 and from it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/tcp.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "io.h"
#include "run/drivers/net_io.h"

#define MODULE	  "/xen-netfront.ko" /* absent if the kernel has it built in */
#define NIC	  "eth0"
#define NETBACK	  "\xfe\xff\xff\xff\xff\xff" /* its end's address; drivers/net/xen-netback */
#define MAX_BYTES (512 * 4096)		     /* sent at once to a stream */

static struct net_request request;
static int packets = -1;
static int stream = -1;
static struct ifreq nic = { .ifr_name = NIC };

static char frame[NET_MAX_FRAME];
static char came_back[NET_MAX_BURST][NET_MAX_FRAME];
static uint32_t number; /* of the next frame, behind its header */
static char data[MAX_BYTES];

static bool is_whole(ssize_t done, size_t bytes)
{
	if (done < 0 && errno == EAGAIN)
		errno = ETIMEDOUT;
	else if (done >= 0 && (size_t)done != bytes)
		errno = EPROTO;
	return done == (ssize_t)bytes;
}

static bool set_limits(int fd)
{
	static const struct timeval limit = { .tv_sec = NET_TIMEOUT_S };

	return !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/*
 * Once for all: to close it is to wait until nobody can look at it any more, which takes a timer.
 * A burst must have room when it comes back.
 */
static void open_packets(void)
{
	static const int room = NET_MAX_BURST * 16384;
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(NET_TYPE),
		.sll_ifindex = if_nametoindex(NIC),
	};

	packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (packets < 0 || !set_limits(packets) ||
	    setsockopt(packets, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    bind(packets, (struct sockaddr *)&at, sizeof(at)))
		stop("no packets of " NIC ": %s", strerror(errno));
}

/* What a request before this one gave up to wait for. */
static bool forget_packets(void)
{
	while (recv(packets, came_back[0], sizeof(came_back[0]), MSG_DONTWAIT) >= 0)
		;
	return errno == EAGAIN;
}

static bool send_frame(void)
{
	memcpy(frame + sizeof(struct ether_header), &number, sizeof(number));
	number++;
	return is_whole(write(packets, frame, request.io.bytes), request.io.bytes);
}

static bool take_frame(unsigned int i)
{
	return is_whole(read(packets, came_back[i], sizeof(came_back[i])), request.io.bytes);
}

static bool echo(void)
{
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!send_frame() || !take_frame(i))
			return false;
	return true;
}

static bool burst(void)
{
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!send_frame())
			return false;
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!take_frame(i))
			return false;
	return true;
}

/* All frames of the sample, in their order, with all that was in them. */
static bool frames_are_right(void)
{
	uint32_t first = number - request.io.nr_requests;

	errno = EBADMSG;
	for (uint32_t i = 0; i < request.io.nr_requests; i++) {
		uint32_t expected = first + i;

		memcpy(frame + sizeof(struct ether_header), &expected, sizeof(expected));
		if (memcmp(came_back[i], frame, request.io.bytes))
			return false;
	}
	return true;
}

static bool open_stream(void)
{
	static const int on = 1;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(NET_PORT) };

	inet_aton(NET_DOM0, &to.sin_addr);
	stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return stream >= 0 && set_limits(stream) &&
	       !setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) &&
	       !connect(stream, (struct sockaddr *)&to, sizeof(to));
}

static bool send_stream(void)
{
	char said;

	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!is_whole(send(stream, data, request.io.bytes, 0), request.io.bytes))
			return false;
	return is_whole(recv(stream, &said, 1, 0), 1);
}

static bool take_stream(void)
{
	if (!is_whole(send(stream, "", 1, 0), 1))
		return false;
	for (unsigned int i = 0; i < request.io.nr_requests; i++)
		if (!is_whole(recv(stream, data, request.io.bytes, MSG_WAITALL), request.io.bytes))
			return false;
	return true;
}

static const struct {
	bool (*begin)(void);
	bool (*sample)(void);
	bool (*is_right)(void); /* or NULL */
} ops[] = {
	[NET_ECHO] = { forget_packets, echo, frames_are_right },
	[NET_BURST] = { forget_packets, burst, frames_are_right },
	[NET_TX] = { open_stream, send_stream, NULL },
	[NET_RX] = { open_stream, take_stream, NULL },
};

static bool begin(void)
{
	return ops[request.op].begin();
}

static bool sample(void)
{
	return ops[request.op].sample();
}

static bool is_right(void)
{
	return !ops[request.op].is_right || ops[request.op].is_right();
}

static void end(void)
{
	if (stream >= 0)
		close(stream);
	stream = -1;
}

static void set_nic(int s, unsigned long what, const char *name)
{
	if (ioctl(s, what, &nic))
		stop(NIC ": %s: %s", name, strerror(errno));
}

/* It is there when netback has seen it, and runs when it has been connected. */
static void wait_for_nic(int s, short flags)
{
	for (int tries = 0; tries < 300; tries++) {
		if (!ioctl(s, SIOCGIFFLAGS, &nic) && (nic.ifr_flags & flags) == flags)
			return;
		usleep(100000);
	}
	stop(NIC ": netback doesn't connect it");
}

static void set_address(int s, unsigned long what, const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	inet_aton(text, &address.sin_addr);
	memcpy(&nic.ifr_addr, &address, sizeof(address));
	set_nic(s, what, text);
}

/* Who dom0 is need not be asked. */
static void know_dom0(int s)
{
	struct arpreq dom0 = { .arp_flags = ATF_PERM | ATF_COM, .arp_dev = NIC };
	struct sockaddr_in address = { .sin_family = AF_INET };

	inet_aton(NET_DOM0, &address.sin_addr);
	memcpy(&dom0.arp_pa, &address, sizeof(address));
	dom0.arp_ha.sa_family = ARPHRD_ETHER;
	memcpy(dom0.arp_ha.sa_data, NETBACK, ETH_ALEN);
	if (ioctl(s, SIOCSARP, &dom0))
		stop("no entry for " NET_DOM0 ": %s", strerror(errno));
}

/* Frames are to ourselves, from ourselves, as they come back unchanged. */
static void make_frame(void)
{
	struct ether_header *header = (struct ether_header *)frame;

	memset(frame, 0x5a, sizeof(frame));
	memcpy(header->ether_dhost, nic.ifr_hwaddr.sa_data, ETH_ALEN);
	memcpy(header->ether_shost, nic.ifr_hwaddr.sa_data, ETH_ALEN);
	header->ether_type = htons(NET_TYPE);
}

static void set_up_nic(void)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	wait_for_nic(s, 0);
	set_address(s, SIOCSIFADDR, NET_DOMU);
	set_address(s, SIOCSIFNETMASK, "255.255.255.252");
	set_nic(s, SIOCGIFFLAGS, "flags");
	nic.ifr_flags |= IFF_UP;
	set_nic(s, SIOCSIFFLAGS, "up");
	wait_for_nic(s, IFF_RUNNING);
	know_dom0(s);
	set_nic(s, SIOCGIFHWADDR, "address");
	close(s);
	make_frame();
	open_packets();
}

int main(void)
{
	static const struct io_service service = {
		.dir = NET_DIR "/",
		.req = &request.io,
		.req_size = sizeof(request),
		.begin = begin,
		.sample = sample,
		.is_right = is_right,
		.end = end,
	};

	set_up();
	load_module(MODULE, "");
	set_up_nic();
	memset(data, 0x5a, sizeof(data));
	serve_io(&service);
}
