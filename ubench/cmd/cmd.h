/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands: NAME is cmd_NAME.c with int cmd_NAME(int argc, char **argv), and a row here. */
#ifndef UBENCH_CMD_H
#define UBENCH_CMD_H

#include "base/error.h"

/* CMD(name, what it does, in a line of the help) */
/* clang-format off */
#define CMDS(CMD) \
	CMD(run, "run a suite, leave a record") \
	CMD(list, "cases with parameters and limits; suites with the time they take") \
	CMD(reference, "boil an exact record down to a file that a git diff can show") \
	CMD(history, "records over time: list, add, merge, find, draw all cases as a page") \
	CMD(calibrate, "compare runs of the same thing: false alarms, smallest change seen") \
	CMD(trend, "one case over a history: its steps, and changes of the environment") \
	CMD(compare, "two records, or two sides of one: what changed, and is it so?") \
	CMD(doctor, "what this machine can run, and what to do about what it lacks") \
	CMD(report, "what a record says: tables, plots, a Markdown and an HTML page") \
	CMD(serve, "run cases here, in a domU, for a gntbench run in dom0 (mapper=)") \
	CMD(hold, "grant or map pages and hold them, to debug life cycles by hand") \
	CMD(stamp, "give a record that came out of the lab its id and time") \
	CMD(profile, "where the instructions of a case go, by function of Xen and Linux") \
	CMD(hyperfine, "whole commands, timed by hyperfine, beside our own numbers") \
	CMD(matrix, "a case on every kernel and every Xen: a page of heat maps") \
	/* Add a new subcommand here. */
/* clang-format on */

/* argv[0] is "gntbench NAME"; each returns an exit status, enum status. */
#define CMD(name, what) int cmd_##name(int argc, char **argv);
CMDS(CMD)
#undef CMD

#endif /* UBENCH_CMD_H */
