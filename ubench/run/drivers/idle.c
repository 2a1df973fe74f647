// SPDX-License-Identifier: GPL-2.0
/*
 * The sysctl is not a stable interface: a Xen takes only its own version of it, and libxenctrl is
 * bound to one. What is asked here has looked the same since Xen 4.0, so any version will do.
 */
#define __XEN_TOOLS__
#include "run/drivers/idle.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xen/xen.h>
#include <xen/sysctl.h>
#include <xen/sys/privcmd.h>

#define PRIVCMD	      "/dev/xen/privcmd"
#define FIRST_VERSION 0x10
#define LAST_VERSION  0x3f
#define MAX_CPUS      256
#define BUFFER	      4096

/* What Xen reads and writes: in memory that stays where it is. */
struct buffer {
	struct xen_sysctl op;
	struct xen_sysctl_cpuinfo cpus[MAX_CPUS];
};
_Static_assert(sizeof(struct buffer) <= BUFFER, "one page");

static int ask(int fd, struct buffer *b)
{
	struct privcmd_hypercall call = { .op = __HYPERVISOR_sysctl, .arg = { (uintptr_t)&b->op } };
	int ret = -1;

	for (uint32_t v = FIRST_VERSION; ret && v <= LAST_VERSION; v++) {
		memset(&b->op, 0, sizeof(b->op));
		b->op.cmd = XEN_SYSCTL_getcpuinfo;
		b->op.interface_version = v;
		b->op.u.getcpuinfo.max_cpus = MAX_CPUS;
		set_xen_guest_handle(b->op.u.getcpuinfo.info, b->cpus);
		ret = ioctl(fd, IOCTL_PRIVCMD_HYPERCALL, &call);
		if (ret && errno != EACCES)
			break;
	}
	return ret;
}

bool idle_read(uint64_t *ns, struct outcome *out)
{
	int fd = open(PRIVCMD, O_RDWR | O_CLOEXEC);
	struct buffer *b = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED | MAP_POPULATE, -1, 0);
	bool ok = false;

	if (fd < 0 || b == MAP_FAILED || ask(fd, b)) {
		outcome_stop(out, CASE_ERROR,
			     "can't ask Xen through " PRIVCMD " how long it was idle: %s",
			     strerror(errno));
	} else {
		*ns = 0;
		for (uint32_t i = 0; i < b->op.u.getcpuinfo.nr_cpus && i < MAX_CPUS; i++)
			*ns += b->cpus[i].idletime;
		ok = *ns || outcome_stop(out, CASE_ERROR, "Xen says that it was never idle");
	}
	if (b != MAP_FAILED)
		munmap(b, BUFFER);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool idle_check(uint64_t before_ns, struct outcome *out)
{
	uint64_t ns;

	if (!idle_read(&ns, out))
		return false;
	if (ns == before_ns)
		return true;
	return outcome_stop(out, CASE_ERROR,
			    "Xen was idle for %ju ns of it (one vCPU, and nothing that takes its "
			    "time?)",
			    (uintmax_t)(ns - before_ns));
}
