// SPDX-License-Identifier: GPL-2.0
#include "base/alloc.h"
#include "profile/svg.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/number.h"
#include "doc/doc.h"

#define FONT "font-family=\"DejaVu Sans, Verdana, sans-serif\""
#define HEAD                                                                    \
	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" " \
	"viewBox=\"0 0 %d %d\" " FONT " font-size=\"13\">\n"                    \
	"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"

static int begin(struct new_file *file, const char *path, int width, int height, struct error *err)
{
	if (file_begin(file, path, err))
		return -1;
	fprintf(file->out, HEAD, width, height, width, height);
	return 0;
}

static int end(struct new_file *file, struct error *err)
{
	return file_end(file, fputs("</svg>\n", file->out) == EOF, err);
}

static void text(FILE *out, double x, double y, const char *attributes, const char *what)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" %s>", x, y, attributes);
	doc_put_html(what, out);
	fputs("</text>\n", out);
}

/* Black on light colours, white on dark ones. */
static const char *ink(const char *color)
{
	unsigned int r, g, b;

	if (sscanf(color, "#%2x%2x%2x", &r, &g, &b) != 3)
		return "#000000";
	return 0.299 * r + 0.587 * g + 0.114 * b > 128 ? "#000000" : "#ffffff";
}

/* Stacked bars */

enum {
	STACK_LEFT = 92,
	STACK_TOP = 70,
	STACK_HEIGHT = 380,
	STACK_BOTTOM = 60,
	BAR_STEP = 110,
	BAR_WIDTH = 84,
	LEGEND_WIDTH = 330,
	LEGEND_STEP = 24,
	LABEL_HEIGHT = 14,
};

static double bar_sum(const struct svg_stack *s, size_t bar)
{
	double sum = 0;

	for (size_t i = 0; i < s->nr_layers; i++)
		sum += s->layers[i].values[bar];
	return sum;
}

/* 1, 2 or 5 times a power of ten: at most six steps up to @max. */
static double tick_step(double max)
{
	double step = pow(10, floor(log10(max / 6)));

	if (step * 6 < max)
		step *= 2;
	if (step * 6 < max)
		step *= 2.5;
	if (step * 6 < max)
		step *= 2;
	return step;
}

/* So many that two ticks don't look the same. */
static int decimals(double value)
{
	return value >= 1 ? 0 : ceil(-log10(value) - 1e-9);
}

static void draw_axis(FILE *out, const struct svg_stack *s, double max, double scale)
{
	double right = STACK_LEFT + s->nr_bars * BAR_STEP;
	double bottom = STACK_TOP + STACK_HEIGHT;

	for (double v = 0; v <= max * 1.0001; v += tick_step(max)) {
		double y = bottom - v * scale;

		fprintf(out,
			"<line x1=\"%d\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" "
			"stroke=\"#d8d8d8\"/>\n",
			STACK_LEFT, right, y, y);
		text(out, STACK_LEFT - 8, y + 4.5, "text-anchor=\"end\" fill=\"#333333\"",
		     number_fixed(v, decimals(tick_step(max))));
	}
	fprintf(out, "<text transform=\"translate(20 %d) rotate(-90)\" text-anchor=\"middle\">",
		STACK_TOP + STACK_HEIGHT / 2);
	doc_put_html(s->y_label, out);
	fputs("</text>\n", out);
	text(out, (STACK_LEFT + right) / 2, bottom + 46, "text-anchor=\"middle\"", s->x_label);
}

static const char *bar_number(double value, int decimals)
{
	return number_fixed(value, value < 1 ? 2 : decimals);
}

static void draw_bar(FILE *out, const struct svg_stack *s, size_t bar, double scale)
{
	double x = STACK_LEFT + bar * BAR_STEP + (BAR_STEP - BAR_WIDTH) / 2.0;
	double y = STACK_TOP + STACK_HEIGHT;
	char attributes[128];

	for (size_t i = 0; i < s->nr_layers; i++) {
		const struct svg_layer *layer = &s->layers[i];
		double height = layer->values[bar] * scale;

		if (layer->values[bar] <= 0)
			continue;
		y -= height;
		fprintf(out,
			"<rect x=\"%.1f\" y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"%s\" "
			"stroke=\"#ffffff\" stroke-width=\"%.1f\"><title>",
			x, y, BAR_WIDTH, height, layer->color, height > 3 ? 1.0 : 0.0);
		doc_put_html(layer->name, out);
		fprintf(out, ": %s</title></rect>\n", number_fixed(layer->values[bar], 2));
		if (height < LABEL_HEIGHT)
			continue;
		snprintf(attributes, sizeof(attributes),
			 "text-anchor=\"middle\" font-size=\"11.5\" fill=\"%s\"",
			 ink(layer->color));
		text(out, x + BAR_WIDTH / 2.0, y + height / 2 + 4, attributes,
		     bar_number(layer->values[bar], layer->values[bar] < 100));
	}
	text(out, x + BAR_WIDTH / 2.0, y - 7, "text-anchor=\"middle\" font-weight=\"bold\"",
	     bar_number(bar_sum(s, bar), 1));
	text(out, x + BAR_WIDTH / 2.0, STACK_TOP + STACK_HEIGHT + 20, "text-anchor=\"middle\"",
	     s->bar_names[bar]);
}

static bool is_drawn(const struct svg_stack *s, const struct svg_layer *layer)
{
	for (size_t i = 0; i < s->nr_bars; i++)
		if (layer->values[i] > 0)
			return true;
	return false;
}

/* In the order of the stack, the top one first. */
static void draw_legend(FILE *out, const struct svg_stack *s)
{
	double x = STACK_LEFT + s->nr_bars * BAR_STEP + 24, y = STACK_TOP;

	for (size_t i = s->nr_layers; i-- > 0;) {
		const struct svg_layer *layer = &s->layers[i];

		if (!is_drawn(s, layer))
			continue;
		fprintf(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"16\" height=\"16\" fill=\"%s\" "
			"stroke=\"#555555\" stroke-width=\"0.5\"/>\n",
			x, y, layer->color);
		text(out, x + 24, y + 13, "", layer->name);
		y += LEGEND_STEP;
	}
}

int svg_write_stack(const struct svg_stack *s, const char *path, struct error *err)
{
	int height = STACK_TOP + STACK_HEIGHT + STACK_BOTTOM;
	int width = STACK_LEFT + s->nr_bars * BAR_STEP + LEGEND_WIDTH;
	double max = 0, scale;
	struct new_file file;
	FILE *out;

	for (size_t i = 0; i < s->nr_bars; i++)
		max = fmax(max, bar_sum(s, i));
	max = max ?: 1;
	scale = (STACK_HEIGHT - 20) / max;
	width = fmax(fmax(width, 760), 32 + 7.4 * strlen(s->subtitle)); /* of 12.5 pixels */
	if (begin(&file, path, width, height, err))
		return -1;
	out = file.out;
	text(out, 16, 26, "font-size=\"17\" font-weight=\"bold\"", s->title);
	text(out, 16, 48, "fill=\"#555555\" font-size=\"12.5\"", s->subtitle);
	draw_axis(out, s, max, scale);
	for (size_t i = 0; i < s->nr_bars; i++)
		draw_bar(out, s, i, scale);
	draw_legend(out, s);
	return end(&file, err);
}

/* The icicle */

enum { ICICLE_WIDTH = 1200, ICICLE_TOP = 96, ROW = 22, ICICLE_BOTTOM = 34, MARGIN = 12 };

EMBED(icicle_script, "profile/icicle.js");

static const char *image_color(const struct profile_frame *f, size_t i)
{
	static const char *const xen[] = { "#f5b041", "#f8c471", "#eb984e" };
	static const char *const linux_[] = { "#7fb3d5", "#a9cce3", "#5dade2" };

	if (!*f->image || !strcmp(f->image, "gntbench"))
		return "#cccccc";
	return !strcmp(f->image, "Xen") ? xen[i % 3] : linux_[i % 3];
}

/* The first @len bytes of a text that is longer. */
static void put_cut(const char *what, int len, FILE *out)
{
	char *cut = xasprintf("%.*s…", len, what);

	doc_put_html(cut, out);
	free(cut);
}

static void draw_frame(FILE *out, const struct profile_phase *phase, size_t i, uint64_t x,
		       uint64_t total, int depth)
{
	const struct profile_frame *f = &phase->frames[i];
	double unit = (ICICLE_WIDTH - 2.0 * MARGIN) / phase->insns;
	double left = MARGIN + x * unit, width = fmax(0.3, total * unit - 0.6);
	int room = (width - 8) / 7.3, top = ICICLE_TOP + depth * ROW;
	int length = strlen(f->function);

	fprintf(out,
		"<g class=\"f\" data-x=\"%ju\" data-w=\"%ju\" data-d=\"%d\" data-c=\"%s\" "
		"data-n=\"",
		(uintmax_t)x, (uintmax_t)total, depth, image_color(f, i));
	doc_put_html(f->function, out);
	fputs("\"><title>", out);
	doc_put_html(f->function, out);
	fputs(" (", out);
	doc_put_html(*f->image ? f->image : "all", out);
	fprintf(out, "): %.2f insn a ", (double)total / phase->divisor);
	doc_put_html(phase->per, out);
	fprintf(out,
		" with callees, %.2f %%; %.2f itself; %.2f calls</title>"
		"<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" rx=\"2\"/>",
		100.0 * total / phase->insns, (double)f->insns / phase->divisor,
		(double)f->calls / phase->divisor, left, top, width, ROW - 1, image_color(f, i));
	fprintf(out, "<text x=\"%.2f\" y=\"%d\" font-size=\"12\">", left + 4, top + 15);
	if (room >= length)
		doc_put_html(f->function, out);
	else if (room > 3)
		put_cut(f->function, room - 1, out);
	fputs("</text></g>\n", out);
}

/* How many frames are above each; the deepest goes to @max. Parents come before their children. */
static int *frame_depths(const struct profile_phase *phase, int *max)
{
	int *depths = xcalloc(phase->nr_frames + 1, sizeof(*depths));

	*max = 0;
	for (size_t i = 0; i < phase->nr_frames; i++) {
		if (phase->frames[i].parent >= 0)
			depths[i] = depths[phase->frames[i].parent] + 1;
		if (depths[i] > *max)
			*max = depths[i];
	}
	return depths;
}

/* A frame starts where its elder sibling ends; the first one where its parent starts. */
static void draw_frames(FILE *out, const struct profile_phase *phase, const int *depths)
{
	uint64_t *total = profile_subtrees(phase),
		 *next = xcalloc(phase->nr_frames + 1, sizeof(*next));
	uint64_t next_root = 0;

	for (size_t i = 0; i < phase->nr_frames; i++) {
		int parent = phase->frames[i].parent;
		uint64_t *from = parent >= 0 ? &next[parent] : &next_root;

		next[i] = *from;
		*from += total[i];
		if (total[i])
			draw_frame(out, phase, i, next[i], total[i], depths[i]);
	}
	free(next);
	free(total);
}

static void draw_key(FILE *out, double x, const char *color, const char *name)
{
	fprintf(out,
		"<rect x=\"%.0f\" y=\"60\" width=\"16\" height=\"16\" fill=\"%s\" rx=\"2\"/>\n", x,
		color);
	text(out, x + 22, 73, "", name);
}

int svg_write_icicle(const struct profile *p, const struct profile_phase *phase, const char *path,
		     struct error *err)
{
	struct new_file file;
	int max, *depths = frame_depths(phase, &max);
	int height = ICICLE_TOP + (max + 1) * ROW + ICICLE_BOTTOM;
	char *line;
	FILE *out;

	if (begin(&file, path, ICICLE_WIDTH, height, err)) {
		free(depths);
		return -1;
	}
	out = file.out;
	line = xasprintf("%s: %.1f guest instructions a %s", phase->name,
			 (double)phase->insns / phase->divisor, phase->per);
	text(out, MARGIN, 26, "font-size=\"17\" font-weight=\"bold\"", line);
	free(line);
	line = xasprintf(
		"%s · Xen %s · Linux %s · tier exact · callers above, callees below; width: "
		"instructions",
		phase->case_id, profile_environment(p, "xen_version"),
		profile_environment(p, "kernel_release"));
	text(out, MARGIN, 47, "fill=\"#555555\" font-size=\"12.5\"", line);
	free(line);
	draw_key(out, MARGIN, "#f5b041", "Xen");
	draw_key(out, MARGIN + 90, "#7fb3d5", "Linux");
	draw_key(out, MARGIN + 190, "#cccccc", "benchmark");
	text(out, ICICLE_WIDTH - MARGIN - 90, 73,
	     "id=\"search\" text-anchor=\"end\" "
	     "fill=\"#0057b7\" style=\"cursor:pointer\"",
	     "Search (Ctrl-F)");
	text(out, ICICLE_WIDTH - MARGIN, 73,
	     "id=\"out\" text-anchor=\"end\" fill=\"#0057b7\" "
	     "style=\"cursor:pointer\"",
	     "Zoom out");
	fputs("<style>g.f{cursor:pointer}g.f:hover rect{stroke:#000000}"
	      "g.f text{pointer-events:none}</style>\n",
	      out);
	if (phase->insns)
		draw_frames(out, phase, depths);
	free(depths);
	text(out, MARGIN, height - 12, "id=\"info\" fill=\"#333333\"",
	     "Click a function to zoom in; point at one for its numbers.");
	fprintf(out, "<script><![CDATA[\n%s]]></script>\n", icicle_script);
	return end(&file, err);
}
