/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clock of every timed phase: sampler_now(), in ticks of sampler_khz().
 *
 * A read is ordered against the code on both sides as far as the architecture can, takes no lock
 * and makes no call. Everything that differs between architectures is in sampler_ARCH.h.
 */
#ifndef GNTBENCH_SAMPLER_H
#define GNTBENCH_SAMPLER_H

#if defined(CONFIG_X86_64)
#include "sampler_x86.h"
#else
#error "no clock for this architecture: add sampler_ARCH.h"
#endif

#endif /* GNTBENCH_SAMPLER_H */
