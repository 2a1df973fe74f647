# SPDX-License-Identifier: GPL-2.0
# Sourced by the tests here: programs that run in dom0 of the lab. The caller sets $top and sources
# scripts/lib.sh first.
# shellcheck shell=sh disable=SC2154 # top is the caller's

TIMEOUT_S=600

job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT

# make_job PROGRAM ARGUMENT...: a job that runs PROGRAM with the module's path and the ARGUMENTs.
# libxenctrl is linked statically, with what it needs: the lab's dom0 need not have it.
make_job()
{
	mj_dir=$top/kbench/tests
	mj_program=$1
	shift
	mj_abi=$(cat "$top/kbench/gntbench_abi.h" "$top/kbench/gntbench_cases.h" | cksum)
	gcc -O2 -Wall -Wextra -Werror -static -s -I"$top/kbench" \
		-DGNTBENCH_ABI="${mj_abi%% *}u" -o "$job/$mj_program" \
		"$mj_dir/$mj_program.c" "$mj_dir/module.c" "$mj_dir/request.c" "$mj_dir/leaks.c" \
		"$mj_dir/clock.c" "$mj_dir/random_request.c" \
		-lxenctrl -lxencall -lxendevicemodel -lxenevtchn -lxenforeignmemory -lxengnttab \
		-lxentoollog -lxentoolcore ||
		die "$mj_program does not build; run scripts/setup build"
	mj_module=$("$top/scripts/kbench" "${KDIR-}")
	strip -g -o "$job/gntbench.ko" "$mj_module"
	echo "exec ./$mj_program \"\$PWD/gntbench.ko\" $*" >"$job/run"
}

# run_job NAME TIER VCPUS: KTAP, as a subtest.
run_job()
{
	rj_out=$BUILD/tests/$1-$2-$3
	rj_status=0
	mkdir -p "$rj_out"
	"$top/scripts/lab/lab" run --tier "$2" --vcpus "$3" ${MACHINE:+--machine "$MACHINE"} \
		--timeout "$TIMEOUT_S" "$job" "$rj_out" >"$rj_out/ktap" || rj_status=$?
	sed -n '/^KTAP/,$s/^/    /p' "$rj_out/ktap"
	[ "$rj_status" -le 1 ] || tail -n 20 "$rj_out/console.log" | sed 's/^/    # /'
	return "$rj_status"
}

# run_jobs NAME TIER:VCPUS...: each is a subtest. Returns the worst status.
run_jobs()
{
	rs_name=$1
	shift
	rs_worst=0
	rs_number=0
	echo "KTAP version 1"
	echo "1..$#"
	for rs_lab; do
		rs_number=$((rs_number + 1))
		rs_status=0
		run_job "$rs_name" "${rs_lab%:*}" "${rs_lab#*:}" || rs_status=$?
		[ "$rs_status" = 0 ] || printf 'not '
		echo "ok $rs_number $rs_name in dom0, ${rs_lab%:*} tier, ${rs_lab#*:} vCPU"
		[ "$rs_status" -le "$rs_worst" ] || rs_worst=$rs_status
	done
	return "$rs_worst"
}
