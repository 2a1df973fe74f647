// SPDX-License-Identifier: GPL-2.0
/* The mail that kernel people know: what moved, by how much, on what, and how to see it again. */
#include "verdict/formats/formats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define MAX_ROWS 40 /* a mail is read */

/* What says most: a failure; else the slower row that moved most, else the faster one. */
struct worst {
	const struct row *row;
	char *name;
};

static void find_worst(const struct comparison *c, const struct result *r, void *data)
{
	struct worst *w = data;
	bool slower = r->row && r->row->verdict == VERDICT_SLOWER;

	(void)c;
	if (!r->row || (!slower && r->row->verdict != VERDICT_FASTER))
		return;
	if (w->row && w->row->verdict == VERDICT_SLOWER &&
	    (!slower || fabs(r->row->change) <= fabs(w->row->change)))
		return;
	if (w->row && !slower && fabs(r->row->change) <= fabs(w->row->change))
		return;
	free(w->name);
	w->name = xstrdup(r->name);
	w->row = r->row;
}

struct list {
	FILE *out;
	size_t nr;
};

static void print_moved(const struct comparison *c, const struct result *r, void *data)
{
	char base[32], head[32], change[32];
	struct list *list = data;

	(void)c;
	if (r->row && (r->row->verdict == VERDICT_SAME || r->row->verdict == VERDICT_UNPROVEN))
		return;
	if (++list->nr > MAX_ROWS)
		return;
	if (!r->row || verdict_is_gap(r->row->verdict)) {
		fprintf(list->out, "    %s  ", r->name);
		put_clean(r->text, "", list->out);
		putc('\n', list->out);
		return;
	}
	fprintf(list->out, "%12s %9s %12s   %s\n", format_value(r->row->base, base, sizeof(base)),
		format_percent(r->row->change, change, sizeof(change)),
		format_value(r->row->head, head, sizeof(head)), r->name);
	if (*r->row->reason) {
		fprintf(list->out, "%38s(", "");
		put_clean(r->row->reason, "", list->out);
		fputs(")\n", list->out);
	}
}

static void print_field(const char *name, const struct comparison *c, FILE *out)
{
	const struct record_field *base = record_find_environment(c->base, name);
	const struct record_field *head = record_find_environment(c->head, name);

	if (!base && !head)
		return;
	fprintf(out, "  %s: ", name);
	put_clean(base ? base->text : "not recorded", "", out);
	if (!base || !head || strcmp(base->text, head->text)) {
		fputs(" -> ", out);
		put_clean(head ? head->text : "not recorded", "", out);
	}
	putc('\n', out);
}

/* The name of the first case of head that failed, or NULL. */
static char *failed_name(const struct comparison *c)
{
	for (size_t i = 0; i < c->nr_tables; i++)
		if (c->tables[i]->nr_failed)
			return result_name(c->tables[i]->failed[0], NULL);
	return NULL;
}

static void print_subject(const struct comparison *c, const struct worst *w, FILE *out)
{
	char *failed = failed_name(c);
	const struct record_field *kernel = record_find_environment(c->head, "kernel_release");

	fputs("Subject: [gntbench] ", out);
	if (failed) {
		fputs("failure of gntbench.", out);
		put_clean(failed, "", out);
	} else if (w->row) {
		fprintf(out, "%.1f%% %s of gntbench.%s", 100 * fabs(w->row->change),
			w->row->verdict == VERDICT_SLOWER ? "regression" : "improvement", w->name);
	} else {
		fputs("no change of speed", out);
	}
	fputs(" on Linux ", out);
	put_clean(kernel ? kernel->text : "of unknown release", "", out);
	fputs("\n\nHello,\n\n", out);
	free(failed);
}

void format_letter(const struct comparison *c, FILE *out)
{
	static const char *const fields[] = { "kernel_release", "kernel_build_id", "xen_version",
					      "machine",	"vcpus",	   "qemu_version",
					      "compiler",	"git_commit" };
	char *headline = comparison_headline(c);
	struct list list = { .out = out };
	struct worst w = { 0 };

	format_results(c, find_worst, &w);
	print_subject(c, &w, out);
	fputs("gntbench (what Linux pays for Xen grants) noticed:\n\n  ", out);
	put_clean(headline, "", out);
	fprintf(out, "\n\ntier %s%s\n\n%12s %9s %12s   %s\n", tier_names[c->base->tier],
		c->base->tier == TIER_EXACT ?
			": guest instructions of Xen and Linux, reproducible" :
			"",
		"base", "change", "head", "metric");
	fputs("    -------------------------------------------------------------------\n", out);
	format_results(c, print_moved, &list);
	if (list.nr > MAX_ROWS)
		fprintf(out, "    ... and %zu more\n", list.nr - MAX_ROWS);
	if (!list.nr)
		fputs("    nothing moved\n", out);
	fputs("\nOn:\n", out);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		print_field(fields[i], c, out);
	for (size_t i = 0; i < c->nr_doubts; i++) {
		fputs("  ", out);
		put_clean(c->doubts[i], "", out);
		putc('\n', out);
	}
	fputs("\nTo see it again, in the tree of gntbench:\n\n"
	      "    make regress KERNEL=path/to/bzImage KDIR=path/to/build ACROSS=kernel SUITE=",
	      out);
	put_clean(c->head->suite, "", out);
	fputs("\n", out);
	free(headline);
	free(w.name);
}
