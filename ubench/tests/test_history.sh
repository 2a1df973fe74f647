#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gntbench history with its page, trend and reference on made records. Run by make check.
set -u
: "${GNTBENCH:?the gntbench to test}"
here=$(dirname "$0")
make_record="/usr/bin/python3 $here/make_record.py"
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
failed=0

fail()
{
	echo "FAIL: $*"
	failed=1
}

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
	fail "gntbench $*: exit status $status (want $want), no line matches '$pattern' in:"
	cat "$dir/out"
}

rec()
{
	name=$1
	shift
	$make_record "$dir/$name" "$@" || exit 2
}

# lines PATTERN: how many lines of the last output match
lines()
{
	grep -Ec -- "$1" "$dir/out"
}

async='map_unmap/batch=32*async'

# Exact: one instruction is a step, found at its record; a change of kernel is named.
/usr/bin/python3 "$here/make_history.py" "$dir/exact" exact 40 || exit 2
expect 0 '1,040 -> 1,041 \(\+1, \+0.10 %\)' trend -d "$dir/exact" "$async" -m unmap
expect 0 'introduced by 000020.json' trend -d "$dir/exact" "$async" -m unmap
[ "$(lines 'introduced by')" -eq 1 ] || fail "not one step: $(cat "$dir/out")"
expect 0 'kernel_release: 6.12.117 -> 6.12.999' trend -d "$dir/exact" "$async" -m unmap
expect 0 'change of environment|another environment' trend -d "$dir/exact" "$async" -m map
[ "$(lines 'introduced by')" -eq 0 ] || fail "a step where none is"
expect 0 '10 records' trend -d "$dir/exact" "$async" -m unmap --last 10
expect 2 'more than one series' trend -d "$dir/exact" 'map_unmap/*'
expect 2 'more than one series.*map.*unmap' trend -d "$dir/exact" "$async"
expect 2 "has a case 'copy'" trend -d "$dir/exact" copy
expect 2 'no record of tier wall' trend -d "$dir/exact" --tier wall "$async" -m map
expect 2 "--tier=real: there are exact, wall" trend -d "$dir/exact" --tier real "$async" -m map
expect 2 '--last=0: a number from 1' trend -d "$dir/exact" --last 0 "$async" -m map
expect 2 'No such file' trend -d "$dir/nowhere" "$async" -m map
expect 2 "a case is needed" trend -d "$dir/exact"

"$GNTBENCH" trend -d "$dir/exact" "$async" -m unmap --format=json >"$dir/trend.json" || fail "no trend as JSON"
/usr/bin/python3 - "$dir/trend.json" <<'PYTHON' || fail "another trend as JSON"
import json, sys
with open(sys.argv[1]) as f:
    trend = json.load(f)
steps = [p["file"] for p in trend["points"] if p["step"]]
assert len(trend["points"]) == 40 and steps == ["000020.json"] and trend["tier"] == "exact", trend
PYTHON
expect 2 '--format=xml: there are text, json' trend -d "$dir/exact" "$async" -m unmap --format=xml

# A plot that shows something, and a name that gnuplot can't draw to.
if command -v gnuplot >/dev/null; then
	expect 0 '' trend -d "$dir/exact" "$async" -m unmap --plot "$dir/t.svg"
	grep -q '</svg>' "$dir/t.svg" || fail "no plot"
	[ ! -e out.svg ] || fail "an out.svg beside it"
fi
expect 2 "doesn't end in .svg or .png" trend -d "$dir/exact" "$async" -m unmap --plot "$dir/t.pdf"

# What a record says is data: no command of gnuplot, no other directory, no command of the terminal.
evil="x'
system('touch $dir/pwned')
#"
esc=$(printf '\033[31m')
mkdir "$dir/evil" "$dir/novalue" || exit 2
rec evil/1.json "name.batch=32.*async unmap=$evil" "per.batch=32.*async unmap=$evil" "started=$evil" \
	"id=$evil$esc" "env.git_commit=$esc"
expect 0 '1 records' trend -d "$dir/evil" "$async" -m "$(printf %s "$evil" | tr '\n' ' ')" --plot "$dir/e.svg"
[ ! -e "$dir/pwned" ] || fail "a record ran a command"
expect 0 '1.json' history -d "$dir/evil" list
! grep -qF "$esc" "$dir/out" || fail "a terminal escape came out of history list"
# Nor an element or an attribute of the page.
rec evil/2.json id=2 "name.batch=32.*async unmap=\"'><script>alert(1)</script>" "per.batch=32.*async unmap=<b>" \
	"started=<i>" "env.kernel_release=6.12\"<i>" "env.vcpus='<u>" "env.machine=\"><u>" "env.git_commit=<u>&"
expect 0 'evil.html' history -d "$dir/evil" page "$dir/pages/evil.html"
expect 2 'takes the file to write' history -d "$dir/exact" page
expect 2 'not a regular file' history -d "$dir/exact" page "$dir"
expect 0 'exact.html' history -d "$dir/exact" page "$dir/pages/exact.html"
mkdir "$dir/none" && expect 0 'none.html' history -d "$dir/none" page "$dir/pages/none.html"
/usr/bin/python3 - "$dir/pages" <<'PYTHON' || fail "the pages of histories are not what they should be"
import html.parser, sys

class Page(html.parser.HTMLParser):
    def __init__(self, name):
        super().__init__()
        self.open, self.rows, self.text, self.seen = [], [], "", set()
        with open("%s/%s.html" % (sys.argv[1], name)) as f:
            self.feed(f.read())
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        attrs = dict(attrs)
        if "data-tier" in attrs:
            self.rows.append(attrs)
        assert not any(key.startswith("on") or key in ("src", "srcdoc") for key in attrs), attrs
        assert attrs.get("href", "#").startswith("#"), attrs
        if tag not in ("meta", "br", "wbr", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += "" if self.open[-1:] == ["script"] else data

exact, evil, none = Page("exact"), Page("evil"), Page("none")
stepped = [row["data-case"] for row in exact.rows if row["data-steps"]]
assert len(exact.rows) == 14 and len(stepped) == 1, exact.rows
assert stepped[0].startswith("map_unmap/batch=32/granter=self/unmap_mode=async unmap "), stepped
assert "1,040 \u2192 1,041 +0.10 %" in exact.text and "%.10s" % ("%040x" % 20) in exact.text
assert "1 of 14 rows have a step, in 40 records" in exact.text
assert not evil.seen & {"i", "u"} and evil.seen - {"b"} <= exact.seen, evil.seen - exact.seen
assert "<script>alert(1)</script>" in evil.text
assert not none.rows and "no row has a step" in none.text
PYTHON
expect 2 'has a quote' trend -d "$dir/exact" "$async" -m unmap --plot "|touch $dir/pwned;.svg"
[ ! -e "$dir/pwned" ] || fail "a file's name ran a command"
rec up.json "env.machine=../../up/x" "env.vcpus=../y"
expect 0 "$dir/a/b/default-exact-.._.._up_x-.._y-" reference -d "$dir/a/b" "$dir/up.json"
rec upwall.json tier=wall fingerprint=../../up/x
rec upwall2.json tier=wall seed=2 fingerprint=../../up/x
expect 0 "stored in $dir/a/b/wall-_._.._up_x.json" calibrate -d "$dir/a/b" "$dir/upwall.json" "$dir/upwall2.json"
[ ! -e "$dir/up" ] || fail "a record's field left its directory"
# A series without a value has no tier.
rec novalue/1.json samples=0
expect 2 "(no record has|has a case)" trend -d "$dir/novalue" "$async" -m unmap

# What can't be written was not said.
for args in "list" "trend -d $dir/exact $async -m unmap" "history -d $dir/exact list" "--help" \
	"compare $dir/up.json $dir/up.json" "calibrate -d $dir/a/b $dir/upwall.json $dir/upwall2.json"; do
	# shellcheck disable=SC2086 # a list of words
	"$GNTBENCH" $args >/dev/full 2>"$dir/out"
	[ $? -eq 2 ] || fail "gntbench $args: a full disk is no error"
done

# The index: used, and never stale.
expect 0 '000039.json' history -d "$dir/exact" list
[ "$(lines '\.json$')" -eq 40 ] || fail "not 40 records"
before=$(stat -c %Y.%i "$dir/exact/index")
expect 0 '000039.json' history -d "$dir/exact" list
[ "$(stat -c %Y.%i "$dir/exact/index")" = "$before" ] || fail "an index that is current was written"
rm "$dir/exact/000030.json"
rec exact/000040.json started=2024-02-01T00:00:00Z 'add.batch=32.*async unmap=64'
expect 0 '1,041 -> 1,042' trend -d "$dir/exact" "$async" -m unmap
grep -q 000030 "$dir/out" && fail "a record that is gone"
rec exact/000040.json started=2024-02-01T00:00:00Z 'add.batch=32.*async unmap=320'
expect 0 '1,041 -> 1,050' trend -d "$dir/exact" "$async" -m unmap
printf 'gntbench history index 1\nR\tbroken\n' >"$dir/exact/index"
expect 0 '1,041 -> 1,050' trend -d "$dir/exact" "$async" -m unmap
: >"$dir/exact/cut.json"
expect 0 'cut.json.*(not JSON|cut short)' history -d "$dir/exact" list
expect 0 'unreadable +cut.json' history -d "$dir/exact" list
expect 0 '1,041 -> 1,050' trend -d "$dir/exact" "$async" -m unmap

# Noise: E-divisive finds a step of 5 % within two records, and none where none is.
/usr/bin/python3 "$here/make_history.py" "$dir/wall" wall 60 || exit 2
expect 0 'introduced by 0000(28|29|30|31|32).json' trend -d "$dir/wall" "$async" -m unmap
[ "$(lines 'introduced by')" -eq 1 ] || fail "not one step: $(cat "$dir/out")"
expect 0 'records' trend -d "$dir/wall" "$async" -m map
[ "$(lines 'introduced by')" -eq 0 ] || fail "a step where none is: $(cat "$dir/out")"

# 10,000 records: listed, and a trend with its change points drawn, in less than 2 s of CPU time (of
# a build with ASan, which is several times slower than the one that is used).
/usr/bin/python3 "$here/make_history.py" "$dir/many" wall 10000 || exit 2
"$GNTBENCH" history -d "$dir/many" list >"$dir/out" || fail "10,000 records can't be listed"
[ "$(lines '\.json$')" -eq 10000 ] || fail "not 10,000 records"
# cpu_time ARGUMENTS...: hundredths of a second of user and system time
cpu_time()
{
	LC_ALL=C bash -c 'TIMEFORMAT="%U %S"; time "$@" >/dev/null' - "$GNTBENCH" "$@" 2>&1 |
		tail -n 1 | awk '{ printf "%d\n", 100 * ($1 + $2) }'
}
t_list=$(cpu_time history -d "$dir/many" list)
t_trend=$(cpu_time trend -d "$dir/many" "$async" -m unmap)
echo "10,000 records: list ${t_list}0 ms, trend ${t_trend}0 ms"
t_page=$(cpu_time history -d "$dir/many" page "$dir/many.html")
echo "10,000 records: page ${t_page}0 ms"
[ $((t_list + t_trend)) -lt 200 ] || fail "10,000 records take too long"
[ "$t_page" -lt 500 ] || fail "a page of 10,000 records takes too long"
expect 0 'introduced by 0(0499[0-9]|0500[0-9]).json' trend -d "$dir/many" "$async" -m unmap

# add and like: the newest of the same tier, suite and environment, and never the record itself.
rec one.json id=aaaa started=2026-01-01T00:00:00Z
rec two.json id=bbbb started=2026-01-02T00:00:00Z
rec six.json id=cccc started=2026-01-03T00:00:00Z env.kernel_release=6.1
expect 2 'No such file' history -d "$dir/new" like "$dir/one.json"
expect 0 'new/2026-01-01T00.00.00Z-exact-aaaa.json' history -d "$dir/new" add "$dir/one.json"
expect 3 'none of the 1 records' history -d "$dir/new" like "$dir/one.json"
expect 0 'exact-aaaa.json' history -d "$dir/new" like "$dir/two.json"
expect 0 'exact-bbbb.json' history -d "$dir/new" add "$dir/two.json"
expect 0 'exact-cccc.json' history -d "$dir/new" add "$dir/six.json"
expect 0 'exact-bbbb.json' history -d "$dir/new" like "$dir/one.json"
expect 0 'exact: merged' history -d "$dir/merged" merge "$dir/new" "$dir/exact"
"$GNTBENCH" history -d "$dir/merged" list --format=json >"$dir/list.json" || fail "no list as JSON"
/usr/bin/python3 - "$dir/list.json" 43 <<'PYTHON' || fail "not 43 records merged, as JSON"
import json, sys
with open(sys.argv[1]) as f:
    records = json.load(f)
assert len(records) == int(sys.argv[2]) and all(r["environment"]["machine"] == "pv" for r in records)
assert [r["started"] for r in records] == sorted(r["started"] for r in records)
PYTHON
expect 2 '--format=xml: there are text, json' history -d "$dir/merged" list --format=xml
# Again: nothing is new. A record's id with other contents: both files are named, and the first one stays.
expect 0 'new: merged: 0 of 3 records are new' history -d "$dir/merged" merge "$dir/new"
mkdir "$dir/copied" "$dir/other" || exit 2
cp "$dir/new/2026-01-01T00.00.00Z-exact-aaaa.json" "$dir/copied/by-hand.json" || exit 2
expect 0 'new: merged: 2 of 3 records are new' history -d "$dir/copied" merge "$dir/new"
cp "$dir/copied/by-hand.json" "$dir/by-hand.json" || exit 2
rec other/one.json id=aaaa started=2026-01-09T00:00:00Z
expect 2 'copied/by-hand.json and .*/other/one.json have the id aaaa' history -d "$dir/copied" merge "$dir/other"
rec other/one.json id=aaaa started=2026-01-01T00:00:00Z 'add.batch=32.*async unmap=32'
expect 2 'copied/by-hand.json and .*/other/one.json have the id aaaa' history -d "$dir/copied" merge "$dir/other"
expect 2 'new/2026.*aaaa.json and .*/other/one.json have the id aaaa' history -d "$dir/new" add "$dir/other/one.json"
cmp -s "$dir/by-hand.json" "$dir/copied/by-hand.json" || fail "a merge changed a record"
expect 2 'takes other histories' history -d "$dir/merged" merge
expect 2 "no verb 'drop'" history -d "$dir/new" drop
expect 2 'takes a record' history -d "$dir/new" add
expect 2 'takes no record' history -d "$dir/new" list "$dir/one.json"

# A reference says what its record says, and refuses what is none.
rec base.json
expect 0 'ref/default-exact-pv-1-linux-6.12-xen-4.17-qemu-7.2.txt' reference -d "$dir/ref" "$dir/base.json"
ref=$dir/ref/default-exact-pv-1-linux-6.12-xen-4.17-qemu-7.2.txt
[ "$(grep -c '^case ' "$ref")" -eq 14 ] || fail "not 14 lines in the reference"
expect 0 '14 same' compare "$ref" "$dir/base.json"
# One for each stack: not for each update of it, and not for another QEMU.
rec update.json env.kernel_release=6.12.999+deb12-amd64 env.xen_version=4.17.9
expect 0 '^ref/default-exact-pv-1-linux-6.12-xen-4.17-qemu-7.2.txt$' reference -n -d ref "$dir/update.json"
rec stack.json env.kernel_release=7.3.4+deb13-amd64 env.xen_version=4.20.4 'env.qemu_version=10.0.13 (Debian)'
expect 0 '^ref/default-exact-pv-1-linux-7.3-xen-4.20-qemu-10.0.txt$' reference -n -d ref "$dir/stack.json"
rec odd.json env.kernel_release=../../evil env.xen_version=4
expect 0 '^ref/default-exact-pv-1-linux--xen--qemu-7.2.txt$' reference -n -d ref "$dir/odd.json"
rec phase.json seed=9
expect 0 '14 same' compare "$ref" "$dir/phase.json"
rec plus.json seed=2 'add.batch=32.*async unmap=32'
expect 1 'batch=32/async unmap .* \+1  slower' compare "$ref" "$dir/plus.json"
expect 1 '1 slower, 0 faster, 13 same' compare "$ref" "$dir/plus.json"
expect 3 "kernel_release: '6.12.117' -> '6.1'" compare "$ref" "$dir/six.json"
# Partial costs and what waits are in it, and a text with a line of its own is no line of it.
rec third.json seed=3 'third.batch=32.*async unmap=332' waits.hypercall=1 \
	"env.kernel_cmdline=quiet
case floor cost insn page 1 5"
expect 0 '' reference -d "$dir/third" "$dir/third.json"
expect 0 '14 same' compare --across=kernel "$dir/third/"*.txt "$dir/third.json"
grep -Eq ' unmap insn page 32 33280[*][0-9]+[+]33612[*][0-9]+$' "$dir/third/"*.txt || fail "no distribution"
[ "$(grep -c ' waits$' "$dir/third/"*.txt)" -eq 1 ] || fail "nothing waits"
[ "$(grep -c '^case ' "$dir/third/"*.txt)" -eq 14 ] || fail "a line made of a command line"
expect 1 'a third of the samples cost 332 more' compare --across=kernel "$ref" "$dir/third.json"
# Version 1 had one value a metric.
sed 's/^# gntbench reference 2/# gntbench reference 1/' "$ref" >"$dir/one.txt"
expect 0 '14 same' compare "$dir/one.txt" "$dir/base.json"
rec missing.json 'drop.batch=8.*async='
expect 2 'batch=8/async unmap .* missing' compare "$ref" "$dir/missing.json"
grep -v 'batch=8.*async' "$ref" >"$dir/missing.txt"
expect 0 'batch=8.*async: not in base' compare "$dir/missing.txt" "$dir/base.json"
sed 's/^# gntbench reference 2/# gntbench reference 9/' "$ref" >"$dir/version.txt"
expect 2 'version.txt:1: reference version 9' compare "$dir/version.txt" "$dir/base.json"
sed 's/ unmap insn page 32 .*/ unmap insn page 32 many/' "$ref" >"$dir/damaged.txt"
expect 2 "damaged.txt:[0-9]+: 'many' is not VALUE, nor VALUE" compare "$dir/damaged.txt" "$dir/base.json"
head -c -5 "$ref" >"$dir/cut.txt"
expect 2 'cut.txt:[0-9]+: cut off' compare "$dir/cut.txt" "$dir/base.json"
(cat "$ref" && tail -n 1 "$ref") >"$dir/twice.txt"
expect 2 'stands here twice' compare "$dir/twice.txt" "$dir/base.json"
head -n 5 "$ref" >"$dir/header.txt"
expect 2 'no (case|fingerprint) in it' compare "$dir/header.txt" "$dir/base.json"
rec dirty.json env.git_dirty=true
expect 2 'the tree was dirty' reference -d "$dir/ref" "$dir/dirty.json"
rec broken.json 'broken.batch=8.*async=1'
expect 2 'the oracle found 1 broken' reference -d "$dir/ref" "$dir/broken.json"
rec error.json 'status.batch=8.*async=error'
expect 2 'has status error: made so' reference -d "$dir/ref" "$dir/error.json"
rec wall.json tier=wall
expect 2 'tier wall is no reference' reference -d "$dir/ref" "$dir/wall.json"
rec skip.json 'status.batch=8.*async=skip'
expect 0 'skip/default' reference -d "$dir/skip" "$dir/skip.json"
expect 0 '12 same' compare "$dir/skip/default-exact-pv-1-linux-6.12-xen-4.17-qemu-7.2.txt" "$dir/skip.json"

[ $failed -eq 0 ] && echo "history, trend and reference: all as expected"
exit $failed
