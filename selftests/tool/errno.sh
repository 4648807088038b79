#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Is there every test that Documentation/errno.rst names? Each cell of its tables,
# but those of the first column, has to name one: ``PROGRAM TEST``.
#
#	selftests/tool/errno.sh
#
# The programs are in build/selftests; OUTPUT=DIR names another directory.

dir=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$(dirname "$dir")")
page=$top/Documentation/errno.rst
output=${OUTPUT:-$top/build/selftests}
# shellcheck source-path=SCRIPTDIR source=../lib.sh
. "$dir/../lib.sh"
declare -A lists

# Print each cell: number of its line, number of its column, text; parted by
# tabs. Heads of tables are left out.
cells()
{
	awk -v OFS='\t' '
	function flush() {
		if (text != "" && row > heads) print line, column, text
		text = ""
	}
	function begin() { flush(); line = NR; text = substr($0, 8) }
	/^\.\. list-table::/ { table = 1; row = heads = 0; next }
	!table { next }
	/^[^ ]/ { flush(); table = 0; next }
	/^   :header-rows:/ { heads = $2; next }
	/^   \* - / { flush(); row++; begin(); column = 1; next }
	/^     - / { begin(); column++; next }
	/^       / { text = text " " substr($0, 8) }
	END { flush() }' "$page"
}

# Print the tests that a cell names, one a line.
named()
{
	# shellcheck disable=SC2016
	grep -oE '``[a-z0-9_]+ [a-z0-9_]+``' <<<"$1" | tr -d '`'
}

# exists PROGRAM TEST
exists()
{
	[ "${lists[$1]-}" ] ||
		lists[$1]=" $("$output/$1" -l 2>&1 | awk '{ print $NF }' |
			tr '\n' ' ')"
	[[ ${lists[$1]} == *" $2 "* ]]
}

# Does the text of a cell name tests, and is there each of them?
proved()
{
	local tests program name good=0

	tests=$(named "$1")
	[ "$tests" ] || {
		echo "# no test is named"
		return 1
	}
	while read -r program name; do
		exists "$program" "$name" || {
			echo "# there is no test '$program $name'"
			good=1
		}
	done <<<"$tests"
	return "$good"
}

rows=$(cells)
number=$(awk -F '\t' '$2 > 1' <<<"$rows" | grep -c .)
# No success by silence.
if [ "$number" -lt 100 ]; then
	plan 1
	not_ok "errno.rst: only $number cells found"
	finish
fi

plan "$number"
while IFS=$'\t' read -r line column text; do
	if [ "$column" = 1 ]; then
		state=$text
	else
		check "errno.rst:$line: $state" proved "$text"
	fi
done <<<"$rows"
finish
