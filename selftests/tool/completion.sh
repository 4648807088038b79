#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The completion of bash: which words it offers behind others.
#
#	selftests/tool/completion.sh

dir=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$(dirname "$dir")")
number=0
failed=0

# A ruleset, as rstctl would list it.
rstctl()
{
	echo "add name lost in rst drop # id 3 fired 0"
	echo "add out rst pass # id 14 fired 2"
}

# shellcheck source=/dev/null
. "$top/userspace/completion.bash"

# offers WANT WORD...: behind these words, of which the last is begun; a WANT
# that begins with '+' is only a part of what is offered
offers()
{
	local want=$1 got

	shift
	COMP_WORDS=(rstctl "$@")
	COMP_CWORD=$#
	_rstctl
	got="${COMPREPLY[*]}"
	number=$((number + 1))
	if [ "$got" = "$want" ] ||
	   [[ $want == +* && " $got " == *" ${want#+} "* ]]; then
		echo "ok $number rstctl $*"
		return
	fi
	failed=1
	echo "not ok $number rstctl $*"
	echo "# got: $got"
}

echo "TAP version 13"
# What rstctl itself has, so that nothing new is forgotten here.
commands=$(sed -n '/&cmd_add, /,/};/p' "$top/userspace/rstctl.c" |
	grep -o 'cmd_[a-z]*' | sed 's/cmd_//' | tr '\n' ' ')
options=$(sed -n 's/.*{ "\([a-z]*\)", [a-z]*_argument.*/--\1/p' \
	"$top/userspace/rstctl.c" | tr '\n' ' ')

scenarios=$(sed -n 's/.*\.name = "\([a-z-]*\)".*/\1/p' \
	"$top/userspace/scenario.c" | tr '\n' ' ')

echo "1..75"

offers "$commands-n -p -j -h -V" ""
offers "${options% }" --
offers "--pid" --p
offers "monitor" --json m
offers "stats" st
offers "list load ladder" l
offers "monitor" -j m
offers "name in out input output forward" add ""
offers "input" add inp
offers "" add name ""
offers "in out input output forward" add name x ""
offers "rst syn synack ack data fin any flags" add in ""
offers "rst,syn rst,synack" add in rst,s
offers "" add in rst,flags ""
offers "ip ip6 saddr daddr sport dport mark length uid cgroup iif state probability skip every limit nth bytes seed for shadow force pass drop delay forge mangle duplicate" add in rst ""
offers "+oif" add out rst ""
offers "active" add out rst a
offers "" add in rst a
offers "+state" add in flags syn/syn s
offers "established" add in any state e
offers "closed,closing" add in any state closed,closi
offers "" add in any dport ""
offers "dport" add in any sport 80 dp
offers "" add in any sport 80 sp
offers "per" add in any limit 5 per
offers "packet connection" add in any limit 5 per ""
offers "" add in any seed 5 per
offers "shadow" add in any for 5m sh
offers "" add in any drop ""
offers "" add in any delay ""
offers "jitter until" add in any delay 5s ""
offers "next" add in any delay 5s until ""
offers "until" add in any delay 5s jitter 1s ""
offers "to seq ack noack badack count every after ttl badsum and" add in any forge ""
offers "sender receiver both" add in any forge to ""
offers "exact in-window out-of-window" add in any forge seq ""
offers "drop pass" add in any forge count 3 and ""
offers "seq ack ttl badsum" add in rst mangle ""
offers "" add in rst mangle seq ""
offers "every" add in rst duplicate 3 ""
offers "name 3 14" del ""
offers "lost" del name ""
offers "force" del 3 ""
offers "force" del name lost ""
offers "" del name lost force ""
offers "name 3 14" release ""
offers "name 3 14" insert ""
offers "name in out input output forward" insert 3 ""
offers "lost" insert name ""
offers "in out input output forward" insert name lost name x ""
offers "+--" run in rst drop ""
offers "name in out input output forward" run in rst drop , ""
offers "+true" run in rst drop -- tru
offers "$scenarios--dry-run" play ""
offers "late-reset lost-reset" play l
offers "${scenarios% }" play --dry-run ""
offers "ip ip6 saddr daddr sport dport iif oif mark uid cgroup for name force --dry-run" play refused ""
offers "+delay" play late-reset ""
offers "daddr dport" play refused d
offers "length" play reset dport 80 l
offers "" play refused l
offers "closed,closing" play --dry-run reset state closed,closi
offers "" play crash dport ""
offers "" play crash dport 80 dp
offers "force" play crash --dry-run dport 80 for 5m fo
offers "local peer both" inject dport 80 to ""
offers "+force" inject ""
offers "exact in-window out-of-window" inject seq ""
offers "stats" help st
offers "--ladder" monitor ""
offers "--color=always --color=auto --color=never ip ip6 saddr daddr sport dport" monitor --ladder ""
offers "" monitor --ladder dport ""
offers "ip ip6 saddr daddr sport" monitor --ladder --color=never dport 80 ""
offers "--svg" ladder --s
offers "--color=never" ladder --color=n

[ $failed = 0 ]
