// SPDX-License-Identifier: GPL-2.0
/*
 * Which part a function's instructions belong to is decided on the way down from the vCPU to it: a
 * function of the tables below changes the part for itself and for what it calls, until the next
 * one; behind a final one nothing changes any more (a get_page() of the page-table update belongs
 * to the page-table update). What no table names stays with its caller's part, or its image's.
 */
#include "profile/cost.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Okabe and Ito's colours and shades of them; Xen's are warm, Linux' cold, the rest grey. */
/* clang-format off */
const struct cost_part_info cost_parts[NR_COST_PARTS] = {
	[COST_HYPERCALL] = { "hypercall itself",
		"The way into Xen and back, and the dispatch: what the floor row of the null "
		"hypercall measures. Paid once a batch.", "#8c3b00" },
	[COST_GUEST_COPY] = { "copying the ops",
		"Xen copies each op from the guest, and its status and handle back.", "#d55e00" },
	[COST_GRANT] = { "grant entry and maptrack",
		"Xen checks and marks the grant entry, finds or frees the handle, takes the locks of "
		"both domains.", "#e69f00" },
	[COST_PAGE_REF] = { "Xen's page references",
		"Xen takes or drops its own reference and type of the granted page.", "#f2cc80" },
	[COST_PTE] = { "page-table entry",
		"Xen finds, locks and writes the mapper's page-table entry; of a PVH mapper its p2m's.",
		"#f0e442" },
	[COST_TLB] = { "TLB flush",
		"The flush on every vCPU that may hold the mapping, and the IPIs that ask for it.",
		"#000000" },
	[COST_OTHER_VCPUS] = { "other vCPUs",
		"What other vCPUs ran meanwhile: above all, waking up for the flush.", "#7a7a7a" },
	[COST_XEN] = { "rest of Xen", "Everything else in Xen: interrupts, scheduling.", "#c9b8a8" },
	[COST_P2M] = { "p2m update",
		"Linux enters the foreign frame into its p2m (FOREIGN_FRAME_BIT), or restores what was "
		"there.", "#0072b2" },
	[COST_FOREIGN] = { "PG_foreign and statuses",
		"Linux looks at each op's status and sets or clears PG_foreign and page->private.",
		"#56b4e9" },
	[COST_PAGE_COUNT] = { "page-count check",
		"The safe unmap looks at every page's count before it unmaps.", "#009e73" },
	[COST_REQUEST] = { "unmap request",
		"The safe unmap sets its request up, and its done() is called.", "#8fd1bd" },
	[COST_LINUX] = { "rest of Linux", "Everything else in the kernel.", "#a6b8cc" },
	[COST_KBENCH] = { "kbench", "What the benchmark itself adds to the timed phase.", "#cc79a7" },
	[COST_IDLE] = { "sleep", "Virtual time in which every vCPU slept: no instructions.", "#dddddd" },
};
/* clang-format on */

struct rule {
	const char *image; /* "Xen" or "Linux" */
	const char *function;
	enum cost_part part;
	bool final;
};

/* Names of Xen 4.17 and Linux 6.1 to 6.12. */
static const struct rule rules[] = {
	{ "Linux", "xen_hypercall_pv", COST_HYPERCALL, false },
	{ "Linux", "__SCT__xen_hypercall", COST_HYPERCALL, false },
	{ "Xen", "(syscall stub)", COST_HYPERCALL, false },
	{ "Xen", "lstar_enter", COST_HYPERCALL, false },
	{ "Xen", "pv_hypercall", COST_HYPERCALL, false },
	{ "Xen", "svm_vmexit_handler", COST_HYPERCALL, false },
	{ "Xen", "hvm_hypercall", COST_HYPERCALL, false },
	{ "Xen", "do_grant_table_op", COST_GRANT, false },
	{ "Xen", "copy_from_guest_ll", COST_GUEST_COPY, true },
	{ "Xen", "copy_to_guest_ll", COST_GUEST_COPY, true },
	{ "Xen", "copy_from_user_hvm", COST_GUEST_COPY, true },
	{ "Xen", "copy_to_user_hvm", COST_GUEST_COPY, true },
	{ "Xen", "get_paged_frame", COST_PAGE_REF, true },
	{ "Xen", "get_page", COST_PAGE_REF, true },
	{ "Xen", "get_page_type", COST_PAGE_REF, true },
	{ "Xen", "put_page", COST_PAGE_REF, true },
	{ "Xen", "put_page_type", COST_PAGE_REF, true },
	{ "Xen", "is_iomem_page", COST_PAGE_REF, true },
	{ "Xen", "create_grant_pv_mapping", COST_PTE, true },
	{ "Xen", "replace_grant_pv_mapping", COST_PTE, true },
	{ "Xen", "create_grant_p2m_mapping", COST_PTE, true },
	{ "Xen", "replace_grant_p2m_mapping", COST_PTE, true },
	{ "Xen", "flush_area_mask", COST_TLB, true },
	{ "Xen", "flush_area_local", COST_TLB, true },
	{ "Xen", "invalidate_interrupt", COST_TLB, true },
	{ "Linux", "set_foreign_p2m_mapping", COST_P2M, true },
	{ "Linux", "clear_foreign_p2m_mapping", COST_P2M, true },
	{ "Linux", "gnttab_map_refs", COST_FOREIGN, false },
	{ "Linux", "gnttab_unmap_refs", COST_FOREIGN, false },
	{ "Linux", "gnttab_unmap_refs_async", COST_REQUEST, false },
	{ "Linux", "gnttab_unmap_refs_sync", COST_REQUEST, false },
	{ "Linux", "__gnttab_unmap_refs_async", COST_PAGE_COUNT, false },
	{ "Linux", "init_timer_key", COST_REQUEST, true },
};

/* A domU that maps has the same kernel as dom0, and no module but kbench that a phase would meet. */
static const char *image_of(const struct profile_frame *f)
{
	if (symbols_is_linux(f->image))
		return "Linux";
	return strcmp(f->image, "domU module") ? f->image : "gntbench";
}

static const struct rule *find_rule(const struct profile_frame *f)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!strcmp(rules[i].function, f->function) && !strcmp(rules[i].image, image_of(f)))
			return &rules[i];
	return NULL;
}

static enum cost_part part_of_image(const char *image)
{
	if (!strcmp(image, "Xen"))
		return COST_XEN;
	return strcmp(image, "gntbench") ? COST_LINUX : COST_KBENCH;
}

struct place {
	enum cost_part part;
	bool final;
};

/* Parents come before children, so a parent's place is known. */
static struct place place_of(const struct profile_phase *phase, const struct place *places,
			     size_t i, bool is_own_vcpu)
{
	const struct profile_frame *f = &phase->frames[i];
	const struct rule *rule = find_rule(f);
	struct place up = { COST_KBENCH, false };

	if (f->parent >= 0)
		up = places[f->parent];
	if (up.final)
		return up;
	if (rule)
		return (struct place) { rule->part, rule->final };
	if (!is_own_vcpu)
		return (struct place) { COST_OTHER_VCPUS, false };
	if (f->parent < 0 || strcmp(f->image, phase->frames[f->parent].image))
		return (struct place) { part_of_image(image_of(f)), false };
	return up;
}

/* The vCPU that the timed code ran on is the one with the module under it. */
static bool owns_phase(const struct profile_phase *phase, size_t vcpu)
{
	for (size_t i = vcpu + 1; i < phase->nr_frames && phase->frames[i].parent >= 0; i++)
		if ((size_t)phase->frames[i].parent == vcpu &&
		    !strcmp(image_of(&phase->frames[i]), "gntbench"))
			return true;
	return false;
}

void profile_cost(const struct profile_phase *phase, uint64_t parts[NR_COST_PARTS])
{
	struct place *places = xcalloc(phase->nr_frames + 1, sizeof(*places));
	bool is_own_vcpu = false;

	memset(parts, 0, NR_COST_PARTS * sizeof(*parts));
	parts[COST_IDLE] = phase->idle;
	for (size_t i = 0; i < phase->nr_frames; i++) {
		if (phase->frames[i].parent < 0)
			is_own_vcpu = owns_phase(phase, i);
		places[i] = place_of(phase, places, i, is_own_vcpu);
		parts[places[i].part] += phase->frames[i].insns;
	}
	free(places);
}
