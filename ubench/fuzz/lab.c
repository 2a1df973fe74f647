// SPDX-License-Identifier: GPL-2.0
/* lab.json: what the guest can't know of its machine. */
#include "fuzz/fuzz.h"
#include "run/environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gntbench_info info = { .abi = GNTBENCH_ABI, .vcpus = 1, .hz = 250 };
	struct error err;
	json_t *lab = lab_read(fuzz_file(FUZZ_IN, data, size), &err);
	struct record *rec;

	if (!lab)
		return 0;
	rec = record_new();
	environment_fill(rec, &info, lab);
	fuzz_require(rec->nr_environment && rec->fingerprint);
	record_free(rec);
	json_decref(lab);
	return 0;
}
