# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Sourced by style and analyze: how the kernel's build uses clang.

# Debian's kernels are made by gcc. What their configuration asks of gcc alone
# is switched off for clang.
# shellcheck disable=SC2034
clang_options=(
	CC=clang CONFIG_CC_IS_GCC= CONFIG_CC_IS_CLANG=y
	CONFIG_RETHUNK= CONFIG_MITIGATION_RETHUNK= CONFIG_SLS=
	CONFIG_MITIGATION_SLS= CONFIG_FTRACE_MCOUNT_USE_CC=
	CONFIG_INIT_STACK_ALL_ZERO= CONFIG_GCC_PLUGINS=
	CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=
	"KCFLAGS=-Wno-unknown-warning-option -Wno-unused-command-line-argument"
)
