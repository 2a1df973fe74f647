// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctl's arguments: nothing of them is used before it was checked here. A refusal names the
 * value and the limit.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "bench.h"
#include "pages.h"
#include "unmap_modes.h"

struct param_limits {
	const char *name;
	const char *unit;
	u64 min;
	u64 max;
};

static const struct param_limits param_limits[GNTBENCH_NR_PARAMS] = {
#define GNTBENCH_PARAM(_id, _name, _unit, _min, _max, ...) \
	[GNTBENCH_P_##_id] = { .name = _name, .unit = _unit, .min = _min, .max = _max },
	GNTBENCH_PARAMS(GNTBENCH_PARAM)
#undef GNTBENCH_PARAM
};

#define FLAGS	(GNTBENCH_CHECK_ONLY | GNTBENCH_ALIGNED)

#define PARAMS_OF_ALL \
	(GNTBENCH_TAKES(SAMPLES) | GNTBENCH_TAKES(WARMUP) | GNTBENCH_TAKES(TIMEOUT_MS))

static bool takes(const struct bench *b, unsigned int id)
{
	return (b->the_case->info.params | PARAMS_OF_ALL) & (1ULL << id);
}

static int get_case(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < gntbench_nr_cases; i++) {
		b->the_case = &gntbench_cases[i];
		if (!strcmp(b->args->name, b->the_case->info.name))
			return 0;
	}
	return bench_why(b, -EINVAL, "unknown case '%s'", b->args->name);
}

/* Position of @word in the space-separated @list, or -EINVAL. */
static int find_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	int i;

	for (i = 0; *list; i++) {
		size_t n = strcspn(list, " ");

		if (n == len && !strncmp(list, word, len))
			return i;
		list += n;
		list += strspn(list, " ");
	}
	return -EINVAL;
}

static int get_op(struct bench *b)
{
	const char *ops = b->the_case->info.ops;
	int op;

	if (!b->args->op[0])
		return 0;
	op = find_word(ops, b->args->op);
	if (op < 0)
		return bench_why(b, op, "case %s has no op '%s'; it has: %s", b->args->name,
				 b->args->op, *ops ? ops : "none");
	b->op = op;
	return 0;
}

static int get_mode(struct bench *b)
{
	const char *name = b->args->unmap_mode;

	if (!takes(b, GNTBENCH_P_UNMAP_MODE)) {
		if (name[0])
			return bench_why(b, -EINVAL, "case %s takes no unmap_mode ('%s')",
					 b->args->name, name);
		return 0;
	}
	b->mode = unmap_mode_find(name);
	if (!b->mode)
		return bench_why(b, -EINVAL, "unknown unmap_mode '%s'; known: %s", name,
				 GNTBENCH_UNMAP_MODES);
	return 0;
}

static int check_params(struct bench *b)
{
	unsigned int i;

	for (i = 0; i < GNTBENCH_NR_PARAMS; i++) {
		const struct param_limits *p = &param_limits[i];
		u64 value = b->args->param[i];

		if (!takes(b, i)) {
			if (value)
				return bench_why(b, -EINVAL, "case %s takes no %s (%llu)",
						 b->args->name, p->name, value);
		} else if (value < p->min || value > p->max) {
			return bench_why(b, -EINVAL, "%s=%llu is not in %llu..%llu %s", p->name,
					 value, p->min, p->max, p->unit);
		}
	}
	return 0;
}

static int check_granter(struct bench *b)
{
	const struct gntbench_run *a = b->args;

	if (!takes(b, GNTBENCH_P_GRANTER)) {
		if (a->granter || a->grefs || a->nr_grefs)
			return bench_why(b, -EINVAL, "case %s takes no granter (%u, %u grefs)",
					 a->name, a->granter, a->nr_grefs);
		return 0;
	}
	if (a->granter == GNTBENCH_SELF) {
		if (a->grefs || a->nr_grefs)
			return bench_why(b, -EINVAL, "self-grants take no grefs (%u given)",
					 a->nr_grefs);
		return pages_can_self_grant(b);
	}
	if (a->granter >= DOMID_FIRST_RESERVED)
		return bench_why(b, -EINVAL, "granter=%u is not a domain id (0..%u)", a->granter,
				 DOMID_FIRST_RESERVED - 1);
	if (a->nr_grefs < 1 || a->nr_grefs > GNTBENCH_MAX_PAGES || !a->grefs)
		return bench_why(b, -EINVAL, "%u grefs from domain %u: 1..%u are needed",
				 a->nr_grefs, a->granter, GNTBENCH_MAX_PAGES);
	return 0;
}

static int check_holds(struct bench *b)
{
	const struct gntbench_run *a = b->args;
	u64 nr;

	if (!takes(b, GNTBENCH_P_HOLDS)) {
		if (a->hold_ns || a->nr_holds)
			return bench_why(b, -EINVAL, "case %s takes no hold times (%u given)",
					 a->name, a->nr_holds);
		return 0;
	}
	nr = a->param[GNTBENCH_P_SAMPLES] * bench_nr_holds(b);
	if (nr > GNTBENCH_MAX_HOLDS)
		return bench_why(b, -EINVAL, "%llu hold times (samples * busy pages): limit %u", nr,
				 GNTBENCH_MAX_HOLDS);
	if (a->nr_holds != nr || (nr && !a->hold_ns))
		return bench_why(b, -EINVAL, "%u hold times given, %llu needed", a->nr_holds, nr);
	return 0;
}

static int check_hold_ns(struct bench *b)
{
	u32 i;

	for (i = 0; i < b->args->nr_holds; i++)
		if (b->hold_ns[i] > GNTBENCH_MAX_HOLD_NS)
			return bench_why(b, -EINVAL, "hold time %u is %llu ns, limit %llu", i,
					 b->hold_ns[i], GNTBENCH_MAX_HOLD_NS);
	return 0;
}

static int check_pages(struct bench *b)
{
	u64 nr_pages = pages_needed(b);

	if (nr_pages > GNTBENCH_MAX_PAGES)
		return bench_why(b, -EINVAL, "%llu pages (batch * requests * vcpus): limit %u",
				 nr_pages, GNTBENCH_MAX_PAGES);
	if (b->args->nr_grefs && b->args->nr_grefs < nr_pages)
		return bench_why(b, -EINVAL, "%u grefs given, %llu needed", b->args->nr_grefs,
				 nr_pages);
	return 0;
}

static int check_values(struct bench *b)
{
	u64 nr_values = b->args->param[GNTBENCH_P_SAMPLES] * b->nr_metrics;

	if (nr_values > GNTBENCH_MAX_VALUES)
		return bench_why(b, -EINVAL, "%llu samples of %u metrics: %llu values, limit %u",
				 b->args->param[GNTBENCH_P_SAMPLES], b->nr_metrics, nr_values,
				 GNTBENCH_MAX_VALUES);
	if (b->args->flags & GNTBENCH_CHECK_ONLY)
		return 0;
	if (b->args->nr_values < nr_values || !b->args->values)
		return bench_why(b, -EINVAL, "room for %llu values, %llu needed",
				 b->args->values ? b->args->nr_values : 0, nr_values);
	return 0;
}

static int check_rest(struct bench *b)
{
	const struct gntbench_run *a = b->args;

	if (a->flags & ~FLAGS)
		return bench_why(b, -EINVAL, "flags=%#x: only %#x is known", a->flags, FLAGS);
	if (a->fault && !gntbench_faults)
		return bench_why(b, -EINVAL, "fault=%u: load the module with faults=1", a->fault);
	if (a->fault >= GNTBENCH_NR_FAULTS)
		return bench_why(b, -EINVAL, "fault=%u is not in 0..%u", a->fault,
				 GNTBENCH_NR_FAULTS - 1);
	return 0;
}

static int check_abi(struct bench *b)
{
	struct gntbench_run *a = b->args;

	if (a->abi != GNTBENCH_ABI)
		return bench_why(b, -EPROTO,
				 "gntbench speaks ABI %#x, the module %#x: build both from one tree",
				 a->abi, GNTBENCH_ABI);
	if (strnlen(a->name, sizeof(a->name)) == sizeof(a->name) ||
	    strnlen(a->op, sizeof(a->op)) == sizeof(a->op) ||
	    strnlen(a->unmap_mode, sizeof(a->unmap_mode)) == sizeof(a->unmap_mode))
		return bench_why(b, -EINVAL, "a name is longer than %u bytes",
				 GNTBENCH_NAME_LEN - 1);
	return 0;
}

static unsigned int count_metrics(const struct gntbench_case_info *info)
{
	unsigned int n = 0;

	while (info->metrics[n].name)
		n++;
	return n;
}

/* Returns a kvmalloc'ed copy of @nr elements of @size at @user, NULL for none, or an ERR_PTR(). */
static void *copy_array(u64 user, u32 nr, size_t size)
{
	void *copy;

	if (!nr)
		return NULL;
	copy = kvmalloc_array(nr, size, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(copy, u64_to_user_ptr(user), nr * size)) {
		kvfree(copy);
		return ERR_PTR(-EFAULT);
	}
	return copy;
}

static int get_arrays(struct bench *b)
{
	const struct gntbench_run *a = b->args;
	void *copy;

	copy = copy_array(a->grefs, a->nr_grefs, sizeof(*b->grefs));
	if (IS_ERR(copy))
		return bench_why(b, PTR_ERR(copy), "can't read %u grefs", a->nr_grefs);
	b->grefs = copy;

	copy = copy_array(a->hold_ns, a->nr_holds, sizeof(*b->hold_ns));
	if (IS_ERR(copy))
		return bench_why(b, PTR_ERR(copy), "can't read %u hold times", a->nr_holds);
	b->hold_ns = copy;
	return 0;
}

static int alloc_values(struct bench *b)
{
	b->values = kvmalloc_array(b->args->param[GNTBENCH_P_SAMPLES],
				   b->nr_metrics * sizeof(*b->values), GFP_KERNEL | __GFP_ZERO);
	b->interrupts = kvcalloc(b->args->param[GNTBENCH_P_SAMPLES], sizeof(*b->interrupts),
				 GFP_KERNEL);
	if (!b->values || !b->interrupts)
		return bench_why(b, -ENOMEM, "no memory for %llu samples",
				 b->args->param[GNTBENCH_P_SAMPLES]);
	return 0;
}

typedef int (*check_t)(struct bench *b);

static int check_valid(struct bench *b)
{
	return b->the_case->ops->valid ? b->the_case->ops->valid(b) : 0;
}

static int count_row(struct bench *b)
{
	b->nr_metrics = count_metrics(&b->the_case->info);
	return 0;
}

static const check_t checks[] = {
	check_abi, check_rest, get_case, count_row, get_op, get_mode, check_params,
	check_granter, check_holds, check_pages, check_values, get_arrays, check_hold_ns,
	check_valid,
};

int bench_args_get(struct bench *b)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		err = checks[i](b);
		if (err)
			return err;
	}
	return b->args->flags & GNTBENCH_CHECK_ONLY ? 0 : alloc_values(b);
}

void bench_args_put(struct bench *b)
{
	kvfree(b->interrupts);
	kvfree(b->values);
	kvfree(b->hold_ns);
	kvfree(b->grefs);
}
