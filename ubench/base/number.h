/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as people read them: thousands grouped, "-" for what isn't finite. The text is static; up
 * to eight results of these functions may be in use at once.
 */
#ifndef UBENCH_NUMBER_H
#define UBENCH_NUMBER_H

/* "-1234567.8" as "-1,234,567.8"; up to 30 characters that begin with a sign or a digit. */
const char *number_grouped(const char *digits);

/* Digits that mean something: two or three, or all those before the point. */
const char *number_text(double value);

const char *number_fixed(double value, int decimals);

/* Eight digits that mean something, but no zeros at the end; or all those before the point. */
const char *number_precise(double value);

#endif /* UBENCH_NUMBER_H */
