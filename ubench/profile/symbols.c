// SPDX-License-Identifier: GPL-2.0
#include "profile/symbols.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"

/* Where x86-64 has its images: xen/arch/x86/include/asm/config.h, Linux' x86/x86_64/mm.rst. */
#define XEN_START     0xffff82d040000000
#define XEN_STUBS     0xffff82d07f000000
#define XEN_STUB_SIZE 32ull
#define XEN_END	      0xffff82d080000000
#define LINUX_START   0xffffffff80000000
#define MODULES_START 0xffffffffa0000000
#define MODULES_END   0xffffffffff000000
#define KERNEL_HALF   0x8000000000000000

/* Clear in code of a domU's kernel: scripts/lab/plugin/insn_profile.c, OTHER_KERNEL. */
#define NOT_DOMU (1ull << 48)

/* A function ends where the next symbol starts; the last one of an image at most so far behind. */
#define MAX_FUNCTION 0x20000

/* As far does an array of data reach, at most. */
#define MAX_DATA 0x200000

struct entry {
	uint64_t address;
	const char *name;
	const char *module; /* NULL: not of a module */
	bool is_text;
	bool is_global;
};

struct symbols {
	struct obstack pool;
	struct entry *entries;
	size_t nr, room;
	bool sorted;
};

struct symbols *symbols_new(void)
{
	struct symbols *syms = xcalloc(1, sizeof(*syms));

	pool_init(&syms->pool);
	return syms;
}

void symbols_free(struct symbols *syms)
{
	if (!syms)
		return;
	pool_free(&syms->pool);
	free(syms->entries);
	free(syms);
}

/* "unmap_common.constprop.0" is unmap_common to a reader, with this compiler and with the next. */
static const char *function_name(struct symbols *syms, const char *name)
{
	const char *dot = strchr(name + 1, '.');

	return dot ? obstack_copy0(&syms->pool, name, dot - name) : pool_strdup(&syms->pool, name);
}

static void add(struct symbols *syms, uint64_t address, char type, const char *name, char *module)
{
	struct entry *e;

	if (syms->nr == syms->room) {
		syms->room = syms->room ? 2 * syms->room : 1024;
		syms->entries = xrealloc_array(syms->entries, syms->room, sizeof(*syms->entries));
	}
	if (module) {
		module[strcspn(module, "]")] = '\0';
		module = (char *)pool_strdup(&syms->pool, module + 1);
	}
	e = &syms->entries[syms->nr++];
	*e = (struct entry) {
		.address = address,
		.name = function_name(syms, name),
		.module = module,
		.is_text = strchr("tTwW", type),
		.is_global = isupper((unsigned char)type),
	};
	syms->sorted = false;
}

int symbols_read(struct symbols *syms, const char *path, struct error *err)
{
	char line[1024], name[512], module[128], type;
	FILE *in = fopen(path, "r");
	size_t before = syms->nr;
	uint64_t address;
	int fields, ret = 0;

	if (!in)
		return error_set(err, "can't read the symbols %s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), in)) {
		fields = sscanf(line, "%" SCNx64 " %c %511s %127s", &address, &type, name, module);
		if (fields < 3 || !(address & KERNEL_HALF))
			continue;
		add(syms, address, type, name, fields == 4 && *module == '[' ? module : NULL);
	}
	if (ferror(in))
		ret = error_set(err, "can't read the symbols %s: %s", path, strerror(errno));
	else if (syms->nr == before)
		ret = error_set(err,
				"%s has no line \"ADDRESS TYPE NAME\" with an address of a "
				"kernel: are addresses hidden (kptr_restrict)?",
				path);
	fclose(in);
	return ret;
}

/* Not a function, but where a section starts or ends. */
static bool is_marker(const char *name)
{
	size_t len = strlen(name);

	return !strncmp(name, "_stext", 6) || !strncmp(name, "_sinittext", 10) ||
	       !strncmp(name, "__start_", 8) || !strncmp(name, "__stop_", 7) ||
	       (len > 6 && !strcmp(name + len - 6, "_start")) ||
	       (len > 4 && !strcmp(name + len - 4, "_end"));
}

/* Of several names for one address the first wins: a function, global, without _ before it, a to z. */
static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->is_text != y->is_text)
		return x->is_text ? -1 : 1;
	if (is_marker(x->name) != is_marker(y->name))
		return is_marker(y->name) ? -1 : 1;
	if (x->is_global != y->is_global)
		return x->is_global ? -1 : 1;
	if ((*x->name == '_') != (*y->name == '_'))
		return *y->name == '_' ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void sort(struct symbols *syms)
{
	size_t nr = 0;

	if (syms->sorted)
		return;
	if (syms->nr)
		qsort(syms->entries, syms->nr, sizeof(*syms->entries), compare);
	for (size_t i = 0; i < syms->nr; i++)
		if (!nr || syms->entries[i].address != syms->entries[nr - 1].address)
			syms->entries[nr++] = syms->entries[i];
	syms->nr = nr;
	syms->sorted = true;
}

static const char *image_of(uint64_t address)
{
	if (!(address & KERNEL_HALF))
		return "user";
	if (address >= XEN_START && address < XEN_END)
		return "Xen";
	if (address >= MODULES_START && address < MODULES_END)
		return "module";
	return "Linux";
}

/* Xen makes a page of code for each CPU, far behind its last symbol: x86_64/traps.c. */
static bool is_xen_stub(const struct entry *e, uint64_t address)
{
	return address >= XEN_STUBS && address < XEN_END && e->address >= XEN_START &&
	       e->address < XEN_STUBS;
}

/* The last entry that is not behind @address, or NULL. */
static const struct entry *find_before(struct symbols *syms, uint64_t address)
{
	size_t low = 0, high;

	sort(syms);
	high = syms->nr;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (syms->entries[mid].address <= address)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &syms->entries[low - 1] : NULL;
}

static bool is_of_image(uint64_t address)
{
	return address >= LINUX_START || (address >= XEN_START && address < XEN_END);
}

struct symbol symbols_find_data(struct symbols *syms, uint64_t address)
{
	struct symbol found = { .image = image_of(address) };
	const struct entry *e = find_before(syms, address);

	if (!e || e->is_text || is_marker(e->name) || address - e->address >= MAX_DATA ||
	    strcmp(image_of(e->address), found.image) || !is_of_image(address))
		return found;
	if (e->module)
		found.image = e->module;
	found.function = e->name;
	found.start = e->address;
	return found;
}

bool symbols_is_linux(const char *image)
{
	return !strcmp(image, "Linux") || !strcmp(image, "domU");
}

uint64_t symbols_address(uint64_t address)
{
	return address & KERNEL_HALF ? address | NOT_DOMU : address;
}

/* Of a domU, whose kernel is dom0's, too. Of its modules no names are known. */
static struct symbol find_of_domu(struct symbols *syms, uint64_t address)
{
	struct symbol found = { .image = "domU module" };

	if (!strcmp(image_of(address), "module"))
		return found;
	found = symbols_find(syms, address);
	found.image = "domU";
	found.start &= ~NOT_DOMU;
	return found;
}

struct symbol symbols_find(struct symbols *syms, uint64_t address)
{
	struct symbol found = { .image = image_of(address) };
	const struct entry *e;

	if ((address & KERNEL_HALF) && !(address & NOT_DOMU))
		return find_of_domu(syms, symbols_address(address));
	e = find_before(syms, address);
	if (!e)
		return found;
	if (is_xen_stub(e, address)) {
		found.function = "(syscall stub)";
		found.start = address & ~(XEN_STUB_SIZE - 1);
		return found;
	}
	if (!e->is_text || address - e->address >= MAX_FUNCTION ||
	    strcmp(image_of(e->address), found.image))
		return found;
	if (e->module)
		found.image = e->module;
	found.function = e->name;
	found.start = e->address;
	return found;
}

const char *symbols_hint(const char *image)
{
	if (!strcmp(image, "Xen"))
		return "Xen's names are in Debian's package xen-hypervisor-VERSION-amd64-dbg; for "
		       "another Xen give its xen-syms: XEN_SYMS=path/to/xen-syms";
	if (!strcmp(image, "user") || !strcmp(image, "domU module"))
		return NULL;
	return "the kernel's and its modules' names are in the guest's /proc/kallsyms: it needs "
	       "CONFIG_KALLSYMS_ALL=y and kernel.kptr_restrict below 2";
}
