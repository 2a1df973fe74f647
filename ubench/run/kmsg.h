/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel logs while something is tried. */
#ifndef UBENCH_KMSG_H
#define UBENCH_KMSG_H

#include <stdbool.h>

/* What there was in the log since kmsg_open() or the last kmsg_read(). */
struct kmsg {
	unsigned int alarms;   /* lines by which a kernel says that it went wrong */
	unsigned int deferred; /* grants ended while still mapped; see kmsg_watch_deferred() */
	char alarm[200];       /* the first of them; "" if there is none */
};

/* A descriptor of /dev/kmsg at its end, or -1 and errno. */
int kmsg_open(void);

/* Calls SHOW (may be NULL) with each alarm that differs from the one before it. */
void kmsg_read(int fd, struct kmsg *out, void (*show)(const char *line));

/* Not there without CONFIG_DYNAMIC_DEBUG, or if debugfs isn't mounted. */
#define DYNAMIC_DEBUG "/sys/kernel/debug/dynamic_debug/control"

/*
 * From now on, or no longer: the kernel says of a grant that is ended while it is mapped that it defers it.
 * False if it can't be asked to.
 */
bool kmsg_watch_deferred(bool on);

#endif /* UBENCH_KMSG_H */
