// SPDX-License-Identifier: GPL-2.0
/* Sections into cases: keys, their values and limits, the cross product. */
#include "run/plan.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/pool.h"
#include "base/text.h"
#include "run/drivers/driver.h"
#include "run/holds.h"

struct plan *plan_new(void)
{
	struct plan *plan = xcalloc(1, sizeof(*plan));

	pool_init(&plan->pool);
	plan->suite = plan->what = "";
	plan->tier = ANY_TIER;
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	pool_free(&plan->pool);
	free(plan->cases);
	free(plan);
}

/* Keys that are not numbers. */

static int check_name(const char *key, const char *value, const char *known, struct error *err)
{
	if (has_word(known, value))
		return 0;
	return error_set(err, "unknown %s '%s': there are %s", key, value, known);
}

static int set_unmap_mode(struct plan_case *c, const char *value, struct error *err)
{
	c->unmap_mode = value;
	return check_name("unmap_mode", value, GNTBENCH_UNMAP_MODES, err);
}

static int set_granter(struct plan_case *c, const char *value, struct error *err)
{
	c->granter = value;
	return check_name("granter", value, GRANTERS, err);
}

static int set_mapper(struct plan_case *c, const char *value, struct error *err)
{
	c->mapper = value;
	return check_name("mapper", value, MAPPERS, err);
}

static int set_hold(struct plan_case *c, const char *value, struct error *err)
{
	c->hold = value;
	return holds_check(value, err);
}

static int set_op(struct plan_case *c, const char *value, struct error *err)
{
	c->op = value;
	return check_name("op", value, c->info->ops, err);
}

static const struct key {
	const char *name;
	uint64_t takes;	 /* a case with one of these bits takes it; 0: with an op */
	const char *def; /* NULL: it is left out of the case and of its id */
	int (*set)(struct plan_case *c, const char *value, struct error *err);
} keys[] = {
	{ "op", 0, NULL, set_op },
	{ "unmap_mode", GNTBENCH_TAKES(UNMAP_MODE), "async", set_unmap_mode },
	{ "granter", GNTBENCH_TAKES(GRANTER), "self", set_granter },
	{ "mapper", ~0ull, NULL, set_mapper },
	{ "hold", GNTBENCH_TAKES(HOLDS), "constant:1ms", set_hold },
};

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static int find_param(const char *name)
{
	for (int i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (!strcmp(param_infos[i].name, name))
			return i;
	return -1;
}

/* Every case takes samples, warmup and timeout_ms (gntbench_abi.h). */
static int takes_param(const struct gntbench_case_info *info, int param)
{
	return param <= GNTBENCH_P_TIMEOUT_MS || (info->params >> param & 1);
}

int case_takes(const struct gntbench_case_info *info, const char *key)
{
	const struct key *k = find_key(key);
	int param = find_param(key);

	if (k)
		return k->takes ? !!(info->params & k->takes) : !!*info->ops;
	return param >= 0 && takes_param(info, param);
}

enum gntbench_per plan_case_per(const struct plan_case *c, const struct gntbench_metric *metric)
{
	if (metric->per == GNTBENCH_PER_PAGE && has_word(c->info->pageless, c->op))
		return GNTBENCH_PER_SAMPLE;
	return metric->per;
}

bool plan_case_waits(const struct plan_case *c, const struct gntbench_metric *metric)
{
	return metric->waits || has_word(c->info->waiting, c->op);
}

static int set_number(struct plan_case *c, int param, const char *value, struct error *err)
{
	const struct param_info *p = &param_infos[param];
	unsigned long long number;
	char *end;

	/* What overflows becomes ULLONG_MAX, which is above every limit. */
	number = strtoull(value, &end, 10);
	if (*value < '0' || *value > '9' || *end)
		return error_set(err, "%s = '%s' is not a whole number of %ju to %ju", p->name,
				 value, (uintmax_t)p->min, (uintmax_t)p->max);
	if (number < p->min || number > p->max)
		return error_set(err, "%s = %s is out of its limits: %ju to %ju%s%s", p->name,
				 value, (uintmax_t)p->min, (uintmax_t)p->max, *p->unit ? " " : "",
				 p->unit);
	c->param[param] = number;
	return 0;
}

static int set_value(struct plan_case *c, const char *key, const char *value, struct error *err)
{
	const struct key *k = find_key(key);

	return k ? k->set(c, value, err) : set_number(c, find_param(key), value, err);
}

static int set_defaults(struct plan *plan, struct plan_case *c, struct error *err)
{
	c->op = c->unmap_mode = c->granter = c->mapper = c->hold = "";
	if (*c->info->ops)
		c->op = obstack_copy0(&plan->pool, c->info->ops, strcspn(c->info->ops, " "));
	for (int i = 0; i < GNTBENCH_NR_PARAMS; i++)
		if (takes_param(c->info, i))
			c->param[i] = param_infos[i].def;
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].def && c->info->params & keys[i].takes &&
		    keys[i].set(c, keys[i].def, err))
			return -1;
	return 0;
}

/* Sections. */

struct section *plan_add_section(struct plan *plan, const char *name, const char *where,
				 struct error *err)
{
	struct section *section;

	for (size_t i = 0; i < plan->nr_sections; i++)
		if (!strcmp(plan->sections[i].name, name))
			return &plan->sections[i];
	if (plan->nr_sections == MAX_SECTIONS) {
		error_set(err, "more than %d sections", MAX_SECTIONS);
		return NULL;
	}
	section = &plan->sections[plan->nr_sections++];
	section->name = section->case_name = pool_strdup(&plan->pool, name);
	section->where = where;
	section->tiers = ALL_TIERS;
	return section;
}

int section_set_tiers(struct section *section, const char *values, struct error *err)
{
	section->tiers = 0;
	for (;;) {
		size_t len = strcspn(values, ", ");
		char name[8];
		int tier;

		snprintf(name, sizeof(name), "%.*s", (int)len, values);
		tier = tier_by_name(name);
		if (tier < 0)
			return error_set(err, "unknown tier at '%s': there are %s", values,
					 tier_list());
		section->tiers |= 1u << tier;
		values += len;
		if (!*values)
			return 0;
		values += strspn(values, ", ");
	}
}

/* A list at VALUES into axis; empty elements are refused. */
static int split(struct plan *plan, struct axis *axis, const char *values, struct error *err)
{
	const char *separator = strcmp(axis->key, "hold") ? "," : "|";
	size_t room = 1, len;

	for (const char *p = values; *p; p++)
		room += *p == *separator;
	axis->values = pool_alloc(&plan->pool, room, sizeof(*axis->values));
	for (axis->nr_values = 0; axis->nr_values < room; values += len + 1) {
		const char *end;

		values += strspn(values, " \t");
		len = strcspn(values, separator);
		for (end = values + len; end > values && strchr(" \t", end[-1]); end--)
			;
		if (end == values)
			return error_set(err, "%s has an empty value in its list", axis->key);
		axis->values[axis->nr_values++] = obstack_copy0(&plan->pool, values, end - values);
	}
	return 0;
}

static void drop_axis(struct section *section, const char *key)
{
	for (size_t i = 0; i < section->nr_axes; i++) {
		if (strcmp(section->axes[i].key, key))
			continue;
		section->nr_axes--;
		memmove(&section->axes[i], &section->axes[i + 1],
			(section->nr_axes - i) * sizeof(section->axes[0]));
		return;
	}
}

/* KEY.TIER, after KEY: what holds in its place in that tier. */
static int add_tier_axis(struct plan *plan, struct section *section, const char *key,
			 const char *values, const char *where, struct error *err)
{
	const char *dot = strchr(key, '.');
	const char *plain = obstack_copy0(&plan->pool, key, dot - key);
	int tier = tier_by_name(dot + 1);

	if (tier < 0)
		return error_set(err, "unknown tier in '%s': there are %s", key, tier_list());
	if (!find_key(plain) && find_param(plain) < 0)
		return error_set(err, "unknown key '%s'", plain);
	if (plan->tier != tier)
		return 0;
	drop_axis(section, plain);
	return section_add_axis(plan, section, plain, values, where, err);
}

int section_add_axis(struct plan *plan, struct section *section, const char *key,
		     const char *values, const char *where, struct error *err)
{
	struct axis *axis;

	if (strchr(key, '.'))
		return add_tier_axis(plan, section, key, values, where, err);
	for (size_t i = 0; i < section->nr_axes; i++)
		if (!strcmp(section->axes[i].key, key))
			return error_set(err, "%s is there twice (first: %s)", key,
					 section->axes[i].where);
	if (section->nr_axes == MAX_AXES)
		return error_set(err, "more than %d keys in a section", MAX_AXES);
	axis = &section->axes[section->nr_axes++];
	axis->key = pool_strdup(&plan->pool, key);
	axis->where = where;
	return split(plan, axis, values, err);
}

int plan_override(struct plan *plan, const char *assignment, struct error *err)
{
	const char *equals = strchr(assignment, '=');
	const char *key;
	int used = 0;

	if (!equals)
		return error_set(err, "--set %s: KEY=VALUE wanted", assignment);
	key = obstack_copy0(&plan->pool, assignment, equals - assignment);
	if (!find_key(key) && find_param(key) < 0)
		return error_set(err, "--set %s: unknown key '%s'", assignment, key);
	for (size_t i = 0; i < plan->nr_sections; i++) {
		struct section *section = &plan->sections[i];
		const struct gntbench_case_info *info = find_case(section->case_name, NULL);

		if (!info || !case_takes(info, key))
			continue;
		used = 1;
		drop_axis(section, key);
		if (section_add_axis(plan, section, key, equals + 1, "--set", err))
			return error_prefix(err, "--set %s", assignment);
	}
	return used ? 0 : error_set(err, "--set %s: no case of this run takes %s", assignment, key);
}

/* Cases. */

static int add_case(struct plan *plan, const struct plan_case *c, struct error *err)
{
	if (plan->nr_cases == MAX_PLAN_CASES)
		return error_set(err, "more than %d cases", MAX_PLAN_CASES);
	*GROW(plan->cases, plan->nr_cases) = *c;
	return 0;
}

static int find_section_case(const struct section *section, struct plan_case *c, struct error *err)
{
	c->info = find_case(section->case_name, &c->driver);
	if (!c->info)
		return error_set(err,
				 "%s: unknown case '%s'; 'gntbench list' shows those there "
				 "are",
				 section->where, section->case_name);
	for (size_t i = 0; i < section->nr_axes; i++) {
		const struct axis *axis = &section->axes[i];

		if (find_key(axis->key) || find_param(axis->key) >= 0) {
			if (case_takes(c->info, axis->key))
				continue;
			return error_set(err, "%s: case %s does not take %s", axis->where,
					 c->info->name, axis->key);
		}
		return error_set(err, "%s: unknown key '%s'", axis->where, axis->key);
	}
	return 0;
}

static int selected(const struct section *section, const struct plan_case *c, const char *select)
{
	char *id;
	int ret;

	if (!select || !strcmp(select, section->name) || !strcmp(select, c->info->name))
		return 1;
	id = plan_case_id(c, NULL);
	ret = !fnmatch(select, id, 0);
	free(id);
	return ret;
}

/* Turns the lists of SECTION as a counter turns its wheels: the last one fastest. */
static int expand_section(struct plan *plan, const struct section *section, const char *select,
			  struct error *err)
{
	struct plan_case start = { 0 };
	size_t total = 1;

	if (find_section_case(section, &start, err) || set_defaults(plan, &start, err))
		return -1;
	for (size_t i = 0; i < section->nr_axes; i++) {
		total *= section->axes[i].nr_values;
		if (total > MAX_PLAN_CASES)
			return error_set(err, "%s: stands for more than %d cases", section->where,
					 MAX_PLAN_CASES);
	}
	for (size_t n = 0; n < total; n++) {
		struct plan_case c = start;
		size_t rest = n;

		for (size_t i = section->nr_axes; i--;) {
			const struct axis *axis = &section->axes[i];

			if (set_value(&c, axis->key, axis->values[rest % axis->nr_values], err))
				return error_prefix(err, "%s", axis->where);
			rest /= axis->nr_values;
		}
		if (selected(section, &c, select) && add_case(plan, &c, err))
			return -1;
	}
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* An id names one case of a record, so a plan can't have it twice. */
static int check_unique(const struct plan *plan, struct error *err)
{
	char **ids = xcalloc(plan->nr_cases, sizeof(*ids));
	int ret = 0;

	for (size_t i = 0; i < plan->nr_cases; i++)
		ids[i] = plan_case_id(&plan->cases[i], NULL);
	qsort(ids, plan->nr_cases, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < plan->nr_cases && !ret; i++)
		if (!strcmp(ids[i - 1], ids[i]))
			ret = error_set(err, "%s: the case %s is there twice", plan->suite, ids[i]);
	for (size_t i = 0; i < plan->nr_cases; i++)
		free(ids[i]);
	free(ids);
	return ret;
}

static bool is_for_tier(const struct plan *plan, const struct section *section)
{
	return plan->tier == ANY_TIER || section->tiers >> plan->tier & 1;
}

int plan_expand(struct plan *plan, const char *select, struct error *err)
{
	plan->nr_cases = 0;
	for (size_t i = 0; i < plan->nr_sections; i++)
		if (is_for_tier(plan, &plan->sections[i]) &&
		    expand_section(plan, &plan->sections[i], select, err))
			return -1;
	if (!plan->nr_cases)
		return error_set(err,
				 "no case '%s' in suite %s; 'gntbench run --list' shows "
				 "those there are",
				 select ? select : "*", plan->suite);
	return check_unique(plan, err);
}

char *plan_case_id(const struct plan_case *c, const char *without)
{
	const struct {
		const char *key, *value;
	} names[] = {
		{ "granter", c->granter },
		{ "mapper", c->mapper },
		{ "hold", c->hold },
		{ "unmap_mode", c->unmap_mode },
	};
	char *id = NULL;
	size_t size;
	FILE *out = xmemstream(&id, &size);

	fprintf(out, "%s", c->info->name);
	if (*c->op && (!without || strcmp(without, "op")))
		fprintf(out, ":%s", c->op);
	for (int i = GNTBENCH_P_TIMEOUT_MS + 1; i < GNTBENCH_NR_PARAMS; i++)
		if (takes_param(c->info, i) && (!without || strcmp(without, param_infos[i].name)))
			fprintf(out, "/%s=%ju", param_infos[i].name, (uintmax_t)c->param[i]);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (*names[i].value && (!without || strcmp(without, names[i].key)))
			fprintf(out, "/%s=%s", names[i].key, names[i].value);
	xmemstream_end(out);
	return id;
}
