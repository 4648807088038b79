# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# KTAP for tests in shell: plan N; then ok, not_ok or skip N times; finish.

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
