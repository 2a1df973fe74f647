# SPDX-License-Identifier: GPL-2.0
# A row a network: on the left how many of its requests were deferred, on the right how late each of
# those was.
width = 1000; height = 180 + 46 * n
load 'style.gp'
tier_says = waiting_says

array requests[n]
array deferred[n]
array latest[n]
array typical[n]
percent(i) = 100.0 * deferred[i] / requests[i]
often = 1; late = 1
do for [i = 1:n] {
	requests[i] = 0; deferred[i] = 0; latest[i] = 0; typical[i] = NaN
	stats sprintf('%d', i) using (requests[i] = requests[i] + 1, \
		is_late = column('attempts') > 1, deferred[i] = deferred[i] + is_late, \
		latest[i] = is_late && column('overshoot') > latest[i] ? column('overshoot') : latest[i]) \
		nooutput
	if (deferred[i]) {
		stats sprintf('%d', i) using (column('attempts') > 1 ? column('overshoot') : NaN) \
			name 'D' nooutput
		typical[i] = D_median
	}
	often = percent(i) > percent(often) ? i : often
	late = latest[i] > latest[late] ? i : late
}
of(i) = strlen(name[i]) ? ' ('.name[i].')' : ''
title = !deferred[often] ? 'No unmap met a page in use' : \
	sprintf('Up to %s %% of the unmaps are deferred%s, and end up to %s %s late%s', \
		num(percent(often)), of(often), num(latest[late] / 1e6), ms, of(late))
@head
set multiplot
set tmargin at screen 1 - 110.0 / height
set bmargin at screen 40.0 / height
set yrange [n + 0.5:0.5]
set ytics scale 0 ()
set grid noytics
set style fill solid noborder
unset key
start = 0.1; middle = 0.43; gap = 0.05

set lmargin at screen start
set rmargin at screen middle
set xrange [0:deferred[often] ? percent(often) * 1.25 : 100]
do for [i = 1:n] { set ytics add (name[i] i) }
set label 3 'unmaps that are deferred' at graph 0, screen 1 - 82.0 / height left font title_font
set label 4 '% of the requests: a page was in use' at graph 0, screen 1 - 101.0 / height \
	left font small_font
plot for [i = 1:n] sprintf('%d', i) every ::0::0 using (percent(i) / 2):(i):(0):(percent(i)):\
		(i - 0.28):(i + 0.28) with boxxyerror lt 1 notitle, \
	for [i = 1:n] sprintf('%d', i) every ::0::0 using (percent(i)):(i):\
		(num(percent(i)).' %') with labels left offset character 0.7, 0 notitle
unset label 1
unset label 2

set lmargin at screen middle + gap
set rmargin at screen 0.97
set xrange [0:deferred[often] ? latest[late] / 1e6 * 1.05 : 1]
do for [i = 1:n] { set ytics add ('' i) }
set label 3 'how late those end' at graph 0, screen 1 - 82.0 / height left font title_font
set label 4 ms.' after the last use of their pages; line: median' at graph 0, screen 1 - 101.0 / height \
	left font small_font
# A dot a request, spread over its row so that few hide each other. A label of which no point can be drawn
# is a segmentation fault of gnuplot 5.4.
row(i, k) = i + (k * 37 % 100 / 100.0 - 0.5) * 0.56
plot for [i = 1:n] deferred[i] ? sprintf('%d', i) : '/dev/null' using \
		(column('attempts') > 1 ? column('overshoot') / 1e6 : NaN):(row(i, int($0))):\
		(sprintf('%s: in use for %s %s, done %s %s later, after %d looks', name[i], \
		 num(column('hold') / 1e6), ms, num(column('overshoot') / 1e6), ms, column('attempts'))) \
		with labels hypertext point lt 1 ps 0.6 notitle, \
	for [i = 1:n] sprintf('%d', i) every ::0::0 using (typical[i] / 1e6):(i - 0.34):(0):(0.68) \
		with vectors nohead lc rgb '#000000' lw 2.5 dt solid notitle
unset multiplot
