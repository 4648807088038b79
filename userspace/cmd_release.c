// SPDX-License-Identifier: GPL-2.0
/* rstctl release */

#include <stdio.h>

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"

static int run_release(const struct options *options, int count,
		       char *const *words, struct err *err)
{
	struct rule_ref ref;
	struct genl genl;
	__u32 released;
	int status;

	if (count && parse_ref(count, words, &ref, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_release(&genl, count ? &ref : NULL, &released, err))
		status = STATUS_REFUSED;
	else
		printf("released %u\n", released);
	genl_close(&genl);
	return status;
}

const struct command cmd_release = {
	.name = "release",
	.syntax = "[ID | name NAME]",
	.summary = "let held segments go on now",
	.help =
"  rstctl release\n"
"  released 3\n"
"  rstctl release name late\n"
"  released 0\n"
"\n"
"Without a rule, those of all rules.\n",
	.run = run_release,
};
