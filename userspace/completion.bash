# SPDX-License-Identifier: GPL-2.0
# bash completion of rstctl(8)

# Each line of `rstctl list` is "add [name N] ... # id N fired N".
_rstctl_rules()
{
	rstctl "${netns[@]}" list 2>/dev/null
}

_rstctl_interfaces()
{
	local path

	for path in /sys/class/net/*; do
		[[ -e $path ]] && printf '%s\n' "${path##*/}"
	done
}

_rstctl_netns()
{
	local path

	for path in /run/netns/*; do
		[[ -e $path ]] && printf '%s\n' "${path##*/}"
	done
}

# What rules there are: "name" and ids, or their names behind "name".
_rstctl_ref()
{
	if (($# == 0)); then
		echo name
		_rstctl_rules | sed -n 's/.* # id \([0-9]*\) .*/\1/p'
	elif (($# == 1)) && [[ $1 == name ]]; then
		_rstctl_rules | sed -n 's/.*add name \([^ ]*\) .*/\1/p'
	fi
}

# Print those of the words that were not used: _rstctl_unused USED WORD...
_rstctl_unused()
{
	local used=" $1 " word

	shift
	for word; do
		[[ $used == *" $word "* ]] || echo "$word"
	done
}

# The values of a keyword that has a list of them; nothing for a number.
_rstctl_value()
{
	case $1 in
	iif | oif)
		_rstctl_interfaces
		;;
	state)
		echo "established syn-sent syn-recv fin-wait-1 fin-wait-2" \
			"time-wait closed close-wait last-ack listening closing"
		;;
	cgroup)
		(cd /sys/fs/cgroup 2>/dev/null && compgen -d -- "$cur")
		;;
	per)
		echo packet connection
		;;
	to)
		echo "$targets both"
		;;
	seq)
		[[ $2 == mangle ]] || echo exact in-window out-of-window
		;;
	until)
		echo next
		;;
	and)
		echo drop pass
		;;
	esac
}

# The options that may follow those of an action: _rstctl_options ACTION WORD...
_rstctl_options()
{
	local action=$1 options="" valued="" used="" word value=""
	local targets="sender receiver"

	shift
	case $action in
	delay)
		options="jitter until"
		valued=" jitter until "
		value=delay
		;;
	forge)
		options="to seq ack noack badack count every after ttl badsum and"
		valued=" to seq count every after ttl and "
		;;
	mangle)
		options="seq ack ttl badsum"
		valued=" seq ack ttl "
		;;
	duplicate)
		options="every"
		valued=" every "
		value=duplicate
		;;
	inject)
		targets="local peer"
		options="ip ip6 saddr daddr sport dport uid mark state to seq"
		options+=" ack noack badack ttl badsum force"
		valued=" saddr daddr sport dport uid mark state to seq ttl "
		;;
	esac
	for word; do
		if [[ $value ]]; then
			value=""
			continue
		fi
		used+=" $word"
		[[ $valued == *" $word "* ]] && value=$word
	done
	if [[ $value ]]; then
		_rstctl_value "$value" "$action"
	else
		# Unquoted on purpose: a list of words.
		# shellcheck disable=SC2086
		_rstctl_unused "$used" $options
	fi
}

# The words that may follow those of a rule; none where a number or an address
# is due.
_rstctl_rule()
{
	local hooks="in out input output forward"
	local segments="rst syn synack ack data fin any flags"
	local matches="ip ip6 saddr daddr sport dport mark length uid cgroup"
	local counting=" probability skip every limit nth bytes "
	local gates="$counting seed for shadow force"
	local actions=" pass drop delay forge mangle duplicate "
	local valued=" saddr daddr sport dport mark length uid cgroup state"
	local hook word value="" last="" used=""

	valued+=" iif oif for seed per $counting"
	if [[ $1 == name ]]; then
		(($# == 1)) && return
		shift 2
	elif (($# == 0)); then
		echo name
	fi
	(($# == 0)) && echo "$hooks" && return
	hook=$1
	(($# == 1)) && echo "$segments" && return
	[[ $2 == rst && $hook == out* ]] && matches+=" active passive"
	[[ $2 == flags || $2 == *,flags ]] && value=flags
	shift 2
	for word; do
		shift
		if [[ $value ]]; then
			last=$value
			value=""
			continue
		fi
		if [[ $actions == *" $word "* ]]; then
			_rstctl_options "$word" "$@"
			return
		fi
		last=""
		used+=" $word"
		[[ $valued == *" $word "* ]] && value=$word
	done
	if [[ $value ]]; then
		_rstctl_value "$value"
		return
	fi
	[[ $hook != out* ]] && matches+=" iif"
	[[ $hook != in* ]] && matches+=" oif"
	[[ $last && $counting == *" $last "* ]] && echo per
	# Unquoted on purpose: lists of words.
	# shellcheck disable=SC2086
	_rstctl_unused "$used" $matches state $gates
	echo "$actions"
}

# Several rules with commas between them, and a program behind `--`.
_rstctl_run()
{
	local rule=() word

	for word; do
		shift
		case $word in
		--)
			if (($# == 0)); then
				compgen -c -- "$cur"
			else
				compgen -f -- "$cur"
			fi
			return
			;;
		,)
			rule=()
			;;
		*)
			rule+=("$word")
			;;
		esac
	done
	_rstctl_rule "${rule[@]}"
	((${#rule[@]} > 2)) && echo ", --"
}

# Connections, for a sequence diagram.
_rstctl_watch()
{
	local options="--color=always --color=auto --color=never"
	local valued=" saddr daddr sport dport " word value="" used=""

	if (($# == 0)); then
		echo --ladder
		return
	fi
	shift
	(($# > 0)) && options=""
	for word; do
		if [[ $value ]]; then
			value=""
			continue
		fi
		used+=" $word"
		[[ $valued == *" $word "* ]] && value=$word
	done
	# Unquoted on purpose: lists of words.
	# shellcheck disable=SC2086
	[[ $value ]] || _rstctl_unused "$used" $options ip ip6 $valued
}

# A scenario, and behind it matches and options; --dry-run anywhere.
_rstctl_play()
{
	local scenarios="refused filtered reset late-reset lost-reset half-open"
	local options="ip ip6 saddr daddr sport dport iif oif mark uid cgroup"
	local valued=" saddr daddr sport dport iif oif mark length uid cgroup"
	local scenario="" used="" value="" word

	scenarios+=" crash blind-reset"
	valued+=" state for delay name "
	for word; do
		if [[ $value ]]; then
			value=""
		elif [[ $word == --dry-run ]]; then
			used+=" $word"
		elif [[ ! $scenario ]]; then
			scenario=$word
		else
			used+=" $word"
			[[ $valued == *" $word "* ]] && value=$word
		fi
	done
	if [[ $value ]]; then
		_rstctl_value "$value"
		return
	fi
	case $scenario in
	"")
		options=$scenarios
		;;
	refused | filtered)
		options+=" for name force"
		;;
	*)
		[[ $scenario == late-reset ]] && options+=" delay"
		[[ $scenario == reset || $scenario == blind-reset ]] &&
			options+=" length"
		options+=" state for name force"
		;;
	esac
	# Unquoted on purpose: a list of words.
	# shellcheck disable=SC2086
	_rstctl_unused "$used" $options --dry-run
}

_rstctl()
{
	local commands="add insert del list flush load check save run play"
	local cur=${COMP_WORDS[COMP_CWORD]}
	local words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
	local netns=() list="" prefix="" skip=1

	commands+=" inject release stats monitor ladder version help"
	COMPREPLY=()
	while [[ ${words[0]} == -* ]]; do
		case ${words[0]} in
		-n | --netns | -p | --pid)
			if ((${#words[@]} == 1)); then
				if [[ ${words[0]} == -*p* ]]; then
					mapfile -t COMPREPLY < <(compgen -W \
						"$(cd /proc && echo [0-9]*)" \
						-- "$cur")
					return
				fi
				if [[ $cur == */* ]]; then
					mapfile -t COMPREPLY < <(
						compgen -f -- "$cur")
					return
				fi
				list=$(_rstctl_netns)
				break
			fi
			netns=("${words[0]}" "${words[1]}")
			words=("${words[@]:2}")
			;;
		*)
			words=("${words[@]:1}")
			;;
		esac
	done
	case ${words[0]} in
	"")
		list="$commands -n -p -j -h -V"
		[[ $cur == --* ]] &&
			list="--help --json --netns --pid --version"
		;;
	add)
		list=$(_rstctl_rule "${words[@]:1}")
		;;
	insert)
		[[ ${words[1]} == name ]] && skip=2
		if ((${#words[@]} <= skip)); then
			list=$(_rstctl_ref "${words[@]:1}")
		else
			list=$(_rstctl_rule "${words[@]:skip + 1}")
		fi
		;;
	run)
		list=$(_rstctl_run "${words[@]:1}")
		;;
	play)
		list=$(_rstctl_play "${words[@]:1}")
		;;
	inject)
		list=$(_rstctl_options inject "${words[@]:1}")
		;;
	del)
		[[ ${words[1]} == name ]] && skip=2
		if ((${#words[@]} <= skip)); then
			list=$(_rstctl_ref "${words[@]:1}")
		elif ((${#words[@]} == skip + 1)); then
			list=force
		fi
		;;
	release)
		list=$(_rstctl_ref "${words[@]:1}")
		;;
	monitor)
		list=$(_rstctl_watch "${words[@]:1}")
		;;
	ladder)
		if [[ $cur != -* ]]; then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
		fi
		list="--svg --color=always --color=auto --color=never"
		;;
	load | check | save)
		if ((${#words[@]} == 1)); then
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
		fi
		;;
	help)
		((${#words[@]} == 1)) && list=$commands
		;;
	esac
	# Segments and states are lists: complete what is behind the last comma.
	if [[ $cur == *,* && ($list == rst* || $list == established*) ]]; then
		prefix=${cur%,*},
		cur=${cur##*,}
	fi
	mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$list" -- "$cur")
}

complete -F _rstctl rstctl
