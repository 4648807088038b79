# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by deps, kernel and source: one cache for everything that is fetched
# from the package sources of this machine.
#
# An entry of the cache is a directory that appears complete or not at all: it
# is made in a temporary directory beside it, under a lock, and then renamed.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/rstfault
KSFT_SKIP=4

# Users other than root may not have these.
PATH=$PATH:/usr/sbin:/sbin

say()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	say "$@"
	exit 1
}

# What this machine cannot offer is a reason to skip, not a failure.
skip()
{
	say "$@"
	exit "$KSFT_SKIP"
}

# Run a command that needs root.
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "installing and reading package lists need root or sudo"
	fi
}

# Package lists are absent on a fresh system and in most container images.
have_lists()
{
	[ -n "$(apt-cache dumpavail 2>/dev/null | head -c 1)" ]
}

update_lists()
{
	say "reading the package lists"
	as_root apt-get -q update >&2
}

known()
{
	apt-cache show --no-all-versions -- "$1" >/dev/null 2>&1
}

# Take the lock of the cache until the end of the script.
lock_cache()
{
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	if ! flock -n 9; then
		say "waiting for another download"
		flock 9
	fi
}

# Make the scratch directory $tmp, which goes away with the script.
make_tmp()
{
	tmp=$(mktemp -d "$cache/tmp.XXXXXX")
	# A signal must end the script, or it would go on without $tmp.
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

# Download packages into $tmp. The lists may be older than the archive, which
# keeps only the newest versions: read them again once before giving up.
download()
{
	get_debs "$@" && return
	update_lists || :
	get_debs "$@" || die "cannot download: $*"
}

get_debs()
(
	cd "$tmp" || exit
	# Apt's own unprivileged user cannot write here.
	apt-get -qq -o APT::Sandbox::User=root download "$@" >&2
)

# Rename the directory $1 to $2 and link the name $3 to it.
publish()
{
	mkdir -p "${2%/*}" "${3%/*}"
	[ -d "$2" ] || mv -T "$1" "$2"
	ln -sfnr "$2" "$3"
}
