// SPDX-License-Identifier: GPL-2.0
/* rstctl load */

#include "cmd.h"
#include "load.h"

static int run_load(const struct options *options, int count,
		    char *const *words, struct err *err)
{
	return load_file(options, count, words, false, err);
}

const struct command cmd_load = {
	.name = "load",
	.syntax = "FILE",
	.summary = "make the rules of a file the whole ruleset",
	.help =
"  rstctl load rules\n"
"  rstctl save | sed 's/192\\.0\\.2\\./198.51.100./' | rstctl load -\n"
"\n"
"The rules that there are go, and those of the file come, at one moment: no\n"
"segment sees a mix. If one line is wrong, everything stays as it is.\n"
"\n"
"There is one rule a line, with or without the word `add` in front of it,\n"
"quoted as `rstctl list` does it. What is behind a '#' is a comment. An empty\n"
"file deletes every rule. '-' is standard input.\n",
	.run = run_load,
};
