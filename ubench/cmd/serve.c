// SPDX-License-Identifier: GPL-2.0
/* gntbench serve: run cases in this domU for a gntbench run in dom0. */
#include <signal.h>
#include <stdlib.h>

#include "base/options.h"
#include "cmd/cmd.h"
#include "run/mapper.h"

static volatile int stopped;

static void on_signal(int sig)
{
	stopped = sig;
}

static const struct options options = {
	.what = "Waits, in a domU with gntbench.ko, for cases that gntbench run in dom0 gives it: "
		"those with mapper=TYPE, which is the type of this domain (pv, pvh, hvm). It maps "
		"grants of dom0, as a driver domain does. Ends with SIGINT, SIGTERM or SIGHUP.",
};

int cmd_serve(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct error err;

	options_parse(&options, argc, argv, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	return mapper_serve(&stopped, &err) ? error_print(&err) : STATUS_OK;
}
