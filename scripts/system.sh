# SPDX-License-Identifier: GPL-2.0
# Sourced, after lib.sh and archive.sh: a Debian of one's own in a directory, and namespaces that nothing
# of it outlives. The caller has found a mirror.
# shellcheck shell=sh disable=SC2154,SC2034 # mirror and security_mirror are of archive.sh; the rest the caller's

# step LIMIT_S WHAT COMMAND...: of $run; says how long it took in $seconds. What it printed is in $log; when
# it fails, the end of that is shown.
step()
{
	st_limit_s=$1
	st_what=$2
	shift 2
	say "$run: $st_what"
	st_start=$(date +%s)
	st_status=0
	# In the background, so that a signal ends the wait; a shell has such a job ignore Ctrl-C.
	env --default-signal=INT,QUIT timeout -k 10 "$st_limit_s" "$@" >"$log" 2>&1 </dev/null &
	wait $! || st_status=$?
	seconds=$(($(date +%s) - st_start))
	[ "$st_status" != 0 ] || return 0
	[ "$st_status" != 124 ] || echo "no end within $st_limit_s s" >>"$log"
	say "$run: $st_what: status $st_status after $seconds s. The end of $log:"
	tail -n 30 "$log" | sed 's/^/    /' >&2
	return 1
}

# bootstrap CODENAME ROOT CACHE
bootstrap()
{
	rm -rf --one-file-system "$2"
	bs_include=
	case $mirror$security_mirror in
	*https:*) bs_include=--include=ca-certificates ;;
	esac
	# shellcheck disable=SC2086 # no word or one
	debootstrap --variant=minbase --cache-dir="$3" $bs_include "$1" "$2" "$mirror"
}

# mount_system ROOT CACHE: a root of its own, which is a mount point as others are (unshare wants that), has a
# /dev of its own, not a view of this machine's.
mount_system()
{
	mount --bind "$1" "$1"
	mount -t proc proc "$1/proc"
	mount -t sysfs -o ro sysfs "$1/sys"
	mount -t tmpfs -o mode=755 tmpfs "$1/dev"
	mkdir "$1/dev/pts" "$1/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$1/dev/pts"
	mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm"
	mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
	while read -r ms_name ms_minor; do
		mknod -m 666 "$1/dev/$ms_name" c "${ms_minor%:*}" "${ms_minor#*:}"
	done <<-END
		null 1:3
		zero 1:5
		full 1:7
		random 1:8
		urandom 1:9
		tty 5:0
	END
	ln -s pts/ptmx "$1/dev/ptmx"
	ln -s /proc/self/fd "$1/dev/fd"
	ln -s fd/0 "$1/dev/stdin"
	ln -s fd/1 "$1/dev/stdout"
	ln -s fd/2 "$1/dev/stderr"
	mount --bind "$2" "$1/var/cache/apt/archives"
}

# install_into ROOT CODENAME PACKAGE...: with the network and the sources that this machine has.
install_into()
{
	ii_root=$1
	cp -L /etc/resolv.conf /etc/hosts "$ii_root/etc/"
	sources_of "$2" >"$ii_root/etc/apt/sources.list"
	# How this machine reaches the mirror: proxies, and whether its signatures may be old ones.
	apt-config dump | grep -E '^Acquire::(https?::.*Proxy.*|Check-[^ ]*) ' \
		>"$ii_root/etc/apt/apt.conf.d/90fresh" || true
	shift 2
	chroot "$ii_root" apt-get update -qq
	chroot "$ii_root" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends "$@"
}

# in_namespaces ARGUMENT...: this script again, with mounts and processes that end with it. What it reads is
# descriptor 6. Sets in_status.
in_namespaces()
{
	trap 'kill -KILL "$inside"; exit 130' INT
	trap 'kill -KILL "$inside"; exit 143' TERM HUP
	setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@" <&6 6<&- &
	inside=$! in_status=0
	wait "$inside" || in_status=$?
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
}
