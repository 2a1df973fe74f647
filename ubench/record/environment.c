// SPDX-License-Identifier: GPL-2.0
#include "record/environment.h"

#include <string.h>

#include "base/array.h"

const struct environment_name environment_names[] = {
	{ "xen_version", true },
	{ "xen_build_id", true },
	{ "xen_cmdline", true },
	{ "xen_compiler", false },
	{ "xen_config_sha256", false },
	{ "xen_dom0_type", true },
	{ "kernel_release", true },
	{ "kernel_build_id", true },
	{ "kernel_cmdline", true },
	{ "kernel_config_sha256", true },
	{ "kernel_flags", false },
	{ "machine", true },
	{ "qemu_version", true },
	{ "qemu_args", true },
	{ "cpu_model", true },
	{ "mitigations", true },
	{ "vcpus", true },
	{ "mappers", true },
	{ "hz", true },
	{ "tick_khz", false },
	{ "clocksource", true },
	{ "module_build_id", false },
	{ "compiler", true },
	{ "git_commit", false },
	{ "git_dirty", false },
	{ "proof_insn", false },
	{ "proof_ticks", false },
};

const size_t nr_environment_names = ARRAY_SIZE(environment_names);

bool environment_decides(const char *name)
{
	for (size_t i = 0; i < nr_environment_names; i++)
		if (!strcmp(environment_names[i].name, name))
			return environment_names[i].decides;
	return false;
}

int environment_version_length(const char *version)
{
	int major = strspn(version, "0123456789");
	int minor = version[major] == '.' ? strspn(version + major + 1, "0123456789") : 0;

	return major && minor ? major + 1 + minor : 0;
}

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash(uint64_t state, const char *text)
{
	do {
		state = (state ^ (unsigned char)*text) * 0x100000001b3;
	} while (*text++);
	return state;
}

const char *environment_fingerprint(struct record *rec)
{
	uint64_t state = hash(0xcbf29ce484222325, tier_names[rec->tier]);

	for (size_t i = 0; i < rec->nr_environment; i++) {
		const struct record_field *field = &rec->environment[i];

		if (environment_decides(field->name))
			state = hash(hash(state, field->name), field->text);
	}
	return record_printf(rec, "%016jx", (uintmax_t)state);
}
