// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel doesn't export how many grants are in use: the variables of drivers/xen/grant-table.c
 * are read from /proc/kcore at the addresses that /proc/kallsyms gives. Xen lists the grants that
 * are mapped in its log when the debug key 'g' is pressed (gnttab_usage_print(),
 * xen/common/grant_table.c).
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xenctrl.h>

#include "clock.h"
#include "ktap.h"
#include "leaks.h"

#define GREFS_PER_FRAME 512 /* grant table version 1: 8 bytes an entry */

/* Their addresses are looked up once, together: /proc/kallsyms takes a second on an emulated CPU. */
static struct variable {
	const char *end; /* of its line, from the last blank on */
	uint64_t address;
} nr_grant_frames = { .end = " nr_grant_frames\n" },
  gnttab_free_count = { .end = " gnttab_free_count\n" };

static void find_variables(void)
{
	struct variable *v[] = { &nr_grant_frames, &gnttab_free_count };
	FILE *f = fopen("/proc/kallsyms", "r");
	char *line = NULL, *end;
	size_t size = 0;

	while (f && (!v[0]->address || !v[1]->address) && getline(&line, &size, f) > 0) {
		end = strrchr(line, ' ');
		for (size_t i = 0; end && i < ARRAY_SIZE(v); i++)
			if (!v[i]->address && !strcmp(end, v[i]->end))
				v[i]->address = strtoull(line, NULL, 16);
	}
	free(line);
	if (f)
		fclose(f);
}

/* Where @address is in /proc/kcore, or -1. */
static off_t kcore_offset(int fd, uint64_t address)
{
	Elf64_Ehdr header;
	Elf64_Phdr p;
	int i;

	if (pread(fd, &header, sizeof(header), 0) != sizeof(header))
		return -1;
	for (i = 0; i < header.e_phnum; i++) {
		if (pread(fd, &p, sizeof(p), header.e_phoff + i * sizeof(p)) != sizeof(p))
			return -1;
		if (p.p_type == PT_LOAD && address >= p.p_vaddr && address < p.p_vaddr + p.p_memsz)
			return p.p_offset + (address - p.p_vaddr);
	}
	return -1;
}

static bool read_u32(struct variable *v, uint32_t *value, char *why, size_t size)
{
	int fd = open("/proc/kcore", O_RDONLY);
	off_t offset = -1;
	bool ok;

	if (!v->address)
		find_variables();
	if (fd >= 0 && v->address)
		offset = kcore_offset(fd, v->address);
	ok = offset >= 0 && pread(fd, value, sizeof(*value), offset) == sizeof(*value);
	if (!ok)
		snprintf(why, size, "can't read%.*s (address %#llx) from /proc/kcore: %s",
			 (int)strlen(v->end) - 1, v->end, (unsigned long long)v->address,
			 strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

long leaks_grants_in_use(char *why, size_t size)
{
	uint32_t frames, unused;

	if (!read_u32(&nr_grant_frames, &frames, why, size) ||
	    !read_u32(&gnttab_free_count, &unused, why, size))
		return -1;
	return (long)frames * GREFS_PER_FRAME - unused;
}

#define XEN_LOG_BYTES (1 << 20)

/* The whole log of Xen, NUL-terminated; NULL if it can't be read. */
static char *xen_log(xc_interface *xc)
{
	char *log = malloc(XEN_LOG_BYTES);
	unsigned int nr = XEN_LOG_BYTES - 1;

	if (!log || xc_readconsolering(xc, log, &nr, 0, 0, NULL)) {
		free(log);
		return NULL;
	}
	log[nr] = '\0';
	return log;
}

/*
 * The lines after "grant-table for remote d0" that begin with a gref in brackets, up to the next
 * domain's.
 */
static long count_active(const char *log)
{
	const char *last = NULL, *p = log;
	long nr = 0;
	bool ours = false;

	while ((p = strstr(p, "gnttab_usage_print_all [")))
		last = p++;
	if (!last)
		return -1;
	for (p = last; p && *p; p = strchr(p, '\n')) {
		unsigned int number;

		p += *p == '\n';
		if (!strncmp(p, "(XEN)", 5))
			p += 5;
		p += strspn(p, " ");
		if (sscanf(p, "grant-table for remote d%u", &number) == 1)
			ours = !number;
		else if (ours && sscanf(p, "[0x%x]", &number) == 1)
			nr++;
	}
	return nr;
}

/* Grants of our domain that Xen says are mapped, or -1. Needs /dev/xen/privcmd. */
static long grants_mapped(char *why, size_t size)
{
	xc_interface *xc = xc_interface_open(NULL, NULL, 0);
	char *log = NULL;
	char key[] = "g";
	long nr = -1;

	if (xc && !xc_send_debug_keys(xc, key))
		log = xen_log(xc);
	if (log)
		nr = count_active(log);
	if (nr < 0)
		snprintf(why, size, "can't make Xen list its grants (xen-privcmd loaded?): %s",
			 strerror(errno));
	free(log);
	if (xc)
		xc_interface_close(xc);
	return nr;
}

/*
 * The first line of the kernel's log since the last call that tells of a WARN, BUG, Oops or lockdep
 * splat, or NULL.
 */
static const char *kernel_complaint(void)
{
	static const char *const signs[] = {
		"WARNING: CPU:",
		"BUG:",
		"Oops:",
		"general protection fault",
		"kernel BUG",
		"possible circular locking",
		"suspicious RCU usage",
	};
	static char line[8192];
	static int fd = -1;
	unsigned int i;
	ssize_t n;

	if (fd < 0) {
		fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
		lseek(fd, 0, SEEK_END);
		return NULL;
	}
	while ((n = read(fd, line, sizeof(line) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		line[n > 0 ? n : 0] = '\0';
		for (i = 0; i < ARRAY_SIZE(signs); i++)
			if (strstr(line, signs[i]))
				return line;
	}
	return NULL;
}

#define RECLAIM_MS 10000 /* without one less: Linux frees ten of those a second that were in use */

static long grants_in_use_before, grants_mapped_before;

void leaks_begin(void)
{
	char why[256];

	kernel_complaint();
	grants_in_use_before = leaks_grants_in_use(why, sizeof(why));
	grants_mapped_before = grants_mapped(why, sizeof(why));
}

long leaks_settled_grants_in_use(char *why, size_t size)
{
	long start = now_ms(), in_use = leaks_grants_in_use(why, size), last;

	while (in_use > grants_in_use_before && now_ms() - start < RECLAIM_MS) {
		sleep_ms(100);
		last = in_use;
		in_use = leaks_grants_in_use(why, size);
		if (in_use < last)
			start = now_ms();
	}
	return in_use;
}

enum ktap_result leaks_check(struct ktap *k)
{
	char why[256] = "";
	long in_use = leaks_settled_grants_in_use(why, sizeof(why));
	long mapped = grants_mapped(why, sizeof(why));
	const char *line = kernel_complaint();

	ktap_expect(k, !line, "the kernel's log has: %.400s", line);
	ktap_expect(k, in_use >= 0 && grants_in_use_before >= 0, "%s", why);
	ktap_expect(k, in_use == grants_in_use_before, "%ld grants in use, %ld before", in_use,
		    grants_in_use_before);
	if (mapped < 0 || grants_mapped_before < 0) {
		snprintf(k->why, sizeof(k->why), "%s", why);
		return KTAP_SKIP;
	}
	ktap_expect(k, mapped == grants_mapped_before, "Xen says %ld grants are mapped, %ld before",
		    mapped, grants_mapped_before);
	return KTAP_PASS;
}
