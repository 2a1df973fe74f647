// SPDX-License-Identifier: GPL-2.0
/* JUnit's XML, as Jenkins, GitLab and GitHub read it: a test case a row. */
#include "verdict/formats/formats.h"

#include <stdlib.h>

struct counts {
	size_t of[OUTCOME_DONE + 1];
};

static void count_result(const struct comparison *c, const struct result *r, void *data)
{
	struct counts *counts = data;

	(void)c;
	counts->of[r->outcome]++;
}

/* doc's HTML escaping is XML's too, and takes the control characters. */
static void put_attribute(const char *name, const char *text, FILE *out)
{
	fprintf(out, " %s=\"", name);
	doc_put_html(text, out);
	putc('"', out);
}

static void print_result(const struct comparison *c, const struct result *r, void *data)
{
	static const char *const elements[] = {
		[OUTCOME_FAIL] = "failure", [OUTCOME_ERROR] = "error",	[OUTCOME_MISS] = "error",
		[OUTCOME_SKIP] = "skipped", [OUTCOME_DONE] = "skipped",
	};
	FILE *out = data;

	(void)c;
	fputs("  <testcase", out);
	put_attribute("classname", r->c->id, out);
	put_attribute("name", r->name, out);
	if (r->outcome == OUTCOME_PASS) {
		fputs("/>\n", out);
		return;
	}
	fprintf(out, "><%s", elements[r->outcome]);
	put_attribute("message", r->text, out);
	fputs("/></testcase>\n", out);
}

void format_junit(const struct comparison *c, FILE *out)
{
	char *headline = comparison_headline(c);
	struct counts n = { 0 };
	size_t tests = format_results(c, count_result, &n);

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite"
		" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
		tests, n.of[OUTCOME_FAIL], n.of[OUTCOME_ERROR] + n.of[OUTCOME_MISS],
		n.of[OUTCOME_SKIP] + n.of[OUTCOME_DONE]);
	put_attribute("name", "gntbench", out);
	put_attribute("timestamp", c->head->started, out);
	fputs(">\n  <properties>\n   <property", out);
	put_attribute("name", "headline", out);
	put_attribute("value", headline, out);
	fputs("/>\n  </properties>\n", out);
	format_results(c, print_result, out);
	fputs(" </testsuite>\n</testsuites>\n", out);
	free(headline);
}
