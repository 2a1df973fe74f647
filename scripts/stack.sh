# SPDX-License-Identifier: GPL-2.0
# Sourced by the scripts: KERNEL= and XEN= may be a name of scripts/stacks, a file or a build tree. The
# caller sources lib.sh first.
# shellcheck shell=sh disable=SC2154 # top is the caller's

# is_stack KIND NAME
is_stack()
{
	case $2 in
	'' | */*) return 1 ;;
	esac
	[ -e "$top/scripts/stacks/$1/$2" ]
}

# one_of WHAT FILE...: the first, which a pattern of the caller's found.
one_of()
{
	[ -e "$2" ] || die "$1: not found; remove that directory and try again"
	echo "$2"
}

# take_stack: from here on KERNEL=, KDIR= and XEN= are files and a directory, or empty, as setup has it,
# for what is this release's own.
take_stack()
{
	take_kernel
	take_xen
	export KERNEL KDIR XEN
}

take_kernel()
{
	KERNEL=${KERNEL-} KDIR=${KDIR-}
	if is_stack kernel "$KERNEL"; then
		env -u KERNEL -u KDIR -u XEN "$top/scripts/setup" "kernel-$KERNEL" || exit 2
		tk_dir=$BUILD/kernel/$KERNEL
		tk_name=$KERNEL
		KERNEL=$(one_of "the kernel in $tk_dir/boot" "$tk_dir"/boot/vmlinuz-*) || exit 2
		[ -z "$KDIR" ] || return 0
		KDIR=$(one_of "the headers in $tk_dir/usr/src" "$tk_dir"/usr/src/linux-headers-*-amd64) || exit 2
		tk_cc=$(sed -n 's/^CC = .*(CROSS_COMPILE)\(.*\)$/\1/p' "$KDIR/.kernelvariables")
		command -v "${tk_cc:-gcc}" >/dev/null || build_instead
	elif [ -d "$KERNEL" ]; then
		take_kernel_tree "$(cd "$KERNEL" && pwd)"
	elif [ -n "$KERNEL" ] && [ ! -e "$KERNEL" ]; then
		die "KERNEL=$KERNEL: no such file or build tree; the names are:" \
			"$(cd "$top/scripts/stacks/kernel" && echo *)"
	fi
}

# A module must be built as its kernel was, and Debian's headers want their compiler by name.
build_instead()
{
	stack_series=
	# shellcheck source=scripts/stacks/kernel/newest
	. "$top/scripts/stacks/kernel/$tk_name"
	say "Linux $tk_name: its headers want $tk_cc, which is not here; in its place comes the lab's own" \
		"build of that source"
	[ -n "$stack_series" ] || die "... but scripts/stacks/kernel/$tk_name names no series of" \
		"kernel-patches for that source. Install $tk_cc, or give KERNEL= and KDIR="
	# It is Debian's source as it is: built once, it is not asked again whether it is.
	bi_dir=$BUILD/kernels/${stack_series%/*}
	if [ ! -e "$top/kernel-patches/$stack_series/after" ] && [ -e "$bi_dir/base/boot/vmlinuz" ] &&
	   cmp -s "$top/kernel-patches/lab.config" "$bi_dir/src/base/obj/lab.config"; then
		KERNEL=$bi_dir/base/boot/vmlinuz KDIR=$bi_dir/src/base/obj
		return
	fi
	tk_side=$(env -u KERNEL -u KDIR -u XEN SERIES="$stack_series" "$top/scripts/kernel" base) || exit 2
	use_side "$tk_side"
}

# take_kernel_tree DIR: what the lab expects of an image, beside links into the tree: its modules.
take_kernel_tree()
{
	[ -e "$1/arch/x86/boot/bzImage" ] ||
		die "KERNEL=$1: no arch/x86/boot/bzImage there; build it (make bzImage modules)"
	tt_dir=$BUILD/kernel-trees/$(echo "$1" | hash_text)
	mkdir -p "$tt_dir/boot" "$tt_dir/lib"
	ln -sfn "$1/arch/x86/boot/bzImage" "$tt_dir/boot/vmlinuz"
	ln -sfn "$1" "$tt_dir/lib/modules"
	KERNEL=$tt_dir/boot/vmlinuz KDIR=${KDIR:-$1}
}

# take_xen_syms: Xen's names, where XEN= is one of those or a build tree. Before take_stack.
take_xen_syms()
{
	[ -z "${XEN_SYMS-}" ] || return 0
	if is_stack xen "${XEN-}"; then
		env -u KERNEL -u KDIR -u XEN "$top/scripts/setup" "xen-dbg-$XEN" || exit 2
		XEN_SYMS=$(one_of "xen-syms in $BUILD/xen-dbg/$XEN" \
			"$BUILD/xen-dbg/$XEN"/usr/lib/debug/boot/xen-syms-*64) || exit 2
	elif [ -d "${XEN-}" ]; then
		XEN_SYMS=$(find "$XEN" -maxdepth 2 -name xen-syms | head -n 1)
	fi
}

take_xen()
{
	XEN=${XEN-}
	if is_stack xen "$XEN"; then
		env -u KERNEL -u KDIR -u XEN "$top/scripts/setup" "xen-$XEN" || exit 2
		XEN=$(one_of "the Xen in $BUILD/xen/$XEN/boot" "$BUILD/xen/$XEN"/boot/xen-*.gz) || exit 2
	elif [ -d "$XEN" ]; then
		[ -e "$XEN/xen/xen.gz" ] && XEN=$XEN/xen
		[ -e "$XEN/xen.gz" ] || die "XEN=$XEN: no xen.gz and no xen/xen.gz there; build it (make -C xen)"
		XEN=$(cd "$XEN" && pwd)/xen.gz
	elif [ -n "$XEN" ] && [ ! -e "$XEN" ]; then
		die "XEN=$XEN: no such file or build tree; the names are:" \
			"$(cd "$top/scripts/stacks/xen" && echo *)"
	fi
}
