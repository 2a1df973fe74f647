/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A plan: the cases of a run, in order. It comes from sections (of a suite, or one made for
 * --case), each a case and a list of values for some of its keys; a section stands for the cross
 * product of its lists, the last list turning fastest.
 */
#ifndef UBENCH_PLAN_H
#define UBENCH_PLAN_H

#include <obstack.h>

#include "base/error.h"
#include "gntbench_abi.h"
#include "record/record.h"

struct driver;

/* A case with everything fixed: one entry of a record. */
struct plan_case {
	const struct driver *driver;
	const struct gntbench_case_info *info;
	const char *op;			    /* "" if the case has one only */
	const char *unmap_mode;		    /* these three: "" unless the case takes it */
	const char *granter;		    /* "self", "domU" or "dom0" */
	const char *mapper;		    /* "dom0", or the type of a domU; "": not asked for */
	const char *hold;		    /* a distribution, see holds.h */
	uint64_t param[GNTBENCH_NR_PARAMS]; /* 0 unless the case takes it */
};

/* A key of a section and its values; WHERE is for messages: "suites/quick.ini:7" or "--set". */
struct axis {
	const char *key;
	const char *where;
	size_t nr_values;
	const char **values;
};

#define MAX_AXES  16
#define ALL_TIERS ((1u << NR_TIERS) - 1)
#define ANY_TIER  -1

struct section {
	const char *name;
	const char *where;
	const char *case_name;
	unsigned int tiers; /* mask of 1 << enum tier that it is for */
	size_t nr_axes;
	struct axis axes[MAX_AXES];
};

#define MAX_SECTIONS   64
#define MAX_PLAN_CASES 4096

struct plan {
	const char *suite; /* its name, or the path of its file */
	const char *what;
	const char *interleave; /* a key; NULL: none */
	int tier;		/* ANY_TIER, or sections not for it are left out */
	double time_s;		/* announced, of 'make bench SUITE='; 0: unknown */
	size_t nr_sections;
	struct section sections[MAX_SECTIONS];
	size_t nr_cases;
	struct plan_case *cases;
	struct obstack pool;
};

struct plan *plan_new(void);
void plan_free(struct plan *plan); /* NULL is allowed */

/* The section of NAME, new if there is none; NULL and err if there are too many. */
struct section *plan_add_section(struct plan *plan, const char *name, const char *where,
				 struct error *err);

/* VALUES is as the user wrote it: a list separated by commas (by | for hold times). */
int section_add_axis(struct plan *plan, struct section *section, const char *key,
		     const char *values, const char *where, struct error *err);

/* "KEY=VALUES" for every section whose case takes KEY, in place of what the suite says. */
int plan_override(struct plan *plan, const char *assignment, struct error *err);

/* VALUES is a list of tiers. */
int section_set_tiers(struct section *section, const char *values, struct error *err);

/*
 * Sections to cases. SELECT is NULL for all, or picks cases: the name of a section or case, or a
 * pattern (fnmatch) for the id. A case that no section has runs with its defaults.
 */
int plan_expand(struct plan *plan, const char *select, struct error *err);

/* The id, malloc'd; WITHOUT (NULL for none) is a key that is left out. */
char *plan_case_id(const struct plan_case *c, const char *without);

/* 1 if the case takes KEY (a parameter, "op", "unmap_mode", "granter", "hold"), else 0. */
int case_takes(const struct gntbench_case_info *info, const char *key);

/* What a value of METRIC is divided by, with the case's op. */
enum gntbench_per plan_case_per(const struct plan_case *c, const struct gntbench_metric *metric);

/* Whether the case waits while METRIC grows: then it is virtual time in the exact tier. */
bool plan_case_waits(const struct plan_case *c, const struct gntbench_metric *metric);

#endif /* UBENCH_PLAN_H */
