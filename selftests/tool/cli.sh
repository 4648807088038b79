#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# rstctl as a shell sees it: exit statuses, and what goes to which output.
# Needs no module and no privilege; what needs either is skipped without it.
#
#   PATH=build/userspace:$PATH selftests/tool/cli.sh

KSFT_FAIL=1
KSFT_SKIP=4
PLAN=173

LC_ALL=C
export LC_ALL

rstctl=$(command -v "${RSTCTL:-rstctl}") || {
	echo "TAP version 13"
	echo "1..0 # SKIP there is no rstctl in PATH; RSTCTL=FILE names one"
	exit $KSFT_SKIP
}
dir=$(mktemp -d) || exit $KSFT_FAIL
trap 'rm -rf "$dir"' EXIT
# Another user has to get at the tool too.
chmod 755 "$dir"
cp "$rstctl" "$dir/rstctl"
cd "$dir" || exit $KSFT_FAIL

number=0
failed=0

# result NAME: the status of the last command tells whether it passed
result()
{
	status=$?
	number=$((number + 1))
	name=$(printf '%s' "$1" | tr -c '[:print:]' '?')
	if [ $status -eq 0 ]; then
		echo "ok $number $name"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $number $name"
	printf '# exit status %s\n' "$got"
	sed 's/^/# stdout: /' out
	sed 's/^/# stderr: /' err
}

skip()
{
	number=$((number + 1))
	echo "ok $number $1 # SKIP $2"
}

# run COMMAND...: its exit status in $got, its output in out and err
run()
{
	"$@" >out 2>err </dev/null
	got=$?
}

# is_error STATUS TEXT: nothing on stdout, on stderr one line with that text
is_error()
{
	[ "$got" -eq "$1" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q '^rstctl: ' err && grep -qF -- "$2" err
}

# says TEXT: success, the text on stdout, nothing on stderr
says()
{
	[ "$got" -eq 0 ] && [ ! -s err ] && grep -qF -- "$1" out
}

# wrong TEXT WORD...: that command line is wrong, and the error has that text
wrong()
{
	text=$1
	shift
	run ./rstctl "$@"
	is_error 1 "$text"
	result "wrong: rstctl $*"
}

# refuses TEXT WORD...: the command is right, but refused
refuses()
{
	text=$1
	shift
	run ./rstctl "$@"
	is_error 2 "$text"
	result "refused: rstctl $*"
}

# helps TEXT WORD...: rstctl explains, with that text
helps()
{
	text=$1
	shift
	run ./rstctl "$@"
	says "$text"
	result "rstctl $*"
}

# as_nobody COMMAND...: without privileges
as_nobody()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}

echo "TAP version 13"
echo "1..$PLAN"

helps "Usage: rstctl" help
helps "Usage: rstctl" --help
helps "Usage: rstctl" -h
for command in add insert del list flush load check save run play inject \
	release stats monitor ladder version help; do
	helps "  $command " help
	helps "Usage: rstctl $command" help $command
	helps "Usage: rstctl $command" $command --help
done
helps "Usage: rstctl add" add -h
helps "rstctl " -V
helps "rstctl " --version

run ./rstctl -V
[ "$(grep -c . out)" -eq 1 ] && grep -qxE 'rstctl [0-9]+\.[0-9]+\.[0-9]+.*' out
result "the version looks like one"

wrong "a command is missing; one of: add, insert, del, list, flush, load, check, save, run, play, inject, release, stats, monitor, ladder, version, help"
wrong "did you mean 'list'?" lst
wrong "'' is not a command" ""
wrong "did you mean 'flush'?" help fluhs
wrong "one command at a time" help add del
wrong "'-x' is not an option" -x
wrong "'--xyz' is not an option" --xyz list
wrong "'-jx' is not an option" -jx list
wrong "-n: a network namespace is missing" -n
wrong "--netns: a network namespace is missing" --netns
wrong "options go in front of it" list -j
wrong "'x' is too much: nothing follows 'list'" list x
wrong "'x' is too much: nothing follows 'flush'" flush x
wrong "'x' is too much: nothing follows 'version'" version x
wrong "-j: 'add' has no JSON output" -j add in rst drop
wrong "-j: 'flush' has no JSON output" --json flush
wrong "-p: a process is missing" -p
wrong "--pid: a process is missing" --pid
wrong "the id of a process is a number" -p 0 list
wrong "the id of a process is a number" -p 01 list
wrong "the id of a process is a number" --pid init list
wrong "there is no such process" -p 2147483647 list
wrong "one network namespace at a time" -n blue -p 1 list
wrong "one network namespace at a time" -p 1 -n blue list

wrong "a rule needs a hook" add
wrong "a rule needs a segment" add in
wrong "a rule needs an action" add in rst
wrong "did you mean 'drop'?" add in rst drp
wrong "dport: a port is missing" add in rst dport
wrong "dport 70000: a port is a number from 0 to 65535" \
	add in rst dport 70000 drop
wrong "host" add in rst saddr host drop
wrong "the rule is missing" del
wrong "'lost' is not an id" del lost
wrong "name: a name is missing" del name
wrong "the rule is missing" insert
wrong "a rule needs a hook" insert 3
wrong "'in' is not an id" insert in rst drop
wrong "'x' is too much: one rule at a time" release 3 x
wrong "the name of a file is missing" load
wrong "one file at a time" check a b
wrong "one file at a time" save a b
wrong "no-such-file: cannot open it: No such file or directory" load no-such-file
wrong ".: cannot read it: Is a directory" check .
wrong "a command is missing: '--'" run in rst drop
wrong "a command is missing: '--'" run in rst drop --
wrong "a rule needs a hook" run -- true
wrong "rule 2: a rule needs a hook" run in rst drop , -- true
wrong "a scenario is missing" play
wrong "no match is given" play crash --dry-run
wrong "no match is given" inject
wrong "no match is given" inject to local
wrong "'iif' cannot be asked about a socket" inject iif lo
wrong "'x' is too much: nothing follows 'stats'" stats x
wrong "'x' is too much: only --ladder and its matches follow 'monitor'" monitor x
wrong "'sprt' is not a match of connections; one of: ip, ip6, saddr, daddr, sport, dport (did you mean 'sport'?)" monitor --ladder sprt 80
wrong "--color=red: this is one of always, never, auto" monitor --ladder --color=red
wrong "-j: 'ladder' has no JSON output" -j ladder
printf '\nx\n' >recording
wrong "recording:2: column 1: '{' is expected" ladder recording
printf '{"lost":1}\n' >recording
helps "lost 1 event: segments are missing" ladder recording

printf '{"lost":1}\n{"type":"fi' >recording
helps "the recording ends within a line" ladder recording

printf 'in rst drop\n\nin rst drp\n' >rules
wrong "rstctl: rules:3: 'drp' is not an action" load rules
wrong "rstctl: rules:3: 'drp' is not an action" check rules
./rstctl load - <rules >out 2>err
got=$?
is_error 1 "rstctl: standard input:3: 'drp' is not an action"
result "a file on standard input"

# The first ten wrong lines are told, and no more.
awk 'BEGIN { for (i = 1; i < 20; i++) print "in rst no" i }' >rules
run ./rstctl load rules
[ "$got" -eq 1 ] && [ "$(wc -l <err)" -eq 10 ] &&
	[ "$(grep -c "^rstctl: rules:[0-9]*: 'no" err)" -eq 10 ]
result "many wrong lines"

# guarded WORD...: refused, as it could cut the connection that this comes by
guarded()
{
	run env SSH_CONNECTION="192.0.2.1 5000 192.0.2.2 22" ./rstctl "$@"
	is_error 1 "could cut the SSH connection that rstctl is run from, 192.0.2.1:5000 to 192.0.2.2:22"
	result "guarded: rstctl $*"
}

echo "in data dport 22 drop" >rules
guarded add in any drop
guarded insert 1 out any saddr 192.0.2.2 delay 1s
guarded load rules
guarded check rules
guarded run in rst drop , in ack forge -- true
guarded play reset dport 22

# A network namespace whose name is mistyped is what is wrong then.
SSH_CONNECTION="192.0.2.1 5000 192.0.2.2 22"
export SSH_CONNECTION
no_netns="there is no network namespace of that name"
wrong "$no_netns" -n no-such-netns add in any dport 22 drop
wrong "$no_netns" -n no-such-netns insert 1 in any dport 22 drop
wrong "$no_netns" -n no-such-netns run in any dport 22 drop -- true
wrong "$no_netns" -n no-such-netns load rules
unset SSH_CONNECTION


# What is only shown needs neither module nor privilege, and can be checked.
./rstctl play crash dport 80 --dry-run >rules 2>err
got=$?
[ "$got" -eq 0 ] && [ ! -s err ] && [ "$(grep -c '^add ' rules)" -eq 8 ]
result "rstctl play --dry-run"
run ./rstctl -j play --dry-run crash dport 80
says '"scenario":"crash"'
result "rstctl -j play --dry-run"

# A control character of the user must not get to the terminal.
wrong "?[31mred" "$(printf '\033[31mred')"
wrong "a?b" add "$(printf 'a\nb')"
wrong "'a?2J?'" add "$(printf 'a\302\2332J\233')"
wrong "$(printf "'\303\251?'")" add "$(printf '\303\251\177')"

wrong "there is no network namespace of that name" -n no-such-netns list
wrong "there is no such file" -n ./no-such-file list
wrong "not a network namespace" -n /dev/null list
wrong "not the name of a network namespace" -n "" list
wrong "not the name of a network namespace" -n .. list
# The command is looked at first, so that nothing is opened for a wrong one.
wrong "a rule needs a hook" -n no-such-netns add

if [ -c /dev/full ]; then
	./rstctl help >/dev/full 2>err
	got=$?
	: >out
	is_error 1 "cannot write the output: No space left on device"
	result "a full device"
else
	skip "a full device" "there is no /dev/full"
fi

./rstctl help >&- 2>err
got=$?
: >out
is_error 1 "cannot write the output: Bad file descriptor"
result "a closed output"

# Else what is opened first, a socket say, would get what is printed.
./rstctl -n /proc/self/fd/1 list >&- 2>err
got=$?
: >out
is_error 1 "not a network namespace"
result "a closed output does not become another file"

{
	# Starts when the reader is gone.
	sleep 0.2
	./rstctl help 2>err
	echo $? >status
} | :
got=$(cat status)
: >out
is_error 1 "cannot write the output: Broken pipe"
result "a closed pipe"

# It does not go on to read what nobody sees.
event='{"type":"fire","time":1,"hook":"in","action":"drop","tuple":{"family":"ip","saddr":"192.0.2.1","daddr":"192.0.2.2","sport":1,"dport":2},"flags":["rst"],"seq":'
i=0
while [ $i -lt 100 ]; do
	echo "$event$i}"
	i=$((i + 1))
done >recording
{
	sleep 0.2
	{ cat recording; sleep 6; } 2>/dev/null |
		timeout 5 ./rstctl ladder 2>err
	echo $? >status
} | :
got=$(cat status)
: >out
is_error 1 "cannot write the output: Broken pipe"
result "a ladder and a closed pipe"

run ./rstctl version
if grep -q "^rstfault is not loaded" out; then
	says "rstctl "
	result "version without the module"
	refuses "load the module first (modprobe rstfault)" list
	refuses "load the module first (modprobe rstfault)" -j list
	refuses "load the module first (modprobe rstfault)" add in rst drop
	refuses "load the module first (modprobe rstfault)" del 1
	refuses "load the module first (modprobe rstfault)" flush
	refuses "load the module first (modprobe rstfault)" insert 1 in rst drop
	refuses "load the module first (modprobe rstfault)" load /dev/null
	refuses "load the module first (modprobe rstfault)" check /dev/null
	refuses "load the module first (modprobe rstfault)" save
	refuses "load the module first (modprobe rstfault)" run in rst drop -- true
	refuses "load the module first (modprobe rstfault)" play reset ip
	refuses "load the module first (modprobe rstfault)" inject dport 80
	refuses "load the module first (modprobe rstfault)" release
	refuses "load the module first (modprobe rstfault)" -j stats
	refuses "load the module first (modprobe rstfault)" -j monitor
else
	for command in version list "-j list" add del flush insert load check \
		save run play inject release stats monitor; do
		skip "$command without the module" "the module is loaded"
	done
fi

if ! as_nobody true 2>/dev/null; then
	skip "an unprivileged user enters a netns" "setpriv does not work here"
	skip "an unprivileged user lists" "setpriv does not work here"
	for command in help ladder "play --dry-run" version; do
		skip "an unprivileged user: $command" \
			"setpriv does not work here"
	done
else
	run as_nobody ./rstctl -n /proc/self/ns/net list
	is_error 2 "not permitted: CAP_SYS_ADMIN is needed"
	result "an unprivileged user enters a netns"
	run as_nobody ./rstctl list
	if grep -q "modprobe rstfault" err; then
		skip "an unprivileged user lists" "the module is not loaded"
	else
		is_error 2 "not permitted: CAP_NET_ADMIN is needed"
		result "an unprivileged user lists"
	fi
	run as_nobody ./rstctl help
	says "Usage: rstctl"
	result "an unprivileged user: help"
	run as_nobody ./rstctl ladder
	[ "$got" -eq 0 ] && [ ! -s err ]
	result "an unprivileged user: ladder"
	run as_nobody ./rstctl play crash dport 80 --dry-run
	says "# crash: "
	result "an unprivileged user: play --dry-run"
	run as_nobody ./rstctl version
	if grep -q "^rstfault is not loaded" out; then
		says "rstctl "
	else
		[ "$got" -eq 2 ] && grep -q "CAP_NET_ADMIN is needed" err
	fi
	result "an unprivileged user: version"
fi

# With privileges a netns can be entered, by its path and by its name.
if [ "$(id -u)" -eq 0 ] && unshare -n true 2>/dev/null; then
	run ./rstctl -n /proc/self/ns/net version
	says "rstctl "
	result "a netns by its path"
	run ./rstctl -p $$ version
	says "rstctl "
	result "a netns by a process"
else
	skip "a netns by its path" "not permitted"
	skip "a netns by a process" "not permitted"
fi

if [ $number -ne $PLAN ]; then
	echo "# $number tests ran, $PLAN were planned"
	failed=1
fi
[ $failed -eq 0 ] || exit $KSFT_FAIL
