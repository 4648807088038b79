# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by check, check-kernels and check-debug, which set $dir, $top and $logs:
# parts of the tests, run side by side, and what came of them all.

say()
{
	printf '%s\n' "$*"
}

# Print "passed failed skipped" for KTAP. A test program's results are its own
# lines; where it has none, or dies with all of them good, the line of the
# runner about it counts.
count()
{
	awk '
	function result(line) {
		if (line ~ /^not ok/) { failed++; return -1 }
		if (line ~ /# SKIP/) skipped++; else passed++
		return 1
	}
	{ sub(/\r$/, "") }
	/^# (not )?ok [0-9]/ {
		inner++
		if (result(substr($0, 3)) < 0) inner_failed++
		next
	}
	/^(not )?ok [0-9]+ selftests: / {
		if (!inner || (/^not ok/ && !inner_failed)) result($0)
		inner = inner_failed = 0
		next
	}
	/^(not )?ok [0-9]/ { result($0) }
	END { print passed + 0, failed + 0, skipped + 0 }' "$1"
}

# tally LOG...: add up what tests say they have done, beside that they passed.
# Where a kernel was skipped, there is no log.
tally()
{
	cat "$@" 2>/dev/null | tr -d '\r' | awk '
	BEGIN {
		nr = split("messages fuzzed|packets fuzzed|requests|loads|" \
			   "network namespaces|connections|failures injected",
			   things, "|")
	}
	match($0, /^(# )+[0-9]+ /) {
		rest = substr($0, RLENGTH + 1)
		gsub(/# /, "")
		for (i = 1; i <= nr; i++) {
			if (index(rest, things[i]) == 1)
				sum[i] += $1
		}
	}
	END {
		for (i = 1; i <= nr; i++) {
			if (sum[i])
				line = line (line ? ", " : "") sum[i] " " things[i]
		}
		if (line)
			print line
	}'
}

passed=0
failed=0
skipped=0

# report NAME STATUS: add up the log of a part. A part that failed must have a
# test that did; no success by silence either. Where a machine has ended before
# its tests, those that it has not come to are one more.
report()
{
	local name=$1 status=$2 log=$logs/$1.log p f s

	read -r p f s < <(count "$log")
	if [ "$status" = 4 ] && [ $((p + f + s)) = 0 ]; then
		s=1
		say "$name: skipped: $(tail -n 1 "$log")"
	elif [ "$f" = 0 ] && { [ "$status" != 0 ] || [ $((p + s)) = 0 ]; }; then
		f=1
		say "$name: exit status $status, $p tests passed; the end of $log:"
		tail -n 40 "$log"
	else
		[ "$status" -le 1 ] || f=$((f + 1))
		say "$name: $p passed, $f failed, $s skipped"
		[ "$f" = 0 ] || grep -E '^(# )*(not ok|# .*(Expected|expected|got))' "$log"
		if [ "$status" -gt 1 ]; then
			say "$name: exit status $status; the end of $log:"
			tail -n 40 "$log"
		fi
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
}

# Parts that are running, by the process.
declare -A parts=()

# What to do with the name and the status of a part that has ended.
on_end=report

# Wait for the part that ends next.
finish()
{
	local pid status

	wait -n -p pid "${!parts[@]}"
	status=$?
	"$on_end" "${parts[$pid]}" "$status"
	unset "parts[$pid]"
}

# begin NAME COMMAND...: begin a part, as soon as there is a processor for it
begin()
{
	local name=$1

	shift
	[ "${#parts[@]}" -lt "$(nproc)" ] || finish
	"$@" >"$logs/$name.log" 2>&1 &
	parts[$!]=$name
}

# Tests of what races between processors, and those of them that say nothing on
# a single one.
racing=(hooks owners pinned races lifetimes module.sh)
smp_only=(races lifetimes module.sh)

# programs NAME...: where these tests are
programs()
{
	local name

	for name; do
		case $name in
		*.sh)	echo "$dir/$name" ;;
		*)	echo "$top/build/selftests/$name" ;;
		esac
	done
}

# Print where all of them are.
all_programs()
{
	make -s -C "$dir" KSRC="$("$dir/vm/source")" list
}

# suite KERNEL OPTION TEST...: selftests in a virtual machine
suite()
{
	local kernel=$1 option=$2

	shift 2
	# Unquoted on purpose: an option and its argument.
	# shellcheck disable=SC2086
	"$dir/vm/run" --kernel "$kernel" --silent-kernel $option \
		--timeout $((900 * ${RSTFAULT_RUNS:-1})) -- "$dir/suite" "$@"
}

# warped KERNEL TEST...: in warped time, on one processor. Many tests are dealt
# out to two machines. A warped clock can be no limit; that of vm/run, which is
# ours, is.
warped()
{
	local kernel=$1 first=() second=()

	shift
	if [ $# -lt 40 ]; then
		begin "linux-$kernel-warp" suite "$kernel" --warp "$@"
		return
	fi
	while [ $# -gt 0 ]; do
		first+=("$1")
		second+=("${@:2:1}")
		shift $(($# < 2 ? $# : 2))
	done
	begin "linux-$kernel-warp-1" suite "$kernel" --warp "${first[@]}"
	begin "linux-$kernel-warp-2" suite "$kernel" --warp "${second[@]}"
}

# one_processor KERNEL: all tests but those of races
one_processor()
{
	local kernel=$1 tests

	mapfile -t tests < <(all_programs |
		grep -v -x -F "$(programs "${smp_only[@]}")")
	warped "$kernel" "${tests[@]}"
}

# two_processors KERNEL: those of races
two_processors()
{
	local kernel=$1 tests

	mapfile -t tests < <(programs "${racing[@]}")
	begin "linux-$kernel-smp" suite "$kernel" "--smp 2" "${tests[@]}"
}
