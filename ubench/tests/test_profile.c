// SPDX-License-Identifier: GPL-2.0
/* Profiles: names of addresses, what the plugin wrote, what adds up, what is refused. */
#include "test.h"

#include <math.h>
#include <time.h>

#include "base/array.h"
#include "base/pool.h"
#include "profile/cost.h"
#include "profile/profile.h"
#include "profile/svg.h"

/* Written in the form of nm and of /proc/kallsyms. */
static const char names[] = "0000000000000000 A absolute\n"
			    "ffff82d040201000 T _stextentry\n"
			    "ffff82d040201000 t restore_all_guest\n"
			    "ffff82d040201190 T lstar_enter\n"
			    "ffff82d0402f2650 T pv_hypercall\n"
			    "ffff82d0402f3000 T do_grant_table_op\n"
			    "ffff82d0402f4000 t unmap_common.constprop.0\n"
			    "ffff82d0402f5000 T replace_grant_pv_mapping\n"
			    "ffff82d0402f6000 T flush_area_local\n"
			    "ffff82d0402f7000 T __x86_return_thunk\n"
			    "ffff82d0402f8000 D data\n"
			    "ffff82d0402f9000 T get_page\n"
			    "ffff82d0402fa000 T _spin_lock\n"
			    "ffffffff81000100 T gnttab_unmap_refs\n"
			    "ffffffff81000200 T xen_hypercall_pv\n"
			    "ffffffffc0001000 t batch_unmap\t[gntbench]\n";

/* One vCPU; two samples and a third with a tick in it; batch 2. */
static const char raw_text[] =
	"gntbench-insn-profile 2\n"
	"vcpus 1\n"
	"node 0 -1 vcpu 0 0\n"
	"node 1 0 begin 0 ffffffffc0001010\n"
	"node 2 1 call ffffffffc0001020 ffffffff81000100\n"
	"node 3 2 call ffffffff81000110 ffffffff81000200\n"
	"node 4 3 trap ffffffff81000203 ffff82d040201190\n"
	"node 5 4 call ffff82d0402011a0 ffff82d0402f2650\n"
	"node 6 5 call ffff82d0402f2660 ffff82d0402f3000\n"
	"node 7 6 call ffff82d0402f3010 ffff82d0402f4000\n"
	"node 8 7 call ffff82d0402f5008 ffff82d0402f9000\n" /* get_page, for the PTE */
	"node 9 7 call ffff82d0402f4018 ffff82d0402fa000\n" /* _spin_lock */
	"profile 0\n"
	"i 1 ffffffffc0001014 3 -\n"
	"c 2 1\n"
	"i 2 ffffffff81000100 1 -\n"
	"c 3 1\n"
	"i 3 ffffffff81000200 1 -\n"
	"i 3 ffffffff81000203 1 syscall\n"
	"c 4 1\n"
	"i 4 ffff82d040201190 1 -\n"
	"i 4 ffff82d040201000 4 -\n" /* restore_all_guest, jumped to */
	"i 5 ffff82d0402f2650 1 -\n"
	"i 6 ffff82d0402f3000 1 -\n"
	"c 7 2\n"
	"i 7 ffff82d0402f4000 2 -\n"
	"i 7 ffff82d0402f4008 2 atomic\n"
	"i 7 ffff82d0402f5004 2 store\n" /* replace_grant_pv_mapping, jumped to */
	"i 7 ffff82d0402f6010 1 cr3\n"
	"i 7 ffff82d0402f6018 1 cr4\n"
	"i 7 ffff82d0402f6020 1 invlpg\n"
	"i 7 ffff82d0402f6028 1 invpcid\n"
	"i 7 ffff82d0402f7000 5 -\n" /* a thunk: unmap_common's */
	"e 7 ffff82d0402f4010 1 ipi\n"
	"c 8 2\n"
	"i 8 ffff82d0402f9000 2 -\n"
	"profile 1\n"
	"i 1 ffffffffc0001014 40 -\n"
	"known 0 5000 1\n" /* the granted page */
	"known 2 9000 2\n" /* of another case: nothing here */
	"set 0\n"
	"l 1000 ffffea0000001000 1 0 0\n" /* struct page */
	"l 2040 ffff82d0402f8040 1 3 1\n" /* data */
	"l 2080 ffff82d0402f8080 9 1 0\n" /* data again, falsely shared */
	"l 3000 ffffc90000003000 5 0 0\n" /* a stack */
	"l 5000 ffff888000005000 0 0 0\n" /* granted */
	"l 6000 ffff888000006000 0 0 0\n" /* a heap */
	"l 9000 ffff888000009000 0 0 0\n" /* another line of it */
	"u 0 ffffffff81000104 1\n"
	"u 1 ffff82d0402f4000 1\n"
	"u 1 ffff82d0402f4008 0\n" /* the same function */
	"u 2 ffff82d0402f4008 1\n"
	"u 3 ffffffff81000100 1\n"
	"u 4 ffffffffc0001014 0\n"
	"u 5 ffffffff81000104 0\n"
	"u 5 ffffffffc0001014 0\n" /* not the first */
	"u 6 ffffffff81000108 0\n"
	"t 1 ffff82d0402f4000 ffffffff81000104 2\n"
	"t 1 ffff82d0402f4008 ffffffff81000108 1\n"
	"t 2 ffff82d0402f4008 ffffffff81000104 1\n"
	"k 2040 ffff82d0402f8040 ffff82d0402fa000 9 4 40 3 1\n"
	"k 2044 ffff82d0402f8044 ffff82d0402f4000 7 9 9 9 9\n" /* no lock: not by one's function */
	"window 1 2 30 0 0 7 4 7 4 1 0 2\n"
	"window 1 1 9 1 -1 0 0 0 0 0 0 0\n" /* a map: of another phase */
	"window 1 2 40 1 -1 8 4 7 4 1 0 2\n"
	"window 1 2 30 0 0 7 4 7 4 1 0 2\n"
	"runs 1\n"
	"dropped 0\n"
	"end\n";

static char dir[] = "/tmp/test_profile.XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static const char *put(const char *name, const char *text)
{
	put_file(in_dir(name), text, strlen(text));
	return in_dir(name);
}

static struct symbols *read_names(void)
{
	struct symbols *syms = symbols_new();
	struct error err;

	assert_int_equal(symbols_read(syms, put("names", names), &err), 0);
	return syms;
}

static void assert_symbol(struct symbols *syms, uint64_t address, const char *image,
			  const char *function)
{
	struct symbol s = symbols_find(syms, address);

	assert_string_equal(s.image, image);
	if (!function)
		assert_null(s.function);
	else
		assert_string_equal(s.function, function);
}

static void finds_symbols(void **state)
{
	struct symbols *syms = read_names();

	(void)state;
	assert_symbol(syms, 0xffff82d040201190, "Xen", "lstar_enter");
	assert_symbol(syms, 0xffff82d0402f264f, "Xen", NULL);		     /* too far behind */
	assert_symbol(syms, 0xffff82d040201005, "Xen", "restore_all_guest"); /* no marker */
	assert_symbol(syms, 0xffff82d0402f4abc, "Xen", "unmap_common");
	assert_symbol(syms, 0xffff82d0402f8001, "Xen", NULL); /* data */
	assert_symbol(syms, 0xffff82d07fffe004, "Xen", "(syscall stub)");
	assert_symbol(syms, 0xffffffff810001ff, "Linux", "gnttab_unmap_refs");
	assert_symbol(syms, 0xffffffffc0001fff, "gntbench", "batch_unmap");
	assert_symbol(syms, 0xffffffffc0000000, "module", NULL);
	assert_symbol(syms, 0x401000, "user", NULL);
	assert_symbol(syms, 0xfffeffff810001ff, "domU", "gnttab_unmap_refs");
	assert_symbol(syms, 0xfffeffffc0001fff, "domU module", NULL);
	assert_has(symbols_hint("Xen"), "xen-hypervisor-VERSION-amd64-dbg");
	assert_has(symbols_hint("Linux"), "CONFIG_KALLSYMS_ALL");
	symbols_free(syms);
}

/* What is called back for a grant is a driver's work, and what that asks of grants is grants again. */
static void finds_grants(void **state)
{
	struct profile_frame frames[] = {
		{ .parent = -1, .image = "", .function = "vCPU 0", .insns = 1 },
		{ .parent = 0, .image = "xen_blkback", .function = "unmap", .insns = 2 },
		{ .parent = 1, .image = "Linux", .function = "gnttab_unmap_refs_async", .insns = 4 },
		{ .parent = 2,
		  .image = "Linux",
		  .function = "__gnttab_unmap_refs_async",
		  .insns = 8 },
		{ .parent = 3, .image = "Xen", .function = "do_grant_table_op", .insns = 16 },
		{ .parent = 3, .image = "xen_blkback", .function = "respond", .insns = 32 },
		{ .parent = 5, .image = "Linux", .function = "gnttab_page_cache_put", .insns = 64 },
		{ .parent = 1, .image = "Xen", .function = "do_sched_op", .insns = 128 },
		{ .parent = 0, .image = "Linux", .function = "copy_gnttab_none", .insns = 256 },
	};
	const struct profile_phase phase = { .frames = frames, .nr_frames = ARRAY_SIZE(frames) };
	struct profile_function *grants;
	size_t nr;

	(void)state;
	grants = profile_grants(&phase, &nr);
	assert_int_equal(nr, 2);
	assert_string_equal(grants[0].function, "gnttab_page_cache_put");
	assert_int_equal(grants[0].total, 64);
	assert_string_equal(grants[1].function, "gnttab_unmap_refs_async");
	assert_int_equal(grants[1].total, 4 + 8 + 16);
	assert_int_equal(profile_grants_sum(&phase), 64 + 4 + 8 + 16);
	free(grants);
}

static void refuses_symbols(void **state)
{
	struct symbols *syms = symbols_new();
	struct error err;

	(void)state;
	assert_int_equal(symbols_read(syms, "/nowhere", &err), -1);
	assert_has(err.text, "/nowhere");
	assert_int_equal(symbols_read(syms, put("hidden", "0000000000000000 T foo\n"), &err), -1);
	assert_has(err.text, "kptr_restrict");
	symbols_free(syms);
}

static void refuses_raw(const char *text, const char *why)
{
	struct error err;

	assert_null(raw_read(put("bad", text), &err));
	assert_has(err.text, why);
}

static void refuses_raw_files(void **state)
{
	struct error err;

	(void)state;
	assert_null(raw_read("/nowhere", &err));
	refuses_raw("", "is not what the plugin");
	refuses_raw("gntbench-insn-profile 1\nend\n", "is not what the plugin");
	refuses_raw("gntbench-insn-profile 2\nvcpus 1\n", "cut short");
	refuses_raw("gntbench-insn-profile 2\nnode 1 -1 vcpu 0 0\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\nnode 0 0 vcpu 0 0\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\ni 0 1 1 -\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\nwindow 1 1 1 0\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\nl 0 0 0 0 0\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\nset 1\nend\n", ":2: not understood");
	refuses_raw("gntbench-insn-profile 2\nset 0\nu 0 0 0\nend\n", ":3: not understood");
	refuses_raw("gntbench-insn-profile 2\nset 0\nt 0 0 0 0\nend\n", ":3: not understood");
	refuses_raw("gntbench-insn-profile 2\nset 0\nk 0 0 0 0 0 0 0 0\nend\n",
		    ":3: not understood");
	refuses_raw("gntbench-insn-profile 2\nnode 0 -1 vcpu 0 0\nprofile 0\ni 0 1 1 what\nend\n",
		    ":4: not understood");
	refuses_raw("gntbench-insn-profile 2\nnode 0 -1 vcpu 0 0\nprofile 0\ni 9 1 1 -\nend\n",
		    ":4: not understood");
}

/* A record of one case with one metric, "unmap", of these samples. */
static struct record *make_record(enum tier tier, const double *values, size_t nr)
{
	struct record *rec = record_new();
	struct record_metric *m = record_alloc(rec, 1, sizeof(*m));
	struct record_case *c = record_alloc(rec, 1, sizeof(*c));

	*m = (struct record_metric) {
		.name = "unmap", .unit = "insn", .per = "page", .divisor = 2, .nr_values = nr
	};
	m->values = record_alloc(rec, nr, sizeof(*m->values));
	memcpy(m->values, values, nr * sizeof(*values));
	summarize(values, nr, &m->summary);
	*c = (struct record_case) { .name = "map_unmap",
				    .driver = "kbench",
				    .op = "",
				    .reason = "",
				    .id = "map_unmap/batch=2",
				    .nr_metrics = 1,
				    .metrics = m };
	rec->tier = tier;
	rec->nr_cases = 1;
	rec->cases = c;
	return rec;
}

static struct profile *resolve_with(const char *text, enum tier tier, const double *values,
				    size_t nr, bool marks_only, struct error *err)
{
	struct record *rec = make_record(tier, values, nr);
	struct symbols *syms = read_names();
	struct raw *raw = raw_read(put("raw", text), err);
	struct profile *p = raw ? profile_resolve(rec, raw, syms, marks_only, err) : NULL;

	raw_free(raw);
	symbols_free(syms);
	record_free(rec);
	return p;
}

static struct profile *resolve(const char *text, enum tier tier, const double *values, size_t nr,
			       struct error *err)
{
	return resolve_with(text, tier, values, nr, false, err);
}

static const double values[] = { 30, 40, 30 };

static struct profile *resolve_good(void)
{
	struct error err;
	struct profile *p = resolve(raw_text, TIER_EXACT, values, 3, &err);

	if (!p)
		fail_msg("%s", err.text);
	return p;
}

static const struct profile_function *function(struct profile_function *functions, size_t nr,
					       const char *name)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(functions[i].function, name))
			return &functions[i];
	fail_msg("no function %s", name);
	return NULL;
}

static void resolves(void **state)
{
	struct profile *p = resolve_good();
	const struct profile_phase *phase = &p->phases[0];
	struct profile_function *f;
	size_t nr;

	(void)state;
	assert_int_equal(p->nr_phases, 1);
	assert_int_equal(phase->insns, 30);
	assert_int_equal(phase->nr_typical, 2);
	assert_int_equal(phase->nr_agree, 3);
	assert_int_equal(phase->idle, 0);
	assert_int_equal(p->nr_hints, 0);
	f = profile_functions(phase, &nr);
	assert_int_equal(function(f, nr, "unmap_common")->insns, 9); /* with the thunk's */
	assert_int_equal(function(f, nr, "unmap_common")->calls, 2);
	assert_int_equal(function(f, nr, "unmap_common")->total, 17);
	assert_int_equal(function(f, nr, "restore_all_guest")->insns, 4);
	assert_int_equal(function(f, nr, "replace_grant_pv_mapping")->insns, 2);
	assert_int_equal(function(f, nr, "gnttab_unmap_refs")->total, 27);
	assert_int_equal(function(f, nr, "vCPU 0")->total, 30);
	assert_int_equal(profile_event_sum(phase, PROFILE_TLB_FLUSHES), 4);
	assert_int_equal(profile_event_sum(phase, PROFILE_IPIS), 1);
	assert_int_equal(profile_event_sum(phase, PROFILE_ATOMICS), 2);
	assert_int_equal(profile_event_sum(phase, PROFILE_PTE_WRITES), 2);
	assert_int_equal(profile_hypercalls(phase), 1);
	free(f);
	profile_free(p);
}

/* What the record says is of a clock that counts something else. */
static void counts_by_marks_alone(void **state)
{
	static const double ns[] = { 7000, 1.5, 9000 };
	struct profile *p, *again;
	struct error err;

	(void)state;
	p = resolve_with(raw_text, TIER_WALL, ns, 3, true, &err);
	assert_non_null(p);
	assert_int_equal(p->nr_phases, 1);
	assert_int_equal(p->phases[0].insns, 30);
	assert_true(p->phases[0].median == 30);
	assert_int_equal(p->phases[0].nr_typical, 2);
	assert_int_equal(p->phases[0].idle, 0);
	assert_int_equal(profile_write(p, in_dir("marks.json"), &err), 0);
	again = profile_read(in_dir("marks.json"), &err);
	assert_non_null(again);
	assert_true(again->marks_only);
	profile_free(again);
	profile_free(p);
}

static const struct profile_lines *owned(const struct profile_phase *phase, const char *owner,
					 const char *name)
{
	for (size_t i = 0; i < phase->nr_lines; i++)
		if (!strcmp(phase->lines[i].owner, owner) && !strcmp(phase->lines[i].name, name))
			return &phase->lines[i];
	fail_msg("no lines of %s, %s", owner, name);
	return NULL;
}

static void resolves_lines(void **state)
{
	struct profile *p = resolve_good();
	const struct profile_phase *phase = &p->phases[0];

	(void)state;
	assert_int_equal(phase->touched, 7);
	assert_int_equal(phase->written, 4);
	assert_int_equal(phase->pages, 7);
	assert_int_equal(phase->transfers, 4);
	assert_int_equal(phase->invalidations, 1);
	assert_int_equal(phase->nr_same_lines, 2);
	assert_int_equal(phase->turns, 2);
	assert_int_equal(phase->nr_lines, 5);
	assert_string_equal(phase->lines[0].name, "data"); /* most transfers first */
	assert_int_equal(owned(phase, "Xen's data", "data")->lines, 2);
	assert_int_equal(owned(phase, "Xen's data", "data")->transfers, 4);
	assert_int_equal(owned(phase, "Xen's data", "data")->false_sharing, 1);
	assert_int_equal(owned(phase, "struct page", "")->written, 1);
	assert_int_equal(owned(phase, "granted page", "")->lines, 1);
	assert_int_equal(owned(phase, "Linux' stack", "")->lines, 1);
	assert_int_equal(owned(phase, "Linux' heap", "by gnttab_unmap_refs")->lines, 2);
	profile_free(p);
}

static void resolves_functions_of_lines(void **state)
{
	struct profile *p = resolve_good();
	const struct profile_phase *phase = &p->phases[0];

	(void)state;
	assert_int_equal(phase->nr_touches, 3);
	assert_string_equal(phase->touches[0].function, "gnttab_unmap_refs");
	assert_int_equal(phase->touches[0].lines, 4);
	assert_int_equal(phase->touches[0].written, 2);
	assert_string_equal(phase->touches[1].function, "unmap_common");
	assert_int_equal(phase->touches[1].lines, 2);
	assert_int_equal(phase->nr_from, 1);
	assert_int_equal(phase->from[0].count, 4);
	assert_string_equal(phase->from[0].function, "unmap_common");
	assert_string_equal(phase->from[0].from_function, "gnttab_unmap_refs");
	assert_int_equal(phase->nr_locks, 1);
	assert_string_equal(phase->locks[0].name, "data");
	assert_string_equal(phase->locks[0].function, "unmap_common");
	assert_int_equal(phase->locks[0].taken, 4);
	assert_int_equal(phase->locks[0].transfers, 3);
	assert_int_equal(phase->locks[0].waited, 1);
	profile_free(p);
}

static void parts_add_up(void **state)
{
	struct profile *p = resolve_good();
	uint64_t parts[NR_COST_PARTS], sum = 0;

	(void)state;
	profile_cost(&p->phases[0], parts);
	for (int i = 0; i < NR_COST_PARTS; i++)
		sum += parts[i];
	assert_int_equal(sum, 30);
	assert_int_equal(parts[COST_KBENCH], 3);
	assert_int_equal(parts[COST_FOREIGN], 1);
	assert_int_equal(parts[COST_HYPERCALL], 8);
	assert_int_equal(parts[COST_GRANT], 10);
	assert_int_equal(parts[COST_PTE], 4);
	assert_int_equal(parts[COST_TLB], 4);
	profile_free(p);
}

static void counts_sleep(void **state)
{
	static const double slept[] = { 130, 140, 130 };
	char with_halt[sizeof(raw_text)];
	struct error err;
	struct profile *p;

	(void)state;
	strcpy(with_halt, raw_text);
	memcpy(strstr(with_halt, "cr4"), "hlt", 3);
	p = resolve(with_halt, TIER_EXACT, slept, 3, &err);
	assert_non_null(p);
	assert_int_equal(p->phases[0].idle, 100);
	assert_int_equal(p->phases[0].nr_agree, 0);
	profile_free(p);
}

/* The clock shows more than the marks enclose, and no vCPU halted: it isn't sleep. */
static void leaves_out_what_it_did_not_see(void **state)
{
	static const double more[] = { 130, 140, 130 };
	struct error err;

	(void)state;
	assert_null(resolve(raw_text, TIER_EXACT, more, 3, &err));
	assert_has(err.text, "no metric");
}

static void refuses_pairs(void **state)
{
	static const double less[] = { 29, 39, 29 }, off[] = { 36, 40, 36 };
	static const double more[] = { 30, 40, 30, 30 };
	char two_runs[sizeof(raw_text)];
	struct error err;

	(void)state;
	assert_null(resolve(raw_text, TIER_WALL, values, 3, &err));
	assert_has(err.text, "only the exact tier");
	assert_null(resolve(raw_text, TIER_EXACT, less, 3, &err));
	assert_has(err.text, "of one run?");
	assert_null(resolve(raw_text, TIER_EXACT, more, 4, &err));
	assert_has(err.text, "sampler_begin");
	strcpy(two_runs, raw_text);
	strstr(two_runs, "runs 1")[5] = '2';
	assert_null(resolve(two_runs, TIER_EXACT, values, 3, &err));
	assert_has(err.text, "the plugin saw 2");
	strcpy(two_runs, raw_text);
	strstr(two_runs, "window 1 2 30")[12] = '6'; /* 36: not what the counts add up to */
	assert_null(resolve(two_runs, TIER_EXACT, off, 3, &err));
	assert_has(err.text, "damaged");
}

/* What is written is read again, and is the same when it is written once more. */
static void survives_its_file(void **state)
{
	struct profile *p = resolve_good(), *again;
	struct error err;
	size_t size_one, size_two;
	char *one, *two;

	(void)state;
	assert_int_equal(profile_write(p, in_dir("one.json"), &err), 0);
	again = profile_read(in_dir("one.json"), &err);
	assert_non_null(again);
	assert_int_equal(profile_write(again, in_dir("two.json"), &err), 0);
	one = get_file(in_dir("one.json"), &size_one);
	two = get_file(in_dir("two.json"), &size_two);
	assert_int_equal(size_one, size_two);
	assert_memory_equal(one, two, size_one);
	assert_int_equal(profile_diff(p, again), STATUS_OK);
	free(one);
	free(two);
	profile_free(p);
	profile_free(again);
}

static void refuses_profile(const char *text, const char *why)
{
	struct error err;

	assert_null(profile_read(put("bad.json", text), &err));
	assert_has(err.text, why);
}

static void refuses_profiles(void **state)
{
	(void)state;
	refuses_profile("", "can't read");
	refuses_profile("{}", "is not a profile");
	refuses_profile("{\"gntbench_profile\": 1}", "is not a profile of version 2");
	refuses_profile("{\"gntbench_profile\": 2}", "missing or of the wrong kind");
	refuses_profile(
		"{\"gntbench_profile\": 2, \"vcpus\": 1, \"environment\": {}, \"hints\": [],"
		" \"phases\": [{\"case\": \"a\"}]}",
		"missing or of the wrong kind");
}

/* What --diff prints goes to stdout; here only its verdict counts, the lab's test reads the rest. */
static void diff_sees_one_instruction(void **state)
{
	struct profile *base = resolve_good(), *head = resolve_good();

	(void)state;
	assert_int_equal(profile_diff(base, head), STATUS_OK);
	head->phases[0].frames[head->phases[0].nr_frames - 1].insns++;
	head->phases[0].insns++;
	assert_int_equal(profile_diff(base, head), STATUS_FAILURE);
	head->phases[0].frames[head->phases[0].nr_frames - 1].insns--;
	head->phases[0].insns--;
	assert_int_equal(profile_diff(base, head), STATUS_OK);
	head->phases[0].lines[1].lines++;
	assert_int_equal(profile_diff(base, head), STATUS_FAILURE);
	head->phases[0].name = "map";
	assert_int_equal(profile_diff(base, head), STATUS_INCOMPARABLE);
	profile_free(base);
	profile_free(head);
}

/* One line more is worse, whatever is less; functions are not its business. */
static void diff_of_lines(void **state)
{
	struct profile *base = resolve_good(), *head = resolve_good();

	(void)state;
	assert_int_equal(profile_diff_lines(base, head), STATUS_OK);
	head->phases[0].insns++;
	assert_int_equal(profile_diff_lines(base, head), STATUS_OK);
	head->phases[0].touched++;
	assert_int_equal(profile_diff_lines(base, head), STATUS_FAILURE);
	assert_int_equal(profile_diff_lines(head, base), STATUS_OK);
	head->phases[0].transfers--;
	assert_int_equal(profile_diff_lines(base, head), STATUS_FAILURE);
	assert_int_equal(profile_diff_lines(head, base), STATUS_FAILURE);
	head->phases[0].touched--;
	assert_int_equal(profile_diff_lines(base, head), STATUS_OK);
	head->phases[0].name = "map";
	assert_int_equal(profile_diff_lines(base, head), STATUS_INCOMPARABLE);
	profile_free(base);
	profile_free(head);
}

static void draws(void **state)
{
	struct profile *p = resolve_good();
	struct error err;
	size_t size;
	char *page;

	(void)state;
	assert_int_equal(profile_page(p, dir, &err), 0);
	page = get_file(in_dir("profile.md"), &size);
	assert_has(page, "grant entry and maptrack");
	assert_has(page, "| sum of the parts | 15.00");
	free(page);
	page = get_file(in_dir("icicle-map_unmap-batch=2-unmap.svg"), &size);
	assert_has(page, "unmap_common");
	free(page);
	assert_int_equal(profile_page(p, "/nowhere", &err), -1);
	assert_has(err.text, "/nowhere");
	profile_free(p);
}

/* Transfers a page are often less than one. */
static void small_numbers_differ(void **state)
{
	double values[] = { 0.62, 0.19 };
	const char *names_of_bars[] = { "1", "2" };
	struct svg_layer layer = { .name = "Xen's data", .color = "#123456", .values = values };
	struct svg_stack stack = {
		.title = "t",
		.subtitle = "s",
		.y_label = "y",
		.x_label = "x",
		.nr_bars = 2,
		.bar_names = names_of_bars,
		.nr_layers = 1,
		.layers = &layer,
	};
	struct error err;
	size_t size;
	char *svg;

	(void)state;
	assert_int_equal(svg_write_stack(&stack, in_dir("small.svg"), &err), 0);
	svg = get_file(in_dir("small.svg"), &size);
	assert_has(svg, ">0.2<");
	assert_has(svg, ">0.4<");
	assert_has(svg, ">0.62<");
	assert_has(svg, ">0.19<");
	free(svg);
}

/* A phase of @nr frames, each called by the one before it: a path that deep. */
static struct profile *make_deep(size_t nr)
{
	struct profile *p = resolve_good();
	struct profile_phase *phase = &p->phases[0];

	phase->frames = pool_alloc(&p->pool, nr, sizeof(*phase->frames));
	phase->nr_frames = nr;
	phase->insns = nr;
	for (size_t i = 0; i < nr; i++)
		phase->frames[i] = (struct profile_frame) {
			.parent = (int)i - 1,
			.image = "Linux",
			.function = pool_printf(&p->pool, "f%zu", i % (nr - 10)),
			.insns = 1,
			.calls = 1,
		};
	return p;
}

/* Took more than a minute once. The last ten frames are recursive: they count once in a total. */
static void takes_deep_profiles(void **state)
{
	struct profile *p = make_deep(6000), *other = make_deep(6000);
	struct profile_function *f;
	time_t start = time(NULL);
	struct error err;
	size_t nr;

	(void)state;
	f = profile_functions(&p->phases[0], &nr);
	assert_int_equal(nr, 5990);
	assert_int_equal(function(f, nr, "f0")->total, 6000);
	assert_int_equal(function(f, nr, "f0")->insns, 2);
	assert_int_equal(function(f, nr, "f5989")->total, 11);
	free(f);
	for (size_t i = 0; i < 6000; i++)
		other->phases[0].frames[i].insns = 2;
	assert_int_equal(profile_diff(p, other), STATUS_FAILURE);
	assert_int_equal(profile_page(p, dir, &err), 0);
	assert_true(time(NULL) - start < 20);
	profile_free(p);
	profile_free(other);
}

/* A profile can come from anywhere, and its pictures are opened in browsers. */
static void escapes(void **state)
{
	static const char evil[] = "<script>alert(1)</script>";
	struct profile *p = resolve_good();
	struct profile_phase *phase = &p->phases[0];
	struct error err;
	size_t size;
	char *page;

	(void)state;
	phase->per = evil;
	phase->name = evil;
	for (size_t i = 0; i < phase->nr_frames; i++)
		phase->frames[i].image = phase->frames[i].function = evil;
	assert_int_equal(svg_write_icicle(p, phase, in_dir("evil.svg"), &err), 0);
	page = get_file(in_dir("evil.svg"), &size);
	assert_has(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
	assert_null(strstr(page, "<script>alert"));
	assert_null(strstr(page, "<scrip…"));
	free(page);
	profile_free(p);
}

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char command[300];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_symbols),
		cmocka_unit_test(finds_grants),
		cmocka_unit_test(counts_by_marks_alone),
		cmocka_unit_test(refuses_symbols),
		cmocka_unit_test(refuses_raw_files),
		cmocka_unit_test(resolves),
		cmocka_unit_test(resolves_lines),
		cmocka_unit_test(resolves_functions_of_lines),
		cmocka_unit_test(parts_add_up),
		cmocka_unit_test(counts_sleep),
		cmocka_unit_test(leaves_out_what_it_did_not_see),
		cmocka_unit_test(refuses_pairs),
		cmocka_unit_test(survives_its_file),
		cmocka_unit_test(refuses_profiles),
		cmocka_unit_test(diff_sees_one_instruction),
		cmocka_unit_test(diff_of_lines),
		cmocka_unit_test(small_numbers_differ),
		cmocka_unit_test(draws),
		cmocka_unit_test(takes_deep_profiles),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
