// SPDX-License-Identifier: GPL-2.0
/* Many records at once: their files are parsed by as many threads as there are CPUs. */
#include <pthread.h>
#include <unistd.h>

#include "record/record.h"

#define MAX_THREADS 16

struct many {
	struct record_file *files;
	size_t nr;
	size_t next; /* that no thread has begun */
};

static void *read_some(void *data)
{
	struct many *many = data;
	size_t i;

	while ((i = __atomic_fetch_add(&many->next, 1, __ATOMIC_RELAXED)) < many->nr) {
		struct record_file *file = &many->files[i];

		file->record = record_read(file->path, &file->err);
	}
	return NULL;
}

void record_read_many(struct record_file *files, size_t nr)
{
	struct many many = { .files = files, .nr = nr };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[MAX_THREADS];
	size_t nr_threads = 0;

	while (nr_threads < MAX_THREADS && (long)nr_threads + 1 < cpus && nr_threads + 1 < nr &&
	       !pthread_create(&thread[nr_threads], NULL, read_some, &many))
		nr_threads++;
	read_some(&many);
	while (nr_threads)
		pthread_join(thread[--nr_threads], NULL);
}
