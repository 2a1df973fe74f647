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

uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn)
{
	return 0;
}

bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info)
{
	return is_store;
}

struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	return (void *)&device;
}

bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *hwaddr)
{
	return true;
}

const char *qemu_plugin_hwaddr_device_name(const struct qemu_plugin_hwaddr *hwaddr)
{
	return device;
}

/* Instructions of 4 bytes. Addresses: 1000 the module, 2000 a function, 8000 a trap's handler. */

static struct insn make(uint64_t pc, enum insn_kind kind, bool last)
{
	return (struct insn) {
		.pc = pc, .next_pc = pc + 4, .kind = kind, .last = last, .mark = NO_MARK
	};
}

static void run(unsigned int vcpu, uint64_t pc, enum insn_kind kind, bool last)
{
	struct insn *i = xrealloc(NULL, sizeof(*i));

	*i = make(pc, kind, last);
	on_insn(vcpu, i);
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
	on_insn(0, i);
}

static void begin(void)
{
	mark(0x1000, 0);
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
	on_store(0, 0, 0xffff300, &store);
	is_store = true;
	on_store(0, 0, 0xffff310, &store);
	on_store(0, 0, 0xffff300, &store);
	device = "hpet";
	on_store(0, 0, 0xffff300, &store);
	device = "apic-msi";
	finish(0x1008);
	report(ipis() == 1,
	       "a store to the ICR is an IPI; a load, ICR2 and another device are none");
	on_store(0, 0, 0xffff300, &store);
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

static void translate(const char *bytes)
{
	struct qemu_plugin_tb *tb = (void *)bytes;

#if QEMU_PLUGIN_API < 7
	translation_cb(0, tb);
#else
	translation_cb(tb, NULL);
#endif
}

/* Nothing is asked for before a block with a mark is met. */
static void arms_itself(void)
{
	translate("\x48\x89\xd8");
	report(!reset_cb, "code without marks is left alone");
	translate("\x2e\x26\x0f\x31");
	report(!!reset_cb, "the first mark has everything translated anew");
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
	marks();
	printf("1..%d\n", number);
	return failed;
}
