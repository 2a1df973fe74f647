// SPDX-License-Identifier: GPL-2.0
#include "profile/owner.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/array.h"

/* Xen's are warm, Linux' cold, what both use is green. */
const struct owner_info owners[NR_OWNERS] = {
	[OWNER_GRANTED] = { "granted page", "The page that is granted and mapped, its bytes.",
			    "#009e73" },
	[OWNER_STRUCT_PAGE] = { "struct page", "Linux' array of struct page.", "#0072b2" },
	[OWNER_P2M] = { "p2m", "Linux' table of frames by page number.", "#56b4e9" },
	[OWNER_TABLES] = { "page tables",
			   "Page tables, as Linux' and Xen's code read and write them; what the CPU "
			   "walks by itself is not seen.",
			   "#f0e442" },
	[OWNER_GRANT_FRAME] = { "grant frame",
				"The grant table that granter and Xen share: flags and statuses.",
				"#d55e00" },
	[OWNER_ACTIVE] = { "active entries", "Xen's own entry of each grant, with its lock.",
			   "#e69f00" },
	[OWNER_MAPTRACK] = { "maptrack", "Xen's entry of each mapping, found by its handle.",
			     "#8c3b00" },
	[OWNER_PAGE_INFO] = { "page_info", "Xen's frame table: references and types of frames.",
			      "#f2cc80" },
	[OWNER_M2P] = { "M2P", "Xen's table of page numbers by frame, which Linux reads.",
			"#a8641e" },
	[OWNER_OPS] = { "ops", "The array of map or unmap ops that Linux makes and Xen copies.",
			"#8fd1bd" },
	[OWNER_LINUX_DATA] = { "Linux' data", "Variables of the kernel.", "#004a73" },
	[OWNER_LINUX_PERCPU] = { "Linux per-CPU", "Variables of a vCPU, in Linux.", "#a9cce3" },
	[OWNER_LINUX_STACK] = { "Linux' stack", "", "#c8d4e0" },
	[OWNER_LINUX_HEAP] = { "Linux' heap", "All else that Linux allocated.", "#7f9fd1" },
	[OWNER_XEN_DATA] = { "Xen's data", "Variables of the hypervisor.", "#6e2c00" },
	[OWNER_XEN_PERCPU] = { "Xen per-CPU", "Variables of a CPU, in Xen.", "#c98b5a" },
	[OWNER_XEN_STACK] = { "Xen's stack", "", "#e0d6cc" },
	[OWNER_XEN_HEAP] = { "Xen's heap", "All else that Xen allocated: domains, vCPUs.",
			     "#b8860b" },
	[OWNER_KBENCH] = { "kbench", "The benchmark's own.", "#cc79a7" },
	[OWNER_OTHER] = { "other", "What no rule knows.", "#dddddd" },
};

/* Who uses a page of a heap. */
enum use {
	USE_XEN_GRANT = 0x01,	 /* a function of Xen's that works on grants */
	USE_XEN_STATUS = 0x02,	 /* one that sets the status of a shared entry */
	USE_XEN_MAPTRACK = 0x04, /* one that gets or puts handles */
	USE_XEN_LOCK = 0x08,
	USE_XEN_COPY = 0x10, /* from or to the guest */
	USE_XEN_ELSE = 0x20,
	USE_LINUX_WALK = 0x40, /* of page tables */
	USE_LINUX_P2M = 0x80,
	USE_LINUX_ELSE = 0x100,
};

struct rule {
	const char *image;
	const char *prefix; /* of the function's name */
	unsigned int use;
};

/* Names of Xen 4.17 to 4.22, Linux 6.1 to 7.3. The first that fits counts. */
static const struct rule rules[] = {
	{ "Xen", "_set_status", USE_XEN_STATUS },
	{ "Xen", "set_status", USE_XEN_STATUS },
	{ "Xen", "put_maptrack", USE_XEN_MAPTRACK },
	{ "Xen", "get_maptrack", USE_XEN_MAPTRACK },
	{ "Xen", "steal_maptrack", USE_XEN_MAPTRACK },
	{ "Xen", "gnttab_", USE_XEN_GRANT },
	{ "Xen", "map_grant_ref", USE_XEN_GRANT },
	{ "Xen", "unmap_", USE_XEN_GRANT },
	{ "Xen", "do_grant_table_op", USE_XEN_ELSE },
	{ "Xen", "_spin_", USE_XEN_LOCK },
	{ "Xen", "spin_", USE_XEN_LOCK },
	{ "Xen", "copy_from_guest", USE_XEN_COPY },
	{ "Xen", "copy_to_guest", USE_XEN_COPY },
	{ "Xen", "raw_copy", USE_XEN_COPY },
	{ "Xen", "clear_page", 0 }, /* whoever gets it */
	{ "Xen", "memset", 0 },
	{ "Xen", "memcpy", 0 },
	{ "Xen", "", USE_XEN_ELSE },
	{ "Linux", "lookup_address", USE_LINUX_WALK },
	{ "Linux", "get_phys_to_machine", USE_LINUX_WALK | USE_LINUX_P2M },
	{ "Linux", "mfn_to_pfn", USE_LINUX_P2M },
	{ "Linux", "__set_phys_to_machine", USE_LINUX_P2M },
	{ "Linux", "set_foreign_p2m_mapping", USE_LINUX_P2M },
	{ "Linux", "clear_foreign_p2m_mapping", USE_LINUX_P2M },
	{ "", "", USE_LINUX_ELSE },
};

static unsigned int use_of(struct symbols *syms, uint64_t pc)
{
	struct symbol s = symbols_find(syms, pc);
	const char *image = symbols_is_linux(s.image) ? "Linux" : s.image;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if ((!*rules[i].image || !strcmp(rules[i].image, image)) &&
		    !strncmp(s.function ?: "", rules[i].prefix, strlen(rules[i].prefix)))
			return rules[i].use;
	return 0;
}

struct page {
	uint64_t number;
	unsigned int uses;
};

struct told {
	uint64_t number; /* of the page */
	unsigned int run, kind;
};

struct owner_map {
	struct symbols *syms;
	struct page *pages; /* sorted by number */
	size_t nr_pages;
	struct page *lines; /* the same by line: what Xen copies */
	size_t nr_lines;
	struct told *told; /* sorted by number, run */
	size_t nr_told;
};

/* Where x86-64 has what: xen/arch/x86/include/asm/config.h, Linux' x86/x86_64/mm.rst. */
static const struct range {
	uint64_t start, end;
	enum owner owner;
} ranges[] = {
	{ 0xffff800000000000, 0xffff804000000000, OWNER_M2P },
	{ 0xffff810000000000, 0xffff818000000000, OWNER_TABLES },   /* linear page tables */
	{ 0xffff82c000000000, 0xffff82d000000000, OWNER_XEN_HEAP }, /* vmap */
	{ 0xffff82d040000000, 0xffff82d080000000, OWNER_XEN_DATA },
	{ 0xffff82e000000000, 0xffff830000000000, OWNER_PAGE_INFO },
	{ 0xffff820000000000, 0xffff82e000000000, OWNER_XEN_HEAP },
	{ 0xffff830000000000, 0xffff880000000000, OWNER_XEN_HEAP },   /* direct map */
	{ 0xffff888000000000, 0xffffc90000000000, OWNER_LINUX_HEAP }, /* direct map */
	{ 0xffffc90000000000, 0xffffe90000000000, OWNER_LINUX_HEAP }, /* vmalloc */
	{ 0xffffea0000000000, 0xffffeb0000000000, OWNER_STRUCT_PAGE },
	{ 0xffffffff80000000, 0xffffffffff000000, OWNER_LINUX_DATA },
};

#define XEN_DIRECT_MAP 0xffff830000000000
#define LINUX_VMALLOC  0xffffc90000000000

static int by_page(const void *a, const void *b)
{
	const struct page *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static int by_told(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->run < y->run ? -1 : x->run > y->run;
}

/* All uses by phys >> @shift, sorted; the caller frees it. */
static struct page *collect_uses(const struct raw *raw, struct symbols *syms, int shift,
				 size_t *kept)
{
	struct page *pages;
	size_t nr = 0;

	for (size_t i = 0; i < raw->nr_sets; i++)
		nr += raw->sets[i].nr_uses;
	pages = xcalloc(nr + 1, sizeof(*pages));
	nr = 0;
	for (size_t i = 0; i < raw->nr_sets; i++) {
		const struct raw_set *s = &raw->sets[i];

		for (size_t k = 0; k < s->nr_uses; k++)
			pages[nr++] = (struct page) { s->lines[s->uses[k].line].phys >> shift,
						      use_of(syms, s->uses[k].pc) };
	}
	if (nr)
		qsort(pages, nr, sizeof(*pages), by_page);
	*kept = 0;
	for (size_t i = 0; i < nr; i++) {
		if (!*kept || pages[*kept - 1].number != pages[i].number)
			pages[(*kept)++] = pages[i];
		pages[*kept - 1].uses |= pages[i].uses;
	}
	return pages;
}

static unsigned int uses_of(const struct page *pages, size_t nr, uint64_t number)
{
	struct page key = { number, 0 };
	const struct page *p = bsearch(&key, pages, nr, sizeof(*p), by_page);

	return p ? p->uses : 0;
}

struct owner_map *owner_map_new(const struct raw *raw, struct symbols *syms)
{
	struct owner_map *map = xcalloc(1, sizeof(*map));

	map->syms = syms;
	map->pages = collect_uses(raw, syms, 12, &map->nr_pages);
	map->lines = collect_uses(raw, syms, 6, &map->nr_lines);
	map->told = xcalloc(raw->nr_known + 1, sizeof(*map->told));
	for (size_t i = 0; i < raw->nr_known; i++)
		map->told[map->nr_told++] = (struct told) { raw->known[i].phys >> 12,
							    raw->known[i].run, raw->known[i].kind };
	if (map->nr_told)
		qsort(map->told, map->nr_told, sizeof(*map->told), by_told);
	return map;
}

void owner_map_free(struct owner_map *map)
{
	if (!map)
		return;
	free(map->pages);
	free(map->lines);
	free(map->told);
	free(map);
}

/* enum told of kbench/marks.h */
static const enum owner told_owners[] = { OWNER_GRANTED, OWNER_P2M, OWNER_TABLES, OWNER_KBENCH };

/* kbench speaks of pages of one use: what it tells of a line holds for the page. */
static enum owner owner_by_kbench(const struct owner_map *map, uint64_t page, unsigned int run)
{
	struct told key = { page, run, 0 };
	const struct told *t = bsearch(&key, map->told, map->nr_told, sizeof(*t), by_told);

	return t && t->kind < ARRAY_SIZE(told_owners) ? told_owners[t->kind] : NR_OWNERS;
}

static bool only(unsigned int uses, unsigned int of)
{
	return !(uses & ~of);
}

/*
 * Pages of Xen's heap that nobody uses but the code of grants: the lock of an active entry tells it
 * from a shared one, whose status is set by a function of its own.
 */
static enum owner owner_in_xen(unsigned int uses, uint64_t vaddr)
{
	const unsigned int grant = USE_XEN_GRANT | USE_XEN_STATUS;

	if (vaddr < XEN_DIRECT_MAP)
		return OWNER_XEN_HEAP; /* vmap: arrays of pointers to those pages */
	if ((uses & USE_XEN_MAPTRACK) && only(uses, USE_XEN_MAPTRACK | USE_XEN_GRANT))
		return OWNER_MAPTRACK;
	if ((uses & USE_XEN_STATUS) && (uses & USE_XEN_LOCK) && only(uses, grant | USE_XEN_LOCK))
		return OWNER_ACTIVE;
	if ((uses & USE_XEN_STATUS) && only(uses, grant | USE_LINUX_ELSE))
		return OWNER_GRANT_FRAME;
	return OWNER_XEN_HEAP;
}

static enum owner owner_in_linux(unsigned int uses, uint64_t vaddr)
{
	if (vaddr < LINUX_VMALLOC && (uses & USE_LINUX_WALK))
		return OWNER_TABLES;
	if (vaddr >= LINUX_VMALLOC && (uses & USE_LINUX_P2M))
		return OWNER_P2M;
	return OWNER_LINUX_HEAP;
}

static enum owner owner_by_range(uint64_t vaddr)
{
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (vaddr >= ranges[i].start && vaddr < ranges[i].end)
			return ranges[i].owner;
	return OWNER_OTHER;
}

static enum owner owner_by_symbol(struct symbols *syms, uint64_t vaddr, enum owner range)
{
	struct symbol s = symbols_find_data(syms, vaddr);

	if (!s.function)
		return range;
	if (range == OWNER_XEN_DATA && !strncmp(s.function, "per_cpu__", 9))
		return OWNER_XEN_PERCPU;
	return strcmp(s.image, "gntbench") ? range : OWNER_KBENCH;
}

enum owner owner_of(const struct owner_map *map, const struct raw_line *line, unsigned int run)
{
	uint64_t number = line->phys >> 12;
	enum owner range = owner_by_range(line->vaddr);
	enum owner told = owner_by_kbench(map, number, run);
	unsigned int uses = uses_of(map->pages, map->nr_pages, number);

	if (told != NR_OWNERS)
		return told;
	if (line->flags & RAW_STACK)
		return range == OWNER_XEN_HEAP || range == OWNER_XEN_DATA ? OWNER_XEN_STACK :
									    OWNER_LINUX_STACK;
	if (line->flags & RAW_PERCPU)
		return OWNER_LINUX_PERCPU;
	switch (range) {
	case OWNER_XEN_HEAP:
		return owner_in_xen(uses, line->vaddr);
	case OWNER_LINUX_HEAP:
		if (uses_of(map->lines, map->nr_lines, line->phys >> 6) & USE_XEN_COPY)
			return OWNER_OPS;
		return owner_in_linux(uses, line->vaddr);
	case OWNER_XEN_DATA:
	case OWNER_LINUX_DATA:
		return owner_by_symbol(map->syms, line->vaddr, range);
	default:
		return range;
	}
}
