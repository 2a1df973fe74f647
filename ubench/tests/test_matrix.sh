#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gntbench matrix, as scripts/matrix calls it, on records that were made up.
set -u

: "${GNTBENCH:?the command under test}"
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=ubench/tests/check.sh
. "$here/check.sh"

# record NAME OPTION...: in a directory of its own, as in a store.
record()
{
	mkdir -p "$work/$1"
	name=$1
	shift
	/usr/bin/python3 "$here/make_record.py" "$work/$name/host.json" "$@"
}

# cell KERNEL XEN TIER RECORD [WHY]
cell()
{
	file=$work/$4/host.json
	[ "$4" != - ] || file=-
	printf '%s\t%s\tpv\tdefault\t%s\t%s\t%s\n' "$1" "$2" "$3" "$file" "${5:--}" >>"$work/cells"
}

# From base to newer kernels: map at batch 8 dearer by 10 %, then cheaper; Xen's unmap is cheaper by 4 % at most.
# The floor moves more, but is no step, nor is what waits.
record a
record b 'add.batch=8/.* map$=1360' 'add.batch=1/.* map$=85' 'add.hypercall=80'
record c 'add.batch=32/.* unmap$=-1331' 'add.batch=8/.* unmap$=-240'
record d 'add.batch=8/.* map$=1360' 'add.batch=1/.* map$=85' 'status.batch=1/.*async=failure' 'add.batch=32/.*async unmap$=1'
cell 6.1 4.17 exact a
cell 6.12 4.17 exact b
cell 6.1 4.20 exact c
cell 6.12 4.20 exact d
check 'text' ends 0 "$GNTBENCH" matrix "$work/cells"
cp "$work/out" "$work/text"
check 'the largest step' grep -q -- '- Linux 6.1 to 6.12: map +10.0 %, map_unmap, batch 8, immediate' "$work/text"
check 'the next' grep -q -- '- Linux 6.1 to 6.12: unmap +4.2 %, map_unmap, batch 32, ' "$work/text"
check "and Xen" grep -q -- "- Xen 4.17 to 4.20: unmap -4.0 %, map_unmap, batch 32, immediate (Linux 6.1;" "$work/text"
check 'three at most' test "$(grep -c -- ' to [0-9.]*: ' "$work/text")" = 3
check 'how to see which functions' grep -q "make profile KERNEL='6.1' XEN='4.17' SUITE=default" "$work/text"
check 'the base has no percent' grep -Eq '^map_unmap, batch 8, immediate +map +insn a page +4.17 +1,700.0 +1,870.0 \+10.0 %$' "$work/text"
check 'what is the same' grep -Eq '^ +4.20 +1,700.0 = +1,870.0 \+10.0 %$' "$work/text"
check 'a failure is its word' grep -Eq 'failure$' "$work/text"
check 'a failure is counted' grep -q '1 of 8 cases: FAILURE' "$work/text"
check 'a small change is seen' grep -Eq '1,040.0 \+0.003 %' "$work/text"

# Another base.
check 'another base' ends 0 "$GNTBENCH" matrix -k 6.12 -x 4.20 "$work/cells"
check 'against it' grep -Eq 'map_unmap, batch 8, immediate +map .* 1,700.0 -9.1 % +1,870.0 =$' "$work/out"
check 'no such base' ends 2 "$GNTBENCH" matrix -k 6.13 "$work/cells"
check 'and says so' grep -q 'Linux 6.13 on Xen .*no cell of the matrix' "$work/err"

# Other forms.
check 'CSV' ends 0 "$GNTBENCH" matrix -f csv "$work/cells"
check 'CSV: a change' grep -q '^6.12,4.17,pv,default,exact,map_unmap/batch=8/granter=self/unmap_mode=async,map,insn,page,ok,,1870,0.1$' "$work/out"
check 'CSV: a failure' grep -q ',map,insn,page,failure,,,$' "$work/out"
check 'JSON' ends 0 "$GNTBENCH" matrix -f json "$work/cells"
check 'JSON: steps' /usr/bin/python3 -c '
import json, sys
m = json.load(open(sys.argv[1]))
assert len(m["cells"]) == 4 and len(m["steps"]) == 3, m
assert m["steps"][0]["kernel"] == ["6.1", "6.12"] and m["steps"][0]["metric"] == "map"' "$work/out"

# A page, with links to the reports that are there; what it says of others is data.
mkdir -p "$work/page/a"
echo page >"$work/page/a/report.html"
cell '<b>6|13' '4.20"' exact - 'Panic on CPU 0: <script>'
check 'HTML' ends 0 "$GNTBENCH" matrix -o "$work/page" "$work/cells"
check 'a link' grep -q '<td><a href="a/report.html">1,700.0</a></td>' "$work/page/index.html"
check 'no link to what is not there' absent 'href="b/' "$work/page/index.html"
check 'a colour' grep -q '<td class="h[34]">1,870.0 +10.0 %</td>' "$work/page/index.html"
check 'a cell that failed' grep -q 'FAILED: Linux &lt;b&gt;6|13 on Xen 4.20&quot;.*Panic on CPU 0: &lt;script&gt;' "$work/page/index.html"
check 'escaped' absent '<script>\|<b>' "$work/page/index.html"
check 'CSV is quoted' grep -q '"4.20"""' "$work/page/matrix.csv"
check 'all forms' test -s "$work/page/matrix.txt" -a -s "$work/page/matrix.json"

# Numbers of the wall tier are of their own record.
record w tier=wall
record v tier=wall 'scale.=1.5'
: >"$work/cells"
cell 6.1 4.17 wall w
cell 6.12 4.17 wall v
check 'wall' ends 0 "$GNTBENCH" matrix "$work/cells"
check 'no percent' absent '[0-9] %' "$work/out"
check 'no step' grep -q '^None: ' "$work/out"

# What waits is no step.
record a2 'waits.map=1'
record b2 'waits.map=1' 'add.map=1700'
: >"$work/cells"
cell 6.1 4.17 exact a2
cell 6.12 4.17 exact b2
check 'what waits' ends 0 "$GNTBENCH" matrix "$work/cells"
check 'is no step' grep -q '^None: ' "$work/out"

# What can't be read.
check 'no list' ends 2 "$GNTBENCH" matrix "$work/none"
check 'an empty list' ends 2 "$GNTBENCH" matrix /dev/null
echo 'a b c' >"$work/cells"
check 'fields are missing' ends 2 "$GNTBENCH" matrix "$work/cells"
: >"$work/cells"
cell 6.1 4.17 wall a
check 'another tier than its record' ends 2 "$GNTBENCH" matrix "$work/cells"
check 'it is named' grep -q 'is a record of the tier exact, not wall' "$work/err"
: >"$work/cells"
cell 6.1 4.17 exact a
check 'a full disk' ends 2 sh -c "'$GNTBENCH' matrix '$work/cells' >/dev/full"

echo "$nr_passed passed, $nr_failed failed"
[ $nr_failed -eq 0 ]
