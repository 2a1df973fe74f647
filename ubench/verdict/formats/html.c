// SPDX-License-Identifier: GPL-2.0
/* For a browser, one page. */
#include "verdict/formats/formats.h"

void format_html(const struct comparison *c, FILE *out)
{
	struct doc doc = { 0 };

	format_page(c, &doc);
	doc_html.print(&doc, NULL, out);
	doc_free(&doc);
}
