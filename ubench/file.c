// SPDX-License-Identifier: GPL-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_make_directories(const char *path)
{
	char *copy = strdup(path);
	int ret = copy ? 0 : -1;

	for (char *p = copy; p && !ret; ) {
		p = strchr(p + 1, '/');
		if (!p)
			break;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			ret = -1;
		*p = '/';
	}
	free(copy);
	return ret;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= n;
	}
	return fchmod(fd, 0644) || (fsync(fd) && errno != EINVAL) ? -1 : 0;
}

int file_replace(const char *path, const char *text, size_t len, struct error *err)
{
	int ret = -1, failed, fd = -1;
	char *temp;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		die_usage("out of memory");
	if (!file_make_directories(path))
		fd = mkostemp(temp, O_CLOEXEC);
	if (fd >= 0) {
		ret = write_all(fd, text, len);
		failed = errno;
		if (close(fd) && !ret)
			ret = -1;
		else
			errno = failed;
		if (!ret)
			ret = rename(temp, path);
		failed = errno;
		if (ret)
			unlink(temp);
		errno = failed;
	}
	free(temp);
	return ret ? error_set(err, "can't write %s: %s", path, strerror(errno)) : 0;
}
