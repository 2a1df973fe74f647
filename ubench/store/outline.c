// SPDX-License-Identifier: GPL-2.0
#include "store/outline.h"

#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/pool.h"
#include "base/text.h"
#include "record/environment.h"
#include "verdict/exact.h"

#define MAX_THREADS 16	       /* and twice the CPUs: half of them may wait for the disk */
#define KEEP_FREE   (64 << 20) /* bytes; a record's memory goes at once, for the next one */

static void grow_text(struct obstack *pool, const char *text)
{
	const char *clean = text;

	for (size_t len; *text; text += len ?: 1) {
		len = control_length(text);
		if (!len)
			continue;
		obstack_grow(pool, clean, text - clean);
		obstack_1grow(pool, ' ');
		clean = text + len;
	}
	obstack_grow(pool, clean, text - clean);
}

static const char *end_text(struct obstack *pool)
{
	obstack_1grow(pool, '\0');
	return obstack_finish(pool);
}

const char *index_text(struct obstack *pool, const char *text)
{
	grow_text(pool, text);
	return end_text(pool);
}

static const char *environment_of(struct obstack *pool, const struct record *rec)
{
	const char *tab = "";

	for (size_t i = 0; i < rec->nr_environment; i++) {
		if (!environment_decides(rec->environment[i].name))
			continue;
		obstack_printf(pool, "%s%s=", tab, rec->environment[i].name);
		grow_text(pool, rec->environment[i].text);
		tab = "\t";
	}
	return end_text(pool);
}

static const char *series_of(struct obstack *pool, const struct record_case *c,
			     const struct record_metric *m)
{
	const char *const texts[] = { c->id, m->name, m->unit, m->per };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (i)
			obstack_1grow(pool, '\t');
		grow_text(pool, texts[i]);
	}
	return end_text(pool);
}

static void add_value(struct outline *o, const struct record_case *c, const struct record_metric *m)
{
	struct outline_value *value = &o->values[o->nr_values++];
	bool steady = false;
	double cost = o->tier == TIER_EXACT ? exact_cost(c, m, &steady) : NAN;

	value->series = series_of(&o->pool, c, m);
	value->text = pool_printf(&o->pool, "%.12g%s",
				  isnan(cost) ? metric_typical(m) : cost / m->divisor,
				  steady ? "" : "v");
}

static void add_values(struct outline *o, const struct record *rec)
{
	size_t room = 0;

	for (size_t i = 0; i < rec->nr_cases; i++)
		room += rec->cases[i].nr_metrics;
	o->nr_values = 0;
	o->values = pool_alloc(&o->pool, room, sizeof(*o->values));
	for (size_t i = 0; i < rec->nr_cases; i++) {
		const struct record_case *c = &rec->cases[i];

		for (size_t k = 0; k < c->nr_metrics && c->status == CASE_OK; k++)
			if (c->metrics[k].nr_values)
				add_value(o, c, &c->metrics[k]);
	}
}

static void outline_record(struct outline *o)
{
	struct record *rec = record_read(o->path, &o->err);
	const struct record_field *commit;

	pool_init(&o->pool);
	o->known = rec;
	if (!rec)
		return;
	commit = record_find_environment(rec, "git_commit");
	o->tier = rec->tier;
	o->id = index_text(&o->pool, rec->id);
	o->started = index_text(&o->pool, rec->started);
	o->suite = index_text(&o->pool, rec->suite);
	o->fingerprint = index_text(&o->pool, rec->fingerprint);
	o->commit = index_text(&o->pool, commit ? commit->text : "-");
	o->environment = environment_of(&o->pool, rec);
	add_values(o, rec);
	record_free(rec);
}

struct outlines {
	struct outline *outlines;
	size_t nr;
	size_t next; /* that no thread has begun */
};

static void *outline_some(void *data)
{
	struct outlines *all = data;
	size_t i;

	while ((i = __atomic_fetch_add(&all->next, 1, __ATOMIC_RELAXED)) < all->nr)
		outline_record(&all->outlines[i]);
	return NULL;
}

void outline_many(struct outline *outlines, size_t nr)
{
	struct outlines all = { .outlines = outlines, .nr = nr };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t thread[MAX_THREADS];
	size_t nr_threads = 0;

	mallopt(M_TRIM_THRESHOLD, KEEP_FREE);
	while (nr_threads < MAX_THREADS && (long)nr_threads + 1 < 2 * cpus && nr_threads + 1 < nr &&
	       !pthread_create(&thread[nr_threads], NULL, outline_some, &all))
		nr_threads++;
	outline_some(&all);
	while (nr_threads)
		pthread_join(thread[--nr_threads], NULL);
}
