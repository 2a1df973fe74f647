# shellcheck shell=sh disable=SC2034,SC2154 # variables are shared with who sources this
# SPDX-License-Identifier: GPL-2.0
# Sourced by the tests that run in dom0 next to the granter domU, after scripts/lib.sh: what they
# bring there, and how they come back. $work is a directory for the test.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# guest_job DIR: gntbench, its module, and the means to see what is left behind.
guest_job()
{
	mkdir "$1"
	make -s -C "$top/ubench" BUILD="$BUILD" all >&2 || die "gntbench does not build"
	strip -o "$1/gntbench" "$BUILD/ubench/gntbench"
	gj_module=$("$top/scripts/kbench")
	strip -g -o "$1/gntbench.ko" "$gj_module"
	# libxenctrl is linked statically, with what it needs: dom0 need not have it.
	gcc -O2 -Wall -Wextra -Werror -static -s -o "$1/leaks" "$top/scripts/tests/leaks.c" \
		"$top/kbench/tests/leaks.c" "$top/kbench/tests/clock.c" \
		-lxenctrl -lxencall -lxendevicemodel -lxenevtchn -lxenforeignmemory -lxengnttab \
		-lxentoollog -lxentoolcore ||
		die "leaks does not build; run scripts/setup build"
	cp "$top/scripts/tests/guest.sh" "$1/"
}

# run_guest [LAB_OPTION...]: the job $work/job, which prints TAP, next to the granter domU unless the options
# say where; its tests are 1 to $number, $guest_failed is 1 if one failed. The plan is left to the caller, who
# may have more.
run_guest()
{
	[ $# -gt 0 ] || set -- --domu
	guest_failed=0
	echo "TAP version 13"
	"$top/scripts/lab/lab" run "$@" --timeout "${guest_limit_s:-600}" "$work/job" "$work/out" >"$work/tap" ||
		echo "# the lab ended with status $?" >>"$work/tap"
	grep -v '^1\.\.' "$work/tap" || true
	! grep -q '^not ok' "$work/tap" || guest_failed=1
	number=$(sed -n 's/^1\.\.//p' "$work/tap")
	[ -z "$number" ] || return 0
	number=$(($(grep -c '^\(not \)\{0,1\}ok' "$work/tap") + 1))
	guest_failed=1
	echo "not ok $number - the guest ended early"
	tail -n 20 "$work/out/console.log" 2>/dev/null | sed 's/^/# /'
}

# host_check WHAT COMMAND...: one test more, on this side.
host_check()
{
	hc_what=$1
	shift
	number=$((number + 1))
	if "$@" >"$work/said" 2>&1; then
		echo "ok $number - $hc_what"
	else
		echo "not ok $number - $hc_what"
		sed 's/^/# /' "$work/said"
		guest_failed=1
	fi
}

# wall_has_all SUITE: the wall tier measures each of its cases, too.
wall_has_all()
{
	TIER=wall LAB=1 SUITE=$1 "$top/scripts/run" "$work/wall.json" --set samples=4 --set warmup=1 || return 1
	"$BUILD/ubench/gntbench" run --list --suite "$1" >"$work/cases" &&
		[ "$(grep -c '"status": "ok"' "$work/wall.json")" = "$(wc -l <"$work/cases")" ]
}

# profile_tells SUITE CASE IMAGE...: the profile of a request has those, and counts what the clock counts.
profile_tells()
{
	pt_suite=$1 pt_case=$2
	shift 2
	SUITE=$pt_suite CASE=$pt_case SAMPLES=4 PROFILE_DIR="$work/profile" "$top/scripts/profile" || return 1
	pt_text=$work/profile/profile.txt
	for pt_image; do
		grep -q "^  .*\<$pt_image [0-9.]* (" "$pt_text" || {
			echo "no $pt_image"
			return 1
		}
	done
	! grep 'took this path' "$pt_text" | grep -v 'agrees with 4$' && grep '^  grants: [1-9].*domU gnttab_' "$pt_text"
}
