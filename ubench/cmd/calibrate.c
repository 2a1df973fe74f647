// SPDX-License-Identifier: GPL-2.0
/* gntbench calibrate: what this machine says when A is compared with A. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "doc/doc.h"
#include "verdict/calibration.h"

struct args {
	const char *dir;
	struct operands operands;
};

static const struct option_row rows[] = {
	{ "dir", 'd', "DIR", "where to store the result (" CALIBRATION_DIR ")", TO_TEXT(dir) },
	{ 0 },
};

static const struct options options = {
	.rows = rows,
	.takes = "RECORD...",
	.what = "Compare runs of the same thing with each other and store how often that gives an "
		"alarm, and which change would be seen. An odd record at the end is left over; a "
		"single record is split into two sides in the order ABBA BAAB.",
	OPERANDS(1, SIZE_MAX,
		 "records of the same thing are needed, two or more, or one to be split"),
};

int cmd_calibrate(int argc, char **argv)
{
	struct args args = { .dir = CALIBRATION_DIR };
	struct calibration *cal;
	struct doc doc = { 0 };
	struct error err;
	char *path;
	int ret;

	options_parse(&options, argc, argv, &args);
	cal = calibration_make(args.operands.all, args.operands.nr, &err);
	if (!cal)
		return error_print(&err);
	path = calibration_path(args.dir, cal->tier, cal->fingerprint);
	calibration_page(cal, &doc);
	ret = doc_print(&doc, &doc_text, &err) ?: calibration_store(args.dir, cal, &err);
	if (!ret)
		printf("stored in %s\n", path);
	free(path);
	doc_free(&doc);
	calibration_free(cal);
	return ret ? error_print(&err) : STATUS_OK;
}
