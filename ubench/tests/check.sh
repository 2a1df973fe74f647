# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# Sourced by test_report.sh and test_matrix.sh, which say at their end how many checks passed and failed.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
nr_passed=0 nr_failed=0

# check WHAT COMMAND...: passes if the command succeeds.
check()
{
	what=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		nr_passed=$((nr_passed + 1))
	else
		nr_failed=$((nr_failed + 1))
		echo "FAILED: $what: $*"
		sed 's/^/	/' "$work/said"
	fi
}

# ends STATUS COMMAND...: what it prints goes to $work/out and $work/err.
ends()
{
	want=$1
	shift
	"$@" >"$work/out" 2>"$work/err"
	got=$?
	[ $got -eq "$want" ] && return
	echo "exit status $got instead of $want"
	cat "$work/err"
	return 1
}

# absent PATTERN FILE...: also fails if a file is missing
absent()
{
	grep -n "$@"
	[ $? -eq 1 ]
}
