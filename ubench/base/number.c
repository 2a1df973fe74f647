// SPDX-License-Identifier: GPL-2.0
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "-1234567.8" to "-1,234,567.8" */
static void group_thousands(const char *digits, char *out)
{
	size_t whole = strcspn(digits, ".");
	size_t sign = *digits == '-';

	for (size_t i = 0; digits[i]; i++) {
		if (i > sign && i < whole && !((whole - i) % 3))
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
}

const char *number_fixed(double value, int decimals)
{
	static char ring[8][64];
	static unsigned int next;
	char digits[40], *out = ring[next++ % 8];

	if (!isfinite(value))
		return "-";
	if (fabs(value) < 0.5 * pow(10, -decimals))
		value = 0; /* never "-0" */
	if (fabs(value) >= 1e15)
		snprintf(out, sizeof(ring[0]), "%.3g", value);
	else if (snprintf(digits, sizeof(digits), "%.*f", decimals, value) > 0)
		group_thousands(digits, out);
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
