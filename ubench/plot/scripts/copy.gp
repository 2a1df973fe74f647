# SPDX-License-Identifier: GPL-2.0
# A panel a batch, at most five; in each, copying by Xen against map, memcpy and unmap. Where the
# lines cross, a mark says at how many bytes.
width = 1100; height = 470
load 'style.gp'
bars = 1

MAX_PANELS = 5
is_copy(i) = strstrt(name[i], 'copy') == 1
panels = 0; left = 1e300; right = 0; top = 0
array panel[n]
array mine[n]
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('batch')) name 'B' nooutput
	stats sprintf('%d', i) using (column('bytes')):(column('total.p50')) name 'T' nooutput
	mine[i] = B_min
	left = T_min_x < left ? T_min_x : left
	right = T_max_x > right ? T_max_x : right
	is_new = panels < MAX_PANELS
	do for [p = 1:panels] { if (panel[p] == B_min) { is_new = 0 } }
	if (is_new) { panels = panels + 1; panel[panels] = B_min }
}
do for [i = 1:n] {
	is_shown = 0
	do for [p = 1:panels] { if (panel[p] == mine[i]) { is_shown = 1 } }
	stats sprintf('%d', i) using (column('total.p50')) name 'T' nooutput
	if (is_shown && T_max > top) { top = T_max }
}
scale = time_scale(top)
bottom = 1e300
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('total.p50')) name 'T' nooutput
	bottom = T_min < bottom ? T_min : bottom
}
# What mapping costs, in times of copying: over all pairs that differ in nothing else.
least = 1e300; most = 0
array pair[8192]
do for [i = 1:n] {
	do for [k = 1:n] {
		if (is_copy(i) && !is_copy(k) && name[i][5:*] eq name[k][4:*]) {
			do for [b = 1:8192] { pair[b] = NaN }
			stats sprintf('%d', i) using (pair[int(column('bytes'))] = column('total.p50')) nooutput
			stats sprintf('%d', k) using (column('total.p50') / pair[int(column('bytes'))]) name 'R' nooutput
			least = R_min < least ? R_min : least
			most = R_max > most ? R_max : most
		}
	}
}
if (most > 0) {
	title = least > 1 ? sprintf('Copying is cheaper than mapping at every size here: %.1f to %.1f times', least, most) : \
		most < 1 ? sprintf('Mapping is cheaper than copying at every size here: %.1f to %.1f times', 1 / most, 1 / least) : \
		sprintf('Mapping costs %.2f to %.2f times what copying costs, by size and batch', least, most)
}

# The lines of both ops of a panel, point by point, and where the first is not below the second any
# more, straight between the points.
array bytes[64]
array copied[64]
set logscale x 2
set xtics (64, 256, '1K' 1024, '4K' 4096)
set xrange [left * 0.8:right * 1.25]
lo = bottom / scale / 1.2; hi = top / scale * 1.2
@log_y_axis
@head
set multiplot
set tmargin at screen 1 - 105.0 / height
set bmargin at screen 66.0 / height
start = 0.08; gap = 0.03; all = 0.985 - start
do for [p = 1:panels] {
	set lmargin at screen start + (p - 1) * (all + gap) / panels
	set rmargin at screen start + p * (all + gap) / panels - gap
	do for [k = 1:64] { bytes[k] = 0; copied[k] = NaN }
	do for [i = 1:n] {
		if (mine[i] == panel[p] && is_copy(i)) {
			stats sprintf('%d', i) using (bytes[int($0) + 1] = column('bytes')):\
				(copied[int($0) + 1] = column('total.p50')) nooutput
		}
	}
	cross = 0; before_x = 0; before = 0
	do for [i = 1:n] {
		if (mine[i] == panel[p] && !is_copy(i)) {
			stats sprintf('%d', i) using \
				(d = copied[int($0) + 1] - column('total.p50'), b = column('bytes'), \
				 cross = cross == 0 && before_x > 0 && before * d < 0 ? \
				 before_x + (b - before_x) * before / (before - d) : cross, \
				 before = d, before_x = b, d) nooutput
		}
	}
	set label 3 sprintf('batch %d', panel[p]) at graph 0, graph 1.06 left font title_font
	unset arrow 1
	unset label 4
	if (cross > 0) {
		set arrow 1 from cross, graph 0 to cross, graph 0.9 nohead lc rgb '#666666' dt (4, 4)
		set label 4 num(cross).' B' at cross, graph 0.93 center font small_font
	}
	if (p == 1) { set ylabel time_unit(top).' a page (log)'; } \
	else {
		unset ylabel
		tic_labels = 0
		@log_y_axis
	}
	if (p == panels) { set key at screen 0.985, screen 1 - 12.0 / height } else { unset key }
	set xlabel p == int((panels + 1) / 2) ? 'bytes copied of each page' : ' '
	plot for [i = 1:n] sprintf('%d', i) using (mine[i] == panel[p] ? column('bytes') : NaN):\
		(column('total.p50') / scale) with linespoints lt (is_copy(i) ? 2 : 1) \
		title (mine[i] != panel[p] ? '' : is_copy(i) ? 'copy' : 'map, memcpy, unmap'), \
		for [i = 1:n] is_insn ? '/dev/null' : sprintf('%d', i) using \
		(mine[i] == panel[p] ? column('bytes') : NaN):(column('total.p50') / scale):\
		(column('total.lo') / scale):(column('total.hi') / scale) \
		with yerrorbars lt (is_copy(i) ? 2 : 1) dt solid lw 1.2 ps 0 notitle, \
		for [i = 1:n] sprintf('%d', i) using (mine[i] == panel[p] ? column('bytes') : NaN):\
		(column('total.p50') / scale):(sprintf('%s, %s bytes: %s %s a page', name[i], num(column('bytes')), \
		 num(column('total.p50') / scale), time_unit(top))) \
		with labels hypertext point lt (is_copy(i) ? 2 : 1) notitle
	unset label 1
	unset label 2
}
unset multiplot
