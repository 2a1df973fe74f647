/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as people read them: thousands grouped, "-" for what isn't finite. The text is static; up
 * to eight results of these functions may be in use at once.
 */
#ifndef UBENCH_NUMBER_H
#define UBENCH_NUMBER_H

/* Digits that mean something: two or three, or all those before the point. */
const char *number_text(double value);

const char *number_fixed(double value, int decimals);

/* Eight digits that mean something, but no zeros at the end; or all those before the point. */
const char *number_precise(double value);

#endif /* UBENCH_NUMBER_H */
