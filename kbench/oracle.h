/* SPDX-License-Identifier: GPL-2.0 */
/* What must be true before, between and after the timed phases. */
#ifndef GNTBENCH_ORACLE_H
#define GNTBENCH_ORACLE_H

#include <linux/ktime.h>

#include "bench.h"

struct batch;

/* Counts a check; a broken one leaves the formatted reason. */
#define oracle_check(b, ok, fmt, ...)						\
do {										\
	struct bench *_b = (b);							\
										\
	_b->args->oracle_checks++;						\
	if (!(ok)) {								\
		_b->args->oracle_broken++;						\
		bench_why(_b, -EILSEQ, fmt, ##__VA_ARGS__);			\
	}									\
} while (0)

/* 0, or -EILSEQ once any check of the run was broken. */
static inline int oracle_verdict(const struct bench *b)
{
	return b->args->oracle_broken ? -EILSEQ : 0;
}

/* Differs between samples, pages and words, and is never 0. */
u64 oracle_pattern(const struct bench *b, const struct batch *batch, unsigned int i,
		   unsigned int word);

/* Whether @status, of a map op, says that Xen had no handle for it. */
bool oracle_no_handle(int status);

/* Before the map: the granter writes what the mapper must find, and page->private is wrong. */
void oracle_before_map(struct bench *b, struct batch *batch);

/*
 * After the map, which returned @result. First every op's status; then oracle_write() makes the
 * mapper write, into pages of gntbench's only; then oracle_mapped() looks at the rest. Each returns
 * 0, -EILSEQ, or (no room in Xen's tables, a granter that is gone) another errno, with a reason.
 */
int oracle_map_status(struct bench *b, struct batch *batch, int result);
int oracle_write(struct bench *b, struct batch *batch);
int oracle_mapped(struct bench *b, struct batch *batch);

/*
 * While a request waits: one whose pages nobody uses must come to its end. @idle_since is 0 at
 * first. 0 or -EILSEQ.
 */
int oracle_pending(struct bench *b, struct batch *batch, ktime_t *idle_since);

/* After the unmap. 0 or -EILSEQ. */
int oracle_unmapped(struct bench *b, struct batch *batch);

#endif /* GNTBENCH_ORACLE_H */
