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
set fit quiet nolog
line(x) = a / x + b
array label[n]
array per_call[n]
array per_page[n]
top = 0; bottom = 1e300; said = 0
do for [i = 1:n] {
	a = 100; b = 10
	label[i] = ''
	if (i != base) {
		fit line(x) sprintf('%d', i) using (column('batch')):\
			(more(int($0), column('batch'), column('unmap.p50'))) via a, b
		per_call[i] = a
		per_page[i] = b
		label[i] = sprintf('%s: %.0f a request + %.1f a page', name[i], a, b)
		top = a + b > top ? a + b : top
		bottom = b < bottom ? b : bottom
		if (!said || name[i] eq 'async') {
			said = 1
			title = sprintf('Waiting until no page is in use (%s) costs %s %s a request and %s a page', \
				name[i], num(a), is_insn ? 'instructions' : unit, num(b))
		}
	}
}
scale = time_scale(top)
@batch_axis
set xrange [0.85:X_max * 1.18]
# Most of the batches lie near the cost of a page: only a logarithmic axis keeps them apart.
lo = bottom / scale / 1.3; hi = top / scale * 1.3
if (lo > 0) {
	@log_y_axis
} else {
	set yrange [lo:hi]
}
set ylabel time_unit(top).' a page, less immediate'.(lo > 0 ? ' (log)' : '')
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
		 num(more(int($0), column('batch'), column('unmap.p50')) / scale), time_unit(top))) \
		with labels hypertext point lt line_of(i) ps 1.3 notitle
