#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gntbench report, as a user calls it, on a record of the lab (some batches of the default suite).
set -u

: "${GNTBENCH:?the command under test}"
here=$(cd "$(dirname "$0")" && pwd)
record=$here/records/map_unmap-exact.json
# shellcheck source=ubench/tests/check.sh
. "$here/check.sh"

is_narrow()
{
	awk 'length($0) > 100 { print FILENAME ": " FNR ": " $0; bad = 1 } END { exit bad }' "$1"
}

# The numbers that this record has, wherever they were computed: medians, fit, price, floor.
check 'text' ends 0 "$GNTBENCH" report "$record"
cp "$work/out" "$work/out.txt"
check 'text is at most 100 columns wide' is_narrow "$work/out"
check 'floor' grep -Eq '^hypercall +1 +200 +insn/sample +338 ' "$work/out"
check 'cost of a page' grep -Eq '^self +1 +2,170.0 +1,643.0 +1,721.0 +1,900.0 ' "$work/out"
check 'fit' grep -Eq '^map_unmap +map +immediate +446.0 +1,724.0 +3 ' "$work/out"
check 'price' grep -q 'differences: 66.0 insn a request + 12.0 a page' "$work/out"
check 'price against the floor' grep -q 'costs 12.0 insn a page. Difference: 0.0' "$work/out"

check 'all formats' ends 0 "$GNTBENCH" report "$record" "$record" -o "$work/all"
check 'floor in markdown' grep -q '^| hypercall | 1 | 200 | insn/sample | 338' "$work/all/report.md"
check 'floor in HTML' grep -q 'hypercall<.*insn/sample<' "$work/all/report.html"
for plot in cost throughput latency price; do
	check "$plot svg" grep -q '</svg>' "$work/all/exact-map_unmap_$plot.svg"
	check "$plot png" test -s "$work/all/exact-map_unmap_$plot.png"
	check "$plot of the second record" test -s "$work/all/exact2-map_unmap_$plot.svg"
	check "$plot in markdown" grep -q "(exact-map_unmap_$plot.svg)" "$work/all/report.md"
done
check 'plots are inside the HTML' test "$(grep -c '<figure><div><svg' "$work/all/report.html")" = 8
check 'points say what they are' grep -q '<title>unmap, async, batch 32: 1,051 guest' \
	"$work/all/exact-map_unmap_cost.svg"
check 'and need no script for it' absent 'onmouse\|gnuplot_svg' "$work/all/report.html"
check 'a plot is titled by what it shows' grep -q '>Batch 32: map 1,738, unmap 1,037 to 1,056 guest' \
	"$work/all/exact-map_unmap_cost.svg"
check 'what all modes share is one line' grep -q 'the same for all' \
	"$work/all/exact-map_unmap_cost.svg"
# answer_first: sentences with numbers, at most five, then a picture, then tables.
answer_first()
{
	awk '/<h2/ { on = 1 } on && /<li>/ { said++ } /<figure>/ { exit } /<table>/ { table = 1; exit }
		END { print said " sentences"; exit !(said >= 1 && said <= 5 && !table) }' "$1"
}
check 'the answer comes first' answer_first "$work/all/report.html"
check 'the first lines of the terminal, too' sh -c "sed -n '7,9p' '$work/out.txt' | grep -q 'map 1,737.9'"
check 'HTML needs no other file' absent -E '(src|href)="[^#]|@import|<script' "$work/all/report.html"
check 'no id twice in the HTML' test -z "$(grep -Eo "\\bid=[\"'][^\"']*" "$work/all/report.html" |
	sort | uniq -d)"
check 'plots name their tier' grep -q 'tier exact: guest instructions' \
	"$work/all/exact-map_unmap_cost.svg"
check 'nothing else is left' test -z "$(find "$work/all" -name '.*' ! -path "$work/all")"

# drawn_at UNMAP: the price of a safe unmap that costs so many instructions more; of nothing there is no logarithm.
drawn_at()
{
	/usr/bin/python3 "$here/make_record.py" "$work/at.json" "add.async unmap=$1" &&
		"$GNTBENCH" report "$work/at.json" -o "$work/at" &&
		grep -q "costs $1 instructions a request" "$work/at/exact-map_unmap_price.svg"
}
check 'a safe unmap for nothing is drawn' ends 0 drawn_at 0
check 'one that costs less, too' ends 0 drawn_at -8
one_sample()
{
	/usr/bin/python3 "$here/make_record.py" "$work/one.json" samples=1 &&
		"$GNTBENCH" report "$work/one.json" -o "$work/one"
}
check 'one sample has no distribution, but a report' ends 0 one_sample

sed 's/"tier": "exact"/"tier": "wall"/; s/"unit": "insn"/"unit": "ns"/' "$record" >"$work/wall.json"
check 'another tier' ends 0 "$GNTBENCH" report "$work/wall.json" -o "$work/wall"
check 'emulated' grep -q 'emulated: ratios only' "$work/wall/wall-map_unmap_cost.svg"

# A record with something for every plot: each of plots.c is drawn, in a tier at least.
for tier in exact wall; do
	check "a record for every plot, $tier" python3 "$here/plot_record.py" "$work/$tier-all.json" $tier
	check "all plots, $tier" ends 0 "$GNTBENCH" report "$work/$tier-all.json" -o "$work/plots"
	check "all plots, $tier: none failed" absent 'No plot' "$work/plots/report.md"
	check "at most five sentences, $tier" answer_first "$work/plots/report.html"
done
# 3000 / uses + bytes / 4 meets 1000 + bytes / 8 at 3.02 uses of 64 bytes, and at 6.1 of 4,096.
check 'strategy: from how many uses on' sh -c \
	"grep '^| self | 8 | [64,09]* | 100 |' '$work/plots/report.md' | grep -c '| 8 | [47] | keep |$' | grep -qx 2"
check 'hold times in words' grep -q '^| 0.1ms to 30ms, evenly | self | 1 of 16 |' "$work/plots/report.md"
check 'hold times: not as the ids spell them' absent '^|.*\(constant\|exponential\|spread\):' \
	"$work/plots/report.md"
sed -n 's/^	PLOT(\([a-z_]*\),.*/\1/p' "$here/../plot/plots.c" >"$work/names"
check 'plots.c has rows' test -s "$work/names"
while read -r plot; do
	check "$plot is drawn" ls "$work"/plots/*-"$plot".svg
done <"$work/names"
check 'no plot shows its script' absent '<title>[^<]*column(' "$work"/plots/*.svg
check 'a deferred request is in words' grep -q '<title>lossy: in use for .* done .* later, after 3 looks' \
	"$work/plots/exact-busy_io.svg"
check 'a colour in both tiers' sh -c "for f in '$work'/plots/exact-drain.svg '$work'/plots/wall-drain.svg; do
	grep -A6 '<title>requests 256' \"\$f\" | grep -o \"color='[^']*'\" | head -n 1; done | uniq | wc -l | grep -qx 1"

# What a record says stays text.
# shellcheck disable=SC2016
sed 's/"sync"/"<script>`touch '"$(echo "$work" | sed 's,/,\\/,g')"'\/ran`'"'"'|*"/' \
	"$record" >"$work/evil.json"
check 'strange names' ends 0 "$GNTBENCH" report "$work/evil.json" -o "$work/evil"
check 'strange names are shown' grep -q '&lt;script&gt;' "$work/evil/report.html"
check 'no script in HTML' absent '<script' "$work/evil/report.html" "$work/evil/report.md" \
	"$work/evil/exact-map_unmap_cost.svg"
check 'nothing was run' test ! -e "$work/ran"

# Nothing, or not enough, to show.
sed '/"cases": \[/,$d' "$record" >"$work/empty.json"
echo '"cases": []}' >>"$work/empty.json"
check 'no cases' ends 0 "$GNTBENCH" report "$work/empty.json" -o "$work/empty"
check 'no cases: said' grep -q 'has no cases' "$work/empty/report.md"
sed 's/"batch": [0-9]*/"batch": 8/; s/"divisor": [0-9]*/"divisor": 8/' "$record" >"$work/one.json"
check 'one batch' ends 0 "$GNTBENCH" report "$work/one.json" -o "$work/one"
check 'one batch: said' grep -q 'at one batch only' "$work/one/report.md"
sed '0,/"status": "ok"/s//"status": "failure"/; 0,/"reason": ""/s//"reason": "p2m | <broken>"/' \
	"$record" >"$work/failure.json"
check 'a failure' ends 0 "$GNTBENCH" report "$work/failure.json" -o "$work/failure"
check 'a failure: said' grep -q 'FAILED' "$work/out"
check 'a failure: why' grep -q 'p2m \\| &lt;broken&gt;' "$work/failure/report.md"

# gnuplot missing, or broken.
mkdir "$work/bin"
check 'no gnuplot' ends 0 env PATH="$work/bin" "$GNTBENCH" report "$record" -o "$work/bare"
check 'no gnuplot: said' grep -q 'gnuplot is not installed' "$work/err"
check 'no gnuplot: pages' grep -q 'gnuplot is not installed' "$work/bare/report.html"
printf '#!/bin/sh\necho no terminal >&2; exit 1\n' >"$work/bin/gnuplot"
chmod +x "$work/bin/gnuplot"
check 'gnuplot fails' ends 2 env PATH="$work/bin" "$GNTBENCH" report "$record" -o "$work/broken"
check 'gnuplot fails: why' grep -q 'no terminal' "$work/err"
check 'gnuplot fails: pages' grep -q 'cost of a page\|what a page costs' "$work/broken/report.html"

# Wrong usage.
check 'no record named' ends 2 "$GNTBENCH" report
check 'no such file' ends 2 "$GNTBENCH" report "$work/none.json"
check 'unknown format' ends 2 "$GNTBENCH" report --format pdf "$record"
check 'format without directory' ends 2 "$GNTBENCH" report --format html "$record"
check 'directory is a file' ends 2 "$GNTBENCH" report "$record" -o "$record"
check 'truncated record' ends 2 sh -c "head -c 2000 '$record' >'$work/cut.json'
	exec '$GNTBENCH' report '$work/cut.json'"

echo "$nr_passed passed, $nr_failed failed"
[ $nr_failed -eq 0 ]
