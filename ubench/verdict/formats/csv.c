// SPDX-License-Identifier: GPL-2.0
/* A line a row, RFC 4180. */
#include "verdict/formats/formats.h"

#include "base/text.h"

static void csv_row(const struct comparison *c, const struct table *t, const struct row *row,
		    FILE *out)
{
	char unit[32];

	put_csv_text(out, t->base.name);
	fputc(',', out);
	put_csv_text(out, t->head.name);
	fputc(',', out);
	put_csv_text(out, row->base_case->id);
	fputc(',', out);
	put_csv_text(out, row->base_metric->name);
	fputc(',', out);
	put_csv_text(out, row_unit(row, unit, sizeof(unit)));
	fprintf(out, ",%zu,%zu", row->base_metric->nr_values, row_head_samples(row));
	put_csv_number(out, row->base);
	put_csv_number(out, row->head);
	put_csv_number(out, row->change);
	put_csv_number(out, row->interval.lo);
	put_csv_number(out, row->interval.hi);
	put_csv_number(out, row->shift);
	put_csv_number(out, row->adjusted);
	fprintf(out, ",%s,%s,", verdict_names[row->verdict],
		is_uncalibrated(c, row) ? "uncalibrated" : "");
	put_csv_text(out, row->reason);
	fputs("\r\n", out);
}

void format_csv(const struct comparison *c, FILE *out)
{
	fputs("base_side,head_side,case,metric,unit,base_n,head_n,base,head,change,interval_lo,"
	      "interval_hi,shift,p_adjusted,verdict,calibration,reason\r\n",
	      out);
	for (size_t i = 0; i < c->nr_tables; i++)
		for (size_t k = 0; k < c->tables[i]->nr_rows; k++)
			if (row_is_shown(c, &c->tables[i]->rows[k]))
				csv_row(c, c->tables[i], &c->tables[i]->rows[k], out);
}
