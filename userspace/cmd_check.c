// SPDX-License-Identifier: GPL-2.0
/* rstctl check */

#include "cmd.h"
#include "load.h"

static int run_check(const struct options *options, int count,
		     char *const *words, struct err *err)
{
	return load_file(options, count, words, true, err);
}

const struct command cmd_check = {
	.name = "check",
	.syntax = "FILE",
	.summary = "find out whether a file could be loaded",
	.help =
"  rstctl check rules\n"
"\n"
"As `rstctl load`, but nothing is changed. The module is asked too, and so is\n"
"whether a rule could cut the SSH connection that this runs from.\n",
	.run = run_check,
};
