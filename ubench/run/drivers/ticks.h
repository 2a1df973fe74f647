/* SPDX-License-Identifier: GPL-2.0 */
/* The sampler's clock (kbench/sampler.h) in user space: the same counter, read as carefully. */
#ifndef UBENCH_TICKS_H
#define UBENCH_TICKS_H

#include <stdint.h>

#include "marks.h"

static inline uint64_t ticks_now(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
	uint64_t count;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(count) : : "memory");
	return count;
#else
#error "no clock for this architecture: add it here"
#endif
}

/* The same clock, with the mark @nr for the profiler: kbench/sampler_x86.h. */
static inline __attribute__((always_inline)) uint64_t ticks_mark(const enum mark nr)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("lfence; .byte %c2, %c3; rdtsc"
			 : "=a"(low), "=d"(high)
			 : "i"(0x26 | (nr >> 2) << 3), "i"(0x26 | (nr & 3) << 3)
			 : "memory");
	return (uint64_t)high << 32 | low;
#else
	(void)nr;
	return ticks_now();
#endif
}

#endif /* UBENCH_TICKS_H */
