#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: test_mutants.sh [PATTERN]
#
# Mistakes in what judges, of the file mutants: a copy of the tree is built with each, and the test that
# stands there must fail of it. One that survives is a hole in that test. Prints TAP; needs $BUILD with
# the tests built (make check-build).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
san=$work/build/ubench/san
mkdir -p "$work/build/ubench"
cp -a "$here/.." "$work/ubench"
cp -a "$here/../../kbench" "$work/kbench"
cp -a "$BUILD/ubench/san" "$san"
export STATS_VECTORS="$work/vectors"
(cd "$here/.." && /usr/bin/python3 tests/stats_vectors.py >"$STATS_VECTORS" 2>"$work/said") ||
	{ cat "$work/said" && exit 2; }

# test_fails TEST FUNCTION: of the built mutant; one that can't run is no proof.
test_fails()
{
	! CMOCKA_MESSAGE_OUTPUT=TAP FUNCTION=$2 "$san/$1" >"$work/said" 2>&1 && grep -q '^not ok' "$work/said"
}

nr=0 failed=0
/usr/bin/python3 "$here/mutate.py" "$here/mutants" list | grep "${1-}" >"$work/list"
while read -r number file test what; do
	nr=$((nr + 1)) word=
	case $test in
	*:*) function=${test#*:} test=${test%:*} ;;
	*) function='*' ;;
	esac
	/usr/bin/python3 "$here/mutate.py" "$here/mutants" "$number" "$work/ubench" >"$work/said" 2>&1 &&
		make -s -C "$work/ubench" BUILD="$work/build" "$san/$test" >"$work/said" 2>&1 &&
		test_fails "$test" "$function" || word="not "
	echo "${word}ok $nr - $test sees it: $what"
	[ -z "$word" ] || { failed=1 && tail -n 5 "$work/said" | sed 's/^/# /'; }
	cp -a "$here/../$file" "$work/ubench/$file"
	cp -a "$BUILD/ubench/san/${file%.c}.o" "$san/${file%.c}.o"
done <"$work/list"
echo "1..$nr"
exit "$failed"
