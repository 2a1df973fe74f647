/* SPDX-License-Identifier: GPL-2.0 */
/* The sampler's clock (kbench/sampler.h) in user space: the same counter, read as carefully. */
#ifndef UBENCH_TICKS_H
#define UBENCH_TICKS_H

#include <stdint.h>

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

#endif /* UBENCH_TICKS_H */
