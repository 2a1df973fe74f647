/* SPDX-License-Identifier: GPL-2.0 */
/* What the history keeps of a record: a hundredth of it, made where it was read. */
#ifndef OUTLINE_H
#define OUTLINE_H

#include <obstack.h>
#include <sys/stat.h>

#include "record/record.h"

struct outline_value {
	const char *series; /* "ID\tMETRIC\tUNIT\tPER", as in the index */
	const char *text;   /* with a v behind it, if it isn't steady */
	size_t number;	    /* of the series, for the history */
};

/* The texts are as they can stand in the index, and belong to the pool. */
struct outline {
	const char *path; /* given */
	struct stat st;	  /* given */
	bool known;	  /* if not, err says why, and what follows it is undefined */
	struct error err;
	enum tier tier;
	const char *id, *started, *suite, *fingerprint, *commit, *environment;
	size_t nr_values;
	struct outline_value *values;
	struct obstack pool; /* of outline_many(), to be freed in any case */
};

/* On all CPUs: the parsing of the files is what takes time. */
void outline_many(struct outline *outlines, size_t nr);

/* Tabs and newlines would break the index, and other controls the terminal that it is shown on. */
const char *index_text(struct obstack *pool, const char *text);

#endif /* OUTLINE_H */
