# SPDX-License-Identifier: GPL-2.0
# The records of a history, oldest first: points, a line at each step, a dashed one where the environment
# changed. From plot/trend.c, behind style.gp: $data, path, and in steps and moved the numbers of records.
do for [i in moved] {
	set arrow from real(i), graph 0 to real(i), graph 1 nohead lt 8 lw 1
}
do for [i in steps] {
	set arrow from real(i), graph 0 to real(i), graph 1 nohead lt 2 dt solid lw 2
}
set key outside bottom center horizontal
set ylabel y_label
set xlabel x_label
set xrange [0.5:*]
set offsets 0, 0, 1, 1
@head
set tmargin at screen 1 - 70.0 / height
plot $data using ($0 + 1):1 with points lt 1 ps 0.4 title 'median', \
	NaN with lines lt 2 dt solid lw 2 title 'step', \
	NaN with lines lt 8 lw 1 title 'environment changed'
