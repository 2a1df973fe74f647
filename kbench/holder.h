/* SPDX-License-Identifier: GPL-2.0 */
/* Whatever keeps a page busy: takes a reference and drops it on a schedule. */
#ifndef GNTBENCH_HOLDER_H
#define GNTBENCH_HOLDER_H

#include <linux/hrtimer.h>
#include <linux/types.h>

struct bench;
struct page;

/**
 * struct holder - one extra reference of one page
 * @page: NULL if it holds nothing
 * @released_ticks: sampler_now() right before the reference was dropped
 * @lost: when it was dropped the page was not foreign any more: unmapped while in use
 */
struct holder {
	struct hrtimer timer;
	struct page *page;
	u64 released_ticks;
	bool lost;
};

struct holders {
	unsigned int nr;
	struct holder *holder;
};

/* 0 or -ENOMEM with a reason. */
int holders_alloc(struct bench *b, struct holders *all, unsigned int nr);

/* Drops what is still held, at once. */
void holder_let_go(struct holder *h);
void holders_let_go(struct holders *all);

void holders_free(struct holders *all);

/*
 * Which of @nr pages the @j-th of @busy holders takes, evenly spread: 0 <= @j < @busy <= @nr. The
 * first holder's is the first page, the last, the middle one, then any, as @turn counts up from 0:
 * an unmap that looks at some of the page counts only must be seen.
 */
unsigned int holder_position(u64 turn, unsigned int j, unsigned int busy, unsigned int nr);

/* Takes the reference; holder_arm() says when to drop it. */
void holder_take(struct holder *h, struct page *page);
void holder_arm(struct holder *h, u64 hold_ns);

/* When the last reference was dropped, or 0 if there are no holders. */
u64 holders_last_release(const struct holders *all);

/* To be called when the unmap is done: every page must have been let go of, and before it. */
int holders_check(struct bench *b, const struct holders *all);

#endif /* GNTBENCH_HOLDER_H */
