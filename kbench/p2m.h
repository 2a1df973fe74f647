/* SPDX-License-Identifier: GPL-2.0 */
/* A PV guest's physical-to-machine table, as far as the oracle looks at it (asm/xen/page.h). */
#ifndef GNTBENCH_P2M_H
#define GNTBENCH_P2M_H

#include <linux/mm.h>
#include <xen/features.h>
#include <xen/page.h>

#ifdef CONFIG_XEN_PV

static inline bool have_p2m(void)
{
	return !xen_feature(XENFEAT_auto_translated_physmap);
}

static inline unsigned long p2m_entry(struct page *page)
{
	return __pfn_to_mfn(page_to_pfn(page));
}

static inline bool p2m_is_invalid(struct page *page)
{
	return p2m_entry(page) == INVALID_P2M_ENTRY;
}

/* Where the entry is; NULL: there is none. */
static inline const void *p2m_slot(struct page *page)
{
	return have_p2m() && page_to_pfn(page) < xen_p2m_size ? &xen_p2m_addr[page_to_pfn(page)] :
								NULL;
}

static inline bool p2m_is_foreign(struct page *page)
{
	return !p2m_is_invalid(page) && p2m_entry(page) & FOREIGN_FRAME_BIT;
}

static inline unsigned long p2m_frame(struct page *page)
{
	return p2m_entry(page) & ~FOREIGN_FRAME_BIT;
}

/* For planted faults, on pages of gnttab_alloc_pages() only: their entries are writable. */
static inline void p2m_plant(struct page *page, unsigned long entry)
{
	WRITE_ONCE(xen_p2m_addr[page_to_pfn(page)], entry);
}

#else

#define FOREIGN_FRAME_BIT	0UL
#define FOREIGN_FRAME(frame)	(frame)
#define INVALID_P2M_ENTRY	(~0UL)

static inline bool have_p2m(void)
{
	return false;
}

static inline unsigned long p2m_entry(struct page *page)
{
	return INVALID_P2M_ENTRY;
}

static inline bool p2m_is_invalid(struct page *page)
{
	return true;
}

static inline const void *p2m_slot(struct page *page)
{
	return NULL;
}

static inline bool p2m_is_foreign(struct page *page)
{
	return false;
}

static inline unsigned long p2m_frame(struct page *page)
{
	return INVALID_P2M_ENTRY;
}

static inline void p2m_plant(struct page *page, unsigned long entry)
{
}

#endif /* CONFIG_XEN_PV */

#endif /* GNTBENCH_P2M_H */
