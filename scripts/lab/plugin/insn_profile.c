// SPDX-License-Identifier: GPL-2.0
/*
 * insn_profile: a QEMU TCG plugin that counts the guest instructions of kbench's timed phases, by
 * call path, for Xen, the kernel and all vCPUs together.
 *
 * A phase is a window: it opens behind an rdtsc that carries the mark of its begin and closes with
 * the rdtsc that carries the end mark (kbench/sampler_x86.h). That is what the two values of
 * the time-stamp counter enclose, so in the exact tier the instructions of a window are the sample,
 * to the last one, unless every vCPU slept in it.
 *
 * What is counted are instructions that QEMU's clock counts. A callback runs before its
 * instruction, so an instruction is counted when its successor runs: one that faulted, and will be
 * run again, is not counted twice.
 *
 * Call paths come from the flow of control itself: calls push a frame, returns pop the frame they
 * return to, a trap (syscall, interrupt, fault) pushes a frame that iret or sysret pops. A return
 * that fits no frame (a retpoline, a switch of stacks) is a jump; after a switch of stacks counts by
 * function stay right, only the callers above are then wrong.
 *
 * Kernels of several domains run at the same virtual addresses. Those of all but the first that is met,
 * dom0's, are told apart by OTHER_KERNEL in every address of their code.
 *
 * Until MARK_DOM0 is met nothing is instrumented, and the guest runs at QEMU's usual speed;
 * then everything is translated anew.
 *
 * Windows with equal content share one profile, so the output grows with what differs, not with
 * the number of samples. It holds addresses only, in an order that depends on nothing but the
 * guest; names are given later (gntbench profile).
 *
 * Arguments: out=FILE (written when QEMU exits), windows=N (limit; more are counted, not kept).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../kbench/marks.h"
#include "lines.h"
#include "qemu_plugin_api.h"
#include "x86_insn.h"

#define MAX_VCPUS     64
#define MAX_DEPTH     256
#define MAX_INSN_SIZE 15
#define MAX_TRAPS     64
/* A call over so few bytes is no call: it fills the return predictor, or is half a retpoline. */
#define MAX_SKIP	    16
#define NR_BUCKETS	    (1u << 15)
#define MAX_PROFILE_ENTRIES (16u << 20) /* all profiles together: 512 MiB */

/* Where x86-64 has a kernel and its modules: Linux' x86/x86_64/mm.rst. */
#define KERNEL_START  0xffffffff80000000
#define MODULES_START 0xffffffffa0000000
#define MODULES_END   0xffffffffff000000

/* Clear in the address of code of another domain's kernel, set in that of any other kernel's. */
#define OTHER_KERNEL (1ull << 48)

enum node_kind { NODE_VCPU, NODE_BEGIN, NODE_CALL, NODE_TRAP, NODE_UPCALL };

static const char *const node_kind_names[] = { "vcpu", "begin", "call", "trap", "upcall" };

static const char *const event_names[NR_EVENTS] = {
	[EVENT_NONE] = "-",	   [EVENT_SYSCALL] = "syscall", [EVENT_INVLPG] = "invlpg",
	[EVENT_CR3] = "cr3",	   [EVENT_CR4] = "cr4",		[EVENT_INVPCID] = "invpcid",
	[EVENT_ATOMIC] = "atomic", [EVENT_STORE] = "store",	[EVENT_WRMSR] = "wrmsr",
	[EVENT_HLT] = "hlt",
};

/* A calling context: the path of calls from a vCPU down to here. */
struct node {
	struct node *parent, *sibling, *children;
	uint64_t site;	/* address of the call, or of the instruction before a trap */
	uint64_t entry; /* address of its first instruction; of a vCPU, its number */
	unsigned int id;
	enum node_kind kind;
};

enum entry_what { COUNT_INSN, COUNT_CALL, COUNT_IPI };

struct entry {
	struct entry *next;
	const struct node *node;
	uint64_t pc;
	uint64_t count;
	enum entry_what what;
	enum insn_event event;
};

/* Whose code it is: of a module, that is known when it runs. */
enum code { CODE_ELSE, CODE_FIRST_KERNEL, CODE_OTHER_KERNEL, CODE_MODULE };

/* One instruction of one translation. Lives as long as QEMU: translations are not told apart. */
struct insn {
	uint64_t pc;
	uint64_t next_pc;
	uint64_t target; /* of a direct jump or call, else 0 */
	const struct node *cached_node;
	struct entry *cached_entry;
	uint64_t cached_window;
	enum insn_kind kind;
	enum insn_event event;
	enum code code;
	bool last; /* of its translation block */
	bool conditional;
	bool push, pop, gs, clts;
	int mark;
	int known;
};

/*
 * @ret: where a call returns to
 * @resume: the instruction behind which a trap came; NULL for a call
 * @counted: @resume was counted; if it faulted after all it is run, and counted, again, by us but not
 *	     by QEMU's clock
 */
struct frame {
	struct node *caller;
	uint64_t ret;
	struct insn *resume;
	bool counted;
};

struct vcpu {
	struct node *root;
	struct node *node;
	struct insn *prev;
	bool prev_counted;
	bool in_other_kernel;
	uint64_t nr_insns; /* that it began, in windows */
	unsigned int depth;
	struct frame frames[MAX_DEPTH];
};

struct profile {
	struct entry *entries;
	size_t nr_entries;
	uint64_t hash;
	unsigned int id;
};

/*
 * @set: of the lines that were touched, or -1: not kept
 * @steps: marks of that kind in it
 * @turns: how often the vCPUs took turns
 */
struct window {
	uint64_t nr_insns;
	unsigned int run;
	unsigned int profile;
	int phase;
	int set;
	struct line_counts lines;
	unsigned int steps, turns;
};

static struct vcpu vcpus[MAX_VCPUS];
static int nr_vcpus;
static struct node **nodes;
static unsigned int nr_nodes;

static int open_phase = -1;
static unsigned int window_steps, window_turns;
static unsigned int last_vcpu; /* that ran in the open window */
static uint64_t window_serial; /* of the open window, from 1 */
static uint64_t window_insns;
static struct entry *buckets[NR_BUCKETS];
static struct entry *entries; /* of the open window; never moved */
static size_t nr_entries, max_entries;
static bool window_overflow;

static struct profile *profiles;
static unsigned int nr_profiles;
static size_t nr_profile_entries;
static struct window *windows;
static size_t nr_windows, max_windows = 100000;
static uint64_t nr_dropped;
static unsigned int nr_runs; /* of cases; windows before the first belong to none */

static uint64_t traps[MAX_TRAPS]; /* entry addresses of traps, as they are met */
static unsigned int nr_traps;

static qemu_plugin_id_t plugin_id;
static const char *out_path;

static void *xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (!p) {
		fprintf(stderr, "insn_profile: no memory for %zu bytes\n", size);
		exit(2);
	}
	return p;
}

/* Doubles the room of an array each time that its length reaches a power of two. */
static void *grow(void *array, size_t nr, size_t size)
{
	return nr & (nr - 1) ? array : xrealloc(array, (nr ? 2 * nr : 1) * size);
}

static struct node *child(struct node *parent, enum node_kind kind, uint64_t site, uint64_t entry)
{
	struct node *n;

	if (parent) {
		for (n = parent->children; n; n = n->sibling)
			if (n->entry == entry && n->site == site && n->kind == kind)
				return n;
	}
	n = xrealloc(NULL, sizeof(*n));
	*n = (struct node) {
		.parent = parent,
		.site = site,
		.entry = entry,
		.id = nr_nodes,
		.kind = kind,
	};
	if (parent) {
		n->sibling = parent->children;
		parent->children = n;
	}
	nodes = grow(nodes, nr_nodes, sizeof(*nodes));
	nodes[nr_nodes++] = n;
	return n;
}

/* The open window's counts */

static struct entry *find_entry(const struct node *node, uint64_t pc, enum entry_what what,
				enum insn_event event)
{
	uint64_t hash = (pc + what) * 0x9e3779b97f4a7c15 ^ node->id * 0xc2b2ae3d27d4eb4f;
	struct entry **bucket = &buckets[hash >> 40 & (NR_BUCKETS - 1)];
	struct entry *e;

	for (e = *bucket; e; e = e->next)
		if (e->pc == pc && e->node == node && e->what == what)
			return e;
	if (nr_entries == max_entries) {
		window_overflow = true;
		return NULL;
	}
	e = &entries[nr_entries++];
	*e = (struct entry) {
		.next = *bucket, .node = node, .pc = pc, .what = what, .event = event
	};
	*bucket = e;
	return e;
}

static void count_insn(const struct node *node, struct insn *i, int by)
{
	if (i->cached_window != window_serial || i->cached_node != node) {
		i->cached_entry = find_entry(node, i->pc, COUNT_INSN, i->event);
		i->cached_window = window_serial;
		i->cached_node = node;
	}
	if (i->cached_entry)
		i->cached_entry->count += by;
	window_insns += by;
}

static void count_other(const struct node *node, uint64_t pc, enum entry_what what)
{
	struct entry *e = find_entry(node, pc, what, EVENT_NONE);

	if (e)
		e->count++;
}

/* The stack of a vCPU */

static void push(struct vcpu *c, enum node_kind kind, uint64_t site, uint64_t entry,
		 struct frame frame)
{
	if (c->depth == MAX_DEPTH)
		return;
	frame.caller = c->node;
	c->frames[c->depth++] = frame;
	c->node = child(c->node, kind, site, entry);
	count_other(c->node, 0, COUNT_CALL);
}

static void pop_through(struct vcpu *c, unsigned int index)
{
	c->node = c->frames[index].caller;
	c->depth = index;
}

/* The innermost of the lowest @depth frames, calls up to the last trap, that returns to @pc; -1. */
static int find_call(const struct vcpu *c, unsigned int depth, uint64_t pc)
{
	while (depth-- > 0 && !c->frames[depth].resume)
		if (c->frames[depth].ret == pc)
			return depth;
	return -1;
}

static bool is_trap_entry(uint64_t pc)
{
	unsigned int i;

	for (i = 0; i < nr_traps; i++)
		if (traps[i] == pc)
			return true;
	return false;
}

static void learn_trap_entry(uint64_t pc)
{
	if (nr_traps < MAX_TRAPS && !is_trap_entry(pc))
		traps[nr_traps++] = pc;
}

enum answer { NO, MAYBE, YES };

/* Does @pc follow @i without a trap between them, given the lowest @depth frames? */
static enum answer follows(const struct vcpu *c, unsigned int depth, const struct insn *i,
			   uint64_t pc)
{
	switch (i->kind) {
	case INSN_PLAIN:
		return pc == i->next_pc ? YES : NO;
	case INSN_REP:
		return pc == i->next_pc || pc == i->pc ? YES : NO;
	case INSN_JUMP:
	case INSN_CALL:
		if (i->target)
			return pc == i->target || (i->conditional && pc == i->next_pc) ? YES : NO;
		break;
	case INSN_RET:
		if (find_call(c, depth, pc) >= 0)
			return YES;
		break;
	case INSN_SYSCALL:
		return pc == i->next_pc ? YES : MAYBE;
	case INSN_IRET:
		break;
	}
	return is_trap_entry(pc) ? NO : MAYBE;
}

static void flow(struct vcpu *c, struct insn *i, uint64_t pc);

/*
 * Back from a trap to @pc. Either the interrupted code goes on, or Xen made the guest take an
 * event first: the guest's handler then runs in a frame of its own, which ends when a later iret
 * (of Xen, for the guest's iret hypercall) goes on with the interrupted code.
 */
static void return_from_trap(struct vcpu *c, uint64_t pc)
{
	int top = -1, found = -1;
	unsigned int i;

	for (i = c->depth; i-- > 0;) {
		struct frame *f = &c->frames[i];
		enum answer answer;

		if (!f->resume)
			continue;
		if (f->resume->kind == INSN_SYSCALL)
			answer = pc == f->resume->next_pc ? YES : NO;
		else
			answer = pc == f->resume->pc ? YES : follows(c, i, f->resume, pc);
		if (answer == YES || (answer == MAYBE && top < 0)) {
			found = i;
			break;
		}
		if (top < 0)
			top = i;
	}
	if (found >= 0) {
		struct frame f = c->frames[found];

		pop_through(c, found);
		if (f.resume->kind == INSN_SYSCALL)
			return;
		if (f.resume->kind == INSN_PLAIN && pc == f.resume->pc) {
			if (f.counted)
				count_insn(c->node, f.resume, -1);
			return;
		}
		flow(c, f.resume, pc);
	} else if (top >= 0) {
		struct frame f = c->frames[top];

		pop_through(c, top);
		push(c, NODE_UPCALL, f.resume->pc, pc, f);
	}
}

/* @pc follows @i, and no trap came between them. */
static void flow(struct vcpu *c, struct insn *i, uint64_t pc)
{
	int index;

	switch (i->kind) {
	case INSN_CALL:
		if (pc - i->next_pc > MAX_SKIP)
			push(c, NODE_CALL, i->pc, pc, (struct frame) { .ret = i->next_pc });
		break;
	case INSN_SYSCALL:
		if (pc != i->next_pc)
			push(c, NODE_TRAP, i->pc, pc, (struct frame) { .resume = i });
		break;
	case INSN_RET:
		index = find_call(c, c->depth, pc);
		if (index >= 0)
			pop_through(c, index);
		break;
	case INSN_IRET:
		return_from_trap(c, pc);
		break;
	default:
		break;
	}
}

/* The vCPU is about to run the instruction at @pc: now it is known what became of the last one. */
static void settle(struct vcpu *c, uint64_t pc)
{
	struct insn *i = c->prev;
	bool ran = i->last || pc == i->next_pc;

	if (ran && !c->prev_counted)
		count_insn(c->node, i, 1);
	if (ran && follows(c, c->depth, i, pc) != NO) {
		flow(c, i, pc);
	} else {
		learn_trap_entry(pc);
		push(c, NODE_TRAP, i->pc, pc, (struct frame) { .resume = i, .counted = ran });
	}
}

/*
 * An instruction that needs a coprocessor which isn't there (#NM) ends its translation: QEMU's clock
 * counts it, and when it is run again once more. Whoever answers that fault runs clts.
 */
static void on_clts(struct vcpu *c)
{
	for (unsigned int i = c->depth; i-- > 0;) {
		if (!c->frames[i].resume)
			continue;
		c->frames[i].counted = false;
		break;
	}
}

/* Windows */

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->node->id != y->node->id)
		return x->node->id < y->node->id ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return x->pc < y->pc ? -1 : x->pc > y->pc;
}

static size_t drop_empty_entries(void)
{
	size_t i, nr = 0;

	for (i = 0; i < nr_entries; i++)
		if (entries[i].count)
			entries[nr++] = entries[i];
	return nr;
}

static uint64_t hash_entries(size_t nr)
{
	uint64_t hash = nr;
	size_t i;

	for (i = 0; i < nr; i++) {
		hash = (hash ^ entries[i].pc) * 0x9e3779b97f4a7c15;
		hash = (hash ^ entries[i].node->id ^ entries[i].count << 20) * 0xc2b2ae3d27d4eb4f;
		hash ^= hash >> 29;
	}
	return hash;
}

static bool profile_is(const struct profile *p, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (compare_entries(&p->entries[i], &entries[i]) ||
		    p->entries[i].count != entries[i].count)
			return false;
	return true;
}

/* The profile that equals the open window's counts; -1: there is no room for a new one. */
static int keep_profile(void)
{
	size_t nr = drop_empty_entries();
	struct profile *p;
	uint64_t hash;
	unsigned int i;

	qsort(entries, nr, sizeof(*entries), compare_entries);
	hash = hash_entries(nr);
	for (i = 0; i < nr_profiles; i++)
		if (profiles[i].hash == hash && profiles[i].nr_entries == nr &&
		    profile_is(&profiles[i], nr))
			return i;
	if (nr_profile_entries + nr > MAX_PROFILE_ENTRIES)
		return -1;
	profiles = grow(profiles, nr_profiles, sizeof(*profiles));
	p = &profiles[nr_profiles];
	*p = (struct profile) { .nr_entries = nr, .hash = hash, .id = nr_profiles };
	p->entries = xrealloc(NULL, (nr + !nr) * sizeof(*p->entries));
	memcpy(p->entries, entries, nr * sizeof(*entries));
	nr_profile_entries += nr;
	return nr_profiles++;
}

static void open_window(unsigned int vcpu, struct insn *i)
{
	int v;

	memset(buckets, 0, sizeof(buckets));
	nr_entries = 0;
	window_insns = 0;
	window_overflow = false;
	window_serial++;
	window_steps = window_turns = 0;
	last_vcpu = vcpu;
	lines_open();
	for (v = 0; v < nr_vcpus; v++) {
		vcpus[v].node = vcpus[v].root;
		vcpus[v].prev = NULL;
		vcpus[v].depth = 0;
	}
	vcpus[vcpu].node = child(vcpus[vcpu].root, NODE_BEGIN, 0, i->pc);
	vcpus[vcpu].prev = i;
	vcpus[vcpu].prev_counted = true;
	open_phase = i->mark;
}

static void close_window(unsigned int vcpu, struct insn *i)
{
	struct line_counts lines = { 0 };
	int v, set = -1, profile = -1;

	count_insn(vcpus[vcpu].node, i, 1);
	for (v = 0; v < nr_vcpus; v++) {
		struct vcpu *c = &vcpus[v];

		if (v != (int)vcpu && c->prev && c->prev->last)
			count_insn(c->node, c->prev, 1);
	}
	if (nr_runs && nr_windows < max_windows && !window_overflow)
		profile = keep_profile();
	if (profile >= 0) {
		set = lines_close(profile, &lines);
		windows = grow(windows, nr_windows, sizeof(*windows));
		windows[nr_windows++] = (struct window) {
			.nr_insns = window_insns,
			.run = nr_runs,
			.profile = profile,
			.phase = open_phase,
			.set = set,
			.lines = lines,
			.steps = window_steps,
			.turns = window_turns,
		};
	} else if (nr_runs) {
		nr_dropped++;
	}
	open_phase = -1;
}

static void begin_run(void)
{
	nr_runs++;
	lines_begin_run();
}

/*
 * The proof of the clock is no phase. A begin mark in an open window starts it anew; an end mark without
 * one means nothing. Within a phase of steps other marks mean nothing, but its own end, by whoever comes
 * first.
 */
static void on_mark(unsigned int vcpu, struct insn *i)
{
	bool in_steps = open_phase == MARK_STEPS;

	if (i->mark == MARK_COUNTS)
		begin_run();
	else if (i->mark == MARK_STEP)
		window_steps++;
	else if (i->mark < MARK_END && i->mark != MARK_PROOF &&
		 (!in_steps || i->mark == MARK_STEPS))
		open_window(vcpu, i);
	else if (open_phase >= 0 && i->mark == (in_steps ? MARK_STEPS_END : MARK_END))
		close_window(vcpu, i);
}

/*
 * QEMU since 10.0 tells callbacks the vCPU for which their block was translated, not the one that runs
 * it, where vCPUs take turns in one thread and share blocks, as with -icount (accel/tcg/plugin-gen.c,
 * gen_cpu_index(): a constant without CF_PARALLEL). Which one runs is known from QEMU's own variable,
 * which a QEMU with modules exports, as Debian's does.
 */
#define TELLS_TRANSLATOR (QEMU_PLUGIN_API >= 4)

static void *(*cpu_of_index)(int index); /* QEMU's; NULL: what it tells is right */

static int find_running(void)
{
	if (!TELLS_TRANSLATOR || nr_vcpus == 1)
		return 0;
	cpu_of_index = (void *(*)(int))dlsym(RTLD_DEFAULT, "qemu_get_cpu");
	if (cpu_of_index && dlsym(RTLD_DEFAULT, "current_cpu"))
		return 0;
	fprintf(stderr,
		"insn_profile: this QEMU tells the wrong one of several vCPUs, and exports no "
		"current_cpu (it does when built with --enable-modules): VCPUS=1 can be had\n");
	return -1;
}

/* The vCPU that runs, in a callback of an instruction, given what QEMU says. */
static unsigned int running(unsigned int told)
{
	static void **current; /* of the only thread that runs vCPUs */
	static const void *last;
	static unsigned int index;

	if (!cpu_of_index)
		return told;
	if (!current)
		current = dlsym(RTLD_DEFAULT, "current_cpu");
	if (*current == last)
		return index;
	last = *current;
	for (index = 0; (int)index < nr_vcpus - 1 && cpu_of_index(index) != last;)
		index++;
	return index;
}

/* Whose code an instruction is */

static void mark_other(struct insn *i)
{
	i->pc &= ~OTHER_KERNEL;
	i->next_pc &= ~OTHER_KERNEL;
	if (i->target)
		i->target &= ~OTHER_KERNEL;
}

/* A kernel is in one piece: its code is everywhere as far from its virtual address. */
static enum code code_at(uint64_t pc, const void *memory)
{
	static uint64_t first;
	uint64_t distance = (uintptr_t)memory - pc;

	if (pc >= MODULES_START && pc < MODULES_END)
		return CODE_MODULE;
	if (pc < KERNEL_START || pc >= MODULES_END || !memory)
		return CODE_ELSE;
	if (!first)
		first = distance;
	return distance == first ? CODE_FIRST_KERNEL : CODE_OTHER_KERNEL;
}

/* A module is of the kernel that ran last. */
static void settle_code(struct vcpu *c, struct insn *i)
{
	if (i->code == CODE_MODULE) {
		if (c->in_other_kernel)
			mark_other(i);
		i->code = CODE_ELSE;
	} else if (i->code != CODE_ELSE) {
		c->in_other_kernel = i->code == CODE_OTHER_KERNEL;
	}
}

/* QEMU's callbacks */

static void on_insn(unsigned int told, void *udata)
{
	unsigned int vcpu = running(told);
	struct vcpu *c = &vcpus[vcpu];
	struct insn *i = udata;

	settle_code(c, i);
	if (open_phase >= 0) {
		if (c->prev)
			settle(c, i->pc);
		c->prev = i;
		c->prev_counted = false;
		if (i->clts)
			on_clts(c);
		c->nr_insns++;
		window_turns += vcpu != last_vcpu;
		last_vcpu = vcpu;
	}
	if (i->mark != NO_MARK)
		on_mark(vcpu, i);
}

/* QEMU's call for one access may be of bytes of two lines, or of two pages: each line is told apart. */
static void on_ram(struct vcpu *c, unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
		   const struct insn *i)
{
	bool store = qemu_plugin_mem_is_store(info);
	struct access a = {
		.vcpu = vcpu,
		.pc = i->pc,
		.store = store,
		.stack = store ? i->push : i->pop,
		.percpu = i->gs,
		.atomic = i->event == EVENT_ATOMIC,
		.node = c->node->id,
		.now = c->nr_insns,
	};
	uint64_t end = vaddr + (1ull << qemu_plugin_mem_size_shift(info));

	for (uint64_t at = vaddr, next; at < end; at = next) {
		const struct qemu_plugin_hwaddr *hwaddr = qemu_plugin_get_hwaddr(info, at);

		next = (at | 63) + 1;
		if (!hwaddr || qemu_plugin_hwaddr_is_io(hwaddr))
			continue;
		a.vaddr = at;
		a.phys = qemu_plugin_hwaddr_phys_addr(hwaddr);
		a.size = (next < end ? next : end) - at;
		if (i->known != NO_MARK)
			lines_known(&a, i->known);
		lines_access(&a, open_phase >= 0);
	}
}

/*
 * An instruction that accesses a device in the middle of a block is run again in a block of its own,
 * of which QEMU tells the access only (CF_MEMI_ONLY). That it ran must be known even if its vCPU runs
 * no other before the window closes, or a trap comes next.
 *
 * An IPI is a store to the interrupt command register of the local APIC, at 0x300 of its page.
 *
 * With one vCPU what lies between the windows changes no line of theirs. With several it is followed
 * from the first phase on: until then a run may wait for a minute, and the warm-up comes first.
 */
static void on_access(unsigned int told, qemu_plugin_meminfo_t info, uint64_t vaddr, void *udata)
{
	struct qemu_plugin_hwaddr *hwaddr;
	unsigned int vcpu = running(told);
	struct vcpu *c = &vcpus[vcpu];
	struct insn *i = udata;

	if (open_phase < 0) {
		if ((window_serial && nr_vcpus > 1) || i->known != NO_MARK)
			on_ram(c, vcpu, info, vaddr, i);
		return;
	}
	if (c->prev && c->prev->pc == i->pc)
		c->prev = i;
	on_ram(c, vcpu, info, vaddr, i);
	if ((vaddr & 0xfff) != 0x300 || !qemu_plugin_mem_is_store(info))
		return;
	hwaddr = qemu_plugin_get_hwaddr(info, vaddr);
	if (hwaddr && qemu_plugin_hwaddr_is_io(hwaddr) &&
	    !strncmp(qemu_plugin_hwaddr_device_name(hwaddr), "apic", 4))
		count_other(c->node, i->pc, COUNT_IPI);
}

static struct x86_insn decode(const struct qemu_plugin_insn *insn)
{
#if QEMU_PLUGIN_API < 3
	return x86_decode(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn));
#else
	uint8_t bytes[MAX_INSN_SIZE];

	return x86_decode(bytes, qemu_plugin_insn_data(insn, bytes, sizeof(bytes)));
#endif
}

static void ON_TRANSLATION(on_translation)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), k;
	struct insn *insns = xrealloc(NULL, nr * sizeof(*insns));

	for (k = 0; k < nr; k++) {
		struct qemu_plugin_insn *qi = qemu_plugin_tb_get_insn(tb, k);
		size_t len = qemu_plugin_insn_size(qi);
		struct x86_insn x = decode(qi);
		uint64_t pc = qemu_plugin_insn_vaddr(qi);

		insns[k] = (struct insn) {
			.pc = pc,
			.next_pc = pc + len,
			.target = x.has_target ? pc + len + (int64_t)x.target : 0,
			.kind = x.kind,
			.event = x.event,
			.code = code_at(pc, qemu_plugin_insn_haddr(qi)),
			.last = k == nr - 1,
			.conditional = x.conditional,
			.push = x.push,
			.pop = x.pop,
			.gs = x.gs,
			.clts = x.clts,
			.mark = x.mark,
			.known = x.known,
		};
		if (insns[k].code == CODE_OTHER_KERNEL)
			mark_other(&insns[k]);
		qemu_plugin_register_vcpu_insn_exec_cb(qi, on_insn, QEMU_PLUGIN_CB_NO_REGS,
						       &insns[k]);
		qemu_plugin_register_vcpu_mem_cb(qi, on_access, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_RW, &insns[k]);
	}
}

static void ON_EXIT(on_exit_of_qemu);

/* QEMU has forgotten all translations and callbacks. */
static void ON_RESET(arm)
{
	qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, on_translation AND_UDATA(NULL));
	qemu_plugin_register_atexit_cb(plugin_id, on_exit_of_qemu, NULL);
}

/*
 * The reset takes place behind this block, so its own mark is lost. It is of a program in dom0, whose next
 * step into a kernel is into dom0's.
 */
static void ON_TRANSLATION(on_first_translation)
{
	size_t nr = qemu_plugin_tb_n_insns(tb), k;

	for (k = 0; k < nr; k++)
		if (decode(qemu_plugin_tb_get_insn(tb, k)).mark == MARK_DOM0)
			qemu_plugin_reset(plugin_id, arm AND_UDATA(NULL));
}

/* Output */

static void print_entry(FILE *out, const struct entry *e)
{
	switch (e->what) {
	case COUNT_INSN:
		fprintf(out, "i %u %" PRIx64 " %" PRIu64 " %s\n", e->node->id, e->pc, e->count,
			event_names[e->event]);
		break;
	case COUNT_CALL:
		fprintf(out, "c %u %" PRIu64 "\n", e->node->id, e->count);
		break;
	case COUNT_IPI:
		fprintf(out, "e %u %" PRIx64 " %" PRIu64 " ipi\n", e->node->id, e->pc, e->count);
		break;
	}
}

static void print_window(FILE *out, const struct window *w)
{
	fprintf(out, "window %u %d %" PRIu64 " %u %d %u %u %u %" PRIu64 " %" PRIu64 " %u %u\n",
		w->run, w->phase, w->nr_insns, w->profile, w->set, w->lines.lines, w->lines.written,
		w->lines.pages, w->lines.transfers, w->lines.invalidations, w->steps, w->turns);
}

/* The last line is "end": a reader that doesn't find it has half a file. */
static void print_all(FILE *out)
{
	size_t i, k;

	fprintf(out, "gntbench-insn-profile 2\nvcpus %d\n", nr_vcpus);
	for (i = 0; i < nr_nodes; i++)
		fprintf(out, "node %u %d %s %" PRIx64 " %" PRIx64 "\n", nodes[i]->id,
			nodes[i]->parent ? (int)nodes[i]->parent->id : -1,
			node_kind_names[nodes[i]->kind], nodes[i]->site, nodes[i]->entry);
	for (i = 0; i < nr_profiles; i++) {
		fprintf(out, "profile %zu\n", i);
		for (k = 0; k < profiles[i].nr_entries; k++)
			print_entry(out, &profiles[i].entries[k]);
	}
	lines_print(out);
	for (i = 0; i < nr_windows; i++)
		print_window(out, &windows[i]);
	fprintf(out, "runs %u\ndropped %" PRIu64 "\nend\n", nr_runs, nr_dropped);
}

static void ON_EXIT(on_exit_of_qemu)
{
	FILE *out = fopen(out_path, "w");

	if (!out) {
		fprintf(stderr, "insn_profile: can't write %s\n", out_path);
		return;
	}
	print_all(out);
	if (ferror(out) | fclose(out))
		fprintf(stderr, "insn_profile: writing %s failed: is the disk full?\n", out_path);
}

int qemu_plugin_version = QEMU_PLUGIN_API;

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
	int i;

	if (strcmp(info->target_name, "x86_64") || !info->system_emulation) {
		fprintf(stderr, "insn_profile: knows x86_64 machines only, not %s\n",
			info->target_name);
		return -1;
	}
	nr_vcpus = info->system.smp_vcpus;
	if (nr_vcpus > MAX_VCPUS) {
		fprintf(stderr, "insn_profile: %d vCPUs, at most %d\n", nr_vcpus, MAX_VCPUS);
		return -1;
	}
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "out=", 4)) {
			out_path = argv[i] + 4;
		} else if (!strncmp(argv[i], "windows=", 8)) {
			max_windows = strtoul(argv[i] + 8, NULL, 10);
		} else {
			fprintf(stderr, "insn_profile: unknown argument %s: out=FILE, windows=N\n",
				argv[i]);
			return -1;
		}
	}
	if (!out_path) {
		fprintf(stderr, "insn_profile: out=FILE is missing\n");
		return -1;
	}
	if (find_running())
		return -1;
	for (i = 0; i < nr_vcpus; i++)
		vcpus[i].node = vcpus[i].root = child(NULL, NODE_VCPU, 0, i);
	lines_init(nr_vcpus);
	max_entries = 1u << 20;
	entries = xrealloc(NULL, max_entries * sizeof(*entries));
	plugin_id = id;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_first_translation AND_UDATA(NULL));
	qemu_plugin_register_atexit_cb(id, on_exit_of_qemu, NULL);
	return 0;
}
