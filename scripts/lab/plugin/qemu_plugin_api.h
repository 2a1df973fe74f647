/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of QEMU's TCG plugin API that insn_profile.c uses, in its versions 1 to 7: which one is
 * QEMU_PLUGIN_API, by what the QEMU at hand says (scripts/lab/plugin/build). Debian's QEMU is built
 * with plugins, but ships no header for them before 13; the functions are documented in QEMU's
 * manual ("QEMU TCG Plugins") and are exported by the qemu-system-* binary itself.
 *
 * Where versions differ in what is used here:
 *
 * 1 QEMU 7.2, 3 and later (QEMU 9 and 10): qemu_plugin_insn_data() copies
 * 4 (QEMU 10.0) and later: @vcpu of a callback is the vCPU that the block was translated for, with
 *   -icount (running() of insn_profile.c)
 * 7 (QEMU 11.1): all callbacks take a pointer of the plugin's last, and no id
 */
#ifndef QEMU_PLUGIN_API_H
#define QEMU_PLUGIN_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_EXPORT __attribute__((visibility("default")))

#ifndef QEMU_PLUGIN_API
#error "which API? scripts/lab/plugin/build says -DQEMU_PLUGIN_API=N"
#endif

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;

/* What QEMU tells at install time. Live during the call only. */
typedef struct qemu_info_t {
	const char *target_name;
	struct {
		int min;
		int cur;
	} version;
	bool system_emulation;
	struct {
		int smp_vcpus;
		int max_vcpus;
	} system;
} qemu_info_t;

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS,
};

enum qemu_plugin_mem_rw {
	QEMU_PLUGIN_MEM_RW = 3,
};

/*
 * The callbacks that are told apart by the version: how a function of that kind is declared, and what
 * registering it takes behind the function itself.
 */
#define UNUSED __attribute__((unused))
#if QEMU_PLUGIN_API < 7
#define ON_RESET(name)	     name(qemu_plugin_id_t id UNUSED)
#define ON_EXIT(name)	     name(qemu_plugin_id_t id UNUSED, void *udata UNUSED)
#define ON_TRANSLATION(name) name(qemu_plugin_id_t id UNUSED, struct qemu_plugin_tb *tb)
#define AND_UDATA(...)
#else
#define ON_RESET(name)	     name(void *udata UNUSED)
#define ON_EXIT(name)	     name(void *udata UNUSED)
#define ON_TRANSLATION(name) name(struct qemu_plugin_tb *tb, void *udata UNUSED)
#define AND_UDATA(...)	     , __VA_ARGS__
#endif

typedef void ON_RESET((*qemu_plugin_reset_cb_t));
typedef void ON_EXIT((*qemu_plugin_exit_cb_t));
typedef void ON_TRANSLATION((*qemu_plugin_tb_trans_cb_t));
typedef void (*qemu_plugin_vcpu_udata_cb_t)(unsigned int vcpu, void *udata);
typedef void (*qemu_plugin_vcpu_mem_cb_t)(unsigned int vcpu, qemu_plugin_meminfo_t info,
					  uint64_t vaddr, void *udata);

/* What a plugin exports. */
extern QEMU_PLUGIN_EXPORT int qemu_plugin_version;
QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
					   char **argv);

/* What QEMU exports. */
void qemu_plugin_reset(qemu_plugin_id_t id, qemu_plugin_reset_cb_t cb AND_UDATA(void *udata));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_exit_cb_t cb, void *udata);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   qemu_plugin_tb_trans_cb_t cb AND_UDATA(void *udata));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_vcpu_udata_cb_t cb,
					    enum qemu_plugin_cb_flags flags, void *udata);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t cb,
				      enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw rw,
				      void *udata);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
#if QEMU_PLUGIN_API < 3
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
#else
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t len);
#endif
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn); /* QEMU's own, of the memory */
unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t info, uint64_t vaddr);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *hwaddr);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *hwaddr);
const char *qemu_plugin_hwaddr_device_name(const struct qemu_plugin_hwaddr *hwaddr);

#endif /* QEMU_PLUGIN_API_H */
