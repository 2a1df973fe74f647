/* SPDX-License-Identifier: GPL-2.0 */
/* What must be true before, between and after the timed phases. */
#ifndef GNTBENCH_ORACLE_H
#define GNTBENCH_ORACLE_H

#include <linux/ktime.h>

struct batch;
struct bench;

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
