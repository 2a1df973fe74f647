// SPDX-License-Identifier: GPL-2.0
/* What a record says stays text in every format, and the text fits the terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "doc/doc.h"
#include "plot/plot.h"
#include "report/report.h"

static const char evil[] = "<b>a|b`date`$(x)*_\"'&\\\n\x1b[31m";

static char *put(void (*function)(const char *text, FILE *out), const char *text)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	assert_non_null(out);
	function(text, out);
	fclose(out);
	return result;
}

static void assert_put(void (*function)(const char *text, FILE *out), const char *text,
		       const char *want)
{
	char *got = put(function, text);

	assert_string_equal(got, want);
	free(got);
}

static void escapes(void **state)
{
	(void)state;
	assert_put(doc_put_html, evil, "&lt;b&gt;a|b`date`$(x)*_&quot;&#39;&amp;\\  [31m");
	assert_put(doc_put_markdown, evil,
		   "&lt;b&gt;a\\|b\\`date\\`\\$(x)\\*\\_\"'&amp;\\\\  \\[31m");
	assert_put(doc_put_plain, evil, "<b>a|b`date`$(x)*_\"'&\\  [31m");
	assert_put(plot_put_string, evil, "'<b>a|b\u2019date\u2019$(x)*_\"\u2019&\\  [31m'");
	assert_put(doc_put_html,
		   "a\xc2\x9b"
		   "2Jb\u202ec\u2066d\u2029e\u00b5\u2014",
		   "a 2Jb c d e\u00b5\u2014");
	assert_put(doc_put_markdown,
		   "a\xc2\x9b"
		   "2Jb\u202ec",
		   "a 2Jb c");
	assert_put(doc_put_plain,
		   "a\xc2\x9b"
		   "2Jb\u202ec\u200f",
		   "a 2Jb c ");
	assert_put(plot_put_string,
		   "a\xc2\x9b"
		   "2Jb\u202ec",
		   "'a 2Jb c'");
	assert_put(doc_put_markdown, "map_unmap", "map_unmap");
	assert_put(doc_put_markdown, "# no heading", "\\# no heading");
}

static char *print(const struct doc_format *format, const struct doc *doc)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	assert_non_null(out);
	assert_int_equal(format->print(doc, NULL, out), 0);
	fclose(out);
	return result;
}

static void assert_fits(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > REPORT_TEXT_COLUMNS)
			fail_msg("%zu columns: %.*s", len, (int)len, text);
		text += len + !!text[len];
	}
}

static void text_fits(void **state)
{
	struct doc doc = { 0 };
	char *text, word[300];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	doc_heading(&doc, 1, "%s", word);
	doc_para(&doc, "%s and %s", word, word);
	doc_item(&doc, "%s", word);
	doc_warning(&doc, "%s", word);
	doc_table(&doc, word, "<name|number|<reason");
	doc_cell(&doc, "%s", word);
	doc_cell(&doc, "1,234");
	doc_cell(&doc, "short words that wrap, then %s", word);
	text = print(&doc_text, &doc);
	assert_fits(text);
	assert_non_null(strstr(text, "1,234"));
	free(text);
	doc_free(&doc);
}

/* Short rows, and none at all, are printed as far as they go by every format. */
static void odd_tables(void **state)
{
	static const struct doc_format *const formats[] = { &doc_text, &doc_markdown, &doc_html };
	struct doc doc = { 0 };

	(void)state;
	doc_table(&doc, "", "a");
	doc_table(&doc, "", "a|b");
	doc_cell(&doc, "1");
	doc_cell(&doc, "2");
	doc_cell(&doc, "3");
	doc_cell(&doc, "%s", "");
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char *text = print(formats[i], &doc);

		assert_non_null(strstr(text, "3"));
		free(text);
	}
	doc_free(&doc);
}

static void numbers(void **state)
{
	(void)state;
	assert_string_equal(number_text(0), "0");
	assert_string_equal(number_text(-0.0), "0");
	assert_string_equal(number_text(999), "999");
	assert_string_equal(number_text(-1234567), "-1,234,567");
	assert_string_equal(number_text(1038.97), "1,039.0");
	assert_string_equal(number_text(3.14159), "3.14");
	assert_string_equal(number_text(123456.7), "123,457");
	assert_string_equal(number_text(0.0 / 0.0), "-");
	assert_string_equal(number_precise(179984990.4), "179,984,990");
	assert_string_equal(number_precise(1040), "1,040");
	assert_string_equal(number_precise(-1038.9712), "-1,038.9712");
	assert_string_equal(number_precise(0.25), "0.25");
	assert_string_equal(number_precise(0), "0");
	assert_string_equal(number_precise(1.0 / 0.0), "-");
	assert_string_equal(number_fixed(-0.04, 1), "0.0");
	assert_string_equal(number_fixed(12, 1), "12.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(text_fits),
		cmocka_unit_test(odd_tables),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
