#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# gntbench hold, as far as a machine without Xen goes: what is refused, and with which words. What it
# does to grants is tested in the lab (scripts/tests/foreign). Prints TAP; needs $GNTBENCH.
set -u

said=$(mktemp)
trap 'rm -f "$said"' EXIT
nr=0
failed=0

# refused TEXT ARG...: exit status 2, and TEXT is said.
refused()
{
	text=$1
	shift
	nr=$((nr + 1))
	timeout 10 "$GNTBENCH" hold "$@" >"$said" 2>&1 </dev/null
	status=$?
	if [ "$status" = 2 ] && grep -qF -- "$text" "$said"; then
		echo "ok $nr - '$text': hold $*"
	else
		failed=1
		echo "not ok $nr - '$text': hold $*"
		sed 's/^/# /' "$said"
		echo "# exit status $status"
	fi
}

refused 'what to hold: grant or map?'
refused "unknown mode 'keep'" keep
refused "'map' is one word too many" grant map
refused '--pages=0: a number from 1 to 4096' grant --pages 0
refused '--pages=4097: a number from 1 to 4096' grant --pages 4097
refused '--pages=-1: a number' grant --pages -1
refused '--pages=: a number' grant --pages ''
refused '--to=32752: a number from 0 to 32751' grant --to 32752
refused 'grant takes no --refs' grant --refs 8
refused 'map needs --from and --refs' map
refused 'map needs --from and --refs' map --from 1
refused 'map needs --from and --refs' map --from 1 --refs 8 --publish
refused 'map needs --from and --refs' map --from 1 --refs 8 --pages 1
refused '--refs=: a list' map --from 1 --refs ''
refused '--refs=8-: a list' map --from 1 --refs 8-
refused '--refs=9-8: a list' map --from 1 --refs 9-8
refused '--refs=0-4096: a list' map --from 1 --refs 0-4096
refused '--release=sideways: there are forward, reverse, random' grant --release sideways
refused '--for=soon: a number from 0.001 to 1000000' grant --for soon
refused '--for=0: a number from 0.001 to 1000000' grant --for 0
refused '--for=nan: a number from 0.001 to 1000000' grant --for nan
if ! [ -e /dev/xen ]; then
	refused '/dev/xen/gntalloc: No such file' grant
	refused '/dev/xen/gntdev: No such file' map --from 1 --refs 8
fi
echo "1..$nr"
exit "$failed"
