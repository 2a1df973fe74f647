# SPDX-License-Identifier: GPL-2.0
# Two halves, map and unmap, a line each series. Where all series map alike, one line says it; a series that
# is another one within 0.1 % has no line of its own.
width = 960; height = 480
load 'style.gp'
bars = 1

# One y axis for both halves, so that map and unmap can be compared.
top = 0; bottom = 1e300; x_max = 1; usual = 0
do for [i = 1:n] {
	stats sprintf('%d', i) using (column('map.p50')) name 'M' nooutput
	stats sprintf('%d', i) using (column('unmap.p50')) name 'U' nooutput
	stats sprintf('%d', i) using (column('batch')) name 'X' nooutput
	top = M_max > top ? M_max : top
	top = U_max > top ? U_max : top
	bottom = M_min < bottom ? M_min : bottom
	bottom = U_min < bottom ? U_min : bottom
	x_max = X_max > x_max ? X_max : x_max
	# The batch that the title speaks of: 32, or the largest below, or the least.
	stats sprintf('%d', i) using (usual = column('batch') <= 32 && column('batch') > usual ? \
		column('batch') : usual) nooutput
	usual = usual > 0 ? usual : X_min
}
scale = time_scale(top)

# Of the usual batch, and whether no series differs by more than 1 % in mapping.
array map_cost[n]
array unmap_cost[n]
least_map = 1e300; most_map = 0; least = 1e300; most = 0
do for [i = 1:n] {
	map_cost[i] = NaN; unmap_cost[i] = NaN
	stats sprintf('%d', i) using (map_cost[i] = column('batch') == usual ? column('map.p50') : map_cost[i]) \
		nooutput
	stats sprintf('%d', i) using \
		(unmap_cost[i] = column('batch') == usual ? column('unmap.p50') : unmap_cost[i]) nooutput
	least_map = map_cost[i] < least_map ? map_cost[i] : least_map
	most_map = map_cost[i] > most_map ? map_cost[i] : most_map
	least = unmap_cost[i] < least ? unmap_cost[i] : least
	most = unmap_cost[i] > most ? unmap_cost[i] : most
}
array first[512]
do for [k = 1:512] { first[k] = NaN }
stats '1' using (first[int(column('batch'))] = column('map.p50')) nooutput
same = 1
do for [i = 2:n] {
	stats sprintf('%d', i) using (d = first[int(column('batch'))], \
		same = d == d && abs(column('map.p50') / d - 1) > 0.01 ? 0 : same, 0) nooutput
}
array hidden[n]
array second[512]
do for [i = 1:n] { hidden[i] = 0 }
do for [k = 1:n - 1] {
	do for [b = 1:512] { first[b] = NaN; second[b] = NaN }
	stats sprintf('%d', k) using (first[int(column('batch'))] = column('map.p50')) nooutput
	stats sprintf('%d', k) using (second[int(column('batch'))] = column('unmap.p50')) nooutput
	do for [i = k + 1:n] {
		alike = !hidden[i] && !hidden[k]
		stats sprintf('%d', i) using (b = int(column('batch')), \
			alike = alike && abs(column('map.p50') / first[b] - 1) < 0.001 && \
			abs(column('unmap.p50') / second[b] - 1) < 0.001, 0) nooutput
		if (alike) { hidden[i] = 1; name[k] = name[k].', '.name[i] }
	}
}
if (most > 0) {
	title = sprintf('Batch %d: map %s, unmap %s %s a page', usual, \
		span(least_map / scale, most_map / scale), span(least / scale, most / scale), time_unit(top))
}
if (n == 2 && name[1] eq 'self' && most > 0) {
	title = sprintf('Pages of another domain, batch %d: map %+.1f %%, unmap %+.1f %%', usual, \
		100 * (map_cost[2] / map_cost[1] - 1), 100 * (unmap_cost[2] / unmap_cost[1] - 1))
}

# Who maps: the dearest against the first.
if (y_by eq 'mapper' && most > 0) {
	dearest = 1
	do for [i = 2:n] { dearest = unmap_cost[i] > unmap_cost[dearest] ? i : dearest }
	title = sprintf('Mapped and unmapped by %s, a page costs %s times what it costs %s (batch %d)', name[dearest], \
		num((map_cost[dearest] + unmap_cost[dearest]) / (map_cost[1] + unmap_cost[1])), name[1], usual)
}

@batch_axis
xc = 'batch'
y_unit = time_unit(top).' a page'
set xrange [0.85:x_max * 1.18]
set ylabel y_unit.' (log)'
lo = bottom / scale / 1.15; hi = top / scale * 1.15
@log_y_axis
@head
set multiplot
set tmargin at screen 1 - 92.0 / height
set bmargin at screen 66.0 / height
set lmargin at screen 0.095
set rmargin at screen 0.44
set label 3 'map' at graph 0.5, graph 1.05 center font title_font
yc = 'map'
shown(i) = !hidden[i] && (!same || i == 1)
keyed(i) = same && i == 1 ? 'the same for all' : ''
set key inside top right
read_out(i, x, y) = 'map'.(same ? '' : ', '.name[i]).', batch '.num(x).': '.num(y).' '.y_unit
plot @series
unset label 1
unset label 2
unset ylabel
tic_labels = 0
@log_y_axis
set key outside right top
set lmargin at screen 0.47
set rmargin at screen 0.825
set label 3 'unmap, asked for until done'
yc = 'unmap'
shown(i) = !hidden[i]
keyed(i) = hidden[i] ? '' : name[i]
read_out(i, x, y) = 'unmap, '.name[i].', batch '.num(x).': '.num(y).' '.y_unit
plot @series
unset multiplot
