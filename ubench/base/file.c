// SPDX-License-Identifier: GPL-2.0
#include "base/alloc.h"
#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

int file_make_directories(const char *path)
{
	char *copy = strdup(path);
	int ret = copy ? 0 : -1;

	for (char *p = copy; p && !ret;) {
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

int file_begin(struct new_file *file, const char *path, struct error *err)
{
	struct stat st;
	int fd;

	*file = (struct new_file) { 0 };
	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return error_set(err, "can't write %s: not a regular file", path);
	file->path = xstrdup(path);
	file->temp = xasprintf("%s.XXXXXX", path);
	fd = mkostemp(file->temp, O_CLOEXEC);
	file->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (file->out) {
		errno = 0;
		return 0;
	}
	error_set(err, "can't write %s: %s", path, strerror(errno));
	free(file->path);
	free(file->temp);
	return -1;
}

/* EINVAL: a filesystem that has nothing to sync, such as the lab's initramfs. */
static int sync_fd(int fd)
{
	return fsync(fd) && errno != EINVAL ? -1 : 0;
}

/* The rename itself must reach the disk, too. */
static int sync_directory(char *path)
{
	int fd = open(dirname(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = sync_fd(fd);
	close(fd);
	return ret;
}

/* -1 and errno if any step fails. Closes file->out in any case. */
static int settle(struct new_file *file, bool bad)
{
	int failed = 0;

	if (bad || ferror(file->out) || fflush(file->out) || fchmod(fileno(file->out), 0644) ||
	    sync_fd(fileno(file->out)))
		failed = errno ?: EIO;
	if (fclose(file->out) && !failed)
		failed = errno;
	if (!failed && rename(file->temp, file->path))
		failed = errno;
	errno = failed;
	return failed ? -1 : 0;
}

int file_end(struct new_file *file, bool bad, struct error *err)
{
	int ret;

	if (!file->out)
		return -1;
	ret = settle(file, bad);
	if (ret) {
		error_set(err, "can't write %s: %s", file->path, strerror(errno));
		unlink(file->temp);
	} else if (sync_directory(file->temp)) {
		ret = error_set(err, "can't sync the directory of %s: %s", file->path,
				strerror(errno));
	}
	free(file->path);
	free(file->temp);
	return ret;
}

int file_replace(const char *path, const char *text, size_t len, struct error *err)
{
	struct new_file file;

	if (file_make_directories(path))
		return error_set(err, "can't make the directory of %s: %s", path, strerror(errno));
	if (file_begin(&file, path, err))
		return -1;
	return file_end(&file, fwrite(text, 1, len, file.out) != len, err);
}

char *file_name(const char *text)
{
	char *name = xstrdup(*text ? text : "_");

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("+-_.", *p))
			*p = '_';
	if (*name == '.' || *name == '-')
		*name = '_';
	return name;
}
