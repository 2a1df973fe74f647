/* SPDX-License-Identifier: GPL-2.0 */
/* What the kernel logs while something is tried. */
#ifndef UBENCH_KMSG_H
#define UBENCH_KMSG_H

/* What there was in the log since kmsg_open() or the last kmsg_read(). */
struct kmsg {
	unsigned int alarms;   /* lines by which a kernel says that it went wrong */
	unsigned int deferred; /* grants ended while still mapped; needs dynamic debug */
	char alarm[200];       /* the first of them; "" if there is none */
};

/* A descriptor of /dev/kmsg at its end, or -1 and errno. */
int kmsg_open(void);

/* Calls SHOW (may be NULL) with each alarm that differs from the one before it. */
void kmsg_read(int fd, struct kmsg *out, void (*show)(const char *line));

#endif /* UBENCH_KMSG_H */
