# SPDX-License-Identifier: GPL-2.0
width = 860; height = 480
load 'style.gp'
tier_says = waiting_says

lo = 1e300; hi = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('value')) name 'V' nooutput
	lo = V_min < lo ? V_min : lo
	hi = V_max > hi ? V_max : hi
}
array half[n]
do for [i = 1:n] {
	half[i] = NaN
	stats sprintf('%d', i) using (half[i] = column('share') <= 0.5 ? column('value') : half[i]) nooutput
}
title = sprintf('Busy page %s: half of the unmaps are done after %s %s', name[1], num(half[1] / 1e6), ms)
far = hi > 5 * lo
if (far) { set logscale x }
set xrange [lo / 1e6 / 1.2:hi / 1e6 * 1.2]
set format x '%g'
set xlabel 'from asked for until done, '.ms.(far ? ' (log)' : '')
set yrange [0:1.02]
set ylabel 'share of the unmaps that are done'
set format y '%.1f'
@head
set tmargin at screen 1 - 70.0 / height
plot for [i = 1:n] sprintf('%d', i) using (column('value') / 1e6):(column('share')) \
	with steps lt line_of(i) title name[i], \
	for [i = 1:n] sprintf('%d', i) using (int($0) % 20 ? NaN : column('value') / 1e6):(column('share')):\
	(sprintf('%s: %.0f %% are done after %s %s', name[i], 100 * column('share'), \
	 num(column('value') / 1e6), ms)) with labels hypertext point lt line_of(i) ps 0.3 notitle
