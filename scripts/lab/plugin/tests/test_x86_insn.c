// SPDX-License-Identifier: GPL-2.0
/* What the plugin takes an instruction for. The bytes are the assembler's own: see INSN(). */
#include <stdio.h>
#include <string.h>

#include "../x86_insn.h"

/* Assembles TEXT into the data section, between two symbols. */
#define INSN(name, text)                           \
	extern const uint8_t name[], name##_end[]; \
	asm(".pushsection .rodata\n" #name ": " text "\n" #name "_end:\n.popsection\n");

/* clang-format off */
#define INSNS(X) \
	X(nop, "nop", INSN_PLAIN, EVENT_NONE) \
	X(load, "movq (%rbx), %rax", INSN_PLAIN, EVENT_NONE) \
	X(store, "movq %rax, (%rbx)", INSN_PLAIN, EVENT_STORE) \
	X(store_r12, "movq %r13, (%r12)", INSN_PLAIN, EVENT_STORE) \
	X(store_rsp, "movq %rdi, (%rsp)", INSN_PLAIN, EVENT_NONE) \
	X(store_rip, "movq %rdi, 64(%rip)", INSN_PLAIN, EVENT_NONE) \
	X(store_32, "movl %eax, (%rbx)", INSN_PLAIN, EVENT_NONE) \
	X(move, "movq %rax, %rbx", INSN_PLAIN, EVENT_NONE) \
	X(call, "call .+64", INSN_CALL, EVENT_NONE) \
	X(call_reg, "call *%rax", INSN_CALL, EVENT_NONE) \
	X(call_mem, "call *8(%r11)", INSN_CALL, EVENT_NONE) \
	X(jump, "jmp .+300", INSN_JUMP, EVENT_NONE) \
	X(jump_short, "jmp .+4", INSN_JUMP, EVENT_NONE) \
	X(jump_reg, "jmp *%r11", INSN_JUMP, EVENT_NONE) \
	X(jump_if, "jne .+300", INSN_JUMP, EVENT_NONE) \
	X(jump_if_short, "jne .-4", INSN_JUMP, EVENT_NONE) \
	X(push_mem, "push (%rax)", INSN_PLAIN, EVENT_NONE) \
	X(inc_mem, "incq (%rax)", INSN_PLAIN, EVENT_NONE) \
	X(ret, "ret", INSN_RET, EVENT_NONE) \
	X(rep_ret, "rep ret", INSN_RET, EVENT_NONE) \
	X(iret, "iretq", INSN_IRET, EVENT_NONE) \
	X(sysret, "sysretq", INSN_IRET, EVENT_NONE) \
	X(syscall, "syscall", INSN_SYSCALL, EVENT_SYSCALL) \
	X(int3, "int3", INSN_SYSCALL, EVENT_NONE) \
	X(rep_movs, "rep movsq", INSN_REP, EVENT_NONE) \
	X(movs, "movsq", INSN_PLAIN, EVENT_NONE) \
	X(pause, "pause", INSN_PLAIN, EVENT_NONE) \
	X(invlpg, "invlpg (%rax)", INSN_PLAIN, EVENT_INVLPG) \
	X(invlpg_r8, "invlpg (%r8)", INSN_PLAIN, EVENT_INVLPG) \
	X(swapgs, "swapgs", INSN_PLAIN, EVENT_NONE) \
	X(cr3, "movq %rax, %cr3", INSN_PLAIN, EVENT_CR3) \
	X(cr4, "movq %rcx, %cr4", INSN_PLAIN, EVENT_CR4) \
	X(cr0, "movq %rcx, %cr0", INSN_PLAIN, EVENT_NONE) \
	X(cr8, "movq %rcx, %cr8", INSN_PLAIN, EVENT_NONE) \
	X(read_cr3, "movq %cr3, %rax", INSN_PLAIN, EVENT_NONE) \
	X(invpcid, "invpcid (%rax), %rcx", INSN_PLAIN, EVENT_INVPCID) \
	X(lock_inc, "lock incl (%rax)", INSN_PLAIN, EVENT_ATOMIC) \
	X(lock_cmpxchg, "lock cmpxchgq %rcx, (%rsi)", INSN_PLAIN, EVENT_ATOMIC) \
	X(lock_gs, "lock cmpxchgq %rcx, %gs:(%rsi)", INSN_PLAIN, EVENT_ATOMIC) \
	X(xchg_mem, "xchgl %eax, (%rbx)", INSN_PLAIN, EVENT_ATOMIC) \
	X(xchg_reg, "xchgl %ecx, %ebx", INSN_PLAIN, EVENT_NONE) \
	X(wrmsr, "wrmsr", INSN_PLAIN, EVENT_WRMSR) \
	X(hlt, "hlt", INSN_PLAIN, EVENT_HLT) \
	X(rdtsc, "rdtsc", INSN_PLAIN, EVENT_NONE) \
	X(rdtscp, "rdtscp", INSN_PLAIN, EVENT_NONE)
/* clang-format on */

#define ASSEMBLE(name, text, ...) INSN(name, text)
INSNS(ASSEMBLE)

static int number, failed;

static void report(int good, const char *what)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++number, what);
	failed |= !good;
}

static void check(const uint8_t *from, const uint8_t *to, const char *text, enum insn_kind kind,
		  enum insn_event event)
{
	struct x86_insn insn = x86_decode(from, to - from);

	report(insn.kind == kind && insn.event == event && insn.mark == NO_MARK, text);
}

/* A target counts from the end of the instruction, ".+N" from its start. */
static void check_target(const uint8_t *from, const uint8_t *to, const char *text, int target,
			 int conditional)
{
	struct x86_insn insn = x86_decode(from, to - from);

	report(insn.has_target && insn.target == target - (to - from) &&
		       insn.conditional == conditional,
	       text);
}

static void check_marks(void)
{
	uint8_t bytes[] = { 0, 0, 0x0f, 0x31 };
	int nr, good = 1;

	for (nr = 0; nr < 16; nr++) {
		bytes[0] = 0x26 | (nr >> 2) << 3;
		bytes[1] = 0x26 | (nr & 3) << 3;
		good = good && x86_decode(bytes, sizeof(bytes)).mark == nr;
	}
	report(good, "an rdtsc with two segment prefixes is a mark");
	report(x86_decode(bytes + 1, 3).mark == NO_MARK, "one with one is none");
	report(x86_decode((const uint8_t[]) { 0x0f, 0x06 }, 2).clts, "clts is known");
	bytes[3] = 0x30;
	report(x86_decode(bytes, 4).mark == NO_MARK, "a wrmsr with two is none");
}

static void check_memory(void)
{
	static const uint8_t told[] = { 0x26, 0x2e, 0x8a, 0x00 };

	report(x86_decode(told, sizeof(told)).known == 1, "a load with two prefixes tells");
	report(x86_decode(told + 1, 3).known == NO_MARK, "one with one doesn't");
	report(x86_decode(call, call_end - call).push && x86_decode(ret, ret_end - ret).pop,
	       "calls and returns use the stack");
	report(!x86_decode(store, store_end - store).push && !x86_decode(load, load_end - load).pop,
	       "other stores and loads don't");
	report(x86_decode(lock_gs, lock_gs_end - lock_gs).gs &&
		       !x86_decode(lock_inc, lock_inc_end - lock_inc).gs,
	       "a prefix for gs is a prefix for gs");
}

/* What is cut short is nothing, and nothing behind it is read. */
static void check_short(void)
{
	static const uint8_t prefixes[] = { 0x66, 0xf2, 0x48 };
	struct x86_insn insn = x86_decode(prefixes, sizeof(prefixes));

	report(insn.kind == INSN_PLAIN && insn.event == EVENT_NONE, "prefixes alone are nothing");
	report(x86_decode(prefixes, 0).kind == INSN_PLAIN, "no bytes are nothing");
}

int main(void)
{
#define CHECK(name, text, kind, event) check(name, name##_end, text, kind, event);
	INSNS(CHECK)
	check_target(call, call_end, "where a call goes", 64, 0);
	check_target(jump, jump_end, "where a jump goes", 300, 0);
	check_target(jump_short, jump_short_end, "where a short jump goes", 4, 0);
	check_target(jump_if, jump_if_end, "where a conditional jump goes", 300, 1);
	check_target(jump_if_short, jump_if_short_end, "where a short one goes, backwards", -4, 1);
	report(!x86_decode(call_reg, call_reg_end - call_reg).has_target,
	       "an indirect call goes anywhere");
	check_marks();
	check_memory();
	check_short();
	printf("1..%d\n", number);
	return failed;
}
