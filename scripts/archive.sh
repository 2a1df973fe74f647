# SPDX-License-Identifier: GPL-2.0
# Sourced by the scripts: Debian's archive, from the mirror that this system uses, for any of its suites.
# The system's own sources and package lists are read and never changed. The caller sources lib.sh first.
# shellcheck shell=sh disable=SC2034 # suite is for the caller

LISTS_AGE_MAX_MIN=1440

# find_mirror: sets mirror and security_mirror ('' if the system names none) from apt's sources, which
# apt itself parses: either format. MIRROR= and SECURITY_MIRROR= go before them.
find_mirror()
{
	fm_targets=$(apt-get update --print-uris 2>/dev/null |
		sed -n "s|^'\(.*\)/dists/\(.*\)/InRelease' .*|\1 \2|p") || true
	# Others have suites of the same name; the mirrors of Debian's own end in debian.
	mirror=${MIRROR:-$(echo "$fm_targets" | awk '
		$2 ~ /^(bookworm|trixie|forky|sid|unstable|testing|stable|oldstable)$/ {
			if (!any) any = $1
			if (!debian && $1 ~ /\/debian\/*$/) debian = $1
		}
		END { print debian ? debian : any }')}
	security_mirror=${SECURITY_MIRROR:-$(echo "$fm_targets" |
		awk '!uri && $2 ~ /-security$/ { uri = $1 } END { print uri }')}
	[ -n "$mirror" ] || die "apt's sources name no mirror of Debian; give MIRROR=http://.../debian"
}

# sources_of SUITE [OPTIONS [TYPE]]: one-line sources; of a stable SUITE its updates and security too, but for
# TYPE deb-src.
sources_of()
{
	so_line="${3:-deb} ${2-}$mirror"
	so_security=${security_mirror:+"${3:-deb} ${2-}$security_mirror"}
	case ${3-}:$1 in
	*-security)
		[ -n "$so_security" ] || die "the system's apt sources name no mirror of Debian's security updates"
		echo "$so_security $1 main"
		;;
	:*-* | :sid | deb-src:*) echo "$so_line $1 main" ;;
	*)
		echo "$so_line $1 main"
		echo "$so_line $1-updates main"
		[ -z "$so_security" ] || echo "$so_security $1-security main"
		;;
	esac
}

# use_suite SUITE [TYPE]: from here on in_suite asks that suite, by package lists of its own under build/apt.
# TYPE: deb, or deb-src for sources. Until the script ends, or uses another one, it has the suite for itself.
use_suite()
{
	suite=$1 # for what the caller says
	us_dir=$BUILD/apt/$1
	[ "${2:-deb}" = deb ] || us_dir=$us_dir-source
	find_mirror
	mkdir -p "$us_dir/state/lists/partial" "$us_dir/cache/archives/partial"
	exec 8>"$us_dir/lock"
	take_lock 8 1800 "reading the package lists of $1 or fetching from it"
	: >"$us_dir/status"
	us_key=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -e "$us_key" ] || us_key=
	sources_of "$1" "${us_key:+"[signed-by=$us_key] "}" "${2-}" >"$us_dir/sources.new"
	cmp -s "$us_dir/sources.new" "$us_dir/sources.list" || rm -f "$us_dir/updated"
	mv "$us_dir/sources.new" "$us_dir/sources.list"
	cat >"$us_dir/apt.conf" <<-EOF
		Dir::State "$us_dir/state";
		Dir::State::status "$us_dir/status";
		Dir::Cache "$us_dir/cache";
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Cache::srcpkgcache "srcpkgcache.bin";
		Dir::Etc::SourceList "$us_dir/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
		APT::Architecture "amd64";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Update::Error-Mode "any";
		#clear APT::Default-Release;
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
	EOF
	[ -z "$(find "$us_dir/updated" -mmin "-$LISTS_AGE_MAX_MIN" 2>/dev/null)" ] || return 0
	say "reading the package lists of $1, to build/apt/$1"
	if in_suite apt-get update -qq >&2; then
		touch "$us_dir/updated"
	else
		[ -e "$us_dir/updated" ] || die "can't read the package lists of $1 from $mirror"
		say "apt-get update failed; going on with the lists of $(date -r "$us_dir/updated" +%F)"
	fi
}

# in_suite APT_COMMAND [ARGUMENT...]: apt-get or apt-cache, of the suite in use.
in_suite()
{
	is_command=$1
	shift
	"$is_command" -c "$us_dir/apt.conf" "$@"
}

# unpack_packages DIR PACKAGE...: the newest ones of the suite in use, unpacked together in DIR.tmp. A bad
# status if one can't be had.
unpack_packages()
{
	up_dir=$1
	shift
	say "fetching and unpacking into ${up_dir#"$top"/}: $*"
	rm -rf "$up_dir.tmp"
	(
		mkdir -p "$up_dir.tmp/debs" && cd "$up_dir.tmp/debs" || exit
		in_suite apt-get download -qq "$@" >&2 || exit
		for up_deb in *.deb; do
			dpkg -x "$up_deb" .. || exit
		done
	) || {
		rm -rf "$up_dir.tmp"
		return 1
	}
	rm -rf "$up_dir.tmp/debs"
}
