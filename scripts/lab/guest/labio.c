// SPDX-License-Identifier: GPL-2.0
/*
 * labio: how dom0 speaks with the host, by port I/O only.
 *
 * Every transfer is a string instruction of the one vCPU that makes it, and complete when the
 * instruction is: no interrupt, no DMA, nothing that takes host time. So the exact tier stays
 * exact, and what was sent is on the host's disk when the next instruction runs.
 *
 *   labio ready          stop the machine here (the host takes its snapshot or goes on)
 *   labio get NAME       the host's fw_cfg file NAME to stdout
 *   labio put            stdin to the result channel
 *   labio log            stdin to the host's stdout, as it comes
 *   labio exit           end the machine at once
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
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
 * QEMU 10 ends when its main loop comes round to it. Until then the guest goes on, as far as it can: not
 * from here.
 */
static void cmd_exit(void)
{
	outl(0, PORT_EXIT);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (iopl(3))
		return fail("iopl");
	if (!strcmp(verb, "ready"))
		outb(1, PORT_PVPANIC);
	else if (!strcmp(verb, "get") && argc == 3)
		return cmd_get(argv[2]);
	else if (!strcmp(verb, "put"))
		return cmd_put(PORT_RESULT);
	else if (!strcmp(verb, "log"))
		return cmd_put(PORT_LOG);
	else if (!strcmp(verb, "exit"))
		cmd_exit();
	else
		return fprintf(stderr, "usage: labio ready|get NAME|put|log|exit\n"), 2;
	return 0;
}
