// SPDX-License-Identifier: GPL-2.0
#include "run/environment.h"

#include <ctype.h>
#include <elf.h>
#include <glob.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/version.h>
#include <xen/sys/privcmd.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/text.h"
#include "record/environment.h"
#include "run/mapper.h"

#define VULNERABILITIES "/sys/devices/system/cpu/vulnerabilities/"

json_t *lab_read(const char *path, struct error *err)
{
	json_error_t at;
	json_t *lab = json_load_file(path, JSON_REJECT_DUPLICATES, &at);

	if (lab && json_is_object(lab))
		return lab;
	error_set(err, "can't read %s: %s", path, lab ? "not a JSON object" : at.text);
	json_decref(lab);
	return NULL;
}

bool machine_is_qemu(void)
{
	char *vendor = read_text("/sys/class/dmi/id/sys_vendor");
	bool qemu = vendor && !strcmp(vendor, "QEMU");

	free(vendor);
	return qemu;
}

char *xen_version(void)
{
	char *major = read_text("/sys/hypervisor/version/major");
	char *minor = read_text("/sys/hypervisor/version/minor");
	char *extra = read_text("/sys/hypervisor/version/extra");
	char *version = NULL;

	if (major && minor && asprintf(&version, "%s.%s%s", major, minor, extra ?: "") < 0)
		version = NULL;
	free(major);
	free(minor);
	free(extra);
	return version;
}

char *xen_compiler(void)
{
	return read_text("/sys/hypervisor/compilation/compiler");
}

/*
 * Ask Xen itself, through privcmd; SIZE is at most a page. Xen writes to the caller's buffer only
 * if its page is there already, so it is locked. Returns what Xen does, -1 if it can't be asked.
 */
static int xen_ask(int command, void *answer, size_t size)
{
	struct privcmd_hypercall call = { .op = __HYPERVISOR_xen_version, .arg = { command } };
	int fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	int ret = -1;
	void *page;

	if (fd < 0)
		return -1;
	page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE, -1, 0);
	if (page != MAP_FAILED) {
		memcpy(page, answer, size);
		call.arg[1] = (uintptr_t)page;
		ret = ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call);
		memcpy(answer, page, size);
		munmap(page, size);
	}
	close(fd);
	return ret;
}

/* No file of Linux has it. */
static char *get_xen_cmdline(const struct gntbench_info *info)
{
	xen_commandline_t line = "";

	(void)info;
	return xen_ask(XENVER_commandline, line, sizeof(line)) < 0 ? NULL :
								     strndup(line, sizeof(line));
}

static char *hex(const unsigned char *bytes, size_t n)
{
	char *text = xcalloc(2 * n + 1, 1);

	for (size_t i = 0; i < n; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	return text;
}

/* /sys/hypervisor/properties/buildid has the raw bytes, up to the first zero: no use. */
static char *get_xen_build_id(const struct gntbench_info *info)
{
	struct {
		xen_build_id_t id;
		unsigned char buf[64];
	} answer = { .id.len = sizeof(answer.buf) };
	int len = xen_ask(XENVER_build_id, &answer, sizeof(answer));

	(void)info;
	return len > 0 && (size_t)len <= sizeof(answer.buf) ? hex(answer.buf, len) : NULL;
}

static char *get_xen_version(const struct gntbench_info *info)
{
	(void)info;
	return xen_version();
}

static char *get_xen_compiler(const struct gntbench_info *info)
{
	(void)info;
	return xen_compiler();
}

static char *get_dom0_type(const struct gntbench_info *info)
{
	char *type = read_text("/sys/hypervisor/guest_type");

	return type ?: strdup(info->pv ? "PV" : "PVH");
}

static char *get_kernel_release(const struct gntbench_info *info)
{
	struct utsname uts;

	(void)info;
	return uname(&uts) ? NULL : strdup(uts.release);
}

/* NT_GNU_BUILD_ID among the ELF notes at PATH: header, name, descriptor, each padded to 4. */
static char *build_id(const char *path)
{
	FILE *file = fopen(path, "re");
	unsigned char body[4096];
	char *id = NULL;
	Elf64_Nhdr note;

	while (file && !id && fread(&note, sizeof(note), 1, file) == 1) {
		size_t name = (note.n_namesz + 3ul) & ~3ul;
		size_t size = name + ((note.n_descsz + 3ul) & ~3ul);

		if (size > sizeof(body) || fread(body, 1, size, file) != size)
			break;
		if (note.n_type == NT_GNU_BUILD_ID && !strcmp((char *)body, "GNU"))
			id = hex(body + name, note.n_descsz);
	}
	if (file)
		fclose(file);
	return id;
}

static char *get_kernel_build_id(const struct gntbench_info *info)
{
	(void)info;
	return build_id("/sys/kernel/notes");
}

static char *get_kernel_cmdline(const struct gntbench_info *info)
{
	(void)info;
	return read_text("/proc/cmdline");
}

static char *get_cpu_model(const struct gntbench_info *info)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char *line = NULL, *model = NULL;
	size_t size = 0;

	(void)info;
	while (file && !model && getline(&line, &size, file) >= 0)
		if (!strncmp(line, "model name", 10) && strchr(line, ':'))
			model = strdup(strchr(line, ':') + 2);
	if (model)
		model[strcspn(model, "\n")] = '\0';
	free(line);
	if (file)
		fclose(file);
	return model;
}

/* "meltdown: Mitigation: PTI; spectre_v1: …", by name. */
static char *get_mitigations(const struct gntbench_info *info)
{
	char *all = NULL;
	glob_t found;
	size_t size;
	FILE *out;

	(void)info;
	if (glob(VULNERABILITIES "*", 0, NULL, &found))
		return NULL;
	out = open_memstream(&all, &size);
	for (size_t i = 0; out && i < found.gl_pathc; i++) {
		char *text = read_text(found.gl_pathv[i]);

		fprintf(out, "%s%s: %s", i ? "; " : "", found.gl_pathv[i] + strlen(VULNERABILITIES),
			text ?: "?");
		free(text);
	}
	if (out)
		fclose(out);
	globfree(&found);
	return all;
}

static char *get_clocksource(const struct gntbench_info *info)
{
	(void)info;
	return read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource");
}

static char *get_module_build_id(const struct gntbench_info *info)
{
	return build_id("/sys/module/gntbench/notes/.note.gnu.build-id") ?:
		       strndup(info->build, sizeof(info->build));
}

static char *get_mappers(const struct gntbench_info *info)
{
	(void)info;
	return mapper_list();
}

static char *get_machine(const struct gntbench_info *info)
{
	(void)info;
	return read_text("/sys/class/dmi/id/product_name");
}

static char *number_text(uint64_t number)
{
	char *text;

	return asprintf(&text, "%ju", (uintmax_t)number) < 0 ? NULL : text;
}

#define NUMBER_GETTER(field)                                       \
	static char *get_##field(const struct gntbench_info *info) \
	{                                                          \
		return number_text(info->field);                   \
	}

NUMBER_GETTER(vcpus)
NUMBER_GETTER(hz)
NUMBER_GETTER(tick_khz)
NUMBER_GETTER(kernel_flags)
NUMBER_GETTER(proof_insn)
NUMBER_GETTER(proof_ticks)

/* Where a field comes from; a row for each that can be asked for here. */
static const struct source {
	const char *name;
	char *(*get)(const struct gntbench_info *info);
	bool lab_first; /* the lab knows better than the guest */
} sources[] = {
	{ "xen_version", get_xen_version, false },
	{ "xen_build_id", get_xen_build_id, false },
	{ "xen_cmdline", get_xen_cmdline, false },
	{ "xen_compiler", get_xen_compiler, false },
	{ "xen_dom0_type", get_dom0_type, false },
	{ "kernel_release", get_kernel_release, false },
	{ "kernel_build_id", get_kernel_build_id, false },
	{ "kernel_cmdline", get_kernel_cmdline, false },
	{ "kernel_flags", get_kernel_flags, false },
	{ "machine", get_machine, true },
	{ "cpu_model", get_cpu_model, false },
	{ "mitigations", get_mitigations, false },
	{ "vcpus", get_vcpus, false },
	{ "mappers", get_mappers, false },
	{ "hz", get_hz, false },
	{ "tick_khz", get_tick_khz, false },
	{ "clocksource", get_clocksource, false },
	{ "module_build_id", get_module_build_id, false },
	{ "proof_insn", get_proof_insn, false },
	{ "proof_ticks", get_proof_ticks, false },
};

static bool set_text(struct record *rec, struct record_field *field, const char *text)
{
	char *end;

	if (!text || !*text)
		return false;
	errno = 0;
	field->number = strtoll(text, &end, 10);
	field->is_number = isdigit((unsigned char)*text) && !*end && !errno && strlen(text) < 19;
	if (!field->is_number)
		field->number = 0;
	field->text = record_strdup(rec, text);
	return true;
}

static bool from_lab(struct record *rec, struct record_field *field, const json_t *lab)
{
	const json_t *val = json_object_get(lab, field->name);

	if (json_is_string(val))
		return set_text(rec, field, json_string_value(val));
	if (json_is_integer(val))
		return set_text(rec, field,
				record_printf(rec, "%lld", (long long)json_integer_value(val)));
	if (json_is_boolean(val))
		return set_text(rec, field, json_is_true(val) ? "true" : "false");
	return false;
}

static bool from_machine(struct record *rec, struct record_field *field,
			 const struct source *source, const struct gntbench_info *info)
{
	char *text = source ? source->get(info) : NULL;
	bool known = set_text(rec, field, text);

	free(text);
	return known;
}

static const struct source *find_source(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++)
		if (!strcmp(sources[i].name, name))
			return &sources[i];
	return NULL;
}

/*
 * What the machine says comes first; what it doesn't say is taken from the lab's file under the
 * same name; what nobody says is left out.
 */
void environment_fill(struct record *rec, const struct gntbench_info *info, const json_t *lab)
{
	rec->environment = record_alloc(rec, nr_environment_names, sizeof(*rec->environment));
	for (size_t i = 0; i < nr_environment_names; i++) {
		struct record_field *field = &rec->environment[rec->nr_environment];
		const struct source *source = find_source(environment_names[i].name);

		field->name = environment_names[i].name;
		if ((source && source->lab_first && from_lab(rec, field, lab)) ||
		    from_machine(rec, field, source, info) || from_lab(rec, field, lab))
			rec->nr_environment++;
	}
	rec->fingerprint = environment_fingerprint(rec);
}
