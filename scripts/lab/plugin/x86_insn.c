// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>

#include "x86_insn.h"

struct prefixes {
	bool lock, rep, opsize, gs;
	uint8_t rex;
	unsigned int nr_segments;
	unsigned int segments; /* two bits a prefix, the last one lowest */
};

/* es, cs, ss and ds: without effect in 64-bit mode. */
static bool is_segment(uint8_t byte)
{
	return (byte & 0xe7) == 0x26;
}

static size_t skip_prefixes(const uint8_t *bytes, size_t len, struct prefixes *p)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (is_segment(bytes[i])) {
			p->nr_segments++;
			p->segments = p->segments << 2 | (bytes[i] >> 3 & 3);
		} else if (bytes[i] == 0xf0) {
			p->lock = true;
		} else if (bytes[i] == 0xf2 || bytes[i] == 0xf3) {
			p->rep = true;
		} else if (bytes[i] == 0x66) {
			p->opsize = true;
		} else if (bytes[i] == 0x65) {
			p->gs = true;
		} else if (bytes[i] != 0x64 && bytes[i] != 0x67) {
			break;
		}
	}
	if (i < len && (bytes[i] & 0xf0) == 0x40) /* REX */
		p->rex = bytes[i++];
	return i;
}

/* Is the memory operand found through a register that is neither rsp nor rip? */
static bool is_indirect(const uint8_t *modrm, uint8_t rex)
{
	unsigned int mod = modrm[0] >> 6, rm = modrm[0] & 7;

	if (mod == 3)
		return false;
	if (rm == 4)
		return (modrm[1] & 7) != 4 || (rex & 1);
	return mod != 0 || rm != 5;
}

static bool is_string_op(uint8_t op)
{
	return (op >= 0xa4 && op <= 0xa7) || (op >= 0xaa && op <= 0xaf) ||
	       (op >= 0x6c && op <= 0x6f);
}

/* Does the instruction store to or load from the stack, whatever else it does? */
static void find_stack(const uint8_t *op, size_t len, struct x86_insn *insn)
{
	unsigned int reg = len > 1 ? op[1] >> 3 & 7 : 0;

	switch (op[0]) {
	case 0x50 ... 0x57:
	case 0x68:
	case 0x6a:
	case 0x9c:
	case 0xe8:
		insn->push = true;
		break;
	case 0x58 ... 0x5f:
	case 0x9d:
	case 0xc2:
	case 0xc3:
	case 0xc9:
	case 0xcf:
		insn->pop = true;
		break;
	case 0xff:
		insn->push = reg == 2 || reg == 6;
	}
}

/* A displacement of one or four bytes ends the instruction; its machine is little-endian. */
static void direct_target(const uint8_t *end, size_t size, struct x86_insn *insn)
{
	insn->has_target = true;
	if (size == 1)
		insn->target = (int8_t)end[-1];
	else
		insn->target = (int32_t)((uint32_t)end[-4] | (uint32_t)end[-3] << 8 |
					 (uint32_t)end[-2] << 16 | (uint32_t)end[-1] << 24);
}

static void decode_0f(const uint8_t *op, size_t len, const struct prefixes *p,
		      struct x86_insn *insn)
{
	bool memory = len > 1 && op[1] < 0xc0;
	unsigned int reg = len > 1 ? op[1] >> 3 & 7 : 0;

	switch (op[0]) {
	case 0x01:
		if (memory && reg == 7)
			insn->event = EVENT_INVLPG;
		break;
	case 0x05:
		insn->kind = INSN_SYSCALL;
		insn->event = EVENT_SYSCALL;
		break;
	case 0x06:
		insn->clts = true;
		break;
	case 0x07:
		insn->kind = INSN_IRET;
		break;
	case 0x22:
		if (reg == 3)
			insn->event = EVENT_CR3;
		else if (reg == 4)
			insn->event = EVENT_CR4;
		break;
	case 0x30:
		insn->event = EVENT_WRMSR;
		break;
	case 0x31:
		if (p->nr_segments == 2)
			insn->mark = p->segments;
		break;
	case 0x38:
		if (p->opsize && len > 1 && op[1] == 0x82)
			insn->event = EVENT_INVPCID;
		break;
	default:
		if (op[0] >= 0x80 && op[0] <= 0x8f && len == 5) {
			insn->kind = INSN_JUMP;
			insn->conditional = true;
			direct_target(op + len, 4, insn);
		}
	}
}

static void decode_one_byte(const uint8_t *op, size_t len, const struct prefixes *p,
			    struct x86_insn *insn)
{
	bool memory = len > 1 && op[1] < 0xc0;
	unsigned int reg = len > 1 ? op[1] >> 3 & 7 : 0;

	if (is_string_op(op[0])) {
		if (p->rep)
			insn->kind = INSN_REP;
		return;
	}
	switch (op[0]) {
	case 0x70 ... 0x7f:
	case 0xe0 ... 0xe3:
		insn->kind = INSN_JUMP;
		insn->conditional = true;
		direct_target(op + len, 1, insn);
		break;
	case 0x86:
	case 0x87:
		if (memory) /* xchg with memory locks without being asked */
			insn->event = EVENT_ATOMIC;
		break;
	case 0x89:
		if ((p->rex & 8) && len > 1 && is_indirect(op + 1, p->rex))
			insn->event = EVENT_STORE;
		break;
	case 0xc2:
	case 0xc3:
		insn->kind = INSN_RET;
		break;
	case 0xcc:
	case 0xcd:
		insn->kind = INSN_SYSCALL;
		break;
	case 0xcf:
		insn->kind = INSN_IRET;
		break;
	case 0xe8:
	case 0xe9:
		insn->kind = op[0] == 0xe8 ? INSN_CALL : INSN_JUMP;
		if (len == 5)
			direct_target(op + len, 4, insn);
		break;
	case 0xeb:
		insn->kind = INSN_JUMP;
		direct_target(op + len, 1, insn);
		break;
	case 0xf4:
		insn->event = EVENT_HLT;
		break;
	case 0xff:
		if (reg == 2 || reg == 3)
			insn->kind = INSN_CALL;
		else if (reg == 4 || reg == 5)
			insn->kind = INSN_JUMP;
	}
}

struct x86_insn x86_decode(const uint8_t *bytes, size_t len)
{
	struct x86_insn insn = {
		.kind = INSN_PLAIN, .event = EVENT_NONE, .mark = NO_MARK, .known = NO_MARK
	};
	struct prefixes p = { 0 };
	size_t i = skip_prefixes(bytes, len, &p);

	if (i >= len)
		return insn;
	if (p.lock)
		insn.event = EVENT_ATOMIC;
	insn.gs = p.gs;
	if (bytes[i] == 0x0f && i + 1 < len) {
		decode_0f(bytes + i + 1, len - i - 1, &p, &insn);
	} else {
		find_stack(bytes + i, len - i, &insn);
		if (bytes[i] == 0x8a && p.nr_segments == 2)
			insn.known = p.segments;
		decode_one_byte(bytes + i, len - i, &p, &insn);
	}
	return insn;
}
