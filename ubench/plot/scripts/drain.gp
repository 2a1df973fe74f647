# SPDX-License-Identifier: GPL-2.0
# Many requests at once: until all are done, what retrying costs, and how many work items it takes.
# Requests that aren't busy are done at once, so the x axis is those that are.
width = 1040; height = 460
load 'style.gp'
tier_says = waiting_says

left = 1e300; right = 1; longest = 0
array top[3]
array bottom[3]
array panel[3]
array says[3]
panel[1] = 'drain.p50'; says[1] = 'until all are done'
panel[2] = 'retry_cpu.p50'; says[2] = 'CPU time of retrying'
panel[3] = 'work_items.p50'; says[3] = 'work items that ran'
do for [p = 1:3] { top[p] = 0; bottom[p] = 1e300 }
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('busy_requests')) name 'X' nooutput
	longest = strlen(name[i]) > longest ? strlen(name[i]) : longest
	left = X_min < left ? X_min : left
	right = X_max > right ? X_max : right
	do for [p = 1:3] {
		stats sprintf('%d', i) using (column(panel[p])) name 'Y' nooutput
		top[p] = Y_max > top[p] ? Y_max : top[p]
		bottom[p] = Y_min < bottom[p] ? Y_min : bottom[p]
	}
}
left = left < 1 ? 1 : left
title = sprintf('%d busy requests take %s %s, and Linux looks again in %s work items', right, \
	num(top[1] / 1e6), ms, num(top[3]))
@head
set multiplot
set tmargin at screen 1 - 110.0 / height
set bmargin at screen 66.0 / height
set logscale x 2
set xtics (1, 4, 16, 64, 256, '1K' 1024, '4K' 4096)
set xrange [left * 0.8:right * 1.25]
# The last panel ends where the key begins: a line, and ten pixels a letter of the longest name.
key_width = (80.0 + 10 * (longest < 30 ? longest : 30)) / width
start = 0.07; gap = 0.08; all = 0.985 - key_width - start
do for [p = 1:3] {
	scale = p == 3 ? 1 : 1e6
	lo = bottom[p] / scale / 1.5; hi = top[p] / scale * 1.5
	note = p == 3 ? 'count' : ms
	unset logscale y
	set ytics autofreq
	# What costs nothing has no place on a logarithmic axis.
	if (bottom[p] <= 0) { lo = top[p] / scale / 2e4 }
	if (hi > 5 * lo) {
		@log_y_axis
		note = note.', log'
	} else {
		set yrange [0:top[p] / scale * 1.1]
	}
	set lmargin at screen start + (p - 1) * (all + gap) / 3
	set rmargin at screen start + p * (all + gap) / 3 - gap
	set label 3 says[p] at graph 0, graph 1.1 left font title_font
	set label 4 note at graph 0, graph 1.03 left font small_font
	if (p == 3) { set key at screen 0.99, screen 1 - 100.0 / height } else { unset key }
	if (p == 2) { set xlabel 'busy requests' } else { set xlabel ' ' }
	plot for [i = 1:n] sprintf('%d', i) using (column('busy_requests')):\
		(column(panel[p]) / scale) with linespoints lt line_of(i) ps 1.2 title name[i], \
		for [i = 1:n] sprintf('%d', i) using (column('busy_requests')):\
		(column(panel[p]) / scale):(sprintf('%s, %d busy: %s %s', name[i], column('busy_requests'), \
		 num(column(panel[p]) / scale), p == 3 ? 'work items' : ms)) \
		with labels hypertext point lt line_of(i) ps 1.2 notitle
	unset label 1
	unset label 2
}
unset multiplot
