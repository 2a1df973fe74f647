// SPDX-License-Identifier: GPL-2.0
/* Symbols of nm or /proc/kallsyms: an address has a function, or none, wherever it is. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "profile/symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t at[] = { 0,
				       0x7fffffffffffffff,
				       0x8000000000000000,
				       0xffff82d040000000,
				       0xffff82d040200010,
				       0xffff82d07f000040,
				       0xffffffff81000000,
				       0xffffffff81000123,
				       0xffffffffc0000010,
				       UINT64_MAX };
	struct symbols *syms = symbols_new();
	struct symbol symbol;
	struct error err;

	if (!symbols_read(syms, fuzz_file(FUZZ_IN, data, size), &err))
		for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
			symbol = symbols_find(syms, at[i]);
			fuzz_require(symbol.image && symbol.start <= at[i]);
			symbols_hint(symbol.image);
		}
	symbols_free(syms);
	return 0;
}
