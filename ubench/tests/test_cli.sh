#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a user gets on a machine without Xen: the exit status and the message of wrong arguments,
# of a full disk, and what list and doctor say. Prints TAP; needs $GNTBENCH, the command to test.
set -u

work=$(mktemp -d)
trap 'umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT
nr=0
failed=0

report()
{
	nr=$((nr + 1))
	[ "$1" = 0 ] && echo "ok $nr - $2" && return
	failed=1
	echo "not ok $nr - $2"
	sed 's/^/# /' "$work/out" "$work/err"
}

# try STATUS TEXT ARG...: gntbench ARG... ends with STATUS and says TEXT on stderr (on stdout for 0).
try()
{
	status=$1 text=$2
	shift 2
	"$GNTBENCH" "$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	stream=err
	[ "$status" != 0 ] || stream=out
	[ "$got" = "$status" ] && { [ -z "$text" ] || grep -qF -- "$text" "$work/$stream"; }
	report $? "exit $status and '$text': gntbench $*"
}

try 0 'record format 1, module ABI ' --version
try 0 'Usage: gntbench compare' help compare
try 2 "no subcommand 'nonesuch'" help nonesuch
try 2 'Usage:'
try 2 "no subcommand 'walk'" walk
try 0 'Usage:' help
try 0 'Usage:' run --help
try 2 "unrecognized option '--fast'" run --fast
try 2 "unrecognized option '--H'" list --H
try 2 "no suite 'slow'" run --suite slow
try 2 "can't read the suite ./slow.ini: No such file" run --suite ./slow.ini
try 2 "no case 'nothing'" run --case nothing
try 2 'batch = 0 is out of its limits: 1 to 512 pages' run --set batch=0
try 2 'batch = 513 is out of its limits' run --set batch=513
try 2 'samples = 1000001 is out of its limits: 1 to 1000000' run --set samples=1000001
try 2 "unknown unmap_mode 'lazy': there are immediate async sync" run --set unmap_mode=lazy
try 2 "unknown key 'speed'" run --set speed=1
try 2 "--interleave=speed: no case of this run takes speed" run --interleave=speed
try 2 "unknown tier 'warp': there are exact, wall and host" run --tier warp
try 0 'map_unmap/batch=32/granter=self/unmap_mode=sync' run --list --case map_unmap
try 0 'batch          1 to 512 pages, default 32' list
try 0 'default' list
"$GNTBENCH" list >"$work/text" && "$GNTBENCH" list --format=json >"$work/out" && /usr/bin/python3 - "$work/text" "$work/out" <<'PYTHON'
import json, re, sys
text, j = open(sys.argv[1]).read(), json.load(open(sys.argv[2]))
cases = re.findall(r"^  (\w+): .* \(driver (\w+)\)$", text, re.M)
assert cases == [(c["name"], c["driver"]) for c in j["cases"]] and len(cases) > 10
assert re.findall(r"^  (\S+) +(\d+) cases,", text, re.M) == [(s["name"], str(s["cases"])) for s in j["suites"]]
batch = next(p for p in j["cases"][0]["params"] if p["name"] == "batch")
assert (batch["min"], batch["max"], batch["default"], batch["unit"]) == (1, 512, 32, "pages")
assert text.count("    -> ") == sum(len(c["metrics"]) for c in j["cases"])
PYTHON
report $? 'list --format=json: the same'
try 2 '--format=xml: there are text, json' list --format=xml
try 2 'a RECORD is wanted' stamp
try 2 "can't read the record $work/no.json: No such file" stamp "$work/no.json"

# Manual pages, and words for a shell that completes them: each subcommand's, of its own texts.
well_made()
{
	if command -v groff >/dev/null; then
		groff -Kutf8 -ww -man -Tutf8 "$1" >"$work/page" 2>"$work/err" && [ ! -s "$work/err" ]
	else
		grep -q '^\.SH NAME' "$1"
	fi
}

"$GNTBENCH" --print-man >"$work/out" 2>"$work/err" && well_made "$work/out" && grep -q 'fBrun' "$work/out"
report $? "a manual page"
for subcommand in $("$GNTBENCH" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	"$GNTBENCH" "$subcommand" --print-man >"$work/out" 2>"$work/err" && well_made "$work/out" &&
		"$GNTBENCH" "$subcommand" --print-options >"$work/out" 2>"$work/err" &&
		grep -qx -- --help "$work/out" && ! grep -vq '^--[a-z-]*=\{0,1\}$' "$work/out"
	report $? "a manual page, and the options for a shell: $subcommand"
done

complete_word()
{
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }
		_gntbench; echo "${COMPREPLY[*]}"' bash "${0%/*}/../gntbench.bash-completion" "$GNTBENCH" "$@"
}

completes()
{
	[ "$(complete_word comp)" = compare ] && [ "$(complete_word compare --ac)" = --across= ] &&
		[ -z "$(complete_word compare rec)" ]
}
completes
report $? "bash completes a subcommand, and an option"

printf '[case floor]\nbatch = 1\nthis is no key\n' >"$work/bad.ini"
try 2 "$work/bad.ini:3: syntax error" run --suite "$work/bad.ini"

if [ ! -e /dev/gntbench ]; then
	try 2 "can't open /dev/gntbench: No such file" run -o "$work/never.json"
	status=0
	[ ! -e "$work/never.json" ] || status=1
	report "$status" 'no record of a run that could not start'
	"$GNTBENCH" doctor >"$work/out" 2>"$work/err"
	[ $? = 2 ] && grep -q '^module  *missing' "$work/out" && grep -q -- '-> ' "$work/out"
	report $? 'doctor: exit 2, names the module, says what to do'
	"$GNTBENCH" doctor --format=json >"$work/out" 2>"$work/err"
	[ $? = 2 ] && /usr/bin/python3 -c 'import json, sys
assert any(c["check"] == "module" and c["health"] == "missing" for c in json.load(sys.stdin))' <"$work/out"
	report $? 'doctor --format=json: the same'
fi
try 2 '--format=xml: there are text, json' doctor --format=xml

cat >"$work/r.json" <<EOF
{
 "gntbench_record": 1,
 "run": {"id": "0", "started": "2020-01-01T00:00:00Z", "suite": "x", "command": []},
 "tier": "exact", "unit": "insn", "emulated": true, "environment": {"hz": 250},
 "fingerprint": "0", "warnings": ["$(head -c 40000 /dev/zero | tr '\0' w)"], "cases": []
}
EOF
try 0 '' stamp "$work/r.json" -o "$work/stamped.json"
! grep -q 2020-01-01 "$work/stamped.json"
report $? 'a stamped record has another time'

mkdir "$work/small"
if mount -t tmpfs -o size=16k none "$work/small" 2>/dev/null; then
	try 2 "can't write $work/small/r.json: No space left on device" \
		stamp "$work/r.json" -o "$work/small/r.json"
	status=0
	[ -z "$(ls -A "$work/small")" ] || status=1
	report "$status" 'a full disk: nothing is left behind'
else
	nr=$((nr + 1))
	echo "ok $nr - a full disk # SKIP mounting needs root"
fi

mkdir "$work/readonly"
chmod 500 "$work/readonly"
if [ "$(id -u)" != 0 ]; then
	try 2 'Permission denied' stamp "$work/r.json" -o "$work/readonly/r.json"
fi

echo "1..$nr"
exit $failed
