#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Life of the module: hooked only while there is a rule, unloaded and loaded
# again under load, and nothing left behind.

dir=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$dir/lib.sh" || exit

tracing=/sys/kernel/tracing
ko=${RSTFAULT_KO:-$dir/../build/$(uname -r)/rstfault.ko}
held=1000
ns=rstf-$$
traffic=()

cleanup()
{
	local pid nr

	for pid in "${traffic[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	for nr in 1 2 3 4 5; do
		ip netns del "$ns-$nr" 2>/dev/null
	done
	[ ! -d /sys/module/rstfault ] && load
	[ ! -w "$tracing"/current_tracer ] || {
		echo nop >"$tracing"/current_tracer
		echo >"$tracing"/set_ftrace_filter
	}
}

load()
{
	if [ -e "$ko" ]; then
		insmod "$ko"
	else
		modprobe rstfault
	fi
}

# Make the netns number $1, with its loopback interface up.
add_netns()
{
	ip netns add "$ns-$1" && ip -n "$ns-$1" link set lo up
}

# Refused connections without end, in the netns number $1.
start_traffic()
{
	ip netns exec "$ns-$1" bash -c '
		while :; do
			: </dev/tcp/127.0.0.1/1
			: </dev/tcp/::1/1
		done 2>/dev/null' &
	traffic+=($!)
}

# End what was started last.
stop_traffic()
{
	kill "${traffic[-1]}"
	wait "${traffic[-1]}" 2>/dev/null
	unset 'traffic[-1]'
}

# One refused connection over IPv4: SYN and RST, each leaving and arriving.
# Prints how often the functions that netfilter calls were called.
hook_calls()
{
	echo >"$tracing"/trace
	ip netns exec "$ns-1" bash -c ': </dev/tcp/127.0.0.1/1' 2>/dev/null
	grep -c 'hook_ipv[46]' "$tracing"/trace
}

hooked_only_with_rules()
{
	local rstctl=(rstctl -n "$ns-1")

	if ! grep -q function "$tracing"/available_tracers 2>/dev/null; then
		skip "no rule, no hook" "this kernel has no function tracer"
		skip "a rule at one hook" "this kernel has no function tracer"
		skip "rules at two hooks" "this kernel has no function tracer"
		skip "a rule of the other family" "this kernel has no function tracer"
		skip "last rule deleted" "this kernel has no function tracer"
		skip "flushed" "this kernel has no function tracer"
		return
	fi
	echo 'hook_ipv4:mod:rstfault' >"$tracing"/set_ftrace_filter
	echo 'hook_ipv6:mod:rstfault' >>"$tracing"/set_ftrace_filter
	echo function >"$tracing"/current_tracer

	same "no rule, no hook" 0 "$(hook_calls)"
	"${rstctl[@]}" add in rst dport 9 pass
	same "a rule at one hook" 2 "$(hook_calls)"
	"${rstctl[@]}" add name second out rst dport 9 pass
	same "rules at two hooks" 4 "$(hook_calls)"
	"${rstctl[@]}" flush
	"${rstctl[@]}" add name last in rst ip6 pass
	same "a rule of the other family" 0 "$(hook_calls)"
	"${rstctl[@]}" del name last
	"${rstctl[@]}" add name last in rst pass
	"${rstctl[@]}" del name last
	same "last rule deleted" 0 "$(hook_calls)"
	"${rstctl[@]}" add in rst pass
	"${rstctl[@]}" flush
	same "flushed" 0 "$(hook_calls)"

	echo nop >"$tracing"/current_tracer
	echo >"$tracing"/set_ftrace_filter
}

# Rules in the netns number $1 that its traffic meets; it goes on regardless.
add_rules()
{
	rstctl -n "$ns-$1" load - <<-'END'
		in rst every 3 drop
		in rst delay 20ms jitter 20ms
		in syn every 5 per connection forge to both after 10ms count 3 every 5ms
		input syn probability 20% delay 1s until next
		out rst every 2 duplicate 2 every 10ms
		out any limit 1 per connection pass
		output syn skip 1 every 4 forge and drop
		output any pass
	END
}

change_rules_under_load()
{
	local round

	add_netns 1 || return
	start_traffic 1
	start_traffic 1
	for ((round = 0; round < 5; round++)); do
		add_rules 1 && rstctl -n "$ns-1" add name last in any pass &&
			rstctl -n "$ns-1" del name last &&
			rstctl -n "$ns-1" flush || return
	done
	stop_traffic && stop_traffic && ip netns del "$ns-1"
}

# How long rmmod takes, in milliseconds, run by the command that is given.
unload()
{
	local start

	start=$(date +%s%N)
	"$@" rmmod rstfault || return
	echo $((($(date +%s%N) - start) / 1000000))
}

unload_under_load()
{
	local nr round

	for nr in 2 3; do
		add_netns "$nr" || return
		start_traffic "$nr"
	done
	for ((round = 0; round < 3; round++)); do
		add_rules 2 && add_rules 3 || return
		echo "# rmmod took $(unload) ms"
		[ ! -d /sys/module/rstfault ] || return
		load || return
		# A new module knows no rules.
		[ ! "$(rstctl -n "$ns-2" list)" ] || return
	done
	stop_traffic && stop_traffic
}

# Who listens is told, and ends. One that has joined no group yet would be told
# that there is no module.
unload_under_monitor()
{
	local pids=() pid text tmp status=0

	add_netns 1 && tmp=$(mktemp -d) || return
	timeout 60 rstctl -n "$ns-1" monitor 2>"$tmp/text" &
	pids+=($!)
	timeout 60 rstctl -n "$ns-1" -j monitor 2>"$tmp/json" &
	pids+=($!)
	# shellcheck disable=SC2016 # for awk
	until [ "$(ip netns exec "$ns-1" awk '$2 == 16 && $4 ~ /[1-9a-f]/' \
		   /proc/net/netlink | wc -l)" = 2 ]; do
		kill -0 "${pids[0]}" && kill -0 "${pids[1]}" || return
		sleep 0.1
	done
	rmmod rstfault || status=1
	for pid in "${pids[@]}"; do
		wait "$pid"
		[ $? = 2 ] || status=1
	done
	for text in "$tmp"/*; do
		[ "$(<"$text")" = "rstctl: the module was removed" ] || {
			echo "# $(<"$text")"
			status=1
		}
	done
	rm -r "$tmp"
	ip netns del "$ns-1"
	return "$status"
}

# Two new netns, 4 and 5, and a cable, which goes before another one can be laid.
join_netns()
{
	local nr

	for nr in 4 5; do
		ip netns del "$ns-$nr" 2>/dev/null
	done
	add_netns 4 && add_netns 5 &&
		ip -n "$ns-4" link add eth0 type veth peer name eth0 netns "$ns-5" ||
		return
	for nr in 4 5; do
		ip -n "$ns-$nr" addr add "192.0.2.$nr/24" dev eth0 &&
			ip -n "$ns-$nr" addr add "2001:db8::$nr/64" dev eth0 nodad &&
			ip -n "$ns-$nr" link set eth0 up || return
	done
	# The first packets wait for the address of the link layer. Refused.
	ip netns exec "$ns-4" bash -c '
		: </dev/tcp/192.0.2.5/1
		: </dev/tcp/2001:db8::5/1' 2>/dev/null
	return 0
}

# RSTs from the netns number $1 to number $2, behind the prefix $3.
send_many()
{
	ip netns exec "$ns-$1" "$resets" "$3$1" "$3$2" "$held"
}

# same_count NR NAME NUMBER: has a counter of the netns number NR this value?
same_count()
{
	local number

	number=$(rstctl -n "$ns-$1" stats |
		awk -v name="$2" '$1 == name { print $2 }')
	[ "$number" = "$3" ] || echo "# $2: $number, not $3"
	[ "$number" = "$3" ]
}

# All have gone on when rmmod has ended, in their order, and that takes less than
# a second. Where others have the CPU, a second is as much longer as rmmod without
# anything held takes more than a quarter of one, which is for grace periods. In a
# kernel that finds bugs, time says nothing: each access costs some, and one that
# looks for data races waits on purpose.
unload_with_held()
{
	local debug=/sys/kernel/debug prefix without with

	join_netns || return
	without=$(unload) && load || return
	for prefix in 192.0.2. 2001:db8::; do
		rstctl -n "$ns-5" add in rst delay 1h &&
			send_many 4 5 "$prefix" && same_count 5 held "$held" || return
		with=$(unload ip netns exec "$ns-5" \
			"$resets" -r "${prefix}5" "$held") && load || return
		echo "# rmmod took $without ms, with $held held $with ms"
		[ -e "$debug/kcsan" ] || [ -e "$debug/kmemleak" ] ||
			[ "$with" -lt $((without > 250 ? 4 * without : 1000)) ] ||
			return
	done
}

# Does the trace have so many lines with this text?
same_number()
{
	local number

	number=$(grep -cF -- "$2" "$tracing"/trace)
	[ "$number" = "$1" ] || echo "# $2: $number times"
	[ "$number" = "$1" ]
}

# They are freed, each once, as the traces of their releases and of what frees
# packets tell. A reference that is not given back keeps the interface, and its
# other end.
delete_netns_with_held()
{
	local events=$tracing/events i prefix status=0

	rstctl -n "$ns-5" add in rst delay 1h || return
	for prefix in 192.0.2. 2001:db8::; do
		send_many 4 5 "$prefix" || return
	done
	same_count 5 held $((2 * held)) || return
	echo >"$tracing"/trace
	echo 1 >"$events"/rstfault/rstfault_release/enable
	echo 1 >"$events"/skb/kfree_skb/enable
	ip netns del "$ns-5" || return
	for ((i = 0; i < 100; i++)); do
		ip -n "$ns-4" link show eth0 >/dev/null 2>&1 || break
		sleep 0.1
	done
	echo 0 >"$events"/rstfault/rstfault_release/enable
	echo 0 >"$events"/skb/kfree_skb/enable
	[ "$i" -lt 100 ] || status=1
	for prefix in 192.0.2.4: '[2001:db8::4]:'; do
		same_number "$held" "src=$prefix" || status=1
	done
	same_number $((2 * held)) 'fate=netns' || status=1
	same_number $((2 * held)) 'rstfault_release:' || status=1
	# Older kernels do not say by name who freed a packet.
	! grep -q 'location=%pS' "$events"/skb/kfree_skb/format ||
		same_number $((2 * held)) 'location=rstf_held_free_list+' ||
		status=1
	echo >"$tracing"/trace
	return "$status"
}

delete_netns_under_load()
{
	local round

	for ((round = 0; round < 3; round++)); do
		ip netns add "$ns-1" && ip -n "$ns-1" link set lo up || return
		start_traffic 1
		add_rules 1 || return
		ip netns del "$ns-1" && stop_traffic || return
	done
}

# connect NR PORT: to number 5, which refuses, also the repetition of a SYN
connect()
{
	timeout 60 ip netns exec "$ns-$1" \
		bash -c ": </dev/tcp/192.0.2.5/$2" 2>/dev/null
	[ $? = 1 ]
}

# A new connection is in no table in which the module of its helper would look for
# it when it is unloaded.
hold_with_helper()
{
	join_netns && ip netns exec "$ns-4" nft -f - <<-'END' || return
		table ip t {
			ct helper f {
				type "ftp" protocol tcp
			}
			chain o {
				type filter hook output priority 0
				tcp dport 21 ct helper set "f"
			}
		}
	END
	rstctl -n "$ns-4" add out syn limit 1 delay 1h && connect 4 21 || return
	same_count 4 held 0 && same_count 4 failed 1 || return
	rstctl -n "$ns-4" flush
}

# NAT, and what uses it; only where no rule does.
unload_nat()
{
	local users

	users=$(lsmod | awk '$1 == "nf_nat" { gsub(",", " ", $4); print $4 }')
	# Unquoted on purpose: names.
	# shellcheck disable=SC2086
	rmmod $users nf_nat
}

# What NAT has changed, it finds in a table that goes with it.
unload_nat_with_held()
{
	join_netns && ip netns exec "$ns-4" nft -f - <<-'END' || return
		table ip t {
			chain p {
				type nat hook postrouting priority 100
				masquerade
			}
		}
	END
	rstctl -n "$ns-4" add out syn limit 1 delay 1h && connect 4 1 || return
	same_count 4 held 1 && ip netns exec "$ns-4" nft flush ruleset &&
		unload_nat || return
	same_count 4 held 0 && same_count 4 lost 1 || return
	rstctl -n "$ns-4" flush
}

# The route to a netns behind ipvlan is that netns's own, also where the segment
# is still in this one.
hold_for_ipvlan()
{
	join_netns && add_netns 1 &&
		ip -n "$ns-4" link add link eth0 name iv type ipvlan mode l3s &&
		ip -n "$ns-4" link set iv netns "$ns-1" &&
		ip -n "$ns-1" addr add 192.0.2.9/24 dev iv &&
		ip -n "$ns-1" addr add 2001:db8::9/64 dev iv nodad &&
		ip -n "$ns-1" link set iv up &&
		ip -n "$ns-5" route add 192.0.2.9 via 192.0.2.4 &&
		ip -n "$ns-5" -6 route add 2001:db8::9 via 2001:db8::4 || return
	rstctl -n "$ns-4" add input rst delay 1h || return
	ip netns exec "$ns-5" "$resets" 192.0.2.5 192.0.2.9 5 &&
		ip netns exec "$ns-5" "$resets" 2001:db8::5 2001:db8::9 5 || return
	same_count 4 held 0 && same_count 4 failed 10 || return
	rstctl -n "$ns-4" flush && ip netns del "$ns-1"
}

# has_modules NAME...: and nft? What is built in cannot be unloaded, and is none.
has_modules()
{
	local name

	command -v nft >/dev/null && modprobe -a -q "$@" || return
	for name; do
		lsmod | grep -q "^$name " || return
	done
}

needs_module
[ -e "$ko" ] || [ -f "$(modinfo -n rstfault 2>/dev/null)" ] ||
	skip_all "cannot load the module again: RSTFAULT_KO=FILE says which it is"

trap cleanup EXIT
[ -d "$tracing"/events ] || mount -t tracefs none "$tracing" 2>/dev/null
add_netns 1 || skip_all "cannot make a network namespace"

plan 16
hooked_only_with_rules
ip netns del "$ns-1"
check "rules that change under traffic" change_rules_under_load
check "a netns deleted with rules and traffic" delete_netns_under_load
check "unloaded and loaded with rules and traffic" unload_under_load
check "unloaded with $held segments held" unload_with_held
check "a netns deleted with $held segments held" delete_netns_with_held
check "unloaded while events are listened to" unload_under_monitor
load
name="a new connection that has a helper"
if has_modules nf_conntrack_ftp nft_ct; then
	check "$name" hold_with_helper
else
	skip "$name" "needs nft, nf_conntrack_ftp, nft_ct"
fi
name="NAT unloaded with a new connection held"
if has_modules nf_nat nft_chain_nat nft_masq && unload_nat 2>/dev/null; then
	check "$name" unload_nat_with_held
else
	skip "$name" "needs nft, nft_chain_nat, nft_masq, and NAT that is not in use"
fi
name="a route of another netns"
if has_modules ipvlan; then
	check "$name" hold_for_ipvlan
else
	skip "$name" "needs nft and ipvlan"
fi
rmmod rstfault
message=$(rstctl list 2>&1)
same "not loaded" "2 rstctl: the kernel has no 'rstfault' family: load the module first (modprobe rstfault)" \
	"$? $message"
load
finish
