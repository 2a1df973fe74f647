// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "module.h"

int module_load(const char *path, const char *arguments)
{
	static const char *last;
	int fd, ret;

	if (path)
		last = path;
	fd = open(last, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = syscall(SYS_finit_module, fd, arguments, 0);
	close(fd);
	return ret;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "gntbench", O_NONBLOCK);
}

int module_unload_within(long ms)
{
	long start = now_ms();

	while (module_unload()) {
		if (now_ms() - start > ms)
			return -1;
		sleep_ms(20);
	}
	return 0;
}
