// SPDX-License-Identifier: GPL-2.0
/* For the terminal. */
#include "verdict/formats/formats.h"

void format_text(const struct comparison *c, FILE *out)
{
	struct doc doc = { 0 };

	format_page(c, &doc);
	doc_text.print(&doc, NULL, out);
	doc_free(&doc);
}
