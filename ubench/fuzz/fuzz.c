// SPDX-License-Identifier: GPL-2.0
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/dev/shm/gntbench-fuzz.XXXXXX";
static pid_t owner;

void fuzz_broken(const char *file, int line, const char *what)
{
	dprintf(STDERR_FILENO, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

const char *fuzz_file(enum fuzz_slot slot, const void *data, size_t size)
{
	static struct {
		int fd;
		char path[32];
	} files[NR_FUZZ_SLOTS];
	int fd = files[slot].fd;

	if (!fd) {
		fd = files[slot].fd = memfd_create("fuzz", 0);
		snprintf(files[slot].path, sizeof(files[slot].path), "/proc/self/fd/%d", fd);
	}
	fuzz_require(fd > 0 && !ftruncate(fd, 0) && pwrite(fd, data, size, 0) == (ssize_t)size);
	return files[slot].path;
}

static void remove_directory(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (getpid() == owner && system(command))
		perror(directory);
}

const char *fuzz_directory(void)
{
	if (owner)
		return directory;
	owner = getpid();
	fuzz_require(mkdtemp(directory));
	atexit(remove_directory);
	return directory;
}

const char *fuzz_put(const char *name, const void *data, size_t size)
{
	static char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", fuzz_directory(), name);
	out = fopen(path, "we");
	fuzz_require(out && fwrite(data, 1, size, out) == size && !fclose(out));
	return path;
}

char *fuzz_read(const char *path, size_t *size)
{
	FILE *in = fopen(path, "re");
	struct stat st;
	char *text;

	fuzz_require(in && !fstat(fileno(in), &st));
	text = malloc(st.st_size + 1);
	fuzz_require(text && fread(text, 1, st.st_size, in) == (size_t)st.st_size);
	text[st.st_size] = '\0';
	*size = st.st_size;
	fclose(in);
	return text;
}
