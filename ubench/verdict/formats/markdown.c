// SPDX-License-Identifier: GPL-2.0
/* For a mail or a page of Markdown. */
#include "verdict/formats/formats.h"

void format_markdown(const struct comparison *c, FILE *out)
{
	struct doc doc = { 0 };

	format_page(c, &doc);
	doc_markdown.print(&doc, NULL, out);
	doc_free(&doc);
}
