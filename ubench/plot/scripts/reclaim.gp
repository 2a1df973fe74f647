# SPDX-License-Identifier: GPL-2.0
width = 800; height = 460
load 'style.gp'
tier_says = waiting_says

right = 0; top = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('batch')):(column('cost.p50') * column('batch') / 1e9) \
		name 'T' nooutput
	right = T_max_x > right ? T_max_x : right
	top = T_max_y > top ? T_max_y : top
}
rate = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (1e9 / column('cost.p50')) name 'R' nooutput
	rate = R_max > rate ? R_max : rate
}
title = sprintf('Linux frees %s deferred grants a %ssecond', num(rate), is_insn ? 'virtual ' : '')
set xrange [0:right * 1.08]
set yrange [0:top * 1.1]
set xlabel x_label
set ylabel is_insn ? 'virtual s' : 's'
if (n == 1) { unset key }
@head
set tmargin at screen 1 - 70.0 / height
plot for [i = 1:n] sprintf('%d', i) \
	using (column('batch')):(column('cost.p50') * column('batch') / 1e9) \
	with linespoints lt line_of(i) title name[i], \
	for [i = 1:n] sprintf('%d', i) \
	using (column('batch')):(column('cost.p50') * column('batch') / 1e9):\
	(sprintf('%d grants: %s s', column('batch'), num(column('cost.p50') * column('batch') / 1e9))) \
	with labels hypertext point lt line_of(i) notitle
