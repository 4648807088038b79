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

# The words that may follow those of a rule; none where a number or an address
# is due.
_rstctl_rule()
{
	local hooks="in out input output forward"
	local segments="rst syn synack ack data fin any"
	local matches="ip ip6 saddr daddr sport dport"
	local actions="pass drop"
	local hook word used=" "

	if [[ $1 == name ]]; then
		(($# == 1)) && return
		shift 2
	elif (($# == 0)); then
		echo name
	fi
	(($# == 0)) && echo "$hooks" && return
	hook=$1
	(($# == 1)) && echo "$segments" && return
	shift 2
	case ${*: -1} in
	saddr | daddr | sport | dport)
		return
		;;
	iif | oif)
		_rstctl_interfaces
		return
		;;
	esac
	for word; do
		[[ " $actions " == *" $word "* ]] && return
		used+="$word "
	done
	[[ $hook != out* ]] && matches+=" iif"
	[[ $hook != in* ]] && matches+=" oif"
	for word in $matches; do
		[[ $used == *" $word "* ]] || echo "$word"
	done
	echo "$actions"
}

_rstctl()
{
	local commands="add del list flush version help"
	local cur=${COMP_WORDS[COMP_CWORD]}
	local words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
	local netns=() list="" prefix=""

	COMPREPLY=()
	while [[ ${words[0]} == -* ]]; do
		case ${words[0]} in
		-n | --netns)
			if ((${#words[@]} == 1)); then
				if [[ $cur == */* ]]; then
					mapfile -t COMPREPLY < <(
						compgen -f -- "$cur")
					return
				fi
				list=$(_rstctl_netns)
				break
			fi
			netns=(-n "${words[1]}")
			words=("${words[@]:2}")
			;;
		*)
			words=("${words[@]:1}")
			;;
		esac
	done
	case ${words[0]} in
	-*)
		;;
	"")
		list="$commands -n -j -h -V"
		;;
	add)
		list=$(_rstctl_rule "${words[@]:1}")
		# Segments are a list: complete what is behind the last comma.
		if [[ $cur == *,* && $list == rst* ]]; then
			prefix=${cur%,*},
			cur=${cur##*,}
		fi
		;;
	del)
		if ((${#words[@]} == 1)); then
			list="name $(_rstctl_rules |
				sed -n 's/.* # id \([0-9]*\) .*/\1/p')"
		elif ((${#words[@]} == 2)) && [[ ${words[1]} == name ]]; then
			list=$(_rstctl_rules |
				sed -n 's/.*add name \([^ ]*\) .*/\1/p')
		fi
		;;
	help)
		((${#words[@]} == 1)) && list=$commands
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$list" -- "$cur")
}

complete -F _rstctl rstctl
