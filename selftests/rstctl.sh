#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# rstctl with the real kernel: what it lists it takes again, what is refused
# changes nothing, and everything says so by its exit status.

dir=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$dir/lib.sh" || exit

ns=rstf-$$

cleanup()
{
	ip netns del "$ns" 2>/dev/null
	ip netns del "$ns-2" 2>/dev/null
}

ctl()
{
	rstctl -n "$ns" "$@"
}

# What is listed, without the comments, which hold ids and counters.
rules()
{
	rstctl -n "$1" list | sed 's/ *#.*//'
}

# refused STATUS TEXT WORD...: rstctl says that, and the rules stay as they are.
refused()
{
	local status=$1 text=$2 before said

	shift 2
	before=$(ctl list)
	said=$(ctl "$@" 2>&1 >/dev/null)
	same "$*" "$status rstctl: $text" "$? $said"
	[ "$before" = "$(ctl list)" ] || not_ok "$*: the rules have changed"
}

# Every attribute of a rule, through the kernel and back.
list()
{
	ctl add in rst drop &&
	ctl add name lost out syn,rst saddr 192.0.2.0/24 daddr 198.51.100.1 \
		sport 1-2 dport '{80, 443, 8000-8999}' oif eth0 drop &&
	ctl add forward any ip6 saddr 2001:db8::/32 daddr ::/0 iif 'veth*' \
		oif lo pass &&
	ctl add input ack,data,fin,synack ip sport 65535 pass &&
	diff - <(ctl list) <<-'END'
		add in rst drop # id 1 fired 0
		add name lost out rst,syn ip saddr 192.0.2.0/24 daddr 198.51.100.1 sport 1-2 dport {80, 443, 8000-8999} oif eth0 drop # id 2 fired 0
		add forward any ip6 saddr 2001:db8::/32 daddr ::/0 iif 'veth*' oif lo pass # id 3 fired 0
		add input synack,ack,data,fin ip sport 65535 pass # id 4 fired 0
	END
}

round_trip()
{
	local line

	ctl list | while read -r line; do
		# As if pasted into a shell, with its comment.
		eval "rstctl -n $ns-2 $line" || exit
	done || return
	[ "$(rules "$ns")" = "$(rules "$ns-2")" ] && [ "$(rules "$ns" | wc -l)" = 4 ]
}

# The id of the rule of this name.
id_of()
{
	ctl list | sed -n "s/^add name $1 .* # id \([0-9]*\) .*/\1/p"
}

json()
{
	ctl -j list >/tmp/$$.json &&
		grep -q '"name": *"lost"' /tmp/$$.json &&
		grep -q '"fired": *0' /tmp/$$.json &&
		rm /tmp/$$.json
}

delete()
{
	local id

	ctl add name gone in fin drop && ctl del name gone &&
	! ctl list | grep -q 'name gone' &&
	ctl add in fin drop || return
	id=$(ctl list | sed -n 's/^add in fin drop # id \([0-9]*\) .*/\1/p')
	ctl del "$id" && [ "$(ctl list | wc -l)" = 4 ]
}

# The only rule that keeps another one from cutting the SSH connection.
delete_exception()
{
	local there=(ip netns exec "$ns" env
		"SSH_CONNECTION=192.0.2.1 5000 192.0.2.2 22" rstctl)
	local said

	ctl flush && ctl add name ssh in any dport 22 pass &&
	ctl add name cut in any dport 20-25 drop || return
	said=$("${there[@]}" del name ssh 2>&1 >/dev/null)
	[ "$? $said" = "1 rstctl: without this rule, rule $(id_of cut) could cut the SSH connection that rstctl is run from, 192.0.2.1:5000 to 192.0.2.2:22; delete that one first, or say 'force' behind this one" ] ||
		return
	[ "$(ctl list | wc -l)" = 2 ] &&
	ctl add name other in any dport 80 drop && "${there[@]}" del name other &&
	"${there[@]}" del "$(id_of ssh)" force && "${there[@]}" del name cut
}

needs_module

trap cleanup EXIT
if ! ip netns add "$ns" || ! ip netns add "$ns-2"; then
	skip_all "cannot make a network namespace"
fi

plan 21
check "list" list
check "a list is input again" round_trip
check "JSON" json
check "delete by name and by id" delete

# Wrong words: nothing is sent.
refused 1 "'rts' is not a segment; one of: rst, syn, synack, ack, data, fin, any, flags (did you mean 'rst'?)" \
	add in rts drop
refused 1 "dport 65536: a port is a number from 0 to 65535" \
	add in rst dport 65536 drop
refused 1 "saddr 10.0.0.0/33: the prefix of an IPv4 address is 0 to 32 bits long" \
	add in rst saddr 10.0.0.0/33 drop
refused 1 "saddr 2001:db8::/129: the prefix of an IPv6 address is 0 to 128 bits long" \
	add in rst saddr 2001:db8::/129 drop
refused 1 "iif abcdefghijklmnop: an interface name has at most 15 characters" \
	add in rst iif abcdefghijklmnop drop
refused 1 "a rule needs an action at its end; one of: pass, drop, delay, forge, mangle, duplicate" add in rst

# Refused by the kernel.
refused 2 "name lost: a rule of this name exists" add name lost in rst drop
refused 2 "name nobody: no such rule" del name nobody
refused 2 "id 4294967295: no such rule" del 4294967295

said=$(setpriv --bounding-set=-net_admin --inh-caps=-net_admin \
	rstctl list 2>&1 >/dev/null)
same "no privilege" \
	"2 rstctl: not permitted: CAP_NET_ADMIN is needed in this network namespace" \
	"$? $said"
said=$(rstctl -n "$ns-3" list 2>&1)
same "no such netns" \
	"1 rstctl: -n $ns-3: there is no network namespace of that name in /run/netns/" \
	"$? $said"

check "another netns has rules of its own" [ "$(rstctl list)" = "" ]
check "version" grep -q "^rstfault " <(ctl version)
ctl flush
same "flush" "0 " "$? $(ctl list)"
check "flush of nothing" ctl flush
check "delete what protects SSH" delete_exception
check "JSON of nothing" [ "$(ctl -j list | tr -d ' \n')" = "[]" ]
finish
