# SPDX-License-Identifier: GPL-2.0
# Sourced by the shell tests: TAP on stdout. Set $top first; $work is a directory for the test.
# shellcheck shell=sh

: "${top:?set it before}"
. "$top/scripts/lib.sh"
. "$top/scripts/tests/built.sh"

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

# within_cpu_s MOST COMMAND...: it succeeds, and takes no more of the CPU, all that it starts included. On a
# loaded machine a clock says nothing.
within_cpu_s()
{
	wc_most=$1
	shift
	times >"$work/times" # in no subshell, which has times of its own
	"$@" || return 1
	times >>"$work/times"
	awk -F '[ms ]+' -v most="$wc_most" '{ cpu[NR] = 60 * ($1 + $3) + $2 + $4 }
		END {
			took = cpu[4] - cpu[2]
			print "it took " took " s of the CPU, of at most " most
			exit !(took <= most)
		}' "$work/times"
}

# make_record NAME ARGUMENT...: one without a run, $work/NAME.json (ubench/tests/make_record.py).
make_record()
{
	mr_file=$work/$1.json
	shift
	/usr/bin/python3 "$top/ubench/tests/make_record.py" "$mr_file" "$@"
}

# json FILE EXPRESSION: of a profile or a record, as j.
json()
{
	/usr/bin/python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
print(eval("(" + sys.argv[2] + ")"))' "$1" "$2"
}

# not WHAT: fails, and says what is wrong.
not()
{
	echo "$*"
	return 1
}

# own_tree DIR...: sets $tree, a copy of this one, to be changed and to leave results in; and $work/build may be its
# BUILD, where these DIRs, of what was fetched and built, are the real ones.
own_tree()
{
	tree=$work/tree
	mkdir -p "$tree/results" "$work/build"
	cp -a "$top/Makefile" "$top/kbench" "$top/ubench" "$top/scripts" "$top/kernel-patches" "$tree/"
	for ot_dir; do
		mkdir -p "$BUILD/$ot_dir"
		ln -s "$BUILD/$ot_dir" "$work/build/$ot_dir"
	done
}

finish()
{
	echo "1..$tap_number"
	exit "$tap_failed"
}
