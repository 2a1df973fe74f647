/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that crosses the ioctl of /dev/gntbench, and the tables that both sides read:
 * parameters here, cases in gntbench_cases.h.
 *
 * Every struct has the same layout for 32-bit and 64-bit callers: fixed-width types, pointers in a
 * __u64, no implicit padding. Every field that is not used by a case must be zero.
 */
#ifndef GNTBENCH_ABI_H
#define GNTBENCH_ABI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#include "marks.h"

/*
 * GNTBENCH_ABI, what both sides must agree in, is no number that somebody must think of: it is the
 * checksum of this file and of gntbench_cases.h (POSIX cksum), and comes from the command line of
 * the compiler: kbench/Kbuild, ubench/Makefile.
 */

#define GNTBENCH_DEVICE		"/dev/gntbench"
#define GNTBENCH_NAME_LEN	32	/* case, op, unmap mode: NUL-terminated, NUL-padded */
#define GNTBENCH_WHY_LEN	192	/* one line for the user, NUL-terminated */
#define GNTBENCH_MAX_METRICS	8
#define GNTBENCH_MAX_VALUES	8388608	/* samples * metrics of one run: 64 MiB */
#define GNTBENCH_MAX_HOLDS	1048576	/* samples * busy requests * busy pages of one run */
#define GNTBENCH_MAX_HOLD_NS	10000000000ull	/* 10 s */
#define GNTBENCH_MAX_PAGES	32768	/* pages mapped at once: batch * requests * vcpus */

/* Values of gntbench_run.unmap_mode, in the order of the tables. */
#define GNTBENCH_UNMAP_MODES	"immediate async sync"

/*
 * GNTBENCH_PARAM(id, name, unit, min, max, default, what)
 *
 * Numeric parameters. min..max are checked by the module for every parameter that the case takes;
 * a parameter that it doesn't take must be 0. Limits that depend on two parameters (busy_pages <=
 * batch) are the case's own and are checked by its valid().
 */
#define GNTBENCH_PARAMS(GNTBENCH_PARAM) \
	GNTBENCH_PARAM(SAMPLES, "samples", "", 1, 1000000, 200, "measured batches") \
	GNTBENCH_PARAM(WARMUP, "warmup", "", 0, 100000, 16, "batches before the first sample") \
	GNTBENCH_PARAM(TIMEOUT_MS, "timeout_ms", "ms", 1, 600000, 60000, "limit of the case") \
	GNTBENCH_PARAM(BATCH, "batch", "pages", 1, 512, 32, "ops in one hypercall") \
	GNTBENCH_PARAM(BUSY_PAGES, "busy_pages", "pages", 0, 512, 1, "pages of a batch held") \
	GNTBENCH_PARAM(REQUESTS, "requests", "", 1, 4096, 1, "unmap requests outstanding at once") \
	GNTBENCH_PARAM(BUSY_REQUESTS, "busy_requests", "", 0, 4096, 1, "those that are busy") \
	GNTBENCH_PARAM(INTERVAL_US, "interval_us", "us", 0, 100000, 0, "between two requests") \
	GNTBENCH_PARAM(BYTES, "bytes", "B", 64, 4096, 4096, "bytes a page that are copied") \
	GNTBENCH_PARAM(VCPUS, "vcpus", "", 1, 64, 1, "vCPUs that map and unmap at once") \
	GNTBENCH_PARAM(LINES, "lines", "", 0, 4096, 64, "cache lines that are touched") \
	GNTBENCH_PARAM(TOUCHED, "touched", "%", 1, 100, 100, "of a batch's pages, those wanted") \
	GNTBENCH_PARAM(USES, "uses", "", 1, 256, 1, "how often they are wanted") \
	GNTBENCH_PARAM(FREE, "free", "%", 0, 100, 0, "of handles or grants, left: a batch or more")

enum gntbench_param {
#define GNTBENCH_PARAM(id, ...) GNTBENCH_P_##id,
	GNTBENCH_PARAMS(GNTBENCH_PARAM)
#undef GNTBENCH_PARAM
	GNTBENCH_NR_PARAMS,
	/* Not numbers, but a case takes them or doesn't, like the others. */
	GNTBENCH_P_UNMAP_MODE = 32,
	GNTBENCH_P_GRANTER,
	GNTBENCH_P_HOLDS,
};

#define GNTBENCH_TAKES(id)	(1ULL << GNTBENCH_P_##id)

/* What a value of a metric is. */
enum gntbench_unit {
	GNTBENCH_TIME,		/* ticks of the sampler's clock (gntbench_info.tick_khz) */
	GNTBENCH_COUNT,		/* a plain number */
};

/* What a value of a metric is divided by when shown: the value itself is of a whole sample. */
enum gntbench_per {
	GNTBENCH_PER_SAMPLE,	/* nothing */
	GNTBENCH_PER_PAGE,	/* batch (times vcpus, where the case takes vcpus) */
	GNTBENCH_PER_REQUEST,	/* requests */
	GNTBENCH_PER_USE,	/* touched % of batch, rounded up, times uses */
};

/*
 * Whether somebody sleeps or waits for a timer while a value grows. In the exact tier it is then
 * virtual time, not instructions: it goes by when a timer was due, and moves with all that ran
 * before.
 */
enum gntbench_waits {
	GNTBENCH_RUNS,		/* no, unless the op is one of gntbench_case_info.waiting */
	GNTBENCH_WAITS,		/* yes */
};

struct gntbench_metric {
	const char *name;
	enum gntbench_unit unit;
	enum gntbench_per per;
	const char *what;
	enum gntbench_waits waits;
	enum mark phase;	/* that it times; MARK_NONE: none that is marked */
};

/*
 * One row of the table of cases, as both sides see it.
 * @ops: space-separated names of what the case can do; the first is the default; "" if only one
 * @params: mask of GNTBENCH_TAKES(); SAMPLES, WARMUP and TIMEOUT_MS are taken by every case
 * @metrics: one value of each a sample, in this order; ends with a NULL name
 * @pageless: those of @ops that have no pages: what is GNTBENCH_PER_PAGE is of a sample with them;
 *	NULL for none
 * @waiting: those of @ops that wait: all their metrics are GNTBENCH_WAITS; NULL for none
 */
struct gntbench_case_info {
	const char *name;
	const char *what;
	const char *ops;
	__u64 params;
	struct gntbench_metric metrics[GNTBENCH_MAX_METRICS + 1];
	const char *pageless;
	const char *waiting;
};

/* A row of gntbench_cases.h as a struct gntbench_case_info. */
#define METRICS(...)	{ __VA_ARGS__ }
#define GNTBENCH_CASE_INFO(_name, _what, _ops, _params, _metrics, ...)				\
	{											\
		.name = #_name, .what = _what, .ops = _ops, .params = _params,			\
		.metrics = _metrics, __VA_ARGS__						\
	}

/* Of the cases that watch unmap requests: backend, and busy_io of ubench, which makes them, too. */
#define REQUEST_METRICS										\
	METRICS({ "latency", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "asked for until done",	\
		GNTBENCH_WAITS },								\
		{ "hold", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "until no page was in use",	\
		GNTBENCH_WAITS },								\
		{ "overshoot", GNTBENCH_TIME, GNTBENCH_PER_SAMPLE, "latency minus hold",	\
		GNTBENCH_WAITS },								\
		{ "attempts", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "looks at page counts",	\
		GNTBENCH_WAITS },								\
		{ "busy_pages", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "in use when asked for",	\
		GNTBENCH_WAITS },								\
		{ "pages", GNTBENCH_COUNT, GNTBENCH_PER_SAMPLE, "of the request",		\
		GNTBENCH_WAITS })

/* gntbench_info.kernel_flags: what makes a number of this kernel doubtful. */
#define GNTBENCH_KERNEL_KASAN		0x01
#define GNTBENCH_KERNEL_LOCKDEP		0x02
#define GNTBENCH_KERNEL_DEBUG_PREEMPT	0x04
#define GNTBENCH_KERNEL_TSC_UNSTABLE	0x08
#define GNTBENCH_KERNEL_TSC_EMULATED	0x10	/* rdtsc traps to Xen: ticks are too dear */
#define GNTBENCH_KERNEL_FAULTS		0x20	/* loaded with faults=1: not for measuring */

/* GNTBENCH_IOC_INFO: what the module knows of the machine. */
struct gntbench_info {
	__u32 abi;		/* out: GNTBENCH_ABI; filled in whatever the caller's ABI is */
	__u32 kernel_flags;	/* out: GNTBENCH_KERNEL_* */
	__u32 tick_khz;		/* out: frequency of the sampler's clock */
	__u32 hz;		/* out: CONFIG_HZ */
	__u32 vcpus;		/* out: vCPUs online */
	__u32 domid;		/* out: our own domain id */
	__u32 pv;		/* out: 1: PV, 0: auto-translated (PVH, HVM, arm64) */
	__u32 nr_cases;		/* out: rows of the table of cases */
	/*
	 * The self-proof of the exact tier: a loop of proof_insn instructions (counted by hand in
	 * the assembly that runs them) took proof_ticks. In the exact tier the two are equal but
	 * for the two clock reads (at most 16).
	 */
	__u64 proof_insn;	/* out */
	__u64 proof_ticks;	/* out: the least of several tries */
	/*
	 * The hash of the module's sources that modpost makes (srcversion), hex. The linker's build
	 * id is in /sys/module/gntbench/notes/.note.gnu.build-id.
	 */
	char build[64];		/* out */
};

/* gntbench_run.flags */
#define GNTBENCH_CHECK_ONLY	0x01	/* check the arguments and valid(), run nothing */
/*
 * Begin each sample right behind a tick of the kernel's clock (HZ), and the first one at a full
 * second, for the exact tier: then ticks, and what Xen does each second, fall into the same place
 * of the same samples, or none, whatever ran before.
 */
#define GNTBENCH_ALIGNED	0x02

/*
 * gntbench_run.fault: what the tests break on purpose, to see that the oracle finds it. Refused
 * unless the module was loaded with faults=1.
 *
 * GNTBENCH_FAULT(id, name, what)
 */
#define GNTBENCH_FAULTS(GNTBENCH_FAULT) \
	GNTBENCH_FAULT(BAD_GREF, "bad_gref", "a gref that was never granted is mapped") \
	GNTBENCH_FAULT(PATTERN, "pattern", "the granter's page changes before it is read") \
	GNTBENCH_FAULT(LOST_WRITE, "lost_write", "a write by the mapper goes elsewhere") \
	GNTBENCH_FAULT(NOT_FOREIGN, "not_foreign", "PG_foreign is cleared while mapped") \
	GNTBENCH_FAULT(PRIVATE, "private", "page->private names another gref") \
	GNTBENCH_FAULT(P2M, "p2m", "the p2m entry of a mapped page loses FOREIGN_FRAME_BIT") \
	GNTBENCH_FAULT(BAD_HANDLE, "bad_handle", "a wrong handle is unmapped") \
	GNTBENCH_FAULT(STILL_FOREIGN, "still_foreign", "PG_foreign is set after the unmap") \
	GNTBENCH_FAULT(STILL_P2M, "still_p2m", "the p2m entry of an unmapped page is foreign") \
	GNTBENCH_FAULT(PAGE_COUNT, "page_count", "an unmapped page has one more reference") \
	GNTBENCH_FAULT(DONE_TWICE, "done_twice", "done() is called once more") \
	GNTBENCH_FAULT(STILL_MAPPED, "still_mapped", "a second mapping of the grant stays") \
	GNTBENCH_FAULT(NEVER_LETS_GO, "never_lets_go", "a page is in use for 3 s") \
	GNTBENCH_FAULT(UNSAFE, "unsafe", "the unmap does not wait for busy pages") \
	GNTBENCH_FAULT(FRAME, "frame", "the p2m entry of a mapped page names another frame") \
	GNTBENCH_FAULT(READABLE, "readable", "an unmapped page can be read") \
	GNTBENCH_FAULT(LEFT_OUT, "left_out", "the unmap request leaves a page out")

enum gntbench_fault {
	GNTBENCH_F_NONE,
#define GNTBENCH_FAULT(id, ...) GNTBENCH_F_##id,
	GNTBENCH_FAULTS(GNTBENCH_FAULT)
#undef GNTBENCH_FAULT
	GNTBENCH_NR_FAULTS,
};

/* gntbench_run.granter: a domid, or this for self-grants. */
#define GNTBENCH_SELF		0x7ff0u		/* DOMID_SELF, xen/interface/xen.h */

/*
 * What a granter domain that serves gntbench writes into the first word of each page, with the
 * gref in the low half. Mappers leave that word alone.
 */
#define GNTBENCH_FOREIGN_WORD	0x676e746200000000ull

/*
 * GNTBENCH_IOC_RUN: run one case. Returns 0, or -1 with errno and a line in why[]:
 *   EPERM      the caller lacks CAP_SYS_ADMIN: open() and every ioctl; no why[]
 *   EPROTO     abi is not ours
 *   EINVAL     an argument is unknown, missing, or out of its limits
 *   EOPNOTSUPP the case can't run here (a skip, not an error)
 *   EBUSY      another run is going on
 *   EINTR      a signal ended it
 *   ETIMEDOUT  timeout_ms is over
 *   EILSEQ     the oracle found a broken invariant: a failure of the code under test
 *   ENOMEM, EFAULT, EIO, ENOSPC (grant table or maptrack exhausted) as usual
 * Whatever it returns, nothing is left mapped or granted, or why[] says what is and why.
 */
struct gntbench_run {
	__u32 abi;				/* in: GNTBENCH_ABI */
	__u32 flags;				/* in */
	char name[GNTBENCH_NAME_LEN];		/* in: the case */
	char op[GNTBENCH_NAME_LEN];		/* in: "" for the first of the case's ops */
	char unmap_mode[GNTBENCH_NAME_LEN];	/* in: "" unless the case takes it */
	__u64 param[GNTBENCH_NR_PARAMS];	/* in */
	__u64 grefs;				/* in: __u32 *, foreign grants; 0 for self */
	/* in: __u64 *, samples * busy_requests * busy_pages hold times; a case takes both or one */
	__u64 hold_ns;
	__u64 values;				/* in: __u64 *, room for samples * metrics values */
	/*
	 * in: __u32 *, room for a number for each sample: how many interrupts Linux handled in its
	 * timed phases, on any vCPU, and how often Xen set this vCPU's clock anew, which it does in
	 * an interrupt of its own. A sample with 0 is the code's own. 0: not wanted
	 */
	__u64 interrupts;
	__u32 granter;				/* in: domid or GNTBENCH_SELF */
	__u32 nr_grefs;				/* in */
	__u32 nr_holds;				/* in */
	__u32 fault;				/* in: plant a fault; needs the module's faults=1 */
	__u64 nr_values;			/* in: room; out: values, sample by sample */
	__u64 oracle_checks;			/* out: invariants looked at */
	__u64 oracle_broken;			/* out: and found broken */
	char why[GNTBENCH_WHY_LEN];		/* out */
};

#define GNTBENCH_IOC_INFO	_IOR('G', 0x80, struct gntbench_info)
#define GNTBENCH_IOC_RUN	_IOWR('G', 0x81, struct gntbench_run)

#endif /* GNTBENCH_ABI_H */
