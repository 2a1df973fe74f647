// SPDX-License-Identifier: GPL-2.0
/*
 * labio: how dom0 speaks with the host, by port I/O only.
 *
 * Every transfer is a string instruction of the one vCPU that makes it, and complete when the
 * instruction is: no interrupt, no DMA, nothing that takes host time. So the exact tier stays
 * exact, and what was sent is on the host's disk when the next instruction runs.
 *
 *   labio seed           give Linux random numbers, the same every time
 *   labio ready          stop the machine here (the host takes its snapshot or goes on)
 *   labio get NAME       the host's fw_cfg file NAME to stdout
 *   labio put            stdin to the result channel
 *   labio keep NAME      stdin to the result channel, as the file kept/NAME: the host has it even if
 *                        the job never ends
 *   labio log            stdin to the host's stdout, as it comes
 *   labio exit           end the machine at once
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Where machines/ puts the devices. Not 0x402: the BIOS has its debug console there. */
#define PORT_RESULT  0x550
#define PORT_LOG     0x551
#define PORT_PVPANIC 0x505
#define PORT_EXIT    0xf4

/* QEMU docs/specs/fw_cfg.txt */
#define PORT_FW_CFG_SELECT 0x510
#define PORT_FW_CFG_DATA   0x511
#define FW_CFG_FILE_DIR	   0x19

struct fw_cfg_file {
	uint32_t size; /* big endian, as the rest */
	uint16_t select;
	uint16_t reserved;
	char name[56];
};

static uint8_t buf[65536];

static int fail(const char *what)
{
	fprintf(stderr, "labio: %s: %s\n", what, strerror(errno));
	return 1;
}

/*
 * Xen emulates the instruction and can't fault pages in: every page of @p is touched before.
 * Not insb() and outsb() of glibc, which don't tell the compiler that memory is used.
 */
static void read_port(uint16_t port, void *p, size_t len)
{
	memset(p, 0, len);
	asm volatile("rep insb" : "+D"(p), "+c"(len) : "d"(port) : "memory");
}

static void write_port(uint16_t port, const void *p, size_t len)
{
	asm volatile("rep outsb" : "+S"(p), "+c"(len) : "d"(port) : "memory");
}

static int write_all(const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, p, len);

		if (n < 0 && errno != EINTR)
			return fail("write");
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
	return 0;
}

static int fw_cfg_find(const char *name, struct fw_cfg_file *file)
{
	uint32_t count;

	outw(FW_CFG_FILE_DIR, PORT_FW_CFG_SELECT);
	read_port(PORT_FW_CFG_DATA, &count, sizeof(count));
	for (count = __builtin_bswap32(count); count; count--) {
		read_port(PORT_FW_CFG_DATA, file, sizeof(*file));
		if (!strncmp(file->name, name, sizeof(file->name)))
			return 0;
	}
	errno = ENOENT;
	return -1;
}

static int cmd_get(const char *name)
{
	struct fw_cfg_file file;
	uint32_t left;

	if (fw_cfg_find(name, &file))
		return fail(name);
	outw(__builtin_bswap16(file.select), PORT_FW_CFG_SELECT);
	for (left = __builtin_bswap32(file.size); left;) {
		size_t len = left < sizeof(buf) ? left : sizeof(buf);

		read_port(PORT_FW_CFG_DATA, buf, len);
		if (write_all(buf, len))
			return 1;
		left -= len;
	}
	return 0;
}

static int cmd_put(uint16_t port)
{
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno != EINTR)
			return fail("read");
		if (n > 0)
			write_port(port, buf, n);
	}
	return 0;
}

/*
 * There is no source of randomness here. Who asks Linux for some first (jansson does) would spin for a second,
 * until it has made some up; it takes this for it. Nothing here has a secret.
 */
static int cmd_seed(void)
{
	uint32_t pool[2 + 8] = { 256, 32 }; /* struct rand_pool_info: bits, bytes, the bytes */
	int fd = open("/dev/urandom", O_WRONLY);

	return fd < 0 || ioctl(fd, RNDADDENTROPY, pool) ? fail("/dev/urandom") : 0;
}

/*
 * QEMU 10 ends when its main loop comes round to it. Until then the guest goes on, as far as it can: not
 * from here.
 */
static void cmd_exit(void)
{
	outl(0, PORT_EXIT);
	for (;;)
		pause();
}

/*
 * The result channel carries one tar file in gzip members (guest/init). A member more is put together
 * here, uncompressed: it is small, and one program less to start in the middle of a job.
 */
#define TAR_BLOCK	   512
#define DEFLATE_STORED_MAX 65535

static uint32_t crc32(const uint8_t *p, size_t len)
{
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* POSIX.1-1988 ustar: a regular file of 0644. */
static void tar_header(uint8_t *block, const char *name, size_t len)
{
	unsigned int sum = 0;

	memset(block, 0, TAR_BLOCK);
	snprintf((char *)block, 100, "kept/%s", name);
	sprintf((char *)block + 100, "%07o", 0644);
	sprintf((char *)block + 108, "%07o", 0);
	sprintf((char *)block + 116, "%07o", 0);
	sprintf((char *)block + 124, "%011zo", len);
	sprintf((char *)block + 136, "%011o", 0);
	memcpy(block + 148, "        0", 9);
	memcpy(block + 257, "ustar\00000", 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	sprintf((char *)block + 148, "%06o", sum);
}

/* RFC 1952 and 1951: a member of stored blocks. */
static void put_gzip(const uint8_t *p, size_t len)
{
	static const uint8_t head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
	uint32_t tail[2] = { crc32(p, len), len };

	write_port(PORT_RESULT, head, sizeof(head));
	do {
		uint16_t n = len < DEFLATE_STORED_MAX ? len : DEFLATE_STORED_MAX;
		uint8_t block[5] = { n == len, n & 0xff, n >> 8, ~n & 0xff, (uint8_t)(~n >> 8) };

		write_port(PORT_RESULT, block, sizeof(block));
		write_port(PORT_RESULT, p, n);
		p += n;
		len -= n;
	} while (len);
	write_port(PORT_RESULT, tail, sizeof(tail));
}

static int cmd_keep(const char *name)
{
	size_t size = 1 << 16, len = TAR_BLOCK;
	uint8_t *file = malloc(size);
	ssize_t n = 1;

	while (file && (n = read(STDIN_FILENO, file + len, size - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return fail("read");
		len += n > 0 ? n : 0;
		if (len == size)
			file = realloc(file, size *= 2);
	}
	if (file)
		file = realloc(file, len + TAR_BLOCK);
	if (!file)
		return fail("malloc");
	tar_header(file, name, len - TAR_BLOCK);
	memset(file + len, 0, TAR_BLOCK);
	put_gzip(file, (len + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
	free(file);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (iopl(3))
		return fail("iopl");
	if (!strcmp(verb, "ready"))
		outb(1, PORT_PVPANIC);
	else if (!strcmp(verb, "seed"))
		return cmd_seed();
	else if (!strcmp(verb, "get") && argc == 3)
		return cmd_get(argv[2]);
	else if (!strcmp(verb, "put"))
		return cmd_put(PORT_RESULT);
	else if (!strcmp(verb, "keep") && argc == 3)
		return cmd_keep(argv[2]);
	else if (!strcmp(verb, "log"))
		return cmd_put(PORT_LOG);
	else if (!strcmp(verb, "exit"))
		cmd_exit();
	else
		return fprintf(stderr, "usage: labio seed|ready|get NAME|put|keep NAME|log|exit\n"),
		       2;
	return 0;
}
