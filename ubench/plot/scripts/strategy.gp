# SPDX-License-Identifier: GPL-2.0
# A panel a batch, at most three; in each, what a way costs in times of the cheapest one there, against
# the bytes. The ways are the series: an op, and for keep its uses.
width = 1100; height = 480
load 'style.gp'

MAX_PANELS = 3
MAX_BYTES = 4096
panels = 0; left = 1e300; right = 0; top = 1; bottom = 1
array panel[n]
array mine[n]
array kept[n]
array cheapest[MAX_PANELS * MAX_BYTES]
nr_of(p, bytes) = (p - 1) * MAX_BYTES + int(bytes)
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('batch')):(column('bytes')) name 'B' nooutput
	stats sprintf('%d', i) using (column('uses')) name 'U' nooutput
	left = B_min_y < left ? B_min_y : left
	right = B_max_y > right ? B_max_y : right
	mine[i] = B_min_x
	kept[i] = U_min
	is_new = panels < MAX_PANELS
	do for [p = 1:panels] { if (panel[p] == B_min_x) { is_new = 0 } }
	if (is_new) { panels = panels + 1; panel[panels] = B_min_x }
}
op_of(i) = strstrt(name[i], 'map_copy') ? 'map, copy, unmap' : strstrt(name[i], 'map_touch') ? 'map, touch, unmap' : \
	strstrt(name[i], 'keep') ? sprintf('kept, %.0f uses', kept[i]) : 'copy by Xen'
type_of(i) = strstrt(name[i], 'map_copy') ? 1 : strstrt(name[i], 'map_touch') ? 3 : strstrt(name[i], 'keep') ? \
	(kept[i] < 4 ? 7 : kept[i] < 16 ? 4 : 5) : 2
do for [b = 1:MAX_PANELS * MAX_BYTES] { cheapest[b] = 1e300 }
# The largest ratio of all panels is where their common axis ends. And what the two ways that need no
# pool cost in times of the one that has the best, if that is the cheapest everywhere.
uses = 0; worst = 0
array least[2]
array most[2]
do for [k = 1:2] { least[k] = 1e300; most[k] = 0 }
do for [i = 1:n] { uses = kept[i] > uses ? kept[i] : uses }
do for [p = 1:panels] {
	do for [i = 1:n] {
		if (mine[i] == panel[p]) {
			stats sprintf('%d', i) using (b = nr_of(p, column('bytes')), t = column('total.p50'), \
				cheapest[b] = t < cheapest[b] ? t : cheapest[b], t) nooutput
		}
	}
	do for [i = 1:n] {
		if (mine[i] == panel[p]) {
			stats sprintf('%d', i) using (column('total.p50') / cheapest[nr_of(p, column('bytes'))]) name 'R' nooutput
			top = R_max > top ? R_max : top
			if (op_of(i) eq sprintf('kept, %.0f uses', uses)) { worst = R_max > worst ? R_max : worst }
			k = type_of(i)
			if (k < 3) {
				least[k] = R_min < least[k] ? R_min : least[k]
				most[k] = R_max > most[k] ? R_max : most[k]
			}
		}
	}
}
if (worst == 1 && most[1] > 0 && most[2] > 0) {
	title = sprintf('Against a page kept for %.0f uses, a copy costs %s times, mapping each time %s', \
		uses, span(least[2], most[2]), span(least[1], most[1]))
}
set logscale x 2
set xtics (64, 256, '1K' 1024, '4K' 4096)
set xrange [left * 0.8:right * 1.25]
lo = 0.9; hi = top * 1.3
@log_y_axis
@head
set multiplot
set tmargin at screen 1 - 105.0 / height
set bmargin at screen 66.0 / height
start = 0.075; gap = 0.03; key_width = 0.185; all = 0.985 - key_width - start
do for [p = 1:panels] {
	set lmargin at screen start + (p - 1) * (all + gap) / panels
	set rmargin at screen start + p * (all + gap) / panels - gap
	set label 3 sprintf('batch %d', panel[p]) at graph 0, graph 1.06 left font title_font
	if (p == 1) { set ylabel 'times the cheapest (log)' } \
	else {
		unset ylabel
		tic_labels = 0
		@log_y_axis
	}
	if (p == panels) { set key at screen 0.99, screen 1 - 100.0 / height } else { unset key }
	set xlabel p == int((panels + 1) / 2) ? 'bytes wanted of each page' : ' '
	plot for [i = 1:n] sprintf('%d', i) using (mine[i] == panel[p] ? column('bytes') : NaN):\
		(column('total.p50') / cheapest[nr_of(p, column('bytes'))]) with linespoints lt type_of(i) \
		title (mine[i] == panel[p] ? op_of(i) : ''), \
		for [i = 1:n] sprintf('%d', i) using (mine[i] == panel[p] ? column('bytes') : NaN):\
		(column('total.p50') / cheapest[nr_of(p, column('bytes'))]):\
		(sprintf('%s, batch %d, %s bytes: %s %s a use, %s times the cheapest', op_of(i), mine[i], \
		 num(column('bytes')), num(column('total.p50') / time_scale(column('total.p50'))), \
		 time_unit(column('total.p50')), num(column('total.p50') / cheapest[nr_of(p, column('bytes'))]))) \
		with labels hypertext point lt type_of(i) notitle
	unset label 1
	unset label 2
}
unset multiplot
