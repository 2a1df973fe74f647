// SPDX-License-Identifier: GPL-2.0
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_TEXT 64

static char *next_text(void)
{
	static char ring[8][MAX_TEXT];
	static unsigned int next;

	return ring[next++ % 8];
}

const char *number_grouped(const char *digits)
{
	size_t sign = *digits == '-' || *digits == '+',
	       end = sign + strspn(digits + sign, "0123456789");
	char *text = next_text(), *out = text;

	for (size_t i = 0; digits[i] && out < text + MAX_TEXT - 2; i++) {
		if (i > sign && i < end && !((end - i) % 3))
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return text;
}

const char *number_fixed(double value, int decimals)
{
	char digits[40], *out;

	if (!isfinite(value))
		return "-";
	if (fabs(value) < 0.5 * pow(10, -decimals))
		value = 0; /* never "-0" */
	if (fabs(value) < 1e15) {
		snprintf(digits, sizeof(digits), "%.*f", decimals, value);
		return number_grouped(digits);
	}
	out = next_text();
	snprintf(out, MAX_TEXT, "%.3g", value);
	return out;
}

const char *number_text(double value)
{
	double size = fabs(value);

	return number_fixed(value, value == trunc(value) || size >= 9999.5 ? 0 :
				   size >= 9.95				   ? 1 :
									     2);
}

const char *number_precise(double value)
{
	double size = fabs(value);
	int decimals = 7;

	for (double above = size; above >= 10 && decimals; above /= 10)
		decimals--;
	while (decimals && fmod(round(size * pow(10, decimals)), 10) == 0)
		decimals--;
	return number_fixed(value, decimals);
}
