// SPDX-License-Identifier: GPL-2.0
/* A calibration: what is read can be stored, and is read again. */
#include "fuzz/fuzz.h"
#include "verdict/calibration.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct record rec = { .tier = TIER_WALL, .fingerprint = "f" };
	struct calibration *cal, *again;
	struct error err;

	fuzz_put("wall-f.json", data, size);
	cal = calibration_load(fuzz_directory(), &rec, &err);
	if (!cal)
		return 0;
	for (size_t i = 0; i < cal->nr_rows; i++)
		fuzz_require(calibration_row(cal, cal->rows[i].id, cal->rows[i].metric));
	cal->tier = rec.tier;
	cal->fingerprint = rec.fingerprint;
	fuzz_require(!calibration_store(fuzz_directory(), cal, &err));
	again = calibration_load(fuzz_directory(), &rec, &err);
	fuzz_require(again && again->nr_rows == cal->nr_rows);
	calibration_free(again);
	calibration_free(cal);
	return 0;
}
