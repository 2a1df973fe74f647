// SPDX-License-Identifier: GPL-2.0
/*
 * What insn_profile counts, and for whom, when instructions fault, start over, are interrupted or
 * jump. The plugin is taken as it is; QEMU's part of the API is played here: the test says which
 * instruction is about to run, as QEMU does.
 */
#include "../insn_profile.c"

static int number, failed;

static void report(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++number, what);
	failed |= !good;
}

/* QEMU's part */

static const char *device = "apic-msi";
static bool is_store;

static qemu_plugin_reset_cb_t reset_cb;
static qemu_plugin_tb_trans_cb_t translation_cb;

void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_reset_cb_t cb AND_UDATA(void *udata))
{
	reset_cb = cb;
}

void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_exit_cb_t cb, void *udata)
{
}

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   qemu_plugin_tb_trans_cb_t cb AND_UDATA(void *udata))
{
	translation_cb = cb;
}

void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *udata)
{
}

void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *udata)
{
}

/* Of two vCPUs; exported, as a QEMU with modules does. */
static char cpus[2];
__thread void *current_cpu;

void *qemu_get_cpu(int index)
{
	return index < 2 ? &cpus[index] : NULL;
}

/* What QEMU tells of an instruction that @vcpu runs: since 10.0 the vCPU that its block was made for. */
static unsigned int tell(unsigned int vcpu)
{
	current_cpu = &cpus[vcpu];
	return TELLS_TRANSLATOR ? 0 : vcpu;
}

/* A block is one instruction: its bytes, as a string. */
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb)
{
	return 1;
}

struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index)
{
	return (void *)tb;
}

size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn)
{
	return strlen((const char *)insn);
}

#if QEMU_PLUGIN_API < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn)
{
	return insn;
}
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t len)
{
	size_t size = qemu_plugin_insn_size(insn);

	memcpy(to, insn, size < len ? size : len);
	return size < len ? size : len;
}
#endif

void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn)
{
	return NULL;
}

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
	return 0;
}

bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info)
{
	return is_store;
}

static unsigned int size_shift = 3;

unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info)
{
	return size_shift;
}

/* What is below 1 << 32 is RAM, at the address that it has; all else is the device. */
static uint64_t asked_for;

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	asked_for = vaddr;
	return (void *)&device;
}

bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *hwaddr)
{
	return asked_for >> 32;
}

uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *hwaddr)
{
	return asked_for;
}

const char *qemu_plugin_hwaddr_device_name(const struct qemu_plugin_hwaddr *hwaddr)
{
	return device;
}

/* Instructions of 4 bytes. Addresses: 1000 the module, 2000 a function, 8000 a trap's handler. */

static struct insn make(uint64_t pc, enum insn_kind kind, bool last)
{
	return (struct insn) { .pc = pc,
			       .next_pc = pc + 4,
			       .kind = kind,
			       .last = last,
			       .mark = NO_MARK,
			       .known = NO_MARK };
}

static void run(unsigned int vcpu, uint64_t pc, enum insn_kind kind, bool last)
{
	struct insn *i = xrealloc(NULL, sizeof(*i));

	*i = make(pc, kind, last);
	on_insn(tell(vcpu), i);
}

static void plain(uint64_t pc)
{
	run(0, pc, INSN_PLAIN, false);
}

static void mark(uint64_t pc, int nr)
{
	struct insn *i = xrealloc(NULL, sizeof(*i));

	*i = make(pc, INSN_PLAIN, true);
	i->mark = nr;
	on_insn(tell(0), i);
}

static void begin(void)
{
	mark(0x1000, MARK_MAP);
}

/* Ends the window; how many instructions it has. */
static uint64_t finish(uint64_t pc)
{
	size_t before = nr_windows;

	mark(pc, MARK_END);
	return nr_windows == before + 1 ? windows[before].nr_insns : 0;
}

/* How often the instruction at @pc was counted in the last window, in a context entered at @entry. */
static uint64_t counted(uint64_t entry, uint64_t pc)
{
	const struct profile *p = &profiles[windows[nr_windows - 1].profile];
	uint64_t sum = 0;

	for (size_t i = 0; i < p->nr_entries; i++)
		if (p->entries[i].what == COUNT_INSN && p->entries[i].pc == pc &&
		    p->entries[i].node->entry == entry)
			sum += p->entries[i].count;
	return sum;
}

static uint64_t ipis(void)
{
	const struct profile *p = &profiles[windows[nr_windows - 1].profile];
	uint64_t sum = 0;

	for (size_t i = 0; i < p->nr_entries; i++)
		sum += p->entries[i].what == COUNT_IPI ? p->entries[i].count : 0;
	return sum;
}

/* The cases */

static void straight(void)
{
	begin();
	plain(0x1004);
	plain(0x1008);
	report(finish(0x100c) == 3, "the end mark counts, the begin mark doesn't");
	report(counted(0x1000, 0x1000) == 0 && counted(0x1000, 0x100c) == 1,
	       "and so do they alone");
}

static void fault(void)
{
	begin();
	plain(0x1004); /* in the middle of its block, and faults */
	run(0, 0x8000, INSN_PLAIN, false);
	run(0, 0x8004, INSN_IRET, true);
	plain(0x1004);
	report(finish(0x1008) == 4, "an instruction that faulted is counted when it is run again");
	report(counted(0x1000, 0x1004) == 1 && counted(0x8000, 0x8000) == 1 &&
		       counted(0x8000, 0x8004) == 1,
	       "the handler has a context of its own");
}

static void fault_at_end_of_block(void)
{
	begin();
	run(0, 0x1004, INSN_PLAIN, true);
	run(0, 0x8000, INSN_IRET, true);
	run(0, 0x1004, INSN_PLAIN, true);
	report(finish(0x1008) == 3 && counted(0x1000, 0x1004) == 1,
	       "so is one that ends its block");
}

/* QEMU finds it when it translates, and its clock has counted it. */
static void coprocessor_not_there(void)
{
	struct insn *clts = xrealloc(NULL, sizeof(*clts));

	begin();
	run(0, 0x1004, INSN_PLAIN, true);
	*clts = make(0x8000, INSN_PLAIN, false);
	clts->clts = true;
	on_insn(tell(0), clts);
	run(0, 0x8004, INSN_IRET, true);
	run(0, 0x1004, INSN_PLAIN, true);
	report(finish(0x1008) == 5 && counted(0x1000, 0x1004) == 2,
	       "one that waited for a coprocessor is counted twice, as by the clock");
}

/* Code at @pc that lies at @memory, run by vCPU 0. */
static uint64_t address_of_code(uint64_t pc, uintptr_t memory)
{
	struct insn *i = xrealloc(NULL, sizeof(*i));

	*i = make(pc, INSN_PLAIN, false);
	i->code = code_at(pc, (const void *)memory);
	if (i->code == CODE_OTHER_KERNEL)
		mark_other(i);
	on_insn(tell(0), i);
	return i->pc;
}

static void kernels_at_one_address(void)
{
	const uint64_t kernel = 0xffffffff81000000, module = 0xffffffffc0200000;
	const uint64_t xen = 0xffff82d040200000, other = ~OTHER_KERNEL;

	report(address_of_code(kernel, 0x7f0001000000) == kernel &&
		       address_of_code(module, 0x7f0055500000) == module,
	       "the first kernel has the address that it has, and so have its modules");
	report(address_of_code(kernel, 0x7f0041000000) == (kernel & other) &&
		       address_of_code(xen, 0x7f0020000000) == xen &&
		       address_of_code(module, 0x7f0066600000) == (module & other),
	       "those of another one are told from it, behind Xen, too");
	report(address_of_code(kernel + 0x2000, 0x7f0001002000) == kernel + 0x2000 &&
		       address_of_code(module, 0x7f0055500000) == module &&
		       address_of_code(0x401000, 0x7f0077700000) == 0x401000,
	       "then the first one's again");
}

/* The clock doesn't count an instruction that another one stood in for. */
static void emulated(void)
{
	begin();
	plain(0x1004);
	run(0, 0x8000, INSN_IRET, true);
	plain(0x1008);
	report(finish(0x100c) == 3 && counted(0x1000, 0x1004) == 0 && counted(0x1000, 0x1008) == 1,
	       "one that the handler skipped is not counted");
}

static void restarted_io(void)
{
	begin();
	plain(0x1004); /* turns out to be I/O: run again unseen, in a block of its own */
	run(0, 0x1008, INSN_PLAIN, true);
	report(finish(0x100c) == 3 && counted(0x1000, 0x1004) == 1,
	       "an instruction that QEMU starts over for I/O is counted once");
}

static void interrupt(void)
{
	begin();
	run(0, 0x1004, INSN_PLAIN, true);
	run(0, 0x8000, INSN_PLAIN, false);
	run(0, 0x8004, INSN_IRET, true);
	plain(0x1008);
	report(finish(0x100c) == 5 && counted(0x1000, 0x1004) == 1 && counted(0x1000, 0x1008) == 1,
	       "behind an interrupt the interrupted context goes on");
}

static void interrupt_of_call(void)
{
	begin();
	run(0, 0x1004, INSN_CALL, true);
	run(0, 0x8000, INSN_IRET, true); /* 0x8000 is known as a trap's entry by now */
	plain(0x2000);
	run(0, 0x2004, INSN_RET, true);
	plain(0x1008);
	report(finish(0x100c) == 6 && counted(0x2000, 0x2000) == 1 && counted(0x1000, 0x1008) == 1,
	       "a call that was interrupted is still a call");
}

static void calls(void)
{
	begin();
	run(0, 0x1004, INSN_CALL, true);
	run(0, 0x2000, INSN_JUMP, true);
	plain(0x3000); /* a tail call: the same context */
	run(0, 0x3004, INSN_RET, true);
	plain(0x1008);
	report(finish(0x100c) == 6 && counted(0x2000, 0x3000) == 1 && counted(0x1000, 0x1008) == 1,
	       "a call, a tail call, a return");
}

static void fills_return_predictor(void)
{
	begin();
	run(0, 0x1004, INSN_CALL, true); /* over eight bytes */
	plain(0x1010);
	report(finish(0x1014) == 3 && counted(0x1000, 0x1010) == 1,
	       "a call over a few bytes is no call");
}

static void retpoline(void)
{
	begin();
	run(0, 0x1004, INSN_CALL, true);
	run(0, 0x4000, INSN_CALL, true); /* the thunk: over eight bytes … */
	plain(0x400c);
	run(0, 0x4010, INSN_RET, true); /* … and returns to the target */
	run(0, 0x2000, INSN_RET, true);
	plain(0x1008);
	report(finish(0x100c) == 7 && counted(0x4000, 0x2000) == 1 && counted(0x1000, 0x1008) == 1,
	       "a retpoline's return is a jump");
}

/* A hypercall; on the way back Xen makes the guest take an event, which ends by another one. */
static void hypercall_with_event(void)
{
	begin();
	run(0, 0x1004, INSN_SYSCALL, true);
	run(0, 0x9000, INSN_IRET, true);
	run(0, 0x5000, INSN_PLAIN, false);  /* the guest's event handler */
	run(0, 0x5004, INSN_SYSCALL, true); /* its iret hypercall */
	run(0, 0x9000, INSN_IRET, true);
	plain(0x1008);
	report(finish(0x100c) == 7 && counted(0x5000, 0x5000) == 1 && counted(0x1000, 0x1008) == 1,
	       "an event on the way back from a hypercall");
}

static void rep(void)
{
	begin();
	run(0, 0x1004, INSN_REP, true);
	run(0, 0x1004, INSN_REP, true);
	run(0, 0x1004, INSN_REP, true);
	plain(0x1008);
	report(finish(0x100c) == 5 && counted(0x1000, 0x1004) == 3,
	       "each round of a repeated string instruction counts");
}

static void other_vcpu(void)
{
	begin();
	run(1, 0x7000, INSN_PLAIN, true);
	run(1, 0x7004, INSN_PLAIN, true);
	plain(0x1004);
	report(finish(0x1008) == 4 && counted(1, 0x7000) == 1 && counted(1, 0x7004) == 1,
	       "the other vCPU's instructions, its last one included");
}

static void interprocessor_interrupt(void)
{
	struct insn store = make(0x1004, INSN_PLAIN, true);

	begin();
	on_insn(0, &store);
	is_store = false;
	on_access(0, 0, 0xfee00000300, &store);
	is_store = true;
	on_access(0, 0, 0xfee00000310, &store);
	on_access(0, 0, 0xfee00000300, &store);
	device = "hpet";
	on_access(0, 0, 0xfee00000300, &store);
	device = "apic-msi";
	finish(0x1008);
	report(ipis() == 1,
	       "a store to the ICR is an IPI; a load, ICR2 and another device are none");
	on_access(0, 0, 0xfee00000300, &store);
	report(ipis() == 1, "and none outside of a phase");
}

static void marks(void)
{
	size_t before;

	mark(0x1000, MARK_END);
	before = nr_windows;
	begin();
	plain(0x1004);
	begin();
	plain(0x1004);
	report(finish(0x1008) == 2 && nr_windows == before + 1, "a second begin starts anew");
	mark(0x100c, MARK_END);
	report(nr_windows == before + 1, "an end without a begin means nothing");
	begin();
	plain(0x1004);
	finish(0x1008);
	report(windows[nr_windows - 1].profile == windows[nr_windows - 2].profile,
	       "equal windows share a profile");
	max_windows = nr_windows;
	begin();
	report(finish(0x1004) == 0 && nr_dropped == 1,
	       "what is beyond the limit is counted as dropped");
}

/* Memory: an instruction at @pc of @vcpu accesses the 8 bytes at @at. */
static void access_by(unsigned int vcpu, uint64_t pc, uint64_t at, bool store, bool atomic)
{
	struct insn *i = xrealloc(NULL, sizeof(*i));

	*i = make(pc, INSN_PLAIN, false);
	i->event = atomic ? EVENT_ATOMIC : EVENT_NONE;
	on_insn(tell(vcpu), i);
	is_store = store;
	on_access(tell(vcpu), 0, at, i);
}

static const struct line_counts *counts(void)
{
	return &windows[nr_windows - 1].lines;
}

/* What is printed of the last window's set. */
static const char *last_set(void)
{
	static char *text;
	char title[32];
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	lines_print(out);
	fclose(out);
	snprintf(title, sizeof(title), "set %d\n", windows[nr_windows - 1].set);
	return windows[nr_windows - 1].set < 0 ? "" : strstr(text, title) + strlen(title);
}

static void footprint(void)
{
	begin();
	for (uint64_t at = 0x100000; at < 0x100000 + 7 * 64; at += 8)
		access_by(0, 0x1004, at, at < 0x100080, false);
	finish(0x1008);
	report(counts()->lines == 7 && counts()->written == 2 && counts()->pages == 1,
	       "7 lines of a page, 2 of them written");
	begin();
	access_by(0, 0x1004, 0x200ffc, false, false);
	finish(0x1008);
	report(counts()->lines == 2 && counts()->pages == 2, "an access may touch two of each");
	begin();
	access_by(0, 0x1004, 0xfee00000310, true, false);
	finish(0x1008);
	report(counts()->lines == 0, "a device has no lines");
}

static void sharing(void)
{
	access_by(1, 0x7000, 0x300000, true, false);
	begin();
	access_by(0, 0x1004, 0x300000, false, false);
	access_by(0, 0x1004, 0x300000, false, false);
	access_by(0, 0x1004, 0x300000, true, false);
	finish(0x1008);
	report(counts()->transfers == 1 && counts()->invalidations == 0,
	       "what another vCPU wrote before the phase is taken once");
	access_by(1, 0x7000, 0x300000, false, false);
	begin();
	access_by(0, 0x1004, 0x300000, true, false);
	finish(0x1008);
	report(counts()->transfers == 0 && counts()->invalidations == 1,
	       "a write to what another one has read is an invalidation");
	begin();
	access_by(1, 0x7000, 0x300000, true, false);
	access_by(0, 0x1004, 0x300000, true, false);
	access_by(1, 0x7000, 0x300000, true, false);
	finish(0x1008);
	report(counts()->transfers == 3 && counts()->invalidations == 0,
	       "in turn, each write is a transfer");
}

static bool was_false(uint64_t theirs)
{
	static uint64_t pc = 0x1004; /* of few windows with the same instructions sets are kept */
	unsigned int flags;

	lines_begin_run();
	begin();
	access_by(1, 0x7000, theirs, true, false);
	access_by(0, pc += 4, 0x400000, true, false);
	finish(0x1008);
	return sscanf(last_set(), "l %*x %*x %x", &flags) == 1 && flags & 8;
}

static void false_sharing(void)
{
	report(was_false(0x400008), "words that never meet on one line are false sharing");
	report(!was_false(0x400000), "the same word is not");
	report(!was_false(0x400040), "words on two lines are not");
}

struct seen_lock {
	unsigned int pc, nr, held, transfers, waited;
};

/* Lock number @index of the last window; zeroes if it has fewer. */
static struct seen_lock seen_lock(int index)
{
	struct seen_lock k = { 0 };
	const char *line = last_set();

	for (; line && *line != 's'; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (*line == 'k' && !index--)
			sscanf(line, "k %*x %*x %x %*u %u %u %u %u", &k.pc, &k.nr, &k.held,
			       &k.transfers, &k.waited);
	return k;
}

static void lock_and_unlock(void)
{
	begin();
	access_by(0, 0x1004, 0x500000, true, true);
	plain(0x1008);
	plain(0x100c);
	access_by(0, 0x1010, 0x500000, true, false);
	plain(0x1014);
	access_by(0, 0x1018, 0x500000, false, false);
	finish(0x101c);
	report(seen_lock(0).nr == 1 && seen_lock(0).held == 3 && seen_lock(0).pc == 0x1004 &&
		       seen_lock(1).nr == 0,
	       "from the locked instruction to the store that lets go");
}

/* As Xen's _spin_lock() does, which looks at its debug fields first. */
static void looked_at_before(void)
{
	access_by(1, 0x7000, 0x500000, true, true);
	begin();
	access_by(0, 0x1004, 0x500004, false, false);
	access_by(0, 0x1008, 0x500000, true, true);
	access_by(0, 0x100c, 0x500000, true, false);
	access_by(0, 0x1010, 0x500000, true, true);
	access_by(0, 0x1014, 0x500000, true, false);
	finish(0x1018);
	report(seen_lock(0).nr == 2 && seen_lock(0).transfers == 1,
	       "a lock's line that came by a load is the lock's, once");
}

static void waiting_for_a_lock(void)
{
	begin();
	access_by(0, 0x1004, 0x500000, true, true);
	access_by(1, 0x7000, 0x500000, true, true);
	access_by(0, 0x1008, 0x500000, true, false);
	access_by(1, 0x7004, 0x600000, true, false);
	access_by(1, 0x7008, 0x500000, true, false);
	finish(0x100c);
	report(seen_lock(0).nr == 1 && seen_lock(0).waited == 0 && seen_lock(1).nr == 1 &&
		       seen_lock(1).waited == 1 && seen_lock(1).transfers == 1,
	       "who waits has it next");
}

static void steps(void)
{
	size_t before = nr_windows;

	mark(0x1000, MARK_STEPS);
	plain(0x1004);
	mark(0x1008, MARK_STEP);
	mark(0x100c, MARK_END);
	mark(0x1010, MARK_UNMAP);
	mark(0x1014, MARK_STEP);
	mark(0x1018, MARK_STEPS_END);
	report(nr_windows == before + 1 && windows[before].steps == 2 &&
		       windows[before].nr_insns == 6 && windows[before].phase == MARK_STEPS,
	       "a phase of steps ends with its own mark only");
}

static void translate(const char *bytes)
{
	struct qemu_plugin_tb *tb = (void *)bytes;

#if QEMU_PLUGIN_API < 7
	translation_cb(0, tb);
#else
	translation_cb(tb, NULL);
#endif
}

/* Nothing is asked for before gntbench runs in dom0. */
static void arms_itself(void)
{
	translate("\x48\x89\xd8");
	report(!reset_cb, "code without marks is left alone");
	translate("\x2e\x26\x0f\x31");
	report(!reset_cb, "and so is a domU's, with marks");
	translate("\x3e\x2e\x0f\x31");
	report(!!reset_cb, "the mark of dom0's gntbench has everything translated anew");
#if QEMU_PLUGIN_API < 7
	reset_cb(0);
#else
	reset_cb(NULL);
#endif
	report(translation_cb == on_translation, "and then all code is looked at");
}

static void arguments(void)
{
	char *unknown[] = { "nonsense" }, *good[] = { "out=/dev/null" };
	qemu_info_t info = { .target_name = "aarch64", .system_emulation = true };

	report(qemu_plugin_install(0, &info, 1, good) != 0, "another architecture is refused");
	info.target_name = "x86_64";
	info.system.smp_vcpus = MAX_VCPUS + 1;
	report(qemu_plugin_install(0, &info, 1, good) != 0, "too many vCPUs are refused");
	info.system.smp_vcpus = 2;
	report(qemu_plugin_install(0, &info, 0, good) != 0, "out= is needed");
	report(qemu_plugin_install(0, &info, 1, unknown) != 0, "an unknown argument is refused");
	report(qemu_plugin_install(0, &info, 1, good) == 0, "two vCPUs and out= are fine");
}

int main(void)
{
	arguments();
	arms_itself();
	begin();
	report(finish(0x1004) == 0, "a warm-up is no window");
	mark(0x1000, MARK_COUNTS);
	straight();
	fault();
	fault_at_end_of_block();
	coprocessor_not_there();
	kernels_at_one_address();
	emulated();
	restarted_io();
	interrupt();
	interrupt_of_call();
	calls();
	fills_return_predictor();
	retpoline();
	hypercall_with_event();
	rep();
	other_vcpu();
	interprocessor_interrupt();
	footprint();
	sharing();
	false_sharing();
	lock_and_unlock();
	looked_at_before();
	waiting_for_a_lock();
	steps();
	marks();
	printf("1..%d\n", number);
	return failed;
}
