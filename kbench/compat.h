/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between Linux 6.1, 6.12 and 7.3, each with the change that made it so. The code
 * speaks as the newest of them does; a row goes when the last kernel that needs it does.
 */
#ifndef GNTBENCH_COMPAT_H
#define GNTBENCH_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/version.h>

/* Since 6.13 a timer's function is set with the timer; hrtimer_init() went in 6.15. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void compat_hrtimer_setup(struct hrtimer *timer,
					enum hrtimer_restart (*function)(struct hrtimer *),
					clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}

#define hrtimer_setup compat_hrtimer_setup
#endif

/* 7.3 declares get_cpu_idle_time_us() in the second, the others in the first. */
#include <linux/tick.h>
#include <linux/kernel_stat.h>

#endif /* GNTBENCH_COMPAT_H */
