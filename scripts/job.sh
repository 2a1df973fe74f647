# SPDX-License-Identifier: GPL-2.0
# Sourced, after lib.sh, by the scripts that send gntbench into dom0: what they send.
# shellcheck shell=sh disable=SC2154 # top and work are the caller's

# build_gntbench: sets $gntbench, the command, and $module, its module for the kernel of KDIR=.
build_gntbench()
{
	make -s -C "$top/ubench" BUILD="$BUILD" all >&2 || die "gntbench does not build"
	gntbench=$BUILD/ubench/gntbench
	module=$("$top/scripts/kbench" "${KDIR-}")
}

# make_job FILE...: the directory $work/job with gntbench, its module and the FILEs; its program, run,
# is the caller's to write.
make_job()
{
	mkdir "$work/job" || die "can't make a job in $work"
	# The build id knows where it was built.
	strip -R .note.gnu.build-id -o "$work/job/gntbench" "$gntbench" || die "can't make a job in $work"
	cp "${module%.ko}.stripped.ko" "$work/job/gntbench.ko"
	for mj_file; do
		cp "$mj_file" "$work/job/"
	done
}

# suite_file NAME: the file of a suite, which is its name or its path.
suite_file()
{
	if [ -f "$1" ]; then
		echo "$1"
	elif [ -f "$top/ubench/suites/$1.ini" ]; then
		echo "$top/ubench/suites/$1.ini"
	else
		die "SUITE=$1: no such suite; there are: $(cd "$top/ubench/suites" && echo *.ini |
			sed 's/\.ini//g')"
	fi
}

# lab_needs SUITE_FILE ARGUMENT...: the lab's options for the domUs that these cases name; the first that fit.
lab_needs()
{
	ln_text=$(cat "$1" && shift && echo "$*")
	while read -r ln_named ln_and ln_options; do
		if echo "$ln_text" | grep -q "^[^#;]*$ln_named" && echo "$ln_text" | grep -q "^[^#;]*$ln_and"; then
			echo "$ln_options"
			return 0
		fi
	done <<-EOF
		mapper.*pv	net_	--machine pv-npt --variant driver-domain
		mapper.*pv	.	--machine pv-npt --variant mapper
		busy_io		.	--variant netdisk
		disk_		.	--variant blkback
		net_echo	.	--variant netback
		net_stream	.	--variant netback
		granter.*domU	.	--domu
	EOF
}

# start_mappers FILE: of the ids of cases in FILE, the line of a job that makes the domUs which map.
start_mappers()
{
	sm_types=$(sed -n 's|.*/mapper=\([a-z0-9]*\).*|\1|p' "$1" | sort -u | grep -vx dom0 | paste -sd ' ')
	[ -z "$sm_types" ] || echo "mappers gntbench gntbench.ko $sm_types"
}

# in_dom0: whether this machine is a real Xen dom0, and it is that to run on.
in_dom0()
{
	[ "${LAB-}" != 1 ] && grep -qs control_d "${XEN_CAPABILITIES:-/proc/xen/capabilities}"
}

# load_module: here, for a run on this machine; $as_root is sudo, if that is needed.
load_module()
{
	as_root=
	[ "$(id -u)" = 0 ] || as_root=sudo
	[ ! -e /dev/gntbench ] || $as_root rmmod gntbench
	$as_root insmod "$module" || die "can't load $module; see dmesg"
}

# machine_tiers MACHINE: those of the lab that it can, on one line.
machine_tiers()
{
	mt_file=$top/scripts/lab/machines/$1
	[ -f "$mt_file" ] || die "MACHINE=$1: no such machine; there are: $(cd "$top/scripts/lab/machines" && echo *)"
	mt_cannot=$(sed -n 's/^machine_cannot="\(.*\)"/\1/p' "$mt_file")
	for mt_tier in "$top"/scripts/lab/tiers/*; do
		has_word "$mt_cannot" "${mt_tier##*/}" || echo "${mt_tier##*/}"
	done | paste -sd ' '
}
