# SPDX-License-Identifier: GPL-2.0
# A line each series: the median of the metric y against the parameter x.
width = 900; height = 460
load 'style.gp'

median = y_metric.'.p50'
top = 0; bottom = 1e300; left = 1e300; right = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (column(x_param)):(column(median)) name 'P' nooutput
	left = P_min_x < left ? P_min_x : left
	right = P_max_x > right ? P_max_x : right
	top = P_max_y > top ? P_max_y : top
	bottom = P_min_y < bottom ? P_min_y : bottom
}
scale = time_scale(top)
set logscale x 2
set xtics 2 format '%.0f'
set xrange [left * 0.85:right * 1.18]
set xlabel x_label
if (bottom > 0 && top > 8 * bottom) {
	lo = bottom / scale / 1.5; hi = top / scale * 1.5
	@log_y_axis
	set ylabel time_unit(top).' a '.y_per.' (log)'
} else {
	set yrange [0:top / scale * 1.08]
	set ylabel time_unit(top).' a '.y_per
}
@head
set tmargin at screen 1 - 70.0 / height
plot for [i = 1:n] sprintf('%d', i) using (column(x_param)):(column(median) / scale) \
	with linespoints lt line_of(i) title name[i]
