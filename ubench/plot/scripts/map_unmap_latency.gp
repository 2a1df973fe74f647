# SPDX-License-Identifier: GPL-2.0
# One panel a batch; in each, one line a mode.
width = 1000; height = 480
load 'style.gp'

# Share of samples that took at most this long, on a scale where each nine is as wide.
nines(share) = -log10(1 - share)
set xtics ('50%%' nines(0.5), '90%%' 1, '99%%' 2, '99.9%%' 3, '99.99%%' 4, '99.999%%' 5)

panels = 0; right = 1
array panel[n]
array top[n]
array bottom[n]
do for [i = 1:n] {
	stats sprintf('%d', i) using (nines(column('share'))):(column('value')) name 'S' nooutput
	right = S_max_x > right ? S_max_x : right
	mine = 0
	do for [p = 1:panels] { if (panel[p] == at[i]) { mine = p } }
	if (!mine) {
		panels = panels + 1
		mine = panels
		panel[mine] = at[i]
		top[mine] = 0
		bottom[mine] = 1e300
	}
	top[mine] = S_max_y > top[mine] ? S_max_y : top[mine]
	bottom[mine] = S_min_y < bottom[mine] ? S_min_y : bottom[mine]
}
@head
set multiplot
set tmargin at screen 1 - 110.0 / height
set bmargin at screen 66.0 / height
set xrange [0:right * 1.03]
left = 0.07; gap = 0.08; all = 0.83 - left
do for [p = 1:panels] {
	scale = time_scale(top[p])
	lo = bottom[p] / scale; hi = top[p] / scale
	note = ''
	unset logscale y
	set ytics autofreq
	if (lo > 0 && hi > 10 * lo) {
		note = ', log'
		lo = lo / 1.2; hi = hi * 1.2
		@log_y_axis
	} else {
		if (lo > 0.5 * hi) {
			note = ', not from 0'
			# Room for the lines to be seen, also where all values are the same.
			room = 0.3 * (hi - lo) + 0.01 * hi
			set yrange [lo - room:hi + room]
		} else {
			set yrange [0:hi * 1.08]
		}
	}
	set label 4 time_unit(top[p]).note at graph 0, graph 1.03 left font small_font
	set lmargin at screen left + (p - 1) * (all + gap) / panels
	set rmargin at screen left + p * (all + gap) / panels - gap
	set label 3 sprintf('batch %d', panel[p]) at graph 0, graph 1.1 left font title_font
	if (p == panels) { set key } else { unset key }
	if (p == (panels + 1) / 2) {
		set xlabel 'share of the samples that took at most this long'
	} else {
		set xlabel ' '
	}
	plot for [i = 1:n] sprintf('%d', i) \
		using (at[i] == panel[p] ? nines(column('share')) : NaN):(column('value') / scale) \
		with lines lt line_of(i) title (at[i] == panel[p] ? name[i] : '')
	unset label 1
	unset label 2
}
unset multiplot
