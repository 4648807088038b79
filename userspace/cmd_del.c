// SPDX-License-Identifier: GPL-2.0
/* rstctl del */

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"

static int run_del(const struct options *options, int count,
		   char *const *words, struct err *err)
{
	struct rule_ref ref;
	struct genl genl;
	int status;

	if (parse_ref(count, words, &ref, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_del(&genl, &ref, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_del = {
	.name = "del",
	.syntax = "ID | name NAME",
	.summary = "delete a rule",
	.help =
"  rstctl del 3\n"
"  rstctl del name lost\n"
"\n"
"`rstctl list` shows the ids and the names.\n",
	.run = run_del,
};
