# SPDX-License-Identifier: GPL-2.0
# A line each series: the median of the metric y against the parameter x.
width = 900; height = 460
load 'style.gp'
bars = 1

median = y_metric.'.p50'
top = 0; bottom = 1e300; left = 1e300; right = 0; most = 0; least = 1e300
do for [i = 1:n] {
	stats sprintf('%d', i) using (column(x_param)):(column(median)) name 'P' nooutput
	left = P_min_x < left ? P_min_x : left
	right = P_max_x > right ? P_max_x : right
	top = P_max_y > top ? P_max_y : top
	bottom = P_min_y < bottom ? P_min_y : bottom
	# What each comes down to.
	if (P_min_y > most) { most = P_min_y; dearest = i }
	if (P_min_y < least) { least = P_min_y; cheapest = i }
}
scale = time_scale(top)
xc = x_param; yc = y_metric; y_unit = time_unit(top).' a '.y_per
if (most > 1.005 * least) {
	title = sprintf('At best %s costs %s, %s %s %s', name[dearest], num(most / scale), \
		name[cheapest], num(least / scale), y_unit)
}
set logscale x 2
set xtics 2 format '%.0f'
set xrange [left * 0.85:right * 1.18]
set xlabel x_label
lo = bottom / scale / 1.3; hi = top / scale * 1.3
if (bottom > 0) {
	@log_y_axis
	set ylabel y_unit.' (log)'
} else {
	set yrange [0:hi]
	set ylabel y_unit
}
@head
set tmargin at screen 1 - 70.0 / height
plot @series
