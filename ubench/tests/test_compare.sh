#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gntbench compare on made records: verdicts, refusals, exit statuses, formats. Run by make check.
set -u
: "${GNTBENCH:?the gntbench to test}"
make_record="/usr/bin/python3 $(dirname "$0")/make_record.py"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failed=0

# expect STATUS PATTERN ARGUMENTS...: exit status, and a line of stdout or stderr that matches
expect()
{
	want=$1 pattern=$2
	shift 2
	"$GNTBENCH" "$@" >"$dir/out" 2>&1
	status=$?
	if [ $status -eq "$want" ] && grep -Eq -- "$pattern" "$dir/out"; then
		return
	fi
	echo "FAIL: gntbench $*: exit status $status (want $want), no line matches '$pattern' in:"
	cat "$dir/out"
	failed=1
}

# refute PATTERN: no line of the last output matches
refute()
{
	if grep -Eq -- "$1" "$dir/out"; then
		echo "FAIL: a line matches '$1' in:"
		cat "$dir/out"
		failed=1
	fi
}

rec()
{
	name=$1
	shift
	$make_record "$dir/$name" "$@" || exit 2
}

rec base.json
rec same.json id=other seed=1
rec phase.json seed=2
rec one.json seed=2 'add.batch=32.*async unmap=32'
rec less.json 'add.batch=8.*immediate unmap=-8'
rec call.json 'add.batch=32.*async unmap=26'
rec failed.json 'broken.batch=8.*async=1'
rec skipped.json 'status.batch=8.*async=skip'
rec missing.json 'drop.batch=8.*async='
rec kernel.json env.kernel_release=6.1.187 env.kernel_build_id=bb
rec commit.json env.git_commit=dd env.module_build_id=ee
b=$dir/base.json

# Exact: equal, one instruction a page up, one down, a fraction of a call's cost a page.
expect 0 '0 slower, 0 faster, 14 same, 0 unproven' compare "$b" "$dir/same.json"
expect 0 '14 same' compare "$b" "$dir/phase.json"
expect 1 'batch=32/async unmap .* 1,040.00 +1,041.00 .* \+1  slower' compare "$b" "$dir/one.json"
expect 1 '1 slower, 0 faster, 13 same' compare "$b" "$dir/one.json"
expect 0 'batch=8/immediate unmap .* -1  faster' compare "$b" "$dir/less.json"
expect 1 'batch=32/async unmap .* \+0.8125  slower' compare "$b" "$dir/call.json"
expect 1 'geometric mean of 12' compare --changed "$b" "$dir/one.json"
refute ' same$'

# What costs more in a part of the batches only, hit samples or not; what an interrupt adds is no cost.
rec third.json seed=2 'third.batch=32.*async unmap=332'
expect 1 'batch=32/async unmap .* 1,040.00 +1,043.[0-9]+ .* slower \[1\]$' compare "$b" "$dir/third.json"
expect 1 '\[1\] a third of the samples cost 332 more$' compare "$b" "$dir/third.json"
expect 0 'a third of the samples cost 332 less$' compare "$dir/third.json" "$b"
rec third2.json seed=3 'third.batch=32.*async unmap=332'
expect 0 '14 same' compare "$dir/third.json" "$dir/third2.json"
rec lone.json samples=1
expect 3 'head has 1 sample, needs 4' compare "$b" "$dir/lone.json"

# Records that don't know which samples were hit go by the most frequent value, and it is said.
rec old.json hits=no
rec oldthird.json hits=no seed=2 'third.batch=32.*async unmap=332'
expect 0 '14 same' compare "$dir/old.json" "$dir/oldthird.json"
expect 0 'neither record does not say|neither record .*which samples an interrupt hit' compare "$dir/old.json" "$dir/oldthird.json"
expect 0 '^base does not say which samples' compare "$dir/old.json" "$b"
expect 1 '\+1  slower' compare "$dir/old.json" "$dir/one.json"

# What waits is virtual time: it says so, and an instruction, or 13 %, is nothing; twice as much is.
rec wait.json 'waits.hypercall=1'
rec wait1.json 'waits.hypercall=1' seed=2 'add.hypercall=1'
rec wait13.json 'waits.hypercall=1' seed=2 'add.hypercall=5'
rec wait100.json 'waits.hypercall=1' seed=2 'add.hypercall=40'
for head in wait1 wait13; do
	expect 0 'floor:hypercall/batch=32 .* same \[1\]$' compare "$dir/wait.json" "$dir/$head.json"
	expect 0 '\[1\] it waits: virtual time, not cost' compare "$dir/wait.json" "$dir/$head.json"
done
expect 1 'floor:hypercall/batch=32 .* slower' compare "$dir/wait.json" "$dir/wait100.json"

# The answer is the first line.
# first STATUS PATTERN ARGUMENTS...: the first line matches
first()
{
	expect "$@"
	head -n 1 "$dir/out" | grep -Eq -- "$2" || { echo "FAIL: not the first line: $2"; failed=1; }
}
first 0 '^nothing: 14 of 14 are the same$' compare "$b" "$dir/same.json"
first 1 '^regression: 1 of 14 slower, by up to 0.0962 % .map_unmap/batch=32/async unmap.$' \
	compare "$b" "$dir/one.json"
first 0 '^improvement: 1 of 14 faster, by up to 0.0962 % ' compare "$b" "$dir/less.json"
rec both.json 'add.batch=8.*immediate unmap=-8' 'add.batch=32.*async unmap=64'
first 1 '^mixed: 1 of 14 slower, by up to 0.192 % .*; 1 of 14 faster, by up to' compare "$b" "$dir/both.json"

# A failure in head comes first, whatever else it is, and whether base failed, too.
first 1 '^FAILURE: 1 case of head .*batch=8.*async' compare "$b" "$dir/failed.json"
expect 1 'batch=8/async map .* failure' compare "$b" "$dir/failed.json"
first 1 '^FAILURE: 1 case' compare "$dir/failed.json" "$dir/failed.json"
first 1 '^FAILURE: 1 case' compare --bisect "$b" "$dir/failed.json"
rec only.json drop.map_unmap=
first 1 '^FAILURE: 1 case' compare "$dir/only.json" "$dir/failed.json"
first 0 '^nothing' compare "$dir/failed.json" "$b"

# What head lacks is a row with the word, and never status 0.
rec error.json 'status.batch=8.*async=error'
rec divisor.json 'divisor.batch=8.*async unmap=16'
rec per.json 'per.batch=8.*async unmap=request'
rec name.json 'name.batch=8.*async unmap=unmapping'
for word in skip missing error; do
	file=$word
	[ $word != skip ] || file=skipped
	first 2 "^INCOMPLETE: head lacks 2 .$word. of base's 14" compare "$b" "$dir/$file.json"
	expect 2 "batch=8/async map .* $word " compare "$b" "$dir/$file.json"
	expect 125 "batch=8/async map .* $word " compare --bisect "$b" "$dir/$file.json"
done
expect 2 'batch=8/async unmap .* missing' compare "$b" "$dir/name.json"
expect 2 'divisor is 8 in base, 16 in head' compare "$b" "$dir/divisor.json"
expect 2 'is in insn/page in base, in insn/request in head' compare "$b" "$dir/per.json"
expect 0 'batch=8.*async: not in base' compare "$dir/missing.json" "$b"
expect 0 '10 same' compare --case='*batch=[!8]*' "$b" "$dir/missing.json"
expect 0 '2 same' compare --case=floor "$b" "$dir/missing.json"

# What must be known of the records is shown.
rec kasan.json warn='kernel built with KASAN'
expect 0 'head warns: kernel built with KASAN' compare "$b" "$dir/kasan.json"
rec contradicts.json fingerprint=0123456789abcdef
expect 0 'head has fingerprint 0123456789abcdef, its fields say' compare "$b" "$dir/contradicts.json"
expect 0 'neither record says.*xen_build_id' compare "$b" "$dir/same.json"
rec unchecked.json 'checks.batch=8.*async=0'
expect 0 'head: the oracle has looked at nothing' compare "$b" "$dir/unchecked.json"
expect 125 'head: the oracle has looked at nothing' compare --bisect "$b" "$dir/unchecked.json"
rec twice.json 'name.batch=8.*async unmap=map'
expect 2 "metric 'map' is there twice" compare "$b" "$dir/twice.json"
rec negative.json 'add.batch=8.*async unmap=-100000'
expect 2 'has a value of -[0-9]+ insn' compare "$b" "$dir/negative.json"
rec half.json 'add.batch=8.*async unmap=0.5'
expect 2 'has a value of [0-9]+.5 insn' compare "$b" "$dir/half.json"

# What can't be compared.
rec wall.json tier=wall
expect 3 "tier exact and .* of tier wall" compare "$b" "$dir/wall.json"
expect 3 "kernel_release: '6.12.117' -> '6.1.187'" compare "$b" "$dir/kernel.json"
expect 0 "across  kernel_release: '6.12.117' -> '6.1.187'" compare --across=kernel "$b" "$dir/kernel.json"
expect 3 "kernel_build_id" compare --across=kernel_release "$b" "$dir/kernel.json"
expect 2 "--across: 'kernal' is no part" compare --across=kernal "$b" "$dir/kernel.json"
expect 0 '14 same' compare "$b" "$dir/commit.json"
long='earlyprintk rootflags console hvc0 rdinit /init clocksource xen loglevel 7 panic 1'
rec cmdline.json "env.kernel_cmdline=$long a"
rec cmdline2.json "env.kernel_cmdline=$long b"
expect 3 "kernel_cmdline: '\.\.\..{14}1 a' -> '\.\.\..{14}1 b'" compare "$dir/cmdline.json" "$dir/cmdline2.json"
rec none.json drop.map_unmap= drop.floor=
expect 2 'nothing could be judged' compare "$b" "$dir/none.json"

# What can't be read.
rec version.json version=2
expect 2 'version 2' compare "$b" "$dir/version.json"
head -c 3000 "$b" >"$dir/cut.json"
expect 2 'cut.json.*(not JSON|cut short)' compare "$b" "$dir/cut.json"
rec edited.json summary=keep 'add.batch=32.*unmap=320'
expect 2 'does not agree with its values' compare "$b" "$dir/edited.json"
echo '{"a": 1}' >"$dir/other.json"
expect 2 'not a gntbench record' compare "$b" "$dir/other.json"
expect 2 'No such file' compare "$b" "$dir/nothing.json"

# Usage.
expect 2 'BASE and HEAD are needed' compare "$b"
expect 2 "one file too many" compare "$b" "$b" "$b"
expect 2 '--threshold=two: a number from 0 to 1000' compare --threshold=two "$b" "$b"
expect 2 "--format=xml: there are text, markdown" compare --format=xml "$b" "$b"
expect 2 'no case of .* has it' compare --by=colour "$b"
expect 2 'no case of .* has it' compare --by=unmap_mode=lazy "$b"
expect 2 'have the value self' compare --by=granter "$b"
expect 2 'not with' compare --by=granter "$b" "$b"

# git bisect run: 125 for what can't be told, usage errors included.
expect 0 '14 same' compare --bisect "$b" "$dir/phase.json"
expect 1 '1 slower' compare --bisect "$b" "$dir/one.json"
expect 125 'kernel_release' compare --bisect "$b" "$dir/kernel.json"
expect 125 'not a gntbench record' compare --bisect "$b" "$dir/other.json"
expect 125 'a number from 0' compare --threshold=two --bisect "$b" "$b"
expect 125 'unrecognized option' compare --no-such --bisect "$b" "$b"

# Two sides of one record.
expect 0 'base unmap_mode=immediate, head unmap_mode=async' compare --by=unmap_mode "$b"
expect 0 '0 slower, 0 faster, 6 same' compare --by=unmap_mode "$b"
expect 0 'base unmap_mode=async, head unmap_mode=immediate' compare --by=unmap_mode=async "$b"
expect 0 'base batch=32, head batch=1' compare --by=batch "$b"

# Wall tier: both keys, the control, too few samples, no calibration.
w=$dir/wall.json
rec wall2.json tier=wall seed=21
rec six.json tier=wall seed=21 'scale.batch=32.*async unmap=1.06'
rec less6.json tier=wall seed=21 'scale.batch=32.*async unmap=0.94'
rec small.json tier=wall seed=21 'scale.batch=32.*async unmap=1.01'
rec control.json tier=wall seed=21 scale.hypercall=1.105 'scale.batch=32.*async unmap=1.06'
rec wk.json tier=wall env.kernel_release=6.1
rec host.json tier=host
rec few.json tier=wall seed=21 samples=12
rec few2.json tier=wall seed=3 samples=12
rec empty.json tier=wall seed=21 samples=0
expect 0 '14 same, 0 unproven' compare "$w" "$dir/wall2.json"
expect 1 'batch=32/async unmap .* slower uncalibrated$' compare "$w" "$dir/six.json"
expect 0 'batch=32/async unmap .* faster uncalibrated$' compare "$w" "$dir/less6.json"
expect 0 'batch=32/async unmap .* same$' compare "$w" "$dir/small.json"
expect 1 'batch=32/async unmap .* slower' compare --threshold=0.5 "$w" "$dir/small.json"

# Rounds: many runs of each, whose machine is of another speed in each round.
rounds='' slower=''
for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	speed=1.$((k * 7 % 20 + 10))
	rec "a$k.json" tier=wall samples=5 seed=$((100 + k)) "scale.=$speed"
	rec "b$k.json" tier=wall samples=5 seed=$((200 + k)) "scale.=$speed"
	rec "c$k.json" tier=wall samples=5 seed=$((300 + k)) "scale.=$speed" 'scale.async unmap=1.1'
	rounds="$rounds $dir/a$k.json $dir/b$k.json"
	slower="$slower $dir/a$k.json $dir/c$k.json"
done
# shellcheck disable=SC2086 # lists of files
{
	expect 0 '20 rounds of both' compare --rounds $rounds
	refute ' (slower|faster)( |$)'
	expect 1 'batch=32/async unmap .* slower uncalibrated$' compare --rounds $slower
	expect 1 '3 slower, 0 faster' compare --rounds $slower
	expect 2 'a1.json. is the base of a round that has no head' compare --rounds $rounds "$dir/a1.json"
	expect 2 'are not runs of the same thing: kernel_release' \
		compare --rounds $rounds "$dir/wk.json" "$dir/a1.json"
}
expect 2 'base.json is of tier exact: wanted are' compare --rounds "$b" "$b" "$b" "$b"
rec part.json tier=wall 'drop.batch=32.*async='
expect 2 'round 2 has no case map_unmap.*async' compare --rounds "$w" "$w" "$dir/part.json" "$w"
expect 3 'control moved: floor:hypercall/batch=32 \+10' compare "$w" "$dir/control.json"
refute ' (slower|faster)( |$)'
expect 125 'control moved' compare --bisect "$w" "$dir/control.json"
expect 3 'head has 12 samples, needs 20' compare "$w" "$dir/few.json"
expect 3 'head has no samples' compare "$w" "$dir/empty.json"

# A calibration takes the mark away, and keeps what A against A does too from being called a change.
expect 0 '0 of 14 comparisons were alarms' calibrate -d "$dir/cal" "$w" "$dir/wall2.json"
expect 1 'batch=32/async unmap .* slower$' compare -c "$dir/cal" "$w" "$dir/six.json"
expect 1 'calibrated 2026-01-01: 0 of 14 comparisons' compare -c "$dir/cal" "$w" "$dir/six.json"
rec eight.json tier=wall seed=11 'scale.batch=32.*async unmap=1.08'
expect 0 '1 of 14 comparisons were alarms: 7.14 %' calibrate -d "$dir/cal" "$w" "$dir/eight.json"
expect 0 'A against A moved up to 8.* %' compare -c "$dir/cal" "$w" "$dir/six.json"
expect 0 'in 1 of 1 pairs a control moved' calibrate -d "$dir/moved" "$w" "$dir/control.json"
refute 'nan'
# Few samples: nothing can be judged, and that is no calibration.
expect 0 '^no comparison could be judged' calibrate -d "$dir/unjudged" "$dir/few.json" "$dir/few2.json"
refute 'nan'
expect 1 'unknown, none could be judged' compare -c "$dir/unjudged" "$w" "$dir/six.json"
refute 'nan'
expect 1 'slower uncalibrated$' compare -c "$dir/unjudged" "$w" "$dir/six.json"
expect 0 ' 1 pairs' calibrate -d "$dir/split" "$w"
expect 2 'not runs of the same thing: kernel_release' calibrate -d "$dir/cal" "$w" "$dir/wk.json"
expect 2 'exact tier, which needs no calibration' calibrate -d "$dir/cal" "$b"
expect 2 'of tier wall, .* of tier host' calibrate -d "$dir/cal" "$w" "$dir/host.json"
for f in "$dir"/cal/*.json; do
	echo '{' >"$f"
done
expect 1 'cal/wall-.*: not JSON' compare -c "$dir/cal" "$w" "$dir/six.json"
expect 1 'slower uncalibrated$' compare -c "$dir/cal" "$w" "$dir/six.json"

# Formats: every one is well formed, and no line of text is longer than 100 columns.
longest=$("$GNTBENCH" compare "$w" "$dir/six.json" | awk '{ if (length > n) n = length } END { print n }')
[ "$longest" -le 100 ] || { echo "FAIL: a line of $longest columns"; failed=1; }
"$GNTBENCH" compare --format=json "$w" "$dir/six.json" >"$dir/out.json"
"$GNTBENCH" compare --format=csv "$w" "$dir/six.json" >"$dir/out.csv"
"$GNTBENCH" compare --format=benchstat "$w" "$dir/six.json" >"$dir/out.bench"
/usr/bin/python3 - "$dir" <<'PYTHON' || failed=1
import csv, json, re, sys
d = sys.argv[1]
with open(d + "/out.json") as f:
    table = json.load(f)["tables"][0]
slower = [r for r in table["rows"] if r["verdict"] == "slower"]
assert len(slower) == 1 and slower[0]["metric"] == "unmap" and slower[0]["uncalibrated"], slower
assert slower[0]["interval"][0] < slower[0]["change"] < slower[0]["interval"][1]
with open(d + "/out.csv", newline="") as f:
    rows = list(csv.DictReader(f))
assert len(rows) == 14 and all(None not in r for r in rows), rows
assert abs(float(rows[-1]["change"]) - slower[0]["change"]) < 1e-9
lines = open(d + "/out.bench").read().splitlines()
sides = [l for l in lines if l.startswith("side: ")]
samples = [l for l in lines if re.fullmatch(r"Benchmark[A-Z]\S* 1 [0-9.e+-]+ ns/(page|sample)", l)]
assert len(sides) == 2 and len(samples) == 2 * 14 * 200 and len(lines) == 3 + len(samples)
PYTHON
expect 1 '^\| map_unmap/batch=32/async unmap \| [0-9,.]+ \|' compare --format=markdown "$w" "$dir/six.json"

# Formats that travel, of a table that has one of everything, and names that no format likes.
rec odd.json 'add.batch=32.*async unmap=64' 'add.batch=32.*immediate unmap=-32' 'status.batch=8.*async=skip' \
	'broken.batch=1/.*async=1' 'drop.batch=8.*immediate=' samples=200 "env.machine=$(printf 'pv|<b>\033[31m"')" \
	"env.kernel_release=6.12.117"
rec oddbase.json "env.machine=$(printf 'pv|<b>\033[31m"')"
for format in kcidb junit ktap bmf openmetrics letter cover html json csv benchstat markdown text; do
	"$GNTBENCH" compare --format=$format "$dir/oddbase.json" "$dir/odd.json" >"$dir/fmt.$format"
	[ $? -eq 1 ] || { echo "FAIL: --format=$format: not 1"; failed=1; }
done
/usr/bin/python3 "$(dirname "$0")/check_formats.py" "$dir" || failed=1
first 1 '^Subject: .gntbench. failure of gntbench.map_unmap.batch_1.granter_self.unmap_mode_async on Linux 6' \
	compare --format=letter "$dir/oddbase.json" "$dir/odd.json"
first 1 '^Subject: .gntbench. 0.1% regression of gntbench.map_unmap.batch_32.granter_self.unmap_mode_async.unmap on' \
	compare --format=letter "$b" "$dir/one.json"
first 0 '^Subject: .gntbench. no change' compare --format=letter "$b" "$dir/same.json"
# A cover letter: what got worse first, and why, where that is known; lines that a mail doesn't break.
first 1 '^worse: 1$' compare --format=cover "$b" "$dir/one.json"
expect 1 '^map_unmap/batch=32/async unmap +1040 +1041 +\+0.1% +200$' compare --format=cover "$b" "$dir/one.json"
first 0 '^worse: 0$' compare --format=cover "$b" "$dir/same.json"
printf '# pattern, reason\n/batch=32/.*async unmap$\tthe series asks for it\n' >"$dir/reasons"
expect 1 '^    because the series asks for it$' compare --format=cover --reasons "$dir/reasons" "$b" "$dir/one.json"
"$GNTBENCH" compare --format=cover "$dir/oddbase.json" "$dir/odd.json" | awk 'length > 72' >"$dir/out"
[ ! -s "$dir/out" ] || { echo "FAIL: a cover letter's lines of more than 72 columns"; cat "$dir/out"; failed=1; }
printf '/batch=32/.*async\tno end (\n(\tx\n' >"$dir/reasons"
expect 2 "reasons: '\(' is no regular expression" compare --reasons "$dir/reasons" "$b" "$dir/one.json"
echo 'no tab' >"$dir/reasons"
expect 2 "reasons: 'no tab' has no tab" compare --reasons "$dir/reasons" "$b" "$dir/one.json"
expect 2 "can't read the reasons .*No such file" compare --reasons "$dir/nowhere" "$b" "$dir/one.json"


# 60,000 cases: what took a minute and more, in less than 20 s of CPU time (of a build with ASan).
/usr/bin/python3 - "$dir/many.json" "$(dirname "$0")" <<'PYTHON' || exit 2
import json, sys
sys.path.insert(0, sys.argv[2])
import make_record
record = make_record.record_of({"samples": "20"})
case = record["cases"][-1]
record["cases"] = [dict(case, id="map_unmap/batch=%d/unmap_mode=async" % i) for i in range(60000)]
with open(sys.argv[1], "w") as f:
    json.dump(record, f)
PYTHON
bash -c 'ulimit -t 20; exec "$@"' - \
	"$GNTBENCH" compare --format=csv "$dir/many.json" "$dir/many.json" >"$dir/out" ||
	{ echo "FAIL: 60,000 cases take too long"; failed=1; }

# A seed repeats a report to the byte.
"$GNTBENCH" compare --seed=7 "$w" "$dir/six.json" >"$dir/first"
"$GNTBENCH" compare --seed=7 "$w" "$dir/six.json" | cmp -s - "$dir/first" ||
	{ echo "FAIL: the same seed gives another report"; failed=1; }

[ $failed -eq 0 ] && echo "compare: all as expected"
exit $failed
