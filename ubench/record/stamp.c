// SPDX-License-Identifier: GPL-2.0
#include "record/stamp.h"

#include <sys/random.h>
#include <time.h>

void stamp(struct record *rec)
{
	time_t now = time(NULL);
	uint64_t id = now;
	char text[32];

	if (getrandom(&id, sizeof(id), GRND_NONBLOCK) != sizeof(id))
		id = now;
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	rec->id = record_printf(rec, "%016jx", (uintmax_t)id);
	rec->started = record_strdup(rec, text);
}
