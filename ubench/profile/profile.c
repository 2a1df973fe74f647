// SPDX-License-Identifier: GPL-2.0
/* A profile in memory, and its file. */
#include "profile/profile.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/pool.h"

const char *const profile_event_names[NR_PROFILE_EVENTS] = {
	[PROFILE_TLB_FLUSHES] = "tlb_flushes",
	[PROFILE_IPIS] = "ipis",
	[PROFILE_ATOMICS] = "atomics",
	[PROFILE_PTE_WRITES] = "pte_writes",
};

struct profile *profile_new(void)
{
	struct profile *p = xcalloc(1, sizeof(*p));

	pool_init(&p->pool);
	return p;
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	pool_free(&p->pool);
	free(p);
}

const char *profile_environment(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->nr_environment; i++)
		if (!strcmp(p->environment[i].name, name) && *p->environment[i].text)
			return p->environment[i].text;
	return "?";
}

const char *profile_hypercall(const struct profile_phase *phase, const struct profile_frame *f)
{
	if (f->parent < 0 || strcmp(f->image, "Xen") || strncmp(f->function, "do_", 3) ||
	    strcmp(phase->frames[f->parent].function, "pv_hypercall"))
		return NULL;
	return f->function + 3;
}

uint64_t profile_hypercalls(const struct profile_phase *phase)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < phase->nr_frames; i++)
		if (profile_hypercall(phase, &phase->frames[i]))
			sum += phase->frames[i].calls;
	return sum;
}

uint64_t profile_event_sum(const struct profile_phase *phase, enum profile_event event)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < phase->nr_frames; i++)
		sum += phase->frames[i].events[event];
	return sum;
}

/* Writing */

static json_t *frame_to_json(const struct profile_frame *f)
{
	json_t *row = json_pack("[i, s, s, I, I]", f->parent, f->image, f->function,
				(json_int_t)f->calls, (json_int_t)f->insns);

	for (int i = 0; i < NR_PROFILE_EVENTS; i++)
		json_array_append_new(row, json_integer(f->events[i]));
	return row;
}

static void put(json_t *to, const char *name, uint64_t value)
{
	json_object_set_new(to, name, json_integer(value));
}

/* Rows are arrays: names first, then numbers. */

static json_t *lines_rows(const struct profile_phase *phase)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < phase->nr_lines; i++) {
		const struct profile_lines *l = &phase->lines[i];

		json_array_append_new(rows, json_pack("[s, s, I, I, I, I, I]", l->owner, l->name,
						      l->lines, l->written, l->transfers,
						      l->invalidations, l->false_sharing));
	}
	return rows;
}

static json_t *touch_rows(const struct profile_phase *phase)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < phase->nr_touches; i++) {
		const struct profile_touch *t = &phase->touches[i];

		json_array_append_new(rows, json_pack("[s, s, I, I]", t->image, t->function,
						      t->lines, t->written));
	}
	return rows;
}

static json_t *transfer_rows(const struct profile_phase *phase)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < phase->nr_from; i++) {
		const struct profile_transfer *t = &phase->from[i];

		json_array_append_new(rows, json_pack("[s, s, s, s, s, s, I, I]", t->owner, t->name,
						      t->image, t->function, t->from_image,
						      t->from_function, t->count,
						      (json_int_t)t->false_sharing));
	}
	return rows;
}

static json_t *lock_rows(const struct profile_phase *phase)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < phase->nr_locks; i++) {
		const struct profile_lock *k = &phase->locks[i];

		json_array_append_new(rows, json_pack("[s, s, s, s, I, I, I, I]", k->owner, k->name,
						      k->image, k->function, k->taken, k->held,
						      k->transfers, k->waited));
	}
	return rows;
}

static json_t *memory_to_json(const struct profile_phase *phase)
{
	json_t *to = json_object();

	put(to, "lines", phase->touched);
	put(to, "written", phase->written);
	put(to, "pages", phase->pages);
	put(to, "transfers", phase->transfers);
	put(to, "invalidations", phase->invalidations);
	put(to, "same", phase->nr_same_lines);
	put(to, "steps", phase->steps);
	put(to, "turns", phase->turns);
	json_object_set_new(to, "owners", lines_rows(phase));
	json_object_set_new(to, "functions", touch_rows(phase));
	json_object_set_new(to, "from", transfer_rows(phase));
	json_object_set_new(to, "locks", lock_rows(phase));
	return to;
}

static json_t *phase_to_json(const struct profile_phase *phase)
{
	json_t *to = json_object(), *frames = json_array();

	json_object_set_new(to, "case", json_string(phase->case_id));
	json_object_set_new(to, "phase", json_string(phase->name));
	json_object_set_new(to, "per", json_string(phase->per));
	put(to, "divisor", phase->divisor);
	put(to, "insns", phase->insns);
	put(to, "idle", phase->idle);
	json_object_set_new(to, "median", json_real(phase->median));
	put(to, "samples", phase->nr_samples);
	put(to, "typical", phase->nr_typical);
	put(to, "agree", phase->nr_agree);
	for (size_t i = 0; i < phase->nr_frames; i++)
		json_array_append_new(frames, frame_to_json(&phase->frames[i]));
	json_object_set_new(to, "frames", frames);
	json_object_set_new(to, "memory", memory_to_json(phase));
	return to;
}

static json_t *to_json(const struct profile *p)
{
	json_t *to = json_object(), *environment = json_object(), *list = json_array();

	put(to, "gntbench_profile", PROFILE_VERSION);
	put(to, "vcpus", p->nr_vcpus);
	if (p->marks_only)
		json_object_set_new(to, "marks_only", json_true());
	for (size_t i = 0; i < p->nr_environment; i++) {
		const struct record_field *f = &p->environment[i];

		json_object_set_new(environment, f->name,
				    f->is_number ? json_integer(f->number) : json_string(f->text));
	}
	json_object_set_new(to, "environment", environment);
	for (size_t i = 0; i < p->nr_hints; i++)
		json_array_append_new(list, json_string(p->hints[i]));
	json_object_set_new(to, "hints", list);
	list = json_array();
	for (int i = 0; i < NR_PROFILE_EVENTS; i++)
		json_array_append_new(list, json_string(profile_event_names[i]));
	json_object_set_new(to, "events", list);
	list = json_array();
	for (size_t i = 0; i < p->nr_phases; i++)
		json_array_append_new(list, phase_to_json(&p->phases[i]));
	json_object_set_new(to, "phases", list);
	return to;
}

int profile_write(const struct profile *p, const char *path, struct error *err)
{
	struct new_file file;
	json_t *json;
	int ret;

	if (file_begin(&file, path, err))
		return -1;
	json = to_json(p);
	ret = file_end(&file,
		       json_dumpf(json, file.out, JSON_COMPACT) || fputc('\n', file.out) == EOF,
		       err);
	json_decref(json);
	return ret;
}

/* Reading */

static int read_frame(struct profile *p, struct profile_phase *phase, json_t *row)
{
	struct profile_frame *f = &phase->frames[phase->nr_frames];
	const char *image, *function;
	json_int_t calls, insns;

	if (json_unpack(row, "[i, s, s, I, I]", &f->parent, &image, &function, &calls, &insns) ||
	    json_array_size(row) != 5 + NR_PROFILE_EVENTS || f->parent < -1 ||
	    f->parent >= (int)phase->nr_frames)
		return -1;
	f->image = pool_strdup(&p->pool, image);
	f->function = pool_strdup(&p->pool, function);
	f->calls = calls;
	f->insns = insns;
	for (int i = 0; i < NR_PROFILE_EVENTS; i++)
		f->events[i] = json_integer_value(json_array_get(row, 5 + i));
	phase->nr_frames++;
	return 0;
}

/*
 * Reads rows of @nr_names names, then numbers, to structs that have just that: the names,
 * then the numbers as uint64_t.
 */
static void *read_rows(struct profile *p, json_t *rows, size_t nr_names, size_t nr_numbers,
		       size_t *nr)
{
	size_t size = nr_names * sizeof(char *) + nr_numbers * sizeof(uint64_t), i, k;
	char *all = pool_alloc(&p->pool, json_array_size(rows) + 1, size);
	json_t *row, *cell;

	*nr = 0;
	json_array_foreach(rows, i, row) {
		const char **names = (const char **)(all + i * size);
		uint64_t *numbers = (uint64_t *)(names + nr_names);

		if (json_array_size(row) != nr_names + nr_numbers)
			return NULL;
		for (k = 0; k < nr_names + nr_numbers; k++) {
			cell = json_array_get(row, k);
			if (k < nr_names ? !json_is_string(cell) : !json_is_integer(cell))
				return NULL;
			if (k < nr_names)
				names[k] = pool_strdup(&p->pool, json_string_value(cell));
			else
				numbers[k - nr_names] = json_integer_value(cell);
		}
		++*nr;
	}
	return all;
}

static int read_memory(struct profile *p, struct profile_phase *phase, json_t *from)
{
	json_int_t lines, written, pages, transfers, invalidations, same, steps, turns;
	json_t *owners, *functions, *transfer, *locks;

	if (json_unpack(from, "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}",
			"lines", &lines, "written", &written, "pages", &pages, "transfers",
			&transfers, "invalidations", &invalidations, "same", &same, "steps", &steps,
			"turns", &turns, "owners", &owners, "functions", &functions, "from",
			&transfer, "locks", &locks))
		return -1;
	phase->touched = lines;
	phase->written = written;
	phase->pages = pages;
	phase->transfers = transfers;
	phase->invalidations = invalidations;
	phase->nr_same_lines = same;
	phase->steps = steps;
	phase->turns = turns;
	phase->lines = read_rows(p, owners, 2, 5, &phase->nr_lines);
	phase->touches = read_rows(p, functions, 2, 2, &phase->nr_touches);
	phase->from = read_rows(p, transfer, 6, 2, &phase->nr_from);
	phase->locks = read_rows(p, locks, 4, 4, &phase->nr_locks);
	return phase->lines && phase->touches && phase->from && phase->locks ? 0 : -1;
}

static int read_phase(struct profile *p, json_t *from)
{
	struct profile_phase *phase = &p->phases[p->nr_phases];
	json_int_t divisor, insns, idle, samples, typical, agree;
	const char *case_id, *name, *per;
	double median;
	json_t *frames, *memory, *row;
	size_t i;

	if (json_unpack(from, "{s:s, s:s, s:s, s:I, s:I, s:I, s:F, s:I, s:I, s:I, s:o, s:o}",
			"case", &case_id, "phase", &name, "per", &per, "divisor", &divisor, "insns",
			&insns, "idle", &idle, "median", &median, "samples", &samples, "typical",
			&typical, "agree", &agree, "frames", &frames, "memory", &memory) ||
	    divisor < 1)
		return -1;
	*phase = (struct profile_phase) {
		.case_id = pool_strdup(&p->pool, case_id),
		.name = pool_strdup(&p->pool, name),
		.per = pool_strdup(&p->pool, per),
		.divisor = divisor,
		.insns = insns,
		.idle = idle,
		.median = median,
		.nr_samples = samples,
		.nr_typical = typical,
		.nr_agree = agree,
	};
	phase->frames = pool_alloc(&p->pool, json_array_size(frames) + 1, sizeof(*phase->frames));
	json_array_foreach(frames, i, row) {
		if (read_frame(p, phase, row))
			return -1;
	}
	if (read_memory(p, phase, memory))
		return -1;
	p->nr_phases++;
	return 0;
}

static void read_environment(struct profile *p, json_t *from)
{
	const char *name;
	json_t *value;

	p->environment = pool_alloc(&p->pool, json_object_size(from) + 1, sizeof(*p->environment));
	json_object_foreach(from, name, value) {
		struct record_field *f = &p->environment[p->nr_environment++];

		f->name = pool_strdup(&p->pool, name);
		f->is_number = json_is_integer(value);
		f->number = json_integer_value(value);
		f->text = f->is_number ? pool_printf(&p->pool, "%jd", (intmax_t)f->number) :
					 pool_strdup(&p->pool, json_string_value(value) ?: "");
	}
}

static int read_all(struct profile *p, json_t *json)
{
	json_t *environment, *hints, *phases, *item;
	size_t i;
	int nr_vcpus;

	if (json_unpack(json, "{s:i, s:o, s:o, s:o}", "vcpus", &nr_vcpus, "environment",
			&environment, "hints", &hints, "phases", &phases))
		return -1;
	p->nr_vcpus = nr_vcpus;
	p->marks_only = json_is_true(json_object_get(json, "marks_only"));
	read_environment(p, environment);
	p->hints = pool_alloc(&p->pool, json_array_size(hints) + 1, sizeof(*p->hints));
	json_array_foreach(hints, i, item)
		p->hints[p->nr_hints++] = pool_strdup(&p->pool, json_string_value(item) ?: "?");
	p->phases = pool_alloc(&p->pool, json_array_size(phases) + 1, sizeof(*p->phases));
	json_array_foreach(phases, i, item) {
		if (read_phase(p, item))
			return -1;
	}
	return 0;
}

struct profile *profile_read(const char *path, struct error *err)
{
	json_error_t where;
	json_t *json = json_load_file(path, 0, &where);
	struct profile *p = NULL;
	json_int_t version;

	if (!json) {
		error_set(err, "can't read the profile %s: %s", path, where.text);
		return NULL;
	}
	version = json_integer_value(json_object_get(json, "gntbench_profile"));
	if (version != PROFILE_VERSION) {
		error_set(err, "%s is not a profile of version %d (gntbench_profile is %s)", path,
			  PROFILE_VERSION, version ? "another one" : "missing");
	} else {
		p = profile_new();
		if (read_all(p, json)) {
			error_set(err, "%s: a field of the profile is missing or of the wrong kind",
				  path);
			profile_free(p);
			p = NULL;
		}
	}
	json_decref(json);
	return p;
}
