# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests in shell have in common. Where nothing can be tested, needs_module
# ends them. Else KTAP: plan N; then ok, not_ok or skip N times; finish.

# Where tests are installed, programs are beside them. Elsewhere rstctl is the one
# in PATH, if there is one.
resets=${BASH_SOURCE[0]%/*}/resets
if [ -x "$resets" ]; then
	PATH=${resets%/*}:$PATH
else
	resets=${BASH_SOURCE[0]%/*}/../build/selftests/resets
	PATH=$PATH:${resets%/*}
fi
# shellcheck disable=SC2034 # for those that need it
readonly resets

ktap_nr=0
ktap_failed=0

plan()
{
	echo "TAP version 13"
	echo "1..$1"
}

ok()
{
	ktap_nr=$((ktap_nr + 1))
	echo "ok $ktap_nr $1"
}

not_ok()
{
	ktap_nr=$((ktap_nr + 1))
	ktap_failed=1
	echo "not ok $ktap_nr $1"
}

skip()
{
	ktap_nr=$((ktap_nr + 1))
	echo "ok $ktap_nr $1 # SKIP $2"
}

# skip_all REASON: there is nothing to run here.
skip_all()
{
	echo "TAP version 13"
	echo "1..0 # SKIP $1"
	exit 4
}

needs_module()
{
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	[ -d /sys/module/rstfault ] ||
		skip_all "the module is not loaded: modprobe rstfault"
	# What the kernel has to do comes first: see lib/main.c.
	chrt -i -p 0 $$ 2>/dev/null || :
}

# check NAME COMMAND...: ok if the command succeeds.
check()
{
	local name=$1

	shift
	if "$@"; then
		ok "$name"
	else
		not_ok "$name"
	fi
}

# same NAME EXPECTED GOT
same()
{
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		printf '# expected: %s\n# got: %s\n' "$2" "$3"
		not_ok "$1"
	fi
}

finish()
{
	exit "$ktap_failed"
}
