// SPDX-License-Identifier: GPL-2.0
/*
 * Draw a plot with gnuplot, in a directory of its own beside the result: data files, the scripts,
 * and what gnuplot draws, which is renamed into place when it is complete.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/embed.h"
#include "base/text.h"
#include "plot/plot.h"
#include "plot/schedule.h"

#define GNUPLOT_LIMIT_S 30 /* a plot takes a fraction of a second */
#define NO_GNUPLOT	127

EMBED(plot_style, "plot/scripts/style.gp");

/* In single quotes gnuplot expands nothing; a quote inside (doubled) it misreads at times. */
void plot_put_string(const char *text, FILE *out)
{
	putc('\'', out);
	for (size_t len; *text; text += len ?: 1) {
		len = control_length(text);
		if (len)
			putc(' ', out);
		else if (*text == '`' || *text == '\'')
			fputs("\u2019", out);
		else
			putc(*text, out);
	}
	putc('\'', out);
}

void plot_put_variable(const char *name, const char *value, FILE *out)
{
	fprintf(out, "%s = ", name);
	plot_put_string(value, out);
	putc('\n', out);
}

static const char *environment_text(const struct record *rec, const char *name)
{
	const struct record_field *f = record_find_environment(rec, name);

	return f ? f->text : "";
}

static unsigned int hz_of(const struct record *rec)
{
	const struct record_field *hz = record_find_environment(rec, "hz");

	return hz && hz->is_number && hz->number >= 1 && hz->number <= 10000 ? hz->number : 0;
}

#define NR_LINES 8 /* line types of style.gp */

/*
 * The line type of a series, from 1: by its name, so that it looks alike in every plot and tier; the
 * next one that no other series of the plot has, where names share one.
 */
static unsigned int line_of(const struct plot_data *data, size_t s, unsigned int *lines)
{
	static const char *const known[] = { "immediate", "async", "sync" };
	const char *name = data->series[s].name;
	unsigned int line = 0;
	bool taken[NR_LINES] = { 0 };

	for (size_t k = 0; k < s; k++) {
		if (!strcmp(data->series[k].name, name))
			return lines[k];
		taken[lines[k] - 1] = true;
	}
	if (data->nr_series == 1)
		return 1;

	for (const char *c = name; *c; c++)
		line = line * 31 + (unsigned char)*c;
	line %= NR_LINES;
	for (unsigned int i = ARRAY_SIZE(known); i-- > 0;)
		if (strstr(name, known[i]))
			line = i;
	if (strstr(name, "async"))
		line = 1;
	for (unsigned int i = 0; i < NR_LINES && taken[line]; i++)
		line = (line + 1) % NR_LINES;
	return line + 1;
}

/* What style.gp and the plots know of the record. */
static void write_variables(const struct plot *plot, const struct record *rec,
			    const struct plot_data *data, FILE *out)
{
	unsigned int lines[PLOT_MAX_SERIES];

	plot_put_variable("x_param", plot->x ? plot->x : "", out);
	plot_put_variable("x_label", plot->x_label ? plot->x_label : "", out);
	plot_put_variable("y_metric", plot->y, out);
	plot_put_variable("y_by", plot->by ? plot->by : "", out);
	plot_put_variable("y_per", record_find_metric(data->series[0].cases[0], plot->y)->per, out);
	plot_put_variable("tier", tier_names[rec->tier], out);
	plot_put_variable("unit", rec->unit, out);
	plot_put_variable("kernel", environment_text(rec, "kernel_release"), out);
	plot_put_variable("xen", environment_text(rec, "xen_version"), out);
	plot_put_variable("vcpus", environment_text(rec, "vcpus"), out);
	fprintf(out, "emulated = %d\n", rec->emulated);
	fprintf(out, "hz = %u\n", hz_of(rec));
	fprintf(out, "n = %zu\narray name[n]\narray at[n]\narray line[n]\n", data->nr_series);
	for (size_t s = 0; s < data->nr_series; s++) {
		const struct record_field *f =
			plot->x ? record_find_param(data->series[s].cases[0], plot->x) : NULL;

		fprintf(out, "name[%zu] = ", s + 1);
		plot_put_string(data->series[s].name, out);
		lines[s] = line_of(data, s, lines);
		fprintf(out, "\nat[%zu] = %lld\nline[%zu] = %u\n", s + 1,
			f ? (long long)f->number : 0, s + 1, lines[s]);
	}
}

static FILE *create(const char *dir, const char *file, struct error *err)
{
	char *path = xasprintf("%s/%s", dir, file);
	FILE *out = fopen(path, "w");

	if (!out)
		error_set(err, "can't create %s: %s", path, strerror(errno));
	free(path);
	return out;
}

static int finish(FILE *out, const char *dir, struct error *err)
{
	bool bad = ferror(out);

	if (fclose(out) || bad)
		return error_set(err, "can't write the data of a plot into %s: %s", dir,
				 strerror(errno));
	return 0;
}

static int write_file(const char *dir, const char *file, const char *text, struct error *err)
{
	FILE *out = create(dir, file, err);

	if (!out)
		return -1;
	fputs(text, out);
	return finish(out, dir, err);
}

static double schedule_middle(unsigned int nr, unsigned int hz)
{
	struct attempt a = schedule_attempt(nr, hz);

	return (a.earliest_ns + a.latest_ns) / 2;
}

static void put_schedule(double hold_ns, unsigned int hz, FILE *out)
{
	unsigned int nr = schedule_last_attempt(hold_ns, hz);
	struct attempt a = schedule_attempt(nr, hz);
	double least_ns = a.earliest_ns, most_ns = a.latest_ns;

	if (nr && schedule_attempt(nr - 1, hz).latest_ns >= hold_ns)
		least_ns = hold_ns;
	if (a.earliest_ns < hold_ns) {
		least_ns = hold_ns;
		most_ns = schedule_attempt(nr + 1, hz).latest_ns;
	}
	fprintf(out, "%.9g %.9g %.9g %.9g %u\n", hold_ns,
		(a.earliest_ns + a.latest_ns) / 2 - hold_ns, least_ns - hold_ns, most_ns - hold_ns,
		nr + 1);
}

/*
 * The kernel's retries as a line: what is expected of a page that is held for so long, and the least
 * and most, by when in a jiffy the unmap is asked for.
 */
static int write_schedule(unsigned int hz, const char *dir, struct error *err)
{
	FILE *out = create(dir, "schedule", err);

	if (!out)
		return -1;
	fputs("\"hold\" \"overshoot\" \"least\" \"most\" \"attempts\"\n", out);
	for (unsigned int nr = 0; schedule_middle(nr, hz) < 2.5e9; nr++) {
		/* Pages that attempt @nr finds busy and the next one idle, from one end to the other. */
		double from = fmax(schedule_middle(nr, hz), 5e4), to = schedule_middle(nr + 1, hz);

		for (unsigned int k = 0; k <= 24; k++)
			put_schedule(from + (to - from) * (k ?: 1e-6) / 24, hz, out);
	}
	return finish(out, dir, err);
}

static int write_inputs(const struct plot *plot, const struct record *rec,
			const struct plot_data *data, const char *dir, struct error *err)
{
	FILE *out;

	for (size_t s = 0; s < data->nr_series; s++) {
		char file[24];

		snprintf(file, sizeof(file), "%zu", s + 1);
		out = create(dir, file, err);
		if (!out)
			return -1;
		plot_write_series(plot, &data->series[s], out);
		if (finish(out, dir, err))
			return -1;
	}
	if (plot->kind == PLOT_SAMPLES && hz_of(rec) && write_schedule(hz_of(rec), dir, err))
		return -1;
	if (write_file(dir, "style.gp", plot_style, err) ||
	    write_file(dir, "plot.gp", plot->script, err))
		return -1;
	out = create(dir, "main.gp", err);
	if (!out)
		return -1;
	write_variables(plot, rec, data, out);
	/* A script may set the title; the second time it begins with the same one. */
	plot_put_variable("title", plot->title, out);
	fputs("format = 'svg'\nload 'plot.gp'\nunset output\nreset\n", out);
	plot_put_variable("title", plot->title, out);
	fputs("format = 'png'\nload 'plot.gp'\nunset output\n", out);
	return finish(out, dir, err);
}

/* Child only. A gnuplot that hangs is ended by the alarm, which lives through the exec. */
static void exec_gnuplot(const char *dir)
{
	int null = open("/dev/null", O_RDONLY), log;

	if (chdir(dir))
		_exit(126);
	log = open("log", O_WRONLY | O_CREAT, 0600);
	if (null < 0 || log < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
		_exit(126);
	alarm(GNUPLOT_LIMIT_S);
	setenv("LC_ALL", "C.UTF-8", 1);
	execlp("gnuplot", "gnuplot", "main.gp", (char *)NULL);
	_exit(errno == ENOENT ? NO_GNUPLOT : 126);
}

/* The last line that gnuplot said. */
static void read_complaint(const char *dir, char *text, size_t size)
{
	char *path = xasprintf("%s/log", dir);
	FILE *in = fopen(path, "r");
	char line[256];

	*text = '\0';
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			snprintf(text, size, "%s", line);
	}
	if (in)
		fclose(in);
	free(path);
}

static int run_gnuplot(const struct plot *plot, const char *dir, enum plot_engine *engine,
		       struct error *err)
{
	char complaint[256];
	int status;
	pid_t pid;

	pid = fork();
	if (pid < 0)
		return error_set(err, "can't start gnuplot: %s", strerror(errno));
	if (!pid)
		exec_gnuplot(dir);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, "lost gnuplot: %s", strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_GNUPLOT) {
		*engine = GNUPLOT_MISSING;
		return error_set(err, "gnuplot is not installed");
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
		*engine = GNUPLOT_HANGS;
		return error_set(err, "gnuplot took more than %d s for plot %s and was ended",
				 GNUPLOT_LIMIT_S, plot->name);
	}
	read_complaint(dir, complaint, sizeof(complaint));
	return error_set(err, "gnuplot failed at plot %s: %s", plot->name, complaint);
}

/* The length of PREFIX, anything, and the next END behind it, if that is what stands at @at. */
static size_t match(const char *at, const char *prefix, const char *end)
{
	const char *last;

	if (strncmp(at, prefix, strlen(prefix)))
		return 0;
	last = strstr(at + strlen(prefix), end);
	return last ? last + strlen(end) - at : 0;
}

/* A group without anything in it: gnuplot writes several for each point. */
static size_t match_empty_group(const char *at)
{
	size_t len = match(at, "<g fill=\"none\"", ">\n");

	return len && !strncmp(at + len, "</g>\n", 5) ? len + 5 : 0;
}

/*
 * gnuplot's hypertext asks for a script of its own. A title does without: browsers show it when the
 * mouse is on the point. The titles that gnuplot gives to whole lines would hide it. And it takes
 * "Bold" for a part of the family's name.
 */
static void put_tidy_svg(const char *svg, FILE *out)
{
	static const char hover[] = " onmousemove=\"gnuplot_svg.showHypertext(evt,'";
	static const char hover_end[] =
		"')\" onmouseout=\"gnuplot_svg.hideHypertext()\"><title> </title>";

	static const char bold[] = "sans-serif:Bold";

	for (size_t len; *svg; svg += len) {
		len = match_empty_group(svg) ?: match(svg, "<title>gnuplot_plot", "</title>");
		if (len)
			continue;
		len = match(svg, hover, hover_end);
		if (len) {
			size_t text = len - strlen(hover) - strlen(hover_end);

			fprintf(out, " class=\"v\"><title>%.*s</title>", (int)text,
				svg + strlen(hover));
			continue;
		}
		len = match(svg, bold, "\"");
		if (len) {
			fputs("sans-serif\" font-weight=\"bold\"", out);
			continue;
		}
		putc(*svg, out);
		len = 1;
	}
}

/* gnuplot exits with 0 when the disk is full. */
static int cut_short(const char *path, struct error *err)
{
	return error_set(err, "gnuplot left %s empty or cut short: is there no space left?", path);
}

static int tidy_svg(const char *work, struct error *err)
{
	char *path = xasprintf("%s/out.svg", work);
	char *svg = read_whole_text(path);
	int ret = -1;
	FILE *out;

	if (!svg || !strstr(svg, "</svg>")) {
		cut_short(path, err);
	} else {
		out = create(work, "out.svg", err);
		if (out) {
			put_tidy_svg(svg, out);
			ret = finish(out, work, err);
		}
	}
	free(svg);
	free(path);
	return ret;
}

/* The last chunk of a PNG is IEND, four bytes of length before it and four of checksum after it. */
static int check_png(const char *work, struct error *err)
{
	static const char end[] = "IEND\xae\x42\x60\x82";
	char *path = xasprintf("%s/out.png", work);
	char tail[sizeof(end) - 1] = "";
	FILE *png = fopen(path, "r");
	int ret = 0;

	if (!png || fseek(png, -(long)sizeof(tail), SEEK_END) ||
	    fread(tail, 1, sizeof(tail), png) != sizeof(tail) || memcmp(tail, end, sizeof(tail)))
		ret = cut_short(path, err);
	if (png)
		fclose(png);
	free(path);
	return ret;
}

static int move_result(const struct plot *plot, const char *work, const char *dir,
		       const char *prefix, const char *type, struct error *err)
{
	char *from = xasprintf("%s/out.%s", work, type);
	char *to = xasprintf("%s/%s-%s.%s", dir, prefix, plot->name, type);
	int ret = 0;

	chmod(from, 0644);
	if (rename(from, to))
		ret = error_set(err, "can't move plot %s to %s: %s", plot->name, to,
				strerror(errno));
	free(from);
	free(to);
	return ret;
}

static void remove_work(const char *dir, size_t nr_series)
{
	static const char *const files[] = { "style.gp", "plot.gp", "main.gp", "log",
					     "out.svg",	 "out.png", "schedule" };
	char *path;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		path = xasprintf("%s/%s", dir, files[i]);
		unlink(path);
		free(path);
	}
	for (size_t s = 1; s <= nr_series; s++) {
		path = xasprintf("%s/%zu", dir, s);
		unlink(path);
		free(path);
	}
	rmdir(dir);
}

int plot_draw(const struct plot *plot, const struct record *rec, const char *dir,
	      const char *prefix, enum plot_engine *engine, struct error *err)
{
	char *work = xasprintf("%s/.plot-XXXXXX", dir);
	struct plot_data data;
	int ret = 1;

	if (!plot_collect(plot, rec, &data))
		goto out;
	if (!mkdtemp(work)) {
		ret = error_set(err, "can't make a directory in %s: %s", dir, strerror(errno));
		goto out_data;
	}
	ret = write_inputs(plot, rec, &data, work, err)		       ?:
		      run_gnuplot(plot, work, engine, err)	       ?:
		      tidy_svg(work, err)			       ?:
		      check_png(work, err)			       ?:
		      move_result(plot, work, dir, prefix, "svg", err) ?:
		      move_result(plot, work, dir, prefix, "png", err);
	remove_work(work, data.nr_series);
out_data:
	plot_data_free(&data);
out:
	free(work);
	return ret;
}
