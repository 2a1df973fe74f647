#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# gntbench profile --format: what it prints is what the tools that it is for read, whatever the names.
set -u

: "${GNTBENCH:?the command under test}"
here=$(cd "$(dirname "$0")" && pwd)
profile=$here/../fuzz/seeds/profile/one-phase.json
# shellcheck source=ubench/tests/check.sh
. "$here/check.sh"

# reads PROFILE: in all formats.
reads()
{
	for format in callgrind folded speedscope; do
		ends 0 "$GNTBENCH" profile --format "$format" "$1" || return 1
		cp "$work/out" "$work/$format"
	done
	/usr/bin/python3 "$here/check_profile_formats.py" "$1" "$work/callgrind" "$work/folded" \
		"$work/speedscope"
}

annotated()
{
	command -v callgrind_annotate >/dev/null || { echo "no callgrind_annotate here (package valgrind)" && return 1; }
	callgrind_annotate "$work/callgrind" >"$work/annotated" && cat "$work/annotated" &&
		grep -Eq '^ *30 \(100\.0%\)  PROGRAM TOTALS' "$work/annotated" &&
		grep -Eq '^ *20 \(66\.67%\) .*do_grant_table_op' "$work/annotated"
}

check 'all formats' reads "$profile"
check 'callgrind_annotate reads it' annotated
sed 's/"batch_unmap"/"fn=x\\n0 999;a b\\u0001`<\/script>"/; s/"case": "map_unmap/"case": "a;b\\ncalls=1 0\\n0 7 \\"/' \
	"$profile" >"$work/hostile.json"
check 'names that hold what the formats are made of' reads "$work/hostile.json"
check 'an unknown format lists the known ones' ends 2 "$GNTBENCH" profile --format svg "$profile"
check 'their names' grep -q -- "--format=svg: there are callgrind, folded, speedscope$" "$work/err"
check 'not with --diff' ends 2 "$GNTBENCH" profile --format folded --diff "$profile" "$profile"
echo "$nr_passed passed, $nr_failed failed"
[ $nr_failed -eq 0 ]
