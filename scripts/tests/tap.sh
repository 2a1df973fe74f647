# SPDX-License-Identifier: GPL-2.0
# Sourced by the shell tests: TAP on stdout. Set $top first; $work is a directory for the test.
# shellcheck shell=sh

: "${top:?set it before}"
. "$top/scripts/lib.sh"

work=$(mktemp -d)
trap 'tap_clean_up' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
tap_number=0
tap_failed=0

tap_clean_up()
{
	umount "$work/small" 2>/dev/null || true
	rm -rf "$work"
}

# check NAME COMMAND...: passes if the command succeeds. What it printed is shown if it doesn't;
# a command that returns 77 is skipped.
check()
{
	ck_name=$1
	shift
	tap_number=$((tap_number + 1))
	ck_status=0
	"$@" >"$work/said" 2>&1 || ck_status=$?
	case $ck_status in
	0) echo "ok $tap_number - $ck_name" ;;
	77) echo "ok $tap_number - $ck_name # SKIP $(tail -n 1 "$work/said")" ;;
	*)
		echo "not ok $tap_number - $ck_name"
		sed 's/^/# /' "$work/said"
		tap_failed=1
		;;
	esac
}

# refused PATTERN COMMAND...: exit status 2, and a line of stderr matches.
refused()
{
	rf_pattern=$1
	shift
	rf_status=0
	"$@" >"$work/out" 2>"$work/err" || rf_status=$?
	cat "$work/err"
	if [ "$rf_status" != 2 ]; then
		echo "exit status $rf_status, not 2"
		return 1
	fi
	grep -Eq -- "$rf_pattern" "$work/err" || {
		echo "no line matches: $rf_pattern"
		return 1
	}
}

# cpu_s: of all that this shell has started and that has ended. On a loaded machine a clock says nothing.
cpu_s()
{
	times >"$work/times" # not in a pipe: that would be another shell's
	awk -F '[ms ]+' 'NR == 2 { print int(60 * $1 + $2 + 60 * $3 + $4) }' "$work/times"
}

finish()
{
	echo "1..$tap_number"
	exit "$tap_failed"
}
