# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by guests: what a kernel that finds bugs has found in silence.

leaks=/sys/kernel/debug/kmemleak

# Of what the start of the kernel left behind nothing is said.
forget_leaks()
{
	echo scan >"$leaks" && echo clear >"$leaks"
}

# find_leaks FILE: what nobody points to any more goes there. It is reported
# after five seconds, by the second scan: a pointer may be on its way, in a
# register, while the first looks.
find_leaks()
{
	local _

	for _ in 1 2 3; do
		sleep 6
		echo scan >"$leaks" || return
	done
	cat "$leaks" >"$1"
}

# count_leaks FILE: how many find_leaks has found
count_leaks()
{
	grep -c '^unreferenced object' "$1"
}

# A kernel that finds data races begins when it is told to.
look_for_races()
{
	[ ! -e /sys/kernel/debug/kcsan ] || echo on >/sys/kernel/debug/kcsan
}

# What gives up looking says so once, and then finds nothing any more.
still_looking()
{
	[ ! -e /proc/lockdep_stats ] ||
		grep -q 'debug_locks: *1' /proc/lockdep_stats
}
