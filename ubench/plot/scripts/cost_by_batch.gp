# SPDX-License-Identifier: GPL-2.0
# Two halves, map and unmap, a line each series.
width = 960; height = 480
load 'style.gp'

# One y axis for both halves, so that map and unmap can be compared.
top = 0; bottom = 1e300; x_max = 1
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('map.p50')) name 'M' nooutput
	stats sprintf('%d', i) using (column('unmap.p50')) name 'U' nooutput
	stats sprintf('%d', i) using (column('batch')) name 'X' nooutput
	top = M_max > top ? M_max : top
	top = U_max > top ? U_max : top
	bottom = M_min < bottom ? M_min : bottom
	bottom = U_min < bottom ? U_min : bottom
	x_max = X_max > x_max ? X_max : x_max
}
scale = time_scale(top)
log_y = bottom > 0 && top > 8 * bottom

@batch_axis
set xrange [0.85:x_max * 1.18]
set ylabel time_unit(top).' a page'.(log_y ? ' (log)' : '')
if (log_y) {
	lo = bottom / scale / 1.5; hi = top / scale * 1.5
	@log_y_axis
} else {
	set yrange [0:top / scale * 1.08]
}
@head
set multiplot
set tmargin at screen 1 - 92.0 / height
set bmargin at screen 66.0 / height
unset key
set lmargin at screen 0.095
set rmargin at screen 0.44
set label 3 'map' at graph 0.5, graph 1.05 center font title_font
plot for [i = 1:n] sprintf('%d', i) using (column('batch')):(column('map.p50') / scale) \
	with linespoints lt line_of(i) title name[i]
unset label 1
unset label 2
unset ylabel
set ytics format ''
set key
set lmargin at screen 0.47
set rmargin at screen 0.825
set label 3 'unmap, asked for until done'
plot for [i = 1:n] sprintf('%d', i) using (column('batch')):(column('unmap.p50') / scale) \
	with linespoints lt line_of(i) title name[i]
unset multiplot
