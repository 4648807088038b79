#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What rstctl does beyond single rules, with the real kernel: rule files, rules
# that belong to a command, held segments, events, counters.

dir=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$dir/lib.sh" || exit

ns=rstf-$$
many=10000
# More events than there is room for: each takes several hundred bytes.
flood=$(($(cat /proc/sys/net/core/rmem_max) / 100))
# The kernel lets twice that be sent, and a rule takes more than 80 bytes.
wmem_max=$(cat /proc/sys/net/core/wmem_max)
tmp=$(mktemp -d)

cleanup()
{
	ip netns del "$ns" 2>/dev/null
	ip netns del "$ns-small" 2>/dev/null
	rmdir "/sys/fs/cgroup/$ns" 2>/dev/null
	rm -rf "$tmp"
}

ctl()
{
	rstctl -n "$ns" "$@"
}

# The rules without their comments, which hold ids and counters.
rules()
{
	ctl list | sed 's/ *#.*//'
}

# One of the counters of `stats`.
stat()
{
	ctl stats | awk -v name="$1" '$1 == name { print $2 }'
}

# RSTs over the loopback interface.
send()
{
	ip netns exec "$ns" "$resets" 127.0.0.1 127.0.0.1 "$1"
}

# A file of $many rules, all different.
make_file()
{
	awk -v many=$many 'BEGIN {
		for (i = 0; i < many; i++)
			printf "add name r%d in rst ip saddr 10.%d.%d.1 dport %d drop\n",
				i, i / 256, i % 256, i + 1
	}' >"$tmp/many"
}

load_many()
{
	ctl load "$tmp/many" && diff -q "$tmp/many" <(rules)
}

# wrong LINE RULE STATUS TEXT: with that rule in that line nothing changes, and
# rstctl says which line it is.
wrong()
{
	local said

	sed "$1s/.*/$2/" "$tmp/many" >"$tmp/wrong"
	ctl add name before in rst drop
	said=$(ctl load "$tmp/wrong" 2>&1)
	same "line $1: $2" "$3 rstctl: $tmp/wrong:$1: $4" "$? $said"
	said=$(ctl check "$tmp/wrong" 2>&1)
	same "line $1, checked: $2" "$3 rstctl: $tmp/wrong:$1: $4" "$? $said"
	same "line $1: nothing has changed" "add name before in rst drop" \
		"$(rules)"
	ctl flush
}

# alone COUNT: load the first of many rules as root of a user namespace and its
# netns, where there is another rule; say what comes of that.
alone()
{
	head -n "$1" "$tmp/many" >"$tmp/first"
	# shellcheck disable=SC2016 # for that shell
	unshare -Urn sh -c '
		rstctl add name before in rst drop &&
		rstctl load "$0" 2>&1
		echo "status $?"
		rstctl list | sed "s/ *#.*//" >"$0.rules"' "$tmp/first"
}

alone_fits()
{
	[ "$(alone 1000)" = "status 0" ] &&
		diff -q "$tmp/first" "$tmp/first.rules"
}

# What cannot be sent: nothing changes, and rstctl says what would help.
alone_exceeds()
{
	local said need

	said=$(alone "$many")
	need=$(sed -n 's/.* needs a net.core.wmem_max of \([0-9]*\);.*/\1/p' \
		<<<"$said")
	echo "# $said"
	[[ $said == "rstctl: the request is too large: it has "*"status 2" ]] &&
		[ "$need" -gt "$wmem_max" ] &&
		[ "$(cat "$tmp/first.rules")" = "add name before in rst drop" ]
}

check_file()
{
	ctl add in rst drop && ctl check "$tmp/many" &&
		[ "$(rules)" = "add in rst drop" ] && ctl flush
}

save_and_load()
{
	mkdir -p "/sys/fs/cgroup/$ns"
	ctl load - <<-END || return
		# all that needs quotes
		in rst iif 'veth*' drop
		add name a out rst dport {80, 443} oif eth0 drop	# a comment
		in data probability 12.5% seed 7 limit 3 per connection for 1h forge to both count 2 every 10ms and drop
		input rst delay 1500ms jitter 10ms until next
		in rst mangle seq -1 ttl 3 badsum
		out rst duplicate 2 every 1s
		output rst cgroup $ns uid 0 state established,close-wait active shadow drop
		in any mark 0x1/0xff length 1-100 force drop
	END
	ctl save "$tmp/saved" && ctl flush && ctl load "$tmp/saved" &&
		ctl save "$tmp/again" && diff "$tmp/saved" "$tmp/again" &&
		[ "$(rules | wc -l)" = 8 ] && ctl flush
}

insert()
{
	ctl add name last in rst drop && ctl insert name last name first in rst pass &&
		[ "$(rules | head -n 1)" = "add name first in rst pass" ] &&
		ctl flush
}

# Rules are there for as long as the command runs; its status is ours.
run()
{
	local inside

	inside=$(ctl run in rst drop , out rst dport "{1, 2}" drop -- \
		sh -c "rstctl list | sed 's/ *#.*//'; exit 7")
	[ $? = 7 ] && [ "$inside" = "add in rst drop
add out rst dport {1, 2} drop" ] && [ ! "$(rules)" ]
}

# A service that ignores SIGPIPE, as systemd has it, goes on to ignore it.
run_ignores()
{
	(trap '' PIPE; ctl run in rst drop -- \
		grep -q 'SigIgn:.*[13579bdf]...$' /proc/self/status) &&
		ctl run in rst drop -- \
			grep -q 'SigIgn:.*[02468ace]...$' /proc/self/status
}

# Whether the rules are gone, which takes the kernel a moment.
wait_for_no_rules()
{
	local i

	for ((i = 0; i < 100; i++)); do
		[ "$(rules)" ] || return 0
		sleep 0.1
	done
	return 1
}

killed()
{
	local pid i

	rstctl -n "$ns" run in rst drop -- \
		sh -c "echo \$\$ >$tmp/pid; exec sleep 1000" &
	pid=$!
	for ((i = 0; i < 100; i++)); do
		[ ! -s "$tmp/pid" ] || break
		sleep 0.1
	done
	[ "$(rules)" = "add in rst drop" ] && kill -KILL "$pid" &&
		wait_for_no_rules
	i=$?
	wait "$pid" 2>/dev/null
	# What it ran goes on without it.
	kill "$(cat "$tmp/pid")"
	return "$i"
}

by_pid()
{
	local pid status

	ip netns exec "$ns" sleep 1000 &
	pid=$!
	while [ "$(readlink "/proc/$pid/ns/net")" = "$(readlink "/proc/$$/ns/net")" ]; do
		sleep 0.1
	done
	rstctl -p "$pid" add name there in rst drop &&
		[ "$(rules)" = "add name there in rst drop" ]
	status=$?
	kill "$pid"
	wait "$pid" 2>/dev/null
	ctl flush
	return "$status"
}

release()
{
	ctl add name a in rst sport 1-2 delay 1h &&
		ctl add name b in rst delay 1h && send 5 &&
		[ "$(stat held)" = 5 ] &&
		[ "$(ctl release name a)" = "released 2" ] &&
		[ "$(stat held) $(stat released)" = "3 2" ] &&
		[ "$(ctl release)" = "released 3" ] &&
		[ "$(stat held) $(stat balance)" = "0 0" ] && ctl flush
}

# Those of /proc/net/netlink that have joined a generic netlink group.
# shellcheck disable=SC2016 # for awk
listeners='$2 == 16 && $4 ~ /[1-9a-f]/'

# watch OPTION...: begin to write down what `monitor` says.
watch()
{
	rstctl -n "$ns" "$@" monitor >"$tmp/events" &
	watcher=$!
	while kill -0 "$watcher"; do
		[ ! "$(ip netns exec "$ns" awk "$listeners" /proc/net/netlink)" ] ||
			break
		sleep 0.1
	done
}

# watched LINES: end it when it has said so much.
watched()
{
	local i

	for ((i = 0; i < 100; i++)); do
		[ "$(wc -l <"$tmp/events")" -lt "$1" ] || break
		sleep 0.1
	done
	kill "$watcher"
	wait "$watcher"
}

# Events as they are told, each in a line of its own.
monitor()
{
	watch -j
	ctl add name watched in rst dport 9 drop && send 3
	watched 3 || return
	ctl flush
	[ "$(grep -c '"type":"fire".*"rule-name":"watched"' "$tmp/events")" = 3 ] ||
		sed 's/^/# /' "$tmp/events"
	[ "$(grep -c '"rule-name":"watched"' "$tmp/events")" = 3 ]
}

# Who reads it is gone, and nothing happens that it could be told.
monitor_unread()
{
	# shellcheck disable=SC2086 # several words
	timeout 20 ip netns exec "$ns" rstctl monitor $1 | true
	[ "${PIPESTATUS[0]}" = 0 ] && [ ! "$(rules)" ]
}

# Nor does it take somebody who reads the pipe for it to end.
monitor_stuck()
{
	local full=$((14 * $(getconf PAGESIZE))) stuck status=0 i

	mkfifo "$tmp/stuck"
	exec {stuck}<>"$tmp/stuck"
	ln -sf stuck "$tmp/events"
	watch
	# Each event takes more than 60 bytes, and a pipe has 16 pages.
	ctl add in rst drop && send $((full / 30)) && sleep 1 || status=1
	kill "$watcher"
	for ((i = 0; i < 100; i++)); do
		kill -0 "$watcher" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL "$watcher" 2>/dev/null
	wait "$watcher" || status=1
	[ "$(timeout 10 head -c "$full" <&"$stuck" | wc -c)" = "$full" ] ||
		status=1
	exec {stuck}<&-
	rm "$tmp/events"
	ctl flush
	return "$status"
}

# What nobody could read is not played.
play_unwritten()
{
	timeout 20 rstctl -n "$ns" play refused dport 9 >/dev/full 2>"$tmp/said"
	[ $? = 1 ] && grep -q "No space left on device" "$tmp/said" &&
		[ ! "$(rules)" ]
}

# A user that the user namespace does not know is no other one there.
unmapped_uid()
{
	local small=$ns-small other status

	# shellcheck disable=SC2016 # for that shell
	unshare -Urn sh -c '
		echo $$ >"$0/other"
		until [ -e "$0/go" ]; do sleep 0.1; done
		rstctl save "$0/saved"
		! rstctl load "$0/saved" 2>"$0/said"' "$tmp" &
	other=$!
	until [ -s "$tmp/other" ]; do
		kill -0 "$other" || return
		sleep 0.1
	done
	ip netns attach "$small" "$(<"$tmp/other")" &&
		rstctl -n "$small" add out rst uid 7 drop
	touch "$tmp/go"
	wait "$other"
	status=$?
	ip netns del "$small"
	[ "$status" = 0 ] && grep -q "uid 4294967295" "$tmp/saved" &&
		grep -q "your user namespace has no such user" "$tmp/said"
}

# Three segments: one is dropped, one is held, one is answered.
cause_events()
{
	ctl add name d in rst sport 1 drop
	ctl add name h in rst sport 2 delay 10ms
	ctl add name f in rst sport 3 forge and drop
	send 3
	watched 5
	ctl flush
}

monitor_text()
{
	watch
	cause_events
	sed -E 's/^[0-9:.]{15} /T /; s/ rule [0-9]+/ rule N/; s/held [0-9.]+ms/held H/' \
		"$tmp/events" | sort
}

monitor_json()
{
	watch -j
	cause_events
	sed -E 's/"(number|time|rule-id|held)":[0-9]+/"\1":N/g' "$tmp/events" |
		sort
}

# Two that do not read for a while: more is said than there is room for. Who has
# no say outside of a user namespace gets little of that.
flood()
{
	local reader pids=() small=$ns-small status=0 i name

	# shellcheck disable=SC2016 # for that shell
	unshare -Urn sh -c '
		ip link set lo up
		rstctl monitor >"$0/text" &
		text=$!
		rstctl -j monitor >"$0/json" &
		json=$!
		echo "$text $json" >"$0/pids"
		wait "$text" && wait "$json"' "$tmp" &
	reader=$!
	while kill -0 "$reader"; do
		[ ! -s "$tmp/pids" ] ||
			[ "$(awk "$listeners" "/proc/$reader/net/netlink" |
				wc -l)" -lt 2 ] || break
		sleep 0.1
	done
	read -ra pids <"$tmp/pids" || return
	ip netns attach "$small" "$reader" &&
		rstctl -n "$small" add in rst drop || status=1
	kill -STOP "${pids[@]}"
	ip netns exec "$small" "$resets" 127.0.0.1 127.0.0.1 "$flood" || status=1
	kill -CONT "${pids[@]}"
	# It is told when all that was not lost has been shown.
	for name in text json; do
		for ((i = 0; i < 100; i++)); do
			! tail -n 1 "$tmp/$name" | grep -q lost || break
			sleep 0.1
		done
	done
	kill "${pids[@]}"
	wait "$reader" || status=1
	ip netns del "$small"
	return "$status"
}

# accounts FILE: what was lost, and what was shown, are all that there were.
accounts()
{
	local lost

	lost=$(sed -n 's/^lost \([0-9]*\) events$/\1/p; s/^{"lost":\([0-9]*\)}$/\1/p' \
		"$tmp/$1")
	echo "# $1: ${lost//$'\n'/ and } of $flood events were lost"
	[[ $lost =~ ^[1-9][0-9]*$ ]] &&
		[ $((lost + $(wc -l <"$tmp/$1") - 1)) = "$flood" ]
}

texts="T fire in rule N d drop 127.0.0.1:1 > 127.0.0.1:9 R seq 1 len 0
T fire in rule N f forge and drop 127.0.0.1:3 > 127.0.0.1:9 R seq 1 len 0
T fire in rule N h delay 127.0.0.1:2 > 127.0.0.1:9 R seq 1 len 0
T release in rule N h delay 127.0.0.1:2 > 127.0.0.1:9 R seq 1 len 0 held H time
T sent in rule N f forge 127.0.0.1:9 > 127.0.0.1:3 R seq 0 ack 1 len 0 unknown"

# json_line TYPE NAME ACTION SPORT DPORT FLAGS SEQ REST
json_line()
{
	printf '{"type":"%s","number":N,"time":N,"rule-id":N,"rule-name":"%s","hook":"in","action":"%s",' "$1" "$2" "$3"
	printf '"tuple":{"family":"ip","saddr":"127.0.0.1","daddr":"127.0.0.1","sport":%s,"dport":%s},' "$4" "$5"
	printf '"flags":[%s],"seq":%s%s}\n' "$6" "$7" "$8"
}

jsons=$(
	json_line fire d drop 1 9 '"rst"' 1 ',"length":0'
	json_line fire f forge 3 9 '"rst"' 1 ',"length":0,"drop":true'
	json_line fire h delay 2 9 '"rst"' 1 ',"length":0'
	json_line release h delay 2 9 '"rst"' 1 \
		',"length":0,"held":N,"fate":"time"'
	json_line sent f forge 9 3 '"rst","ack"' 0 \
		',"ack":1,"length":0,"outcome":"unknown"'
)

trap cleanup EXIT
needs_module
ip netns add "$ns" || skip_all "cannot make a network namespace"
ip -n "$ns" link set lo up

plan 29
make_file
check "$many rules in one commit" load_many
ctl flush
wrong 5000 "add in rst sport 99999 drop" 1 \
	"sport 99999: a port is a number from 0 to 65535"
wrong 7777 "add name r3 in rst drop" 2 \
	"name r3: a rule of this name exists"
check "rules of who is root in a user namespace alone" alone_fits
if [ "$wmem_max" -le $((many * 80 / 2)) ]; then
	check "more of them than may be sent" alone_exceeds
else
	skip "more of them than may be sent" "net.core.wmem_max is large"
fi
check "a file that is right, checked alone" check_file
check "saved and loaded again" save_and_load
check "inserted" insert
check "rules of a command" run
check "a command ignores what rstctl ignored" run_ignores
check "rules of a command, and rstctl is killed" killed
check "in the netns of a process" by_pid
check "released" release
check "monitor" monitor
check "monitor whose reader is gone" monitor_unread ""
check "monitor --ladder whose reader is gone" monitor_unread "--ladder dport 9"
check "monitor whose reader does not read" monitor_stuck
check "play whose output cannot be written" play_unwritten
check "a user that the user namespace does not know" unmapped_uid
same "events as text" "$texts" "$(monitor_text)"
same "events as JSON" "$jsons" "$(monitor_json)"
check "more events than there is room for" flood
check "lost events" accounts text
check "lost events as JSON" accounts json
same "the balance of all of it" 0 "$(stat balance)"
finish
