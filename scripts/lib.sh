# SPDX-License-Identifier: GPL-2.0
# Sourced by the scripts: where things are, how to speak, how to hash. The caller sets $top first.
# shellcheck shell=sh

BUILD=${BUILD:-$top/build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac

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

# take_lock DESCRIPTOR LIMIT_S WHAT: of a file that is open for it. WHAT is what only one may do at a time.
take_lock()
{
	flock -n "$1" && return 0
	say "waiting for another one that is $3"
	flock -w "$2" "$1" || die "another one has been $3 for $2 s; is it stuck?"
}

# hash_files FILE...: the sha256 of each file, one a line, in the order given.
# A file is hashed once: $BUILD/hashes remembers path, size, mtime and inode.
hash_files()
{
	mkdir -p "$BUILD"
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
			hash | getline line
			close(hash)
			sum[$0] = substr(line, 1, 64)
			print sum[$0] " " $0 >>cache
		}
		print sum[$0]
	}'
}

# hash_text: a key of 16 hex digits for what is on stdin.
hash_text()
{
	sha256sum | cut -c 1-16
}
