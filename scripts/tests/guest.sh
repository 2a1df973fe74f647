# shellcheck shell=sh disable=SC2034 # for who sources it
# SPDX-License-Identifier: GPL-2.0
# Sourced by the parts of tests that run in dom0: TAP, and the counts of what may be left behind.

number=0

# check NAME COMMAND...
check()
{
	ck_name=$1
	shift
	number=$((number + 1))
	if "$@" >said 2>&1; then
		echo "ok $number - $ck_name"
	else
		echo "not ok $number - $ck_name"
		tail -n 12 said | sed 's/^/# /'
	fi
}

# begins_in: seconds until a run that is started now has begun; in the exact tier that is at a full minute
# since the boot.
begins_in()
{
	[ "$LAB_TIER" = exact ] || { echo 1; return; }
	echo $((62 - $(sed 's/\..*//' /proc/uptime) % 60))
}

# mapped: grants of any domain that Xen counts as mapped (its debug key g lists them).
mapped()
{
	xl dmesg -c >/dev/null
	xl debug-keys g
	xl dmesg | grep -c '^(XEN) *\[0x'
}

# settles FUNCTION VALUE: within some seconds; a look at Linux's or Xen's counts takes long in QEMU.
settles()
{
	st_try=20
	until [ "$("$1")" = "$2" ]; do
		st_try=$((st_try - 1))
		if [ "$st_try" = 0 ]; then
			echo "$1 is $("$1"), not $2"
			return 1
		fi
		sleep 1
	done
}

# until_true COMMAND...: within some minutes, however slow the machine is.
until_true()
{
	ut_try=600
	until "$@"; do
		ut_try=$((ut_try - 1))
		[ "$ut_try" -gt 0 ] || return 1
		sleep 0.2
	done 2>/dev/null
}

domains()
{
	xl list | sed 1d | wc -l
}

in_use()
{
	./leaks
}

count_before()
{
	mapped_before=$(mapped)
	in_use_before=$(in_use) || exit 2
}

nothing_left()
{
	settles mapped "$mapped_before" && settles in_use "$in_use_before"
}

no_alarms()
{
	! dmesg | grep 'WARNING:\|BUG:\|Oops\|Bad page\|Bad rss' || return 1
	! xl dmesg | grep -i 'xen warn\|xen bug\|panic'
}

# run_case CASE KEY=VALUE...: exit status in $status, what it said in log. Bounded by $case_limit_s.
case_limit_s=60
run_case()
{
	rc_case=$1
	shift
	{
		printf '[case only]\ncase = %s\n' "$rc_case"
		for rc_set; do
			echo "$rc_set"
		done
	} >only.ini
	status=0
	timeout $((case_limit_s + $(begins_in))) ./gntbench run --suite only.ini -o record.json >log 2>&1 || status=$?
	cat log
}

clean()
{
	run_case "$@"
	[ "$status" = 0 ] && ! grep -qi 'broken\|^skip' log
}

# in_the_middle COMMAND...: of the run, which begins at a full minute.
in_the_middle()
{
	sleep "$(awk '{ printf "%.2f", 60.3 - $1 % 60 }' /proc/uptime)"
	"$@"
}

# lost DOMU REASON CASE KEY=VALUE...: it goes in the middle of a run, which ends in time and says so.
lost()
{
	lo_domu=$1 lo_reason=$2
	shift 2
	in_the_middle xl destroy "$lo_domu" &
	run_case "$@" timeout_ms=5000
	wait
	[ "$status" = 2 ] && grep "^error.*$lo_reason" log
}
