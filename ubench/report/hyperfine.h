/* SPDX-License-Identifier: GPL-2.0 */
#ifndef UBENCH_REPORT_HYPERFINE_H
#define UBENCH_REPORT_HYPERFINE_H

#include "doc/doc.h"

/*
 * A heading of that level, and sections: hyperfine's times of the file @json beside the record's.
 * 0, or -1 and err.
 */
int report_hyperfine(struct doc *doc, int level, const char *json, const char *record,
		     struct error *err);

#endif /* UBENCH_REPORT_HYPERFINE_H */
