# SPDX-License-Identifier: GPL-2.0
# Sourced by the scripts: where things are, how to speak, how to end, how to hash. The caller sets $top
# first.
# shellcheck shell=sh disable=SC2034 # variables for who sources this

# Where tc, slurmd and others are; a user's own PATH lacks it.
case :$PATH: in
*:/usr/sbin:*) ;;
*) PATH=$PATH:/usr/sbin:/sbin ;;
esac

BUILD=${BUILD:-$top/build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac

# The variables of this make aren't those of a kernel's or Xen's: VERSION= would be theirs, too.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES

# The command's own name starts each line that it says.
me=${0##*/}

say()
{
	printf '%s: %s\n' "$me" "$*" >&2
}

# An error of usage or of the environment: exit status 2 (1 is for the code under test).
die()
{
	say "$*"
	exit 2
}

# check_path WHAT PATH: refuse at once what would fail in the middle.
check_path()
{
	case $2 in
	*[[:space:]:\#\$%\&\|\;\*\?\[\\\"\'\`\(\)\<\>]*)
		die "the path of $1 is '$2': kbuild takes no space and no colon there, and make none of" \
			"# \$ % & | ; * ? [ ] \\ \" ' \` ( ) < >. Move it"
		;;
	esac
}

check_path "this tree" "$top"
check_path "BUILD=" "$BUILD"

# quoted WORD...: each as one word of sh.
quoted()
{
	for qt_word; do
		printf "'%s' " "$(printf '%s\n' "$qt_word" | sed "s/'/'\\\\''/g")"
	done
}

# --- ends ---

# Status 1 says that the code under test is wrong, or worse. A command that fails unforeseen ends a
# script by set -e, and often with 1: without verdict a 1 becomes 2.
# verdict STATUS: exit with it.
verdict()
{
	verdict=$1
	exit "$1"
}

# A script that has more to do than to end its child and to remove $work defines it again; it may change
# end_status.
clean_up()
{
	:
}

end_script()
{
	end_status=$?
	trap '' HUP INT TERM
	if [ -n "${child-}" ]; then
		kill "$child" 2>/dev/null || true
		wait "$child" || true
	fi
	[ "$end_status" != 1 ] || [ "${verdict-}" = 1 ] || end_status=2
	clean_up
	[ -z "${work-}" ] || rm -rf "$work"
	exit "$end_status"
}

trap end_script EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# bound PID COMMAND...: in place of this shell, whose parent is PID: it ends when PID does, and doesn't begin if PID
# has ended already.
bound()
{
	bd_parent=$1
	shift
	# shellcheck disable=SC2016 # expanded by that shell
	exec setpriv --pdeathsig TERM sh -c '[ "$PPID" = "$0" ] && exec "$@"' "$bd_parent" "$@"
}

# tied COMMAND...: run it as a child that ends when this shell does, however that is; and a signal to
# this shell doesn't wait for it.
tied()
{
	read -r tied_self _ </proc/self/stat # $$ is another one in a subshell
	bound "$tied_self" env --default-signal=INT,QUIT "$@" &
	child=$!
	tied_status=0
	wait "$child" || tied_status=$?
	child=
	return "$tied_status"
}

# make_work: the directory $work, for as long as this script lives. What a killed one has left goes
# now: a directory has its owner, or a child of it, as long as its lock is held.
make_work()
{
	for mw_old in "${TMPDIR:-/tmp}"/gntbench.*; do
		if [ -O "$mw_old/lock" ] && flock -n "$mw_old/lock" true; then
			rm -rf "$mw_old"
		fi
	done
	mw_new=$(mktemp -d "${TMPDIR:-/tmp}/new-gntbench.XXXXXX") ||
		die "no directory for temporary files: is ${TMPDIR:-/tmp} there (TMPDIR=), is it full?"
	work=$mw_new
	{ : >"$work/lock"; } 2>/dev/null || die "no room for temporary files in ${TMPDIR:-/tmp}"
	exec 5<"$work/lock"
	flock 5
	work=${TMPDIR:-/tmp}/gntbench.${mw_new##*.}
	mv "$mw_new" "$work"
}

# take_lock DESCRIPTOR LIMIT_S WHAT: of a file that is open for it. WHAT is what only one may do at a time.
take_lock()
{
	flock -n "$1" && return 0
	say "waiting for another one that is $3"
	flock -w "$2" "$1" || die "another one has been $3 for $2 s; is it stuck?"
}

# --- results ---

# In the tree, or, where that can't be written to, with what is built.
results=$top/results
[ -w "$results" ] || results=$BUILD/results

# begin_results NAME: an empty directory $out. What is in results/NAME stays until keep_results has
# put $out in its place. One script a NAME at a time.
begin_results()
{
	mkdir -p "$results" || die "can't make the directory $results"
	exec 4>"$results/.$1.lock"
	take_lock 4 3600 "writing $results/$1"
	[ -e "$results/$1" ] || [ ! -e "$results/.$1.old" ] || mv "$results/.$1.old" "$results/$1"
	rm -rf "$results/.$1.old" "$results/.$1.new"
	out=$results/.$1.new
	mkdir "$out"
}

keep_results()
{
	[ ! -e "$results/$1" ] || mv "$results/$1" "$results/.$1.old"
	mv "$results/.$1.new" "$results/$1"
	rm -rf "$results/.$1.old"
	out=$results/$1
}

# --- what was run ---

# json_string TEXT
json_string()
{
	printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g' | tr '\n\t' '  ')"
}

# git_tree PATH: the top of the git tree that PATH is in, or the bare repository that it is.
git_tree()
{
	[ -d "$1" ] || return 1
	[ "$(git -C "$1" rev-parse --is-bare-repository 2>/dev/null)" = true ] || {
		git -C "$1" rev-parse --show-toplevel 2>/dev/null
		return
	}
	git -C "$1" rev-parse --absolute-git-dir
}

# tree_json: as fields of a JSON object, without the braces, what a record says of this tree.
tree_json()
{
	tj_dirty=false
	[ -z "$(git -C "$top" status --porcelain -- . ':!results/reference' 2>/dev/null |
		head -n 1)" ] || tj_dirty=true
	printf '"compiler": %s,\n  "git_commit": "%s",\n  "git_dirty": %s' \
		"$(json_string "$(gcc --version | head -n 1)")" \
		"$(git -C "$top" rev-parse HEAD 2>/dev/null)" "$tj_dirty"
}

# tree_time: of the commit, in seconds; without git, of a file of it.
tree_time()
{
	git -C "$top" log -1 --format=%ct 2>/dev/null || stat -c %Y "$top/scripts/lib.sh"
}

# tree_version: a version that grows, and that a package and a file may be named by.
tree_version()
{
	tv_dirty=
	! tree_json | grep -q '"git_dirty": true' || tv_dirty=+dirty
	tv_commit=$(git -C "$top" rev-parse --short=10 HEAD 2>/dev/null) || tv_commit=nogit
	echo "0.$(date -u -d "@$(tree_time)" +%Y%m%d.%H%M%S).$tv_commit$tv_dirty"
}

# --- hashes ---

# hash_files FILE...: the sha256 of each file, one a line, in the order given. Without one that can't
# be read, and then with a bad status.
# A file is hashed once: $BUILD/hashes remembers path, size, mtime and inode.
hash_files()
{
	mkdir -p "$BUILD" || return
	stat -L -c '%s %.Y %i %n' "$@" >/dev/null || return
	stat -L -c '%s %.Y %i %n' "$@" | awk -v cache="$BUILD/hashes" '
	BEGIN {
		while ((getline line < cache) > 0)
			sum[substr(line, 66)] = substr(line, 1, 64)
		close(cache)
	}
	{
		if (!($0 in sum)) {
			path = $0
			sub(/^[^ ]* [^ ]* [^ ]* /, "", path)
			gsub(/\047/, "\047\\\047\047", path)
			hash = "sha256sum <\047" path "\047"
			line = ""
			hash | getline line
			close(hash)
			if (line !~ /^[0-9a-f]+ /)
				exit failed = 1
			sum[$0] = substr(line, 1, 64)
			print sum[$0] " " $0 >>cache
		}
		print sum[$0]
	}
	END { exit failed }'
}

# hash_text: a key of 16 hex digits for what is on stdin.
hash_text()
{
	sha256sum | cut -c 1-16
}

# has_word LIST WORD
has_word()
{
	case " $1 " in
	*" $2 "*) ;;
	*) return 1 ;;
	esac
}

# use_side LINE: sets KERNEL and KDIR, or XEN, to what scripts/kernel or scripts/xen says of a side: "SIDE
# kernel=... kdir=..." or "SIDE xen=... syms=...".
# shellcheck disable=SC2034 # the caller's
use_side()
{
	for us_word in $1; do
		case $us_word in
		kernel=*) KERNEL=${us_word#*=} ;;
		kdir=*) KDIR=${us_word#*=} ;;
		xen=*) XEN=${us_word#*=} ;;
		esac
	done
}
