/* SPDX-License-Identifier: GPL-2.0 */
/* Time that only goes forward. */
#ifndef GNTBENCH_TESTS_CLOCK_H
#define GNTBENCH_TESTS_CLOCK_H

long now_ms(void);
void sleep_ms(long ms);

#endif /* GNTBENCH_TESTS_CLOCK_H */
