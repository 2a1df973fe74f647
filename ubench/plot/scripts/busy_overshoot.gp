# SPDX-License-Identifier: GPL-2.0
# Above how late the unmap is, below how often the pages were looked at; a dot each sample.
width = 960; height = 600
load 'style.gp'
tier_says = waiting_says

lo = 1e300; hi = 0; top = 0; most = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('hold')):(column('overshoot')) name 'H' nooutput
	stats sprintf('%d', i) using (column('attempts')) name 'A' nooutput
	lo = H_min_x < lo ? H_min_x : lo
	hi = H_max_x > hi ? H_max_x : hi
	top = H_max_y > top ? H_max_y : top
	most = A_max > most ? A_max : most
}
title = sprintf('A busy page is unmapped up to %s %s late, after up to %d attempts', num(top / 1e6), ms, most)
set logscale x
set xrange [lo / 1e6 / 1.15:hi / 1e6 * 1.15]
set format x '%g'
@head
set multiplot
set lmargin at screen 0.095
set rmargin at screen 0.98
set tmargin at screen 1 - 70.0 / height
set bmargin at screen 0.44
set yrange [0:top / 1e6 * 1.1]
set ylabel 'overshoot, '.ms
set format x ''
set key inside left top
plot hz ? 'schedule' : '/dev/null' using (column('hold') / 1e6):(column('least') / 1e6):\
		(column('most') / 1e6) with filledcurves fc rgb '#cccccc' \
		title (hz ? 'unpatched Linux, closed form, begun anywhere in a jiffy' : ''), \
	hz ? 'schedule' : '/dev/null' using (column('hold') / 1e6):(column('overshoot') / 1e6) \
		with lines lc rgb '#b0b0b0' lw 0.6 dt solid notitle, \
	for [i = 1:n] sprintf('%d', i) using (column('hold') / 1e6):(column('overshoot') / 1e6) \
		with points lt line_of(i) ps 0.5 title n == 1 ? 'measured' : name[i], \
	for [i = 1:n] sprintf('%d', i) using (column('hold') / 1e6):(column('overshoot') / 1e6):\
		(sprintf('held %s, overshoot %s %s, attempts %d', num(column('hold') / 1e6), \
		 num(column('overshoot') / 1e6), ms, column('attempts'))) \
		with labels hypertext point lt line_of(i) ps 0.5 notitle
unset label 1
unset label 2
unset key
set tmargin at screen 0.40
set bmargin at screen 66.0 / height
set format x '%g'
set xlabel 'hold time of the busy page, '.ms.' (log)'
set yrange [0:most * 1.1]
attempt_step = most > 40 ? 10 : most > 12 ? 5 : 1
set ytics attempt_step
set ylabel 'attempts'
plot hz ? 'schedule' : '/dev/null' using (column('hold') / 1e6):(column('attempts')) \
		with lines lc rgb '#999999' lw 1.5 dt solid notitle, \
	for [i = 1:n] sprintf('%d', i) using (column('hold') / 1e6):(column('attempts')) \
		with points lt line_of(i) ps 0.5 notitle
unset multiplot
