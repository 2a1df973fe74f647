// SPDX-License-Identifier: GPL-2.0
/* Suites: .ini files (ubench/suites), read with libinih. Every error has its file and line. */
#include "run/suite.h"

#include <errno.h>
#include <glob.h>
#include <ini.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/pool.h"

#define CASE_PREFIX "case "

struct suite_reader {
	FILE *file;
	const char *path;
	struct plan *plan;
	struct error *err; /* the first error, */
	int failed;	   /* and its line; 0: none */
	int line;
	int section_line;  /* of the last [section] */
	int section_used;  /* it has a key */
	int empty_section; /* the line of the first one without */
};

static int suite_error(struct suite_reader *rd, int line)
{
	error_prefix(rd->err, "%s:%d", rd->path, line);
	rd->failed = line;
	return -1;
}

/* A section without a key never reaches the handler: it would be lost silently. */
static void end_section(struct suite_reader *rd)
{
	if (!rd->section_used && !rd->empty_section)
		rd->empty_section = rd->section_line;
}

/* fgets() that counts lines and refuses what inih would cut silently. */
static char *read_line(char *buf, int size, void *arg)
{
	struct suite_reader *rd = arg;
	size_t len;

	if (!fgets(buf, size, rd->file)) {
		end_section(rd);
		return NULL;
	}
	rd->line++;
	len = strlen(buf);
	if (len + 1 == (size_t)size && buf[len - 1] != '\n' && !rd->failed) {
		error_set(rd->err, "line longer than %d characters", size - 2);
		suite_error(rd, rd->line);
	}
	if (buf[strspn(buf, " \t")] == '[' && strchr(buf, ']')) {
		end_section(rd);
		rd->section_line = rd->line;
		rd->section_used = 0;
	}
	return buf;
}

static int suite_key(struct suite_reader *rd, const char *key, const char *value)
{
	struct plan *plan = rd->plan;
	char *end;

	if (!strcmp(key, "what")) {
		plan->what = pool_strdup(&plan->pool, value);
		return 0;
	}
	if (!strcmp(key, "interleave")) {
		plan->interleave = pool_strdup(&plan->pool, value);
		return 0;
	}
	if (strcmp(key, "time_s"))
		return error_set(rd->err,
				 "unknown key '%s': [suite] has what, interleave and time_s", key);
	plan->time_s = strtod(value, &end);
	if (end == value || *end || !(plan->time_s > 0 && plan->time_s <= 3600))
		return error_set(rd->err, "time_s = '%s' is not a number of seconds up to 3600",
				 value);
	return 0;
}

static int case_key(struct suite_reader *rd, const char *name, const char *key, const char *value)
{
	struct plan *plan = rd->plan;
	const char *where = pool_printf(&plan->pool, "%s:%d", rd->path, rd->line);
	const char *begin = pool_printf(&plan->pool, "%s:%d", rd->path, rd->section_line);
	struct section *section = plan_add_section(plan, name, begin, rd->err);

	if (!section)
		return -1;
	if (strcmp(section->where, begin))
		return error_set(rd->err, "section [" CASE_PREFIX "%s] is there twice (first: %s)",
				 name, section->where);
	if (!strcmp(key, "tiers"))
		return section_set_tiers(section, value, rd->err);
	if (strcmp(key, "case"))
		return section_add_axis(plan, section, key, value, where, rd->err);
	section->case_name = pool_strdup(&plan->pool, value);
	return 0;
}

static int handle(void *arg, const char *section, const char *key, const char *value)
{
	struct suite_reader *rd = arg;
	int ret;

	if (rd->failed)
		return 1;
	rd->section_used = 1;
	if (!strcmp(section, "suite"))
		ret = suite_key(rd, key, value);
	else if (!strncmp(section, CASE_PREFIX, strlen(CASE_PREFIX)))
		ret = case_key(rd, section + strlen(CASE_PREFIX), key, value);
	else
		ret = error_set(rd->err, "unknown section [%s]: there are [suite] and [case NAME]",
				section);
	if (ret)
		suite_error(rd, rd->line);
	return 1;
}

/* What can be said only after the last line; SYNTAX is the first line that inih did not like. */
static int end_file(struct suite_reader *rd, int syntax)
{
	if (syntax && (!rd->failed || syntax < rd->failed)) {
		error_set(rd->err, "syntax error: [section], key = value or ; comment wanted");
		return suite_error(rd, syntax);
	}
	if (rd->failed)
		return -1;
	if (rd->empty_section) {
		error_set(rd->err, "a section without a key; 'case = NAME' is enough");
		return suite_error(rd, rd->empty_section);
	}
	if (!rd->plan->nr_sections)
		return error_set(rd->err, "%s: no [case NAME] in it", rd->path);
	return 0;
}

static int read_file(struct plan *plan, const char *path, struct error *err)
{
	struct suite_reader rd = { .path = path, .plan = plan, .err = err, .section_used = 1 };
	int syntax, failed;

	rd.file = fopen(path, "re");
	if (!rd.file)
		return error_set(err, "can't read the suite %s: %s", path, strerror(errno));
	syntax = ini_parse_stream(read_line, &rd, handle, &rd);
	failed = ferror(rd.file) ? errno : 0;
	fclose(rd.file);
	if (failed)
		return error_set(err, "can't read the suite %s: %s", path, strerror(failed));
	return end_file(&rd, syntax);
}

/* Where suites are looked for by name, in this order; relative ones start at the command. */
static const char *const suite_dirs[] = {
	"suites", ".", "../../ubench/suites", "../../../ubench/suites", "../share/gntbench/suites",
};

/* The first of: $GNTBENCH_SUITES, the suite_dirs, that has PATTERN; 0 or GLOB_NOMATCH. */
static int find_suites(const char *pattern, glob_t *found)
{
	const char *dir = getenv("GNTBENCH_SUITES");
	char exe[PATH_MAX], path[2 * PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int ret = GLOB_NOMATCH;

	if (dir) {
		snprintf(path, sizeof(path), "%s/%s", dir, pattern);
		return glob(path, 0, NULL, found);
	}
	if (len < 0)
		return ret;
	exe[len] = '\0';
	dir = dirname(exe);
	for (size_t i = 0; i < ARRAY_SIZE(suite_dirs) && ret; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", dir, suite_dirs[i], pattern);
		ret = glob(path, 0, NULL, found);
	}
	return ret;
}

int plan_each_suite(void (*fn)(const char *path, void *arg), void *arg)
{
	glob_t found;

	if (find_suites("*.ini", &found))
		return -1;
	for (size_t i = 0; i < found.gl_pathc; i++)
		fn(found.gl_pathv[i], arg);
	globfree(&found);
	return 0;
}

static int read_named(struct plan *plan, const char *name, struct error *err)
{
	const char *file = pool_printf(&plan->pool, "%s.ini", name);
	glob_t found;
	int ret;

	if (strpbrk(name, "*?[\\") || find_suites(file, &found))
		return error_set(err, "no suite '%s'; 'gntbench list' shows those there are", name);
	ret = read_file(plan, pool_strdup(&plan->pool, found.gl_pathv[0]), err);
	globfree(&found);
	return ret;
}

int plan_read_suite(struct plan *plan, const char *name, struct error *err)
{
	size_t len = strlen(name);
	const char *base;

	if (!strchr(name, '/') && (len < 4 || strcmp(name + len - 4, ".ini"))) {
		plan->suite = pool_strdup(&plan->pool, name);
		return read_named(plan, name, err);
	}
	base = strrchr(name, '/');
	base = base ? base + 1 : name;
	len = strlen(base);
	if (len > 4 && !strcmp(base + len - 4, ".ini"))
		len -= 4;
	plan->suite = obstack_copy0(&plan->pool, base, len);
	return read_file(plan, pool_strdup(&plan->pool, name), err);
}
