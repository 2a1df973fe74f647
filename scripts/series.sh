# SPDX-License-Identifier: GPL-2.0
# Sourced by scripts that have set $top: the series and mutants of kernel-patches, VERSION/NAME each, and trees to
# apply them to.
# shellcheck shell=sh disable=SC2154 # $top is the caller's

patches=$top/kernel-patches

# list_series: all, on one line.
list_series()
{
	(cd "$patches" && echo linux-*/*/ | sed 's|/ | |g; s|/$||')
}

is_series()
{
	case $1 in
	*/*) [ -d "$patches/$1" ] ;;
	*) false ;;
	esac
}

# series_after SERIES: the one that it goes on top of, if any.
series_after()
{
	[ ! -e "$patches/$1/after" ] || echo "${1%%/*}/$(cat "$patches/$1/after")"
}

# series_patches SERIES: its own, in order, below kernel-patches.
series_patches()
{
	(cd "$patches" && find "$1" -name '[0-9]*.patch' ! -name '0000-*' | sort)
}

# series_applied SERIES N: what its first N patches need, and those.
series_applied()
{
	sa_after=$(series_after "$1")
	[ -z "$sa_after" ] || series_patches "$sa_after"
	series_patches "$1" | head -n "$2"
}

# mutant_versions VERSION: whose mutants are planted in VERSION: its own, and of that which mutants/VERSION/from names
# those that VERSION has none of that name for.
mutant_versions()
{
	echo "$1"
	cat "$patches/mutants/$1/from" 2>/dev/null || true
}

# list_mutants VERSION: NAME.patch of each.
list_mutants()
{
	for lm_version in $(mutant_versions "$1"); do
		find "$patches/mutants/$lm_version" -name '*.patch' | sed 's|.*/||'
	done | sort -u
}

# mutant_file VERSION/NAME.patch: below kernel-patches; false if there is none.
mutant_file()
{
	for mf_version in $(mutant_versions "${1%%/*}"); do
		if [ -e "$patches/mutants/$mf_version/${1#*/}" ]; then
			echo "mutants/$mf_version/${1#*/}"
			return
		fi
	done
	return 1
}

# touched_files PATCH...: what they change, relative to the tree.
touched_files()
{
	sed -n 's/^[-+][-+][-+] [ab]\/\([^\t]*\).*/\1/p' "$@" | sort -u
}

# link_tree BASE TREE: a tree whose files are hard links to those of BASE, until patch writes new ones.
link_tree()
{
	[ ! -e "$2" ] || return 0
	rm -rf "$2.tmp"
	mkdir "$2.tmp"
	find "$1" -mindepth 1 -maxdepth 1 ! -name 'obj*' -exec cp -al -t "$2.tmp" {} +
	mv "$2.tmp" "$2"
}
