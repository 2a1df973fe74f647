# SPDX-License-Identifier: GPL-2.0
# One panel a batch; in each, one line a mode. All have one scale: times the median of the panel's
# first mode, so that tails can be compared.
width = 1000; height = 480
load 'style.gp'

# Share of samples that took at most this long, on a scale where each nine is as wide.
nines(share) = -log10(1 - share)
set xtics ('50%%' nines(0.5), '90%%' 1, '99%%' 2, '99.9%%' 3, '99.99%%' 4, '99.999%%' 5)

panels = 0; right = 1; top = 1; bottom = 1; tail = 1; same = 1; added = 0; dearest = 1; dear = 1
array panel[n]
array typical[n]
array mine[n]
do for [i = 1:n] {
	stats sprintf('%d', i) using (nines(column('share'))):(column('value')) name 'S' nooutput
	# The file has fewer ranks of the lower part: its middle one is not the median.
	stats sprintf('%d', i) using (column('share') <= 0.5 ? column('value') : NaN) name 'M' nooutput
	right = S_max_x > right ? S_max_x : right
	mine[i] = 0
	do for [p = 1:panels] { if (panel[p] == at[i]) { mine[i] = p } }
	if (!mine[i]) {
		panels = panels + 1
		mine[i] = panels
		panel[panels] = at[i]
		typical[panels] = M_max
	}
	t = typical[mine[i]]
	if (M_max / t > dearest) { dearest = M_max / t; dear = i }
	top = S_max_y / t > top ? S_max_y / t : top
	bottom = S_min_y / t < bottom ? S_min_y / t : bottom
	stats sprintf('%d', i) using (column('share') <= 0.99 ? column('value') / M_max : NaN) \
		name 'Q' nooutput
	tail = Q_max > tail ? Q_max : tail
	stats sprintf('%d', i) using (column('value') <= 1.01 * M_max ? column('share') : NaN) \
		name 'N' nooutput
	same = N_max < same ? N_max : same
	added = S_max_y / M_max - 1 > added ? S_max_y / M_max - 1 : added
}
# Counted instructions differ by what interrupts an unmap; times by much more.
title = !is_insn ? sprintf('Of 100 unmaps 99 take at most %.2f times the median', tail) : \
	added < 0.01 ? 'No tail: no unmap costs 1 % more than its median'.(dearest == 1 ? '' : \
		sprintf('; %s is up to %.2f times %s', name[dear], dearest, name[1])) : \
	sprintf('Of 100 unmaps %d stay within 1 %% of the median; an interrupt adds up to %.0f %%', \
		floor(100 * same), 100 * added)
@head
set multiplot
set tmargin at screen 1 - 110.0 / height
set bmargin at screen 66.0 / height
set xrange [0:right * 1.03]
lo = bottom / 1.02; hi = top * 1.04
if (hi > 2 * lo) {
	@log_y_axis
	note = ' (log)'
} else {
	set yrange [lo:hi]
	note = ''
}
left = 0.095; gap = 0.03; all = 0.83 - left
do for [p = 1:panels] {
	set lmargin at screen left + (p - 1) * (all + gap) / panels
	set rmargin at screen left + p * (all + gap) / panels - gap
	set label 3 sprintf('batch %d', panel[p]) at graph 0, graph 1.1 left font title_font
	set label 4 sprintf('1 is %s %s', num(typical[p] / time_scale(typical[p])), \
		time_unit(typical[p])) at graph 0, graph 1.03 left font small_font
	if (p == panels) { set key } else { unset key }
	if (p == 1) { set ylabel 'times the median of '.name[1].note } else {
		unset ylabel
		tic_labels = 0
		if (hi > 2 * lo) { @log_y_axis } else { set ytics format '' }
	}
	set xlabel p == (panels + 1) / 2 ? 'share of the samples that took at most this long' : ' '
	plot for [i = 1:n] sprintf('%d', i) \
		using (mine[i] == p ? nines(column('share')) : NaN):(column('value') / typical[p]) \
		with lines lt line_of(i) title (mine[i] == p ? name[i] : ''), \
		for [i = 1:n] sprintf('%d', i) using (mine[i] == p && \
		(int($0) % 20 == 0 || column('share') > 0.98) ? nines(column('share')) : NaN):\
		(column('value') / typical[p]):\
		(sprintf('%s, batch %d: %.2f %% take at most %s %s', name[i], panel[p], \
		 100 * column('share'), num(column('value') / time_scale(typical[p])), \
		 time_unit(typical[p]))) with labels hypertext point lt line_of(i) ps 0.4 notitle
	unset label 1
	unset label 2
}
unset multiplot
