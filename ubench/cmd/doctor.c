// SPDX-License-Identifier: GPL-2.0
/* gntbench doctor: what this machine can run, and what to do about what is missing. */
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xenstore.h>

#include "base/array.h"
#include "base/options.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "record/tier.h"
#include "run/drivers/driver.h"
#include "run/environment.h"
#include "run/granter.h"

enum health { FINE, NOTE, MISSING };

/* What a check found; TODO is "" if there is nothing to do. */
struct finding {
	char found[320];
	char todo[200];
};

/* What earlier checks know for later ones. */
struct patient {
	bool has_xen;
	bool has_module;
	struct gntbench_info info;
};

static enum health say(struct finding *f, enum health health, const char *todo, const char *format,
		       ...) __attribute__((format(printf, 4, 5)));

static enum health say(struct finding *f, enum health health, const char *todo, const char *format,
		       ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(f->found, sizeof(f->found), format, args);
	va_end(args);
	snprintf(f->todo, sizeof(f->todo), "%s", todo);
	return health;
}

static enum health check_xen(struct patient *p, struct finding *f)
{
	char *type = read_text("/sys/hypervisor/type");
	char *version = xen_version(), *compiler = xen_compiler();
	enum health health;

	p->has_xen = type && !strcmp(type, "xen");
	if (p->has_xen)
		health = say(f, FINE, "", "Xen %s, built by %s", version ?: "of unknown version",
			     compiler ?: "an unknown compiler");
	else
		health = say(f, MISSING,
			     "boot this machine as a Xen dom0, or use the lab, which "
			     "needs no Xen: make bench",
			     "none: /sys/hypervisor/type says %s", type ?: "nothing");
	free(type);
	free(version);
	free(compiler);
	return health;
}

static enum health check_domain(struct patient *p, struct finding *f)
{
	char *capabilities = read_text("/proc/xen/capabilities");
	char *type = read_text("/sys/hypervisor/guest_type");
	bool dom0 = capabilities && strstr(capabilities, "control_d");
	enum health health;

	if (!p->has_xen)
		health = say(f, NOTE, "", "not a Xen domain");
	else if (!dom0)
		health = say(f, NOTE,
			     "if it is: mount -t xenfs xenfs /proc/xen; if not: go "
			     "to the dom0; a domU can map for it: gntbench serve",
			     "%s domain, not known to be the dom0", type ?: "unknown");
	else
		health = say(f, FINE, "", "%s dom0%s", type ?: "unknown",
			     type && strcmp(type, "PV") ?
				     ": self-grants are refused, use granter=domU" :
				     "");
	free(capabilities);
	free(type);
	return health;
}

static enum health check_module(struct patient *p, struct finding *f)
{
	struct error err;

	p->has_module = !kbench_info(&p->info, &err);
	if (!p->has_module)
		return say(f, MISSING, "", "%s", err.text);
	return say(f, FINE, "", GNTBENCH_DEVICE ", ABI %u, %u cases, build %.12s", p->info.abi,
		   p->info.nr_cases, p->info.build);
}

static enum health check_permission(struct patient *p, struct finding *f)
{
	(void)p;
	if (!geteuid())
		return say(f, FINE, "", "root");
	return say(f, NOTE, GNTBENCH_DEVICE " is for root only: run with sudo", "user id %u",
		   geteuid());
}

static enum health check_kernel(struct patient *p, struct finding *f)
{
	struct utsname uts;

	if (uname(&uts))
		return say(f, NOTE, "", "unknown");
	if (p->has_module &&
	    p->info.kernel_flags & (GNTBENCH_KERNEL_KASAN | GNTBENCH_KERNEL_LOCKDEP |
				    GNTBENCH_KERNEL_DEBUG_PREEMPT))
		return say(f, NOTE,
			   "its numbers are of a debug kernel: measure on one without "
			   "KASAN, lockdep, DEBUG_PREEMPT",
			   "Linux %s, with debug options", uts.release);
	return say(f, FINE, "", "Linux %s", uts.release);
}

static enum health check_clock(struct patient *p, struct finding *f)
{
	char *source =
		read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource");
	const uint32_t bad = GNTBENCH_KERNEL_TSC_UNSTABLE | GNTBENCH_KERNEL_TSC_EMULATED;
	enum health health;

	if (!p->has_module)
		health = say(f, NOTE, "", "clocksource %s; the module tells more",
			     source ?: "unknown");
	else if (p->info.kernel_flags & bad)
		health = say(f, NOTE,
			     p->info.kernel_flags & GNTBENCH_KERNEL_TSC_EMULATED ?
				     "rdtsc traps to Xen: boot the dom0 with another tsc_mode" :
				     "keep to one vCPU, or boot Linux with clocksource=xen",
			     "TSC of %u kHz, unstable or trapping; clocksource %s",
			     p->info.tick_khz, source ?: "unknown");
	else
		health = say(f, FINE, "", "TSC of %u kHz, clocksource %s", p->info.tick_khz,
			     source ?: "unknown");
	free(source);
	return health;
}

static enum health check_tier(struct patient *p, struct finding *f)
{
	if (!p->has_module)
		return say(f, NOTE, "", "none on this machine; exact and wall in the lab");
	if (clock_counts_insn(&p->info))
		return say(f, FINE, "",
			   "exact: a loop of %" PRIu64 " instructions took %" PRIu64 " ticks",
			   (uint64_t)p->info.proof_insn, (uint64_t)p->info.proof_ticks);
	if (getenv("LAB_TIER") || machine_is_qemu())
		return say(f, FINE, "", "wall: QEMU without -icount, ratios only");
	return say(f, FINE, "", "host");
}

static enum health check_noise(struct patient *p, struct finding *f)
{
	char *governor = read_text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	enum health health;
	double load = 0;

	(void)p;
	if (getloadavg(&load, 1) != 1)
		load = 0;
	if (load > 0.5)
		health = say(f, NOTE, "stop what else runs, in other domains too (xl top)",
			     "load %.1f", load);
	else if (governor && strcmp(governor, "performance"))
		health = say(f, NOTE,
			     "xenpm set-scaling-governor performance, or "
			     "cpufreq=xen:performance for Xen",
			     "cpufreq governor %s", governor);
	else
		health = say(f, FINE, "", "load %.1f%s%s", load, governor ? ", governor " : "",
			     governor ?: "");
	free(governor);
	return health;
}

/* " 1 (its name) 2 (its name)": the domains but 0. */
static void list_others(struct xs_handle *xs, char **ids, unsigned int nr, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (unsigned int i = 0; i < nr && len < size; i++) {
		unsigned int name_len;
		char path[64], *name;

		if (!strcmp(ids[i], "0"))
			continue;
		snprintf(path, sizeof(path), "/local/domain/%s/name", ids[i]);
		name = xs_read(xs, XBT_NULL, path, &name_len);
		len += snprintf(text + len, size - len, " %s (%s)", ids[i], name ?: "no name");
		free(name);
	}
}

/* Without xenstored there is no tool stack that could have started any. */
static enum health check_others(struct patient *p, struct finding *f)
{
	struct xs_handle *xs = p->has_xen ? xenstore_open() : NULL;
	enum health health = FINE;
	unsigned int nr = 0;
	char others[200];
	char **ids;

	if (!xs)
		return say(f, FINE, "", "none known: no xenstored answers");
	ids = xs_directory(xs, XBT_NULL, "/local/domain", &nr);
	list_others(xs, ids, nr, others, sizeof(others));
	if (*others)
		health = say(f, NOTE, "stop them: they take CPU time and caches from the benchmark",
			     "running:%s", others);
	else
		say(f, FINE, "", ids ? "none" : "unknown: xenstored doesn't tell");
	free(ids);
	xs_close(xs);
	return health;
}

static enum health check_vcpus(struct patient *p, struct finding *f)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	(void)p;
	if (n < 2)
		return say(f, NOTE, "give the dom0 two vCPUs for contention and TLB-flush IPIs",
			   "1 vCPU");
	return say(f, FINE, "", "%ld CPUs", n);
}

static enum health check_gntdev(struct patient *p, struct finding *f)
{
	if (!access("/dev/xen/gntdev", R_OK | W_OK))
		return say(f, FINE, "", "/dev/xen/gntdev");
	return say(f, NOTE, p->has_xen ? "modprobe xen-gntdev, for the cases of driver gntdev" : "",
		   "no /dev/xen/gntdev");
}

static bool in_path(const char *name)
{
	const char *path = getenv("PATH") ?: "/usr/bin:/bin";
	char file[4096];

	for (; *path; path += strcspn(path, ":"), path += *path == ':') {
		snprintf(file, sizeof(file), "%.*s/%s", (int)strcspn(path, ":"), path, name);
		if (!access(file, X_OK))
			return true;
	}
	return false;
}

static enum health check_lab(struct patient *p, struct finding *f)
{
	if (p->has_xen)
		return say(f, FINE, "", "not needed here");
	if (!in_path("qemu-system-x86_64"))
		return say(f, NOTE,
			   "make bench installs qemu-system-x86 and what else the lab "
			   "needs",
			   "no qemu-system-x86_64");
	return say(f, FINE, "", "QEMU is here: make bench boots Xen and a dom0 in it, without KVM");
}

/* clang-format off */
static const struct check {
	const char *name;
	enum health (*check)(struct patient *p, struct finding *f);
} checks[] = {
	{ "Xen", check_xen },
	{ "domain", check_domain },
	{ "permission", check_permission },
	{ "module", check_module },
	{ "kernel", check_kernel },
	{ "clock", check_clock },
	{ "tier", check_tier },
	{ "noise", check_noise },
	{ "others", check_others },
	{ "vCPUs", check_vcpus },
	{ "gntdev", check_gntdev },
	{ "lab", check_lab },
	/* Add a new check here. */
};
/* clang-format on */

struct args {
	unsigned int json;
};

static const struct option_row rows[] = {
	{ "format", 'f', "FORMAT", "text or json", TO_WORD(json, "text, json") },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.what = "Says what this machine can run and, for each thing that is missing, what to do.\v"
		"Exit status: 0 cases can run here; 2 they can't, and why is said.",
};

int cmd_doctor(int argc, char **argv)
{
	static const char *const marks[] = { [FINE] = "ok", [NOTE] = "note", [MISSING] = "missing" };
	struct patient patient = { 0 };
	enum health worst = FINE;
	json_t *findings = json_array();
	struct args args = { 0 };

	options_parse(&options, argc, argv, &args);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		struct finding finding = { 0 };
		enum health health = checks[i].check(&patient, &finding);

		if (health > worst)
			worst = health;
		if (args.json) {
			json_array_append_new(
				findings, json_pack("{s:s, s:s, s:s, s:s}", "check", checks[i].name,
						    "health", marks[health], "found", finding.found,
						    "todo", finding.todo));
			continue;
		}
		printf("%-10s %-7s %s\n", checks[i].name, marks[health], finding.found);
		if (*finding.todo)
			printf("%-18s -> %s\n", "", finding.todo);
	}
	if (args.json)
		json_dumpf(findings, stdout, JSON_INDENT(1));
	else
		fputs(worst == MISSING ? "Cases can't run on this machine as it is." :
					 "Cases can run on this machine: gntbench run",
		      stdout);
	putchar('\n');
	json_decref(findings);
	return worst == MISSING ? STATUS_ERROR : STATUS_OK;
}
