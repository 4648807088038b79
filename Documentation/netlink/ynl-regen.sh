#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Generate the C files that follow from specs/rstfault.yaml.
#
#	ynl-regen.sh KSRC		write them into module/
#	ynl-regen.sh --check KSRC	compare; 1 if out of step
#
# KSRC is a kernel tree of 6.12 or newer, for its tools/net/ynl. Needs python3
# with the modules yaml and jsonschema. Exit status 4: the generator cannot run.
set -eu

check=
if [ "${1-}" = --check ]; then
	check=1
	shift
fi
ksrc=${1:?usage: ynl-regen.sh [--check] KSRC}
gen=tools/net/ynl/ynl-gen-c.py
[ -e "$ksrc/$gen" ] || gen=tools/net/ynl/pyynl/ynl_gen_c.py

# Debian's modules belong to Debian's python3, whichever comes first in PATH.
for python in python3 /usr/bin/python3; do
	"$python" -c 'import yaml, jsonschema' 2>/dev/null && break
	python=
done
if [ -z "$python" ] || [ ! -e "$ksrc/$gen" ]; then
	echo "ynl: the generator or python3-yaml, python3-jsonschema is missing" >&2
	exit 4
fi

top=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The generator looks for the schemas beside the spec's folder, and upwards for
# MAINTAINERS, which tells it where the tree begins.
mkdir -p "$scratch/Documentation/netlink/specs" "$scratch/module/uapi"
touch "$scratch/MAINTAINERS"
cp "$ksrc"/Documentation/netlink/*.yaml "$scratch/Documentation/netlink"
cp "$top/Documentation/netlink/specs/rstfault.yaml" \
	"$scratch/Documentation/netlink/specs"

# generate MODE PART FILE
generate()
{
	timeout 60 "$python" "$ksrc/$gen" --mode "$1" "--$2" \
		--spec "$scratch/Documentation/netlink/specs/rstfault.yaml" \
		-o "$scratch/module/$3"
}
generate uapi header uapi/rstfault.h
generate kernel header netlink_gen.h
# The generator's table of multicast groups cannot say who may listen.
sed -i '/^mcast-groups:/,$d' "$scratch/Documentation/netlink/specs/rstfault.yaml"
generate kernel source netlink_gen.c

status=0
for file in uapi/rstfault.h netlink_gen.h netlink_gen.c; do
	if [ -z "$check" ]; then
		cmp -s "$scratch/module/$file" "$top/module/$file" ||
			cp "$scratch/module/$file" "$top/module/$file"
	elif ! diff -u --label "module/$file" --label "from the spec" \
			"$top/module/$file" "$scratch/module/$file"; then
		status=1
	fi
done
[ "$status" = 0 ] || echo "ynl: out of step with the spec; run 'make ynl'" >&2
exit "$status"
