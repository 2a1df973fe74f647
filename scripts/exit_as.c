// SPDX-License-Identifier: GPL-2.0
/*
 * Loaded by make ("Loading Dynamic Objects" in its manual), which ends with 2 whatever the status
 * of the recipe was that failed. With this it ends with the number that the recipe has left in the
 * file $(exit_status), if it left one.
 */
#include <gnumake.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int plugin_is_GPL_compatible;

static void end(int status, void *file)
{
	if (!status || fscanf(file, "%d", &status) != 1)
		return;
	fflush(NULL);
	_exit(status);
}

/* The file is emptied, and kept open: make -C goes back to where it was started before it ends. */
int exit_as_gmk_setup(void)
{
	FILE *file = fopen(gmk_expand("$(exit_status)"), "w+e");

	return file && !on_exit(end, file);
}
