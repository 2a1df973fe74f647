/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the x86-64 instruction set as a profile needs: which instructions change the flow of
 * control, and which are events of their own. Opcodes are from the Intel SDM, volume 2.
 */
#ifndef X86_INSN_H
#define X86_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum insn_kind {
	INSN_PLAIN,
	INSN_JUMP, /* jmp, jcc, loop: no frame */
	INSN_CALL,
	INSN_RET,
	INSN_SYSCALL, /* syscall, int: into a more privileged mode, returns behind itself */
	INSN_IRET,    /* iret, sysret: back from a trap */
	INSN_REP,     /* a repeated string instruction: may be its own successor */
};

enum insn_event {
	EVENT_NONE,
	EVENT_SYSCALL,
	EVENT_INVLPG,
	EVENT_CR3,
	EVENT_CR4,
	EVENT_INVPCID,
	EVENT_ATOMIC, /* a locked read-modify-write */
	EVENT_STORE,  /* mov of 8 bytes through a register that isn't rsp */
	EVENT_WRMSR,
	EVENT_HLT,
	NR_EVENTS
};

/*
 * @has_target: a jump or a call to @target, counted in bytes from the end of the instruction
 * @conditional: a jump that may fall through
 * @push, @pop: stores to, loads from the stack
 * @gs: its memory operand is found through the segment register gs
 * @clts: clears the task-switched flag, and nothing else does without being asked to
 * @mark: the number of a mark, or NO_MARK
 * @known: a load of a byte whose kind the module tells, by two prefixes as those of a mark; or NO_MARK
 */
struct x86_insn {
	enum insn_kind kind;
	enum insn_event event;
	bool has_target;
	bool conditional;
	bool push, pop;
	bool gs;
	bool clts;
	int32_t target;
	int mark;
	int known;
};

/*
 * The numbers of kbench/marks.h: an rdtsc with two segment prefixes, which the CPU ignores and which
 * no compiler emits, is a mark; a load of a byte with them tells what the byte is.
 */
enum { NO_MARK = -1 };

struct x86_insn x86_decode(const uint8_t *bytes, size_t len);

#endif /* X86_INSN_H */
