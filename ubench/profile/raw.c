// SPDX-License-Identifier: GPL-2.0
#include "profile/raw.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define HEADER "gntbench-insn-profile 2\n"

static const char *const event_names[NR_RAW_EVENTS] = {
	[RAW_NONE] = "-",	 [RAW_SYSCALL] = "syscall", [RAW_INVLPG] = "invlpg",
	[RAW_CR3] = "cr3",	 [RAW_CR4] = "cr4",	    [RAW_INVPCID] = "invpcid",
	[RAW_ATOMIC] = "atomic", [RAW_STORE] = "store",	    [RAW_WRMSR] = "wrmsr",
	[RAW_HLT] = "hlt",	 [RAW_IPI] = "ipi",
};

static bool read_event(const char *name, enum raw_event *event)
{
	for (int i = 0; i < NR_RAW_EVENTS; i++)
		if (!strcmp(event_names[i], name)) {
			*event = i;
			return true;
		}
	return false;
}

static bool read_node(struct raw *raw, const char *line)
{
	struct raw_node node = { 0 };
	unsigned int id;
	char kind[16];

	if (sscanf(line, "node %u %d %15s %" SCNx64 " %" SCNx64, &id, &node.parent, kind,
		   &node.site, &node.entry) != 5 ||
	    id != raw->nr_nodes || node.parent < -1 || node.parent >= (int)raw->nr_nodes)
		return false;
	*GROW(raw->nodes, raw->nr_nodes) = node;
	return true;
}

static bool read_profile(struct raw *raw, const char *line)
{
	unsigned int id;

	if (sscanf(line, "profile %u", &id) != 1 || id != raw->nr_profiles)
		return false;
	*GROW(raw->profiles, raw->nr_profiles) = (struct raw_profile) { 0 };
	return true;
}

static bool read_count(struct raw *raw, const char *line)
{
	struct raw_count count = { 0 };
	struct raw_profile *p;
	char event[16] = "-";
	bool ok;

	switch (*line) {
	case 'c':
		count.what = RAW_CALLS;
		ok = sscanf(line, "c %u %" SCNu64, &count.node, &count.count) == 2;
		break;
	default:
		count.what = *line == 'i' ? RAW_INSN : RAW_OTHER;
		ok = sscanf(line + 1, " %u %" SCNx64 " %" SCNu64 " %15s", &count.node, &count.pc,
			    &count.count, event) == 4;
	}
	if (!ok || !raw->nr_profiles || count.node >= raw->nr_nodes ||
	    !read_event(event, &count.event))
		return false;
	p = &raw->profiles[raw->nr_profiles - 1];
	*GROW(p->counts, p->nr_counts) = count;
	return true;
}

static bool read_window(struct raw *raw, const char *line)
{
	struct raw_window w = { 0 };

	if (sscanf(line, "window %u %u %" SCNu64 " %u %d %u %u %u %" SCNu64 " %" SCNu64 " %u %u",
		   &w.run, &w.mark, &w.nr_insns, &w.profile, &w.set, &w.lines, &w.written, &w.pages,
		   &w.transfers, &w.invalidations, &w.steps, &w.turns) != 12 ||
	    w.profile >= raw->nr_profiles || w.set < -1 || w.set >= (int)raw->nr_sets)
		return false;
	*GROW(raw->windows, raw->nr_windows) = w;
	return true;
}

static bool read_known(struct raw *raw, const char *line)
{
	struct raw_known k = { 0 };

	if (sscanf(line, "known %u %" SCNx64 " %u", &k.kind, &k.phys, &k.run) != 3)
		return false;
	*GROW(raw->known, raw->nr_known) = k;
	return true;
}

static bool read_set(struct raw *raw, const char *line)
{
	unsigned int id;

	if (sscanf(line, "set %u", &id) != 1 || id != raw->nr_sets)
		return false;
	*GROW(raw->sets, raw->nr_sets) = (struct raw_set) { 0 };
	return true;
}

static bool read_touched(struct raw_set *s, const char *line)
{
	struct raw_line l = { 0 };

	if (sscanf(line, "l %" SCNx64 " %" SCNx64 " %x %u %u", &l.phys, &l.vaddr, &l.flags,
		   &l.transfers, &l.invalidations) != 5)
		return false;
	*GROW(s->lines, s->nr_lines) = l;
	return true;
}

static bool read_use(struct raw_set *s, const char *line)
{
	struct raw_use u = { 0 };

	if (sscanf(line, "u %u %" SCNx64 " %x", &u.line, &u.pc, &u.flags) != 3 ||
	    u.line >= s->nr_lines)
		return false;
	*GROW(s->uses, s->nr_uses) = u;
	return true;
}

static bool read_transfer(struct raw_set *s, const char *line)
{
	struct raw_transfer t = { 0 };

	if (sscanf(line, "t %u %" SCNx64 " %" SCNx64 " %" SCNu64, &t.line, &t.pc, &t.from_pc,
		   &t.count) != 4 ||
	    t.line >= s->nr_lines)
		return false;
	*GROW(s->transfers, s->nr_transfers) = t;
	return true;
}

static bool read_lock(const struct raw *raw, struct raw_set *s, const char *line)
{
	struct raw_lock k = { 0 };

	if (sscanf(line,
		   "k %" SCNx64 " %" SCNx64 " %" SCNx64 " %u %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNu64,
		   &k.phys, &k.vaddr, &k.pc, &k.node, &k.count, &k.held, &k.transfers,
		   &k.waited) != 8 ||
	    k.node >= raw->nr_nodes)
		return false;
	*GROW(s->locks, s->nr_locks) = k;
	return true;
}

/* A line of a set. */
static bool read_of_set(struct raw *raw, const char *line)
{
	struct raw_set *s;

	if (!raw->nr_sets)
		return false;
	s = &raw->sets[raw->nr_sets - 1];
	switch (*line) {
	case 'l':
		return read_touched(s, line);
	case 'u':
		return read_use(s, line);
	case 't':
		return read_transfer(s, line);
	default:
		return read_lock(raw, s, line);
	}
}

static bool read_line(struct raw *raw, const char *line)
{
	if (strchr("lutk", *line) && line[1] == ' ')
		return read_of_set(raw, line);
	if (!strncmp(line, "known ", 6))
		return read_known(raw, line);
	if (!strncmp(line, "set ", 4))
		return read_set(raw, line);
	if (!strncmp(line, "i ", 2) || !strncmp(line, "c ", 2) || !strncmp(line, "e ", 2))
		return read_count(raw, line);
	if (!strncmp(line, "node ", 5))
		return read_node(raw, line);
	if (!strncmp(line, "profile ", 8))
		return read_profile(raw, line);
	if (!strncmp(line, "window ", 7))
		return read_window(raw, line);
	if (!strncmp(line, "vcpus ", 6))
		return sscanf(line, "vcpus %u", &raw->nr_vcpus) == 1;
	if (!strncmp(line, "runs ", 5))
		return sscanf(line, "runs %u", &raw->nr_runs) == 1;
	return sscanf(line, "dropped %" SCNu64, &raw->nr_dropped) == 1;
}

static int read_all(struct raw *raw, FILE *in, const char *path, struct error *err)
{
	unsigned int nr = 1;
	char line[256];

	if (!fgets(line, sizeof(line), in) || strcmp(line, HEADER))
		return error_set(err,
				 "%s is not what the plugin insn_profile writes: its first "
				 "line should be %.*s",
				 path, (int)strlen(HEADER) - 1, HEADER);
	while (fgets(line, sizeof(line), in)) {
		nr++;
		if (!strcmp(line, "end\n"))
			return 0;
		if (!read_line(raw, line))
			return error_set(err, "%s:%u: not understood: %.*s", path, nr,
					 (int)strcspn(line, "\n"), line);
	}
	return error_set(err,
			 "%s is cut short: its last line isn't \"end\"; did QEMU die, or is the "
			 "disk full?",
			 path);
}

struct raw *raw_read(const char *path, struct error *err)
{
	FILE *in = fopen(path, "r");
	struct raw *raw;

	if (!in) {
		error_set(err, "can't read %s: %s", path, strerror(errno));
		return NULL;
	}
	raw = xcalloc(1, sizeof(*raw));
	if (read_all(raw, in, path, err)) {
		raw_free(raw);
		raw = NULL;
	}
	fclose(in);
	return raw;
}

void raw_free(struct raw *raw)
{
	if (!raw)
		return;
	for (size_t i = 0; i < raw->nr_profiles; i++)
		free(raw->profiles[i].counts);
	free(raw->profiles);
	for (size_t i = 0; i < raw->nr_sets; i++) {
		free(raw->sets[i].lines);
		free(raw->sets[i].uses);
		free(raw->sets[i].transfers);
		free(raw->sets[i].locks);
	}
	free(raw->sets);
	free(raw->known);
	free(raw->nodes);
	free(raw->windows);
	free(raw);
}
