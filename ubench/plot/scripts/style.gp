# SPDX-License-Identifier: GPL-2.0
# What all plots have in common. A plot sets width and height (pixels), then loads this.
#
# From plot/run.c: title, format ('svg' or 'png'; the file is out.FORMAT unless path says another), tier, unit, emulated, kernel, xen, vcpus, hz;
# x_param, x_label, y_metric, y_per (page, request or sample) and y_by (what tells the series apart) of the plot's row;
# n series, of each name[i], at[i], line[i], and its data in the file named i. A script may set
# title to what its picture shows: the finding, with numbers.

set encoding utf8
if (format eq 'svg') {
	set terminal svg noenhanced size width, height font 'sans-serif,14' background 'white'
} else {
	set terminal pngcairo noenhanced size 1.5 * width, 1.5 * height font 'DejaVu Sans,11' \
		fontscale 1.4 linewidth 1.5 pointscale 1.5
}
set output exists('path') ? path : 'out.'.format
set datafile columnheaders

# Okabe and Ito's colours; shape and dashes tell the lines apart without them.
set linetype 1 lc rgb '#0072B2' lw 2.5 dt solid pt 7 ps 0.9
set linetype 2 lc rgb '#D55E00' lw 2.5 dt (12, 5) pt 5 ps 0.9
set linetype 3 lc rgb '#009E73' lw 2.5 dt (3, 3) pt 9 ps 1.1
set linetype 4 lc rgb '#CC79A7' lw 2.5 dt (14, 4, 3, 4) pt 13 ps 1.1
set linetype 5 lc rgb '#000000' lw 2.0 dt solid pt 6 ps 1.1
set linetype 6 lc rgb '#E69F00' lw 2.5 dt (8, 3) pt 4 ps 1.1
set linetype 7 lc rgb '#56B4E9' lw 2.5 dt (2, 4) pt 8 ps 1.2
set linetype 8 lc rgb '#666666' lw 2.0 dt (6, 3, 2, 3) pt 12 ps 1.2
set linetype cycle 8

# A series has the same line in every plot of its name and in every tier.
line_of(i) = line[i]

set border 3 lc rgb '#444444'
set tics nomirror textcolor rgb '#222222'
set grid xtics ytics lc rgb '#cfcfcf' lw 1 dt solid
set key outside right top vertical Left reverse samplen 3.5 spacing 1.25 width 1

# Times are in the record's unit: guest instructions, which aren't time, or ns.
is_insn = unit eq 'insn'
tier_says = tier eq 'exact' ? 'tier exact: guest instructions of Xen and Linux, not time' : \
	emulated ? 'tier '.tier.': emulated: ratios only' : 'tier '.tier
machine = (strlen(kernel) ? ' · Linux '.kernel : '').(strlen(xen) ? ' · Xen '.xen : ''). \
	(strlen(vcpus) ? ' · '.vcpus.(vcpus eq '1' ? ' vCPU' : ' vCPUs') : '')
bars = 0
bars_say = ' · bars: 95 % interval of the median'

# What an axis of times is labelled with, and what its values are divided by, when the largest is t.
time_unit(t) = is_insn ? (t < 2e6 ? 'guest instructions' : 'million guest instructions') : \
	t < 2e4 ? 'ns' : t < 2e7 ? 'µs' : 'ms'
time_scale(t) = is_insn ? (t < 2e6 ? 1 : 1e6) : t < 2e4 ? 1 : t < 2e7 ? 1e3 : 1e6

# A number with three digits that mean something, or all those before the point, thousands grouped.
grouped(digits) = strlen(digits) > 3 ? \
	grouped(substr(digits, 1, strlen(digits) - 3)).','.substr(digits, strlen(digits) - 2, strlen(digits)) : digits
num(x) = abs(x) >= 99.95 || x == floor(x) ? (x <= -0.5 ? '-' : '').grouped(sprintf('%.0f', abs(x))) : \
	abs(x) >= 9.995 ? sprintf('%.1f', x) : sprintf('%.2f', x)
# From least to most, or the one that both are.
span(least, most) = num(least) eq num(most) ? num(most) : num(least).' to '.num(most)

# Of waiting. In the exact tier an instruction is a virtual ns.
ms = is_insn ? 'virtual ms' : 'ms'
waiting_says = is_insn ? 'tier exact: virtual time, an instruction is 1 ns' : tier_says

# Title and, below it, what the numbers are. A macro, because both are drawn once a picture.
title_font = format eq 'svg' ? 'sans-serif:Bold,17' : 'DejaVu Sans:Bold,13'
small_font = format eq 'svg' ? 'sans-serif,12.5' : 'DejaVu Sans,9.5'
head = "set label 1 title at screen 0.015, screen 1 - 22.0 / height left font title_font; ". \
	"set label 2 tier_says.machine.(bars && !is_insn ? bars_say : '') at screen 0.015, screen 1 - 45.0 / height left ". \
	"font small_font textcolor rgb '#555555'"

# A logarithmic y axis from lo to hi, with a label at each 1, 2 and 5, or more where that is few;
# without labels where the panel on its left has them.
tic_labels = 1
log_y_axis = "set logscale y; set yrange [lo:hi]; set ytics (1); ". \
	"do for [d = -3:12] { do for [m in (hi > 6 * lo ? '1 2 5' : '1 1.2 1.5 2 2.5 3 4 5 6 7 8 9')] ". \
	"{ y = m * 10.0 ** d; if (y >= lo && y <= hi) { set ytics add ((tic_labels ? (y < 1000 ? sprintf('%.12g', y) : num(y)) : '') y) } } }"

# The x axis of a batch, from 1 to the largest.
batch_axis = "set logscale x 2; set xtics 2 format '%.0f'; set xlabel 'batch, pages a hypercall'"

# The series of a metric: a line, the interval of its median where there is noise, and at each point
# what it is, to be read with the mouse. Set xc and yc (columns), scale, y_unit and, to keep a series
# out of the key or out of the picture, keyed(i) and shown(i).
keyed(i) = name[i]
shown(i) = 1
read_out(i, x, y) = name[i].', '.x_param.' '.num(x).': '.num(y).' '.y_unit
series = "for [i = 1:n] shown(i) ? sprintf('%d', i) : '/dev/null' using ". \
	"(column(xc)):(column(yc.'.p50') / scale) with linespoints lt line_of(i) title keyed(i), ". \
	"for [i = 1:n] shown(i) && !is_insn ? sprintf('%d', i) : '/dev/null' using (column(xc)):". \
	"(column(yc.'.p50') / scale):(column(yc.'.lo') / scale):(column(yc.'.hi') / scale) ". \
	"with yerrorbars lt line_of(i) dt solid lw 1.2 ps 0 notitle, ". \
	"for [i = 1:n] shown(i) ? sprintf('%d', i) : '/dev/null' using ". \
	"(column(xc)):(column(yc.'.p50') / scale):". \
	"(read_out(i, column(xc), column(yc.'.p50') / scale)) ". \
	"with labels hypertext point lt line_of(i) notitle"
