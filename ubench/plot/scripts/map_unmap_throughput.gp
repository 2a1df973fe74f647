# SPDX-License-Identifier: GPL-2.0
width = 800; height = 460
load 'style.gp'

# Of a page's cost in ns, or in instructions.
rate(cost) = is_insn ? 1e6 / cost : 1e9 / cost / rate_scale
rate_scale = 1
top = 0; bottom = 1e300; x_max = 1
do for [i = 1:n] {
	stats sprintf('%d', i) using (rate(column('map.p50') + column('unmap.p50'))) \
		name 'R' nooutput
	stats sprintf('%d', i) using (column('batch')) name 'X' nooutput
	top = R_max > top ? R_max : top
	bottom = R_min < bottom ? R_min : bottom
	x_max = X_max > x_max ? X_max : x_max
}
rate_scale = is_insn || top < 2e4 ? 1 : top < 2e7 ? 1e3 : 1e6
rates = is_insn ? 'pages a million guest instructions' : \
	(rate_scale == 1e3 ? 'thousand ' : rate_scale == 1e6 ? 'million ' : '').'pages a second'
title = sprintf('Larger batches map and unmap up to %.1f times the pages of the smallest', top / bottom)

@batch_axis
set xrange [0.85:x_max * 1.18]
set ylabel rates.' (log)'
lo = bottom / rate_scale / 1.1; hi = top / rate_scale * 1.1
@log_y_axis
@head
set tmargin at screen 1 - 70.0 / height
set key title 'map and unmap'
plot for [i = 1:n] sprintf('%d', i) \
	using (column('batch')):(rate(column('map.p50') + column('unmap.p50'))) \
	with linespoints lt line_of(i) title name[i], \
	for [i = 1:n] sprintf('%d', i) \
	using (column('batch')):(rate(column('map.p50') + column('unmap.p50'))):\
	(sprintf('%s, batch %d: %s %s', name[i], column('batch'), \
	 num(rate(column('map.p50') + column('unmap.p50'))), rates)) \
	with labels hypertext point lt line_of(i) notitle
