// SPDX-License-Identifier: GPL-2.0
/* gntbench run: a suite into a record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "record/stamp.h"
#include "record/tier.h"
#include "run/drivers/driver.h"
#include "run/environment.h"
#include "run/run.h"
#include "run/suite.h"

struct args {
	const char *suite;
	const char *select;
	struct texts sets;
	const char *tier;
	const char *lab;
	const char *output;
	const char *interleave;
	const char *keep;
	enum gntbench_fault fault;
	bool list;
};

static const char *const fault_names[GNTBENCH_NR_FAULTS] = { [GNTBENCH_F_NONE] = "none",
#define GNTBENCH_FAULT(id, name, what) [GNTBENCH_F_##id] = name,
							     GNTBENCH_FAULTS(GNTBENCH_FAULT)
#undef GNTBENCH_FAULT
};

static int take_fault(void *field, const char *text, struct error *err)
{
	for (int i = 0; i < GNTBENCH_NR_FAULTS; i++)
		if (!strcmp(fault_names[i], text)) {
			*(enum gntbench_fault *)field = i;
			return 0;
		}
	return error_set(err, "unknown; GNTBENCH_FAULTS of kbench/gntbench_abi.h has them");
}

static const struct option_row rows[] = {
	{ "suite", 's', "NAME|FILE", "the cases to run (default: default)", TO_TEXT(suite) },
	{ "case", 'c', "NAME", "only this case, section, or pattern of ids: 'map_unmap/batch=32/*'",
	  TO_TEXT(select) },
	{ "set", 'S', "KEY=VALUES", "in place of what the suite says; can be given often",
	  TO_TEXTS(sets) },
	{ "interleave", 'i', "KEY",
	  "cases that differ only in KEY (default: unmap_mode) take turns, in blocks; none: they "
	  "don't, whatever the suite says",
	  TO_TEXT(interleave), .otherwise = "unmap_mode" },
	{ "tier", 't', "TIER", "one of what list shows (default: $LAB_TIER, or host)",
	  TO_TEXT(tier) },
	{ "lab", 'L', "FILE", "lab.json: what the guest can't know of its machine", TO_TEXT(lab) },
	{ "output", 'o', "FILE", "where the record goes (default: record.json)", TO_TEXT(output) },
	{ "keep", 0, "COMMAND",
	  "run COMMAND NAME with each case that has ended on its stdin, lest this machine dies",
	  TO_TEXT(keep) },
	{ "fault", 0, "NAME", "break something on purpose, for tests; needs the module's faults=1",
	  TO_TAKE(fault, take_fault) },
	{ "list", 'l', NULL, "show the ids of the cases, run nothing", TO_FLAG(list) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.what = "Runs the cases of a suite and leaves a record.\v"
		"Exit status: 0 all cases ran; 1 an oracle was broken; 2 a case or the environment "
		"had an error. The record is written in all three cases if any case could start.",
};

/* A case of that name that no section of the suite has: one section of its own, with defaults. */
static int add_selected(struct plan *plan, const char *select, struct error *err)
{
	for (size_t i = 0; i < plan->nr_sections; i++)
		if (!strcmp(plan->sections[i].case_name, select) ||
		    !strcmp(plan->sections[i].name, select))
			return 0;
	if (!find_case(select, NULL))
		return 0;
	return plan_add_section(plan, select, "--case", err) ? 0 : -1;
}

/* What the user says goes before what the suite says; a key that nothing takes is wrong here, too. */
static int set_interleave(struct plan *plan, const char *key, struct error *err)
{
	if (!key)
		return 0;
	plan->interleave = key;
	for (size_t i = 0; i < plan->nr_cases; i++)
		if (case_takes(plan->cases[i].info, key))
			return 0;
	if (strcmp(key, "none"))
		return error_set(err, "--interleave=%s: no case of this run takes %s", key, key);
	plan->interleave = NULL;
	return 0;
}

static int choose_tier(const struct args *args, struct error *err)
{
	const char *name = args->tier ?: getenv("LAB_TIER") ?: "host";
	int tier = tier_by_name(name);

	if (tier < 0)
		error_set(err, "unknown tier '%s': there are %s", name, tier_list());
	return tier;
}

static int make_plan(struct plan *plan, const struct args *args, struct error *err)
{
	int tier = choose_tier(args, err);

	if (tier < 0)
		return -1;
	if (!args->list || args->tier)
		plan->tier = tier;
	if (plan_read_suite(plan, args->suite, err))
		return -1;
	if (args->select && add_selected(plan, args->select, err))
		return -1;
	for (size_t i = 0; i < args->sets.nr; i++)
		if (plan_override(plan, args->sets.all[i], err))
			return -1;
	return plan_expand(plan, args->select, err) ?: set_interleave(plan, args->interleave, err);
}

static void list_ids(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nr_cases; i++) {
		char *id = plan_case_id(&plan->cases[i], NULL);

		puts(id);
		free(id);
	}
}

static void head(struct record *rec, const struct plan *plan, int argc, char **argv)
{
	rec->suite = plan->suite;
	rec->tier = plan->tier;
	rec->unit = tier_unit(rec->tier);
	rec->emulated = tiers[rec->tier].emulated || machine_is_qemu();
	if (!tiers[rec->tier].emulated && rec->emulated)
		record_warn(rec, "tier host in a QEMU machine: not the times of a real one; the "
				 "lab's tiers are exact and wall");
	rec->command = record_alloc(rec, argc + 1, sizeof(*rec->command));
	rec->command[rec->nr_command++] = "gntbench";
	rec->command[rec->nr_command++] = "run";
	for (int i = 1; i < argc; i++)
		rec->command[rec->nr_command++] = argv[i];
}

/* A lab's file that can't be read doesn't cost the run; it ends with an error. */
static int describe_machine(struct record *rec, const struct args *args,
			    const struct gntbench_info *info)
{
	json_t *lab = NULL;
	struct error err;
	int ret = STATUS_OK;

	if (args->lab) {
		lab = lab_read(args->lab, &err);
		if (!lab)
			ret = error_print(&err);
	}
	stamp(rec);
	environment_fill(rec, info, lab);
	json_decref(lab);
	return ret;
}

static int finish(struct record *rec, const struct args *args)
{
	struct error err;

	for (size_t i = 0; i < rec->nr_warnings; i++)
		fprintf(stderr, "gntbench: warning: %s\n", rec->warnings[i]);
	if (record_write(rec, args->output, &err))
		return error_print(&err);
	printf("record: %s\n", args->output);
	return STATUS_OK;
}

static int run(const struct args *args, const struct plan *plan, int argc, char **argv)
{
	struct run_options run_options = { .fault = args->fault, .keep = args->keep };
	struct gntbench_info info;
	struct record *rec;
	struct error err;
	int ret;

	if (kbench_info(&info, &err) || tier_prove(plan->tier, &info, &err))
		return error_print(&err);
	rec = record_new();
	head(rec, plan, argc, argv);
	tier_warn(rec, &info);
	run_options.tick_khz = info.tick_khz;
	/* Turns are against drift and noise, which the exact tier has none of. */
	if (rec->tier != TIER_EXACT || args->interleave)
		run_options.interleave = rec->interleave = plan->interleave;
	ret = describe_machine(rec, args, &info);
	run_plan(rec, plan, &run_options);
	if (finish(rec, args))
		ret = STATUS_ERROR;
	ret = ret ?: (int)run_status(rec);
	record_free(rec);
	return ret;
}

int cmd_run(int argc, char **argv)
{
	struct args args = { .suite = "default", .output = "record.json" };
	struct error err;
	struct plan *plan;
	int ret = STATUS_OK;

	options_parse(&options, argc, argv, &args);
	plan = plan_new();
	if (make_plan(plan, &args, &err))
		ret = error_print(&err);
	else if (args.list)
		list_ids(plan);
	else
		ret = run(&args, plan, argc, argv);
	plan_free(plan);
	return ret;
}
