/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hold times: how long a busy page keeps its extra reference.
 *
 *   constant:TIME          always the same
 *   spread:FROM,TO         evenly over the samples, first to last
 *   uniform:FROM,TO        drawn
 *   exponential:MEAN       drawn; cut at HOLD_MAX_NS
 *   file:PATH              replayed, a TIME a line; from the start again when it ends
 *
 * A TIME is a number with its unit: 0.1ms, 250us, 2s, 100ns.
 */
#ifndef UBENCH_HOLDS_H
#define UBENCH_HOLDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define HOLD_MAX_NS 10000000000ull /* 10 s */

/* 0, or -1 and what is wrong with SPEC. */
int holds_check(const char *spec, struct error *err);

/*
 * samples * per_sample (> 0) hold times in ns, malloc'd, sample by sample; NULL and err. The same SPEC
 * gives the same times on every call and machine: the generator's seed is fixed.
 */
uint64_t *holds_draw(const char *spec, size_t samples, size_t per_sample, struct error *err);

#endif /* UBENCH_HOLDS_H */
