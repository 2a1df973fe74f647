# SPDX-License-Identifier: GPL-2.0
width = 860; height = 500
load 'style.gp'
tier_says = waiting_says

lo = 1e300; hi = 0; bottom = 1e300; top = 0
do for [i = 1:n] {
	# Without a hold or without idle pages there is nothing to draw; 1 ms moves no limit.
	stats sprintf('%d', i) using (column('hold') > 0 ? column('hold') : 1e6):\
		(column('idle_page') > 0 ? column('idle_page') : 1e6) name 'H' nooutput
	lo = H_min_x < lo ? H_min_x : lo
	hi = H_max_x > hi ? H_max_x : hi
	bottom = H_min_y < bottom ? H_min_y : bottom
	top = H_max_y > top ? H_max_y : top
}
title = sprintf('Idle pages of a batch wait with its busy one, up to %s %s', num(top / 1e6), ms)
set logscale xy
set xrange [lo / 1e6 / 1.15:hi / 1e6 * 1.15]
set format x '%g'
set yrange [(bottom < lo ? bottom : lo) / 1e6 / 1.3:top / 1e6 * 1.3]
set format y '%g'
set xlabel 'hold time of the busy page, '.ms.' (log)'
set ylabel 'idle pages stay mapped, '.ms.' (log)'
@head
set tmargin at screen 1 - 70.0 / height
plot for [i = 1:n] sprintf('%d', i) using (column('hold') / 1e6):(column('idle_page') / 1e6) \
		with points lt line_of(i) ps 0.7 title n == 1 ? 'measured' : name[i], \
	for [i = 1:n] sprintf('%d', i) using (column('hold') / 1e6):(column('idle_page') / 1e6):\
		(sprintf('held %s, idle pages mapped %s %s', num(column('hold') / 1e6), \
		 num(column('idle_page') / 1e6), ms)) with labels hypertext point lt line_of(i) ps 0.7 notitle, \
	x with lines lc rgb '#000000' lw 1.3 dt solid title 'as long as held'
