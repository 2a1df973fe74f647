# SPDX-License-Identifier: GPL-2.0
width = 800; height = 460
load 'style.gp'

# Of a page's cost in ns, or in instructions.
rate(cost) = is_insn ? 1e6 / cost : 1e9 / cost / rate_scale
rate_scale = 1
top = 0; x_max = 1
do for [i = 1:n] {
	stats sprintf('%d', i) using (rate(column('map.p50') + column('unmap.p50'))) \
		name 'R' nooutput
	stats sprintf('%d', i) using (column('batch')) name 'X' nooutput
	top = R_max > top ? R_max : top
	x_max = X_max > x_max ? X_max : x_max
}
rate_scale = is_insn || top < 2e4 ? 1 : top < 2e7 ? 1e3 : 1e6

@batch_axis
set xrange [0.85:x_max * 1.18]
set yrange [0:top / rate_scale * 1.08]
set ylabel is_insn ? 'pages per million guest instructions' : \
	(rate_scale == 1e3 ? 'thousand ' : rate_scale == 1e6 ? 'million ' : '').'pages a second'
@head
set tmargin at screen 1 - 70.0 / height
set key title 'map and unmap'
plot for [i = 1:n] sprintf('%d', i) \
	using (column('batch')):(rate(column('map.p50') + column('unmap.p50'))) \
	with linespoints lt line_of(i) title name[i]
