// SPDX-License-Identifier: GPL-2.0
/* A trend's picture: gnuplot reads all of it from a pipe, scripts/trend.gp last. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "plot/plot.h"

EMBED(trend_style, "plot/scripts/style.gp");
EMBED(trend_script, "plot/scripts/trend.gp");

static void put_points(const struct plot_trend *t, FILE *gp)
{
	fputs("$data << EOD\nvalue\n", gp);
	for (size_t i = 0; i < t->nr; i++)
		fprintf(gp, "%.12g\n", t->points[i].value);
	fputs("EOD\nsteps = '", gp);
	for (size_t i = 0; i < t->nr; i++)
		if (t->points[i].step)
			fprintf(gp, "%zu ", i + 1);
	fputs("'\nmoved = '", gp);
	for (size_t i = 0; i < t->nr; i++)
		if (t->points[i].moved)
			fprintf(gp, "%zu ", i + 1);
	fputs("'\n", gp);
}

int plot_draw_trend(const struct plot_trend *t, const char *path, struct error *err)
{
	const char *end = strrchr(path, '.');
	FILE *gp;

	if (!end || (strcmp(end, ".svg") && strcmp(end, ".png")))
		return error_set(err, "--plot: '%s' doesn't end in .svg or .png", path);
	/* gnuplot takes a name that starts with | for a command, and misreads quotes. */
	if (strpbrk(path, "'`\"\\|\n"))
		return error_set(err, "--plot: '%s' has a quote, a | or a \\ in it", path);
	gp = popen("gnuplot", "w");
	if (!gp)
		return error_set(err, "can't start gnuplot: %s", strerror(errno));
	plot_put_variable("format", end + 1, gp);
	plot_put_variable("path", path, gp);
	plot_put_variable("title", t->title, gp);
	plot_put_variable("y_label", t->y_label, gp);
	plot_put_variable("x_label", t->x_label, gp);
	plot_put_variable("tier", tier_names[t->tier], gp);
	plot_put_variable("unit", tiers[t->tier].unit, gp);
	fprintf(gp, "emulated = %d\nkernel = xen = vcpus = ''\nwidth = 1000; height = 450\n",
		tiers[t->tier].emulated);
	put_points(t, gp);
	fprintf(gp, "%s%s", trend_style, trend_script);
	return pclose(gp) ? error_set(err, "gnuplot failed to draw %s; is gnuplot-nox installed?",
				      path) :
			    0;
}
