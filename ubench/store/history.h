/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The history: a directory of records, and an index that spares their reading.
 *
 * DIR/index holds what list and trend need of each record: where it is, when and in which
 * environment it was run, and what each metric cost. It is only a cache: it is brought up to date
 * whenever the history is opened (a record that is new or changed by size or time is read, one that
 * vanished is forgotten) and may be deleted at any time.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include "record/record.h"

#define HISTORY_DIR "results/history"

/* A metric of a case, in some tier's unit: what a trend is drawn of. */
struct history_series {
	const char *id;
	const char *metric;
	const char *unit;
	const char *per;
};

/* The environment's fields that decide what may be compared. */
struct history_environment {
	const char *text; /* as in the index; equal texts are one environment */
	size_t nr_fields;
	struct record_field *fields;
};

struct history_record {
	const char *file;    /* its name in the directory */
	const char *problem; /* why it can't be read; NULL if it can, and is all that's known then */
	long long size, mtime_ns;
	const char *id, *started, *suite, *fingerprint, *commit;
	enum tier tier;
	const struct history_environment *environment;
	const char *values; /* "SERIES:VALUE[v] ...", see history_value() */
};

struct history {
	const char *dir;
	size_t nr_series;
	struct history_series *series;
	size_t nr_environments;
	struct history_environment **environments;
	size_t nr_records;
	struct history_record *records; /* by time of start, then by name */
	size_t nr_read;			/* records that had to be read, this time */

	struct obstack pool;
};

/* The text of a field; NULL if it was not recorded. */
const char *history_field(const struct history_environment *env, const char *name);

/* NULL and err if there is no such directory. Problems of single records go to stderr. */
struct history *history_open(const char *dir, struct error *err);
void history_free(struct history *history); /* NULL is allowed */

/*
 * The next of a record's values; *@at is the record's at first. Returns false behind the last one. A series
 * has at most one value in a record.
 */
bool history_next_value(const char **at, size_t *series, double *value, bool *steady);

/* What a page (request, sample) cost, as compare would show it; NaN if the record doesn't have the series. */
double history_value(const struct history_record *rec, size_t series, bool *steady);

/* A directory that records are copied into; made with the first one if need be. */
struct history_target;

/* NULL and err if the directory is there and can't be read. */
struct history_target *history_target_open(const char *dir, struct error *err);
void history_target_close(struct history_target *target); /* NULL is allowed */

/*
 * Copies the record PATH. 1: it is new; 0: it was there already, under whatever name; -1 and err: one with
 * its id was, and says something else; err names both files. *@name (malloc'd, unless -1): what it is called.
 */
int history_target_add(struct history_target *target, const char *path, char **name,
		       struct error *err);

/* The newest record that may be compared with REC and isn't REC itself; NULL if there is none. */
const struct history_record *history_like(const struct history *history, const struct record *rec);

#endif /* HISTORY_H */
