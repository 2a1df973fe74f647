# SPDX-License-Identifier: GPL-2.0
# Pages mapped and unmapped by all vCPUs together, as a multiple of what the fewest vCPUs do.
width = 860; height = 480
load 'style.gp'

array alone[n]
right = 1; top = 1; fewest = 1e300
do for [i = 1:n] {
	alone[i] = 0
	stats sprintf('%d', i) using (alone[i] = alone[i] > 0 ? alone[i] : column('round.p50')) nooutput
	stats sprintf('%d', i) using (column('vcpus')):(alone[i] / column('round.p50')) name 'S' \
		nooutput
	right = S_max_x > right ? S_max_x : right
	fewest = S_min_x < fewest ? S_min_x : fewest
	top = S_max_y > top ? S_max_y : top
}
set xtics 1
set xrange [fewest - 0.1:right + 0.1]
set xlabel 'vCPUs that map and unmap at once'
all = top
top = right / fewest > top ? right / fewest : top
title = sprintf('%g vCPUs do %.2f times the work of %g at best; without contention it were %.1f times', \
	right, all, fewest, right / fewest)
set yrange [0:top * 1.08]
set ylabel sprintf('throughput, times that of %g vCPU%s', fewest, fewest == 1 ? '' : 's')
@head
set tmargin at screen 1 - 70.0 / height
plot x / fewest with lines lc rgb '#999999' lw 1.5 dt (4, 4) title 'no contention', \
	for [i = 1:n] sprintf('%d', i) using (column('vcpus')):(alone[i] / column('round.p50')) \
		with linespoints lt line_of(i) title name[i], \
	for [i = 1:n] sprintf('%d', i) using (column('vcpus')):(alone[i] / column('round.p50')):\
		(sprintf('%s, %d vCPUs: %.2f times', name[i], column('vcpus'), alone[i] / column('round.p50'))) \
		with labels hypertext point lt line_of(i) notitle
