# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced behind cache.sh: packages of other releases and architectures than
# those of this machine, from the archive that its package sources name. They
# are unpacked in the cache, and neither installed nor known to this machine.

# Where Debian has its newest kernels. The last one is preferred.
newest_suites=(trixie trixie-backports)

# Print "LABEL RELEASE ADDRESS" for what this machine gets Debian from.
archives()
{
	# shellcheck disable=SC2016 # a format of apt's
	apt-get indextargets --format '$(LABEL) $(RELEASE) $(REPO_URI)' \
		'Created-By: Packages' 'Component: main' 2>/dev/null |
		grep '^Debian' | sort -u
}

# use_archive NAME ARCH [SUITE...]: have apt, in this script, know nothing but
# these suites for this architecture, without any those of this machine, and
# the latter for amd64 as well.
use_archive()
{
	local name=$1 arch=$2 dir=$cache/apt/$1 list suite uri
	local keyring=/usr/share/keyrings/debian-archive-keyring.gpg

	shift 2
	list=$(archives)
	[ "$list" ] || { update_lists && list=$(archives); } || :
	[ "$list" ] || return
	if [ $# -gt 0 ]; then
		# The release itself, neither its updates nor those for security.
		list=$(awk '$1 == "Debian" && $2 !~ /-/ { print $3; exit }' <<<"$list")
		list=$(for suite; do echo "Debian $suite $list"; done)
	fi
	mkdir -p "$dir"/{lists/partial,cache/archives/partial}
	while read -r _ suite uri; do
		echo "deb $([ ! -f $keyring ] || echo "[signed-by=$keyring]")" \
			"$uri $suite main"
	done <<<"$list" >"$dir/sources.list"
	cat >"$dir/apt.conf" <<END
APT::Architecture "$arch";
APT::Architectures { "$arch"; "amd64"; };
$([ $# = 0 ] || echo "APT::Default-Release \"${*: -1}\";")
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Debug::NoLocking "true";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$dir/lists";
Dir::State::status "/dev/null";
Dir::State::extended_states "$dir/extended_states";
Dir::Cache "$dir/cache";
END
	export APT_CONFIG=$dir/apt.conf
	say "reading the package lists: $name"
	apt-get -qq update >&2
}

# Download packages, and all that they need, into $tmp/closure.
download_closure()
{
	mkdir -p "$tmp/closure/partial"
	apt-get -qq -y -o "Dir::Cache::archives=$tmp/closure" \
		--download-only install "$@" >&2 || die "cannot download: $*"
}

# Unpack what download_closure() got into the directory $1.
unpack_closure()
{
	local deb

	mkdir -p "$1"
	for deb in "$tmp"/closure/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -C "$1" --exclude=./usr/share --skip-old-files
	done
}

# Have the programs of the directory $1, which will be $2 when they are used,
# run with the C library that they were made for: it is there too. Each is put
# behind a script that names its loader.
own_loader()
{
	local dir=$1 final=$2 file
	local libs=$final/usr/lib/x86_64-linux-gnu

	find "$dir" -type f -perm -100 ! -name '*.so*' ! -name '*.ko' |
			while read -r file; do
		[ "$(head -c 4 "$file" | tr -d '\0')" = $'\177ELF' ] || continue
		readelf -lW "$file" 2>/dev/null | grep -q INTERP || continue
		mv "$file" "$file.elf"
		{
			echo '#!/bin/sh'
			echo "exec '$libs/ld-linux-x86-64.so.2'" \
				"--library-path '$libs' --argv0 \"\$0\"" \
				"'$final${file#"$dir"}.elf' \"\$@\""
		} >"$file"
		chmod 755 "$file"
	done
}
