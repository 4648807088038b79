// SPDX-License-Identifier: GPL-2.0
/* rstctl insert */

#include <string.h>

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"
#include "ssh.h"

static int run_insert(const struct options *options, int count,
		      char *const *words, struct err *err)
{
	int used = count && !strcmp(words[0], "name") ? 2 : 1;
	struct rule_ref ref;
	struct genl genl;
	struct rule rule;
	struct ssh ssh;
	int status;

	if (used > count)
		used = count;
	if (parse_ref(used, words, &ref, err) ||
	    parse_rule(count - used, words + used, &rule, err))
		return STATUS_USAGE;
	ssh_find(&ssh, options);
	if (ssh_check(&ssh, &rule, err))
		return STATUS_USAGE;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_insert(&genl, &ref, &rule, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_insert = {
	.name = "insert",
	.syntax = "{ID | name NAME} RULE",
	.summary = "add a rule in front of another",
	.help =
"  rstctl insert 3 in rst saddr 192.0.2.7 pass\n"
"  rstctl insert name lost name spared in rst saddr 192.0.2.7 pass\n"
"\n"
"The id or the name is that of the rule in front of which the new one goes.\n"
"`rstctl help add` explains rules.\n",
	.run = run_insert,
};
