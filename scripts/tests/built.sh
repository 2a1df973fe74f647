# SPDX-License-Identifier: GPL-2.0
# Sourced by the tests that change a copy of the tree and build it again: what is built of this one need not be, again.
# shellcheck shell=sh disable=SC2154 # top is the caller's

# take_module DIR [KDIR]: the module's objects, for a copy whose BUILD= is DIR. kbuild notes where it built, and
# looks at times.
take_module()
{
	tm_dir=$("$top/scripts/kbench" "${2-}") || return
	tm_dir=${tm_dir%/*}
	mkdir -p "$1/kbench"
	flock "$tm_dir/.lock" cp -a "$tm_dir" "$1/kbench/"
	find "$1/kbench/${tm_dir##*/}" \( -name '*.cmd' -o -name '*.mod' -o -name modules.order \) \
		-exec sed -i "s|$tm_dir|$1/kbench/${tm_dir##*/}|g" {} +
}

# take_command DIR: gntbench's objects, likewise. Its make names nothing by where it is.
take_command()
{
	make -s -C "$top/ubench" BUILD="$BUILD" all >&2 || return
	mkdir -p "$1/ubench"
	(cd "$BUILD/ubench" && find . \( -name san -o -name 'fuzz*' -o -name static \) -prune -o -type f -print0 |
		tar -c --null -T -) | tar -x -C "$1/ubench"
}
