// SPDX-License-Identifier: GPL-2.0
/* rstctl flush */

#include "cmd.h"
#include "err.h"
#include "nl.h"

static int run_flush(const struct options *options, int count,
		     char *const *words, struct err *err)
{
	struct genl genl;
	int status;

	(void)count;
	(void)words;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_flush(&genl, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_flush = {
	.name = "flush",
	.summary = "delete every rule",
	.help =
"  rstctl flush\n"
"\n"
"Other network namespaces keep theirs.\n",
	.run = run_flush,
};
