# SPDX-License-Identifier: GPL-2.0
width = 960; height = 460
load 'style.gp'

# Without the immediate mode, or with batches that it lacks, there is no difference to draw.
base = 0
do for [i = 1:n] { if (strstrt(name[i], 'immediate')) { base = i } }
stats sprintf('%d', base) using (column('batch')) name 'X' nooutput
array batch[X_records]
array cost[X_records]
stats sprintf('%d', base) using (batch[int($0) + 1] = column('batch')):\
	(cost[int($0) + 1] = column('unmap.p50')) nooutput
more(k, b, c) = k < X_records && batch[k + 1] == b ? c - cost[k + 1] : NaN

# Least squares of the cost a page: the same line as the report's, cost = a + b * batch.
array label[n]
array per_call[n]
array per_page[n]
top = -1e300; bottom = 1e300; said = 0
do for [i = 1:n] {
	label[i] = ''
	if (i != base) {
		stats sprintf('%d', i) using (1.0 / column('batch')):\
			(more(int($0), column('batch'), column('unmap.p50'))) name 'L' nooutput
		a = L_records > 1 ? L_slope : 0
		b = L_records > 1 ? L_intercept : L_mean_y
		per_call[i] = a
		per_page[i] = b
		label[i] = sprintf('%s: %s a request + %s a page', name[i], num(a), \
			abs(b) < 99.95 ? sprintf('%.1f', b) : num(b))
		top = a + b > top ? a + b : b > top ? b : top
		bottom = a + b < bottom ? a + b : bottom
		bottom = b < bottom ? b : bottom
		if (!said || name[i] eq 'async') {
			said = 1
			title = sprintf('Waiting until no page is in use (%s) costs %s %s a request and %s a page', \
				name[i], num(a), is_insn ? 'instructions' : unit, num(b))
		}
	}
}
most = top > 0 ? top : -bottom
scale = time_scale(most)
@batch_axis
set xrange [0.85:X_max * 1.18]
# Most of the batches lie near the cost of a page: only a logarithmic axis keeps them apart. What costs
# nothing more, or less, has no logarithm.
lo = bottom / scale; hi = top / scale
is_log = hi > 1e-3 && lo > hi / 1e4
if (is_log) {
	lo = lo / 1.3; hi = hi * 1.3
	@log_y_axis
} else {
	set yrange [lo < 0 ? lo * 1.3 : 0:hi > 0.01 ? hi * 1.3 : lo < 0 ? 0 : 1]
}
set ylabel time_unit(most).' a page, less immediate'.(is_log ? ' (log)' : '')
set key inside right top
@head
set tmargin at screen 1 - 70.0 / height
set samples 400
plot for [i = 1:n] i == base ? NaN : (per_call[i] / x + per_page[i]) / scale \
		with lines lw 1.5 lc rgb '#999999' \
		title (i == (base == 1 ? 2 : 1) ? 'straight line' : ''), \
	for [i = 1:n] sprintf('%d', i) using (column('batch')):\
		(i == base ? NaN : more(int($0), column('batch'), column('unmap.p50')) / scale) \
		with points lt line_of(i) ps 1.3 title label[i], \
	for [i = 1:n] sprintf('%d', i) using (column('batch')):\
		(i == base ? NaN : more(int($0), column('batch'), column('unmap.p50')) / scale):\
		(sprintf('%s, batch %d: %s %s a page more', name[i], column('batch'), \
		 num(more(int($0), column('batch'), column('unmap.p50')) / scale), time_unit(most))) \
		with labels hypertext point lt line_of(i) ps 1.3 notitle
