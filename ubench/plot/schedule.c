// SPDX-License-Identifier: GPL-2.0
#include "plot/schedule.h"

#define DELAY_MS    5  /* GNTTAB_UNMAP_REFS_DELAY */
#define WHEEL_SIZE  64 /* LVL_SIZE: a level of the timer wheel */
#define WHEEL_SHIFT 3  /* LVL_CLK_SHIFT: each level is eight times as coarse */

/* The granularity of the wheel's level for a timer that is @delta jiffies away. */
static unsigned long wheel_granularity(unsigned long delta)
{
	unsigned long granularity = 1;

	while (delta >= (WHEEL_SIZE - 1) * granularity)
		granularity <<= WHEEL_SHIFT;
	return granularity;
}

struct attempt schedule_attempt(unsigned int nr, unsigned int hz)
{
	double jiffy_ns = 1e9 / hz;
	unsigned long earliest = 0, latest = 0;

	for (unsigned long i = 1; i <= nr; i++) {
		unsigned long delay = (DELAY_MS * i * hz + 999) / 1000;

		earliest += delay + 1;
		latest += delay + wheel_granularity(delay);
	}
	return (struct attempt) {
		.earliest_ns = nr ? (earliest - 1) * jiffy_ns : 0,
		.latest_ns = latest * jiffy_ns,
	};
}

unsigned int schedule_last_attempt(double hold_ns, unsigned int hz)
{
	unsigned int nr = 0;

	for (;; nr++) {
		struct attempt a = schedule_attempt(nr, hz);

		if ((a.earliest_ns + a.latest_ns) / 2 >= hold_ns)
			return nr;
	}
}
