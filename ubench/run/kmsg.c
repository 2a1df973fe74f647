// SPDX-License-Identifier: GPL-2.0
#include "run/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const alarms[] = {
	"WARNING: ",
	"BUG: ",
	"Bad rss-counter",
	"Bad page",
	"Oops",
	"general protection fault",
	"refcount_t:",
	"list_add corruption",
	"list_del corruption",
	"ODEBUG:",
	"possible circular",
	"live_grants became negative",
	"kernel BUG at",
	"unable to handle",
};

static bool is_alarm(const char *text)
{
	for (size_t i = 0; i < sizeof(alarms) / sizeof(alarms[0]); i++)
		if (strstr(text, alarms[i]))
			return true;
	return false;
}

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

/* The text of the next message in LINE, or NULL. Documentation/ABI/testing/dev-kmsg */
static char *next_message(int fd, char *line, size_t size)
{
	ssize_t n;

	do {
		n = read(fd, line, size - 1);
	} while (n < 0 && errno == EPIPE); /* overwritten before we came: go on */
	if (n <= 0)
		return NULL;
	line[n] = 0;
	line = strchr(line, ';');
	if (!line)
		return NULL;
	*strchrnul(line, '\n') = 0;
	return line + 1;
}

void kmsg_read(int fd, struct kmsg *out, void (*show)(const char *line))
{
	char last[200] = "";
	char line[8192];
	char *text;

	memset(out, 0, sizeof(*out));
	while ((text = next_message(fd, line, sizeof(line)))) {
		/* gnttab_add_deferred(), drivers/xen/grant-table.c */
		if (strstr(text, "deferring g.e.") || strstr(text, "leaking g.e."))
			out->deferred++;
		if (!is_alarm(text))
			continue;
		if (!out->alarms++)
			snprintf(out->alarm, sizeof(out->alarm), "%.199s", text);
		if (show && strncmp(last, text, sizeof(last) - 1))
			show(text);
		snprintf(last, sizeof(last), "%.199s", text);
	}
}

bool kmsg_watch_deferred(bool on)
{
	const char *text = on ? "func gnttab_add_deferred +p" : "func gnttab_add_deferred -p";
	int fd = open(DYNAMIC_DEBUG, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return done;
}
