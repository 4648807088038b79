// SPDX-License-Identifier: GPL-2.0
/* rstctl run */

#include <string.h>

#include "batch.h"
#include "child.h"
#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"
#include "ssh.h"

/* Words of the first of several rules, as a set may have commas of its own. */
static int rule_length(int count, char *const *words)
{
	bool in_set = false;
	int i;

	for (i = 0; i < count; i++) {
		if (!in_set && !strcmp(words[i], ","))
			break;
		if (*words[i] == '{' || in_set)
			in_set = !strchr(words[i], '}');
	}
	return i;
}

/* Which rule it is, if there are several. */
static void blame(unsigned int number, bool several, struct err *err)
{
	struct err text = *err;

	if (several)
		err_set(err, "rule %u: %s", number, text.text);
}

static int read_rules(struct batch *batch, struct ssh *ssh, int count,
		      char *const *words, struct err *err)
{
	bool several = rule_length(count, words) < count;
	unsigned int number = 0;
	struct rule rule;
	int len;

	for (;;) {
		len = rule_length(count, words);
		number++;
		if (parse_rule(len, words, &rule, err) ||
		    ssh_check(ssh, &rule, err) ||
		    batch_add(batch, &rule, number, err)) {
			blame(number, several, err);
			return -1;
		}
		if (len == count)
			return 0;
		words += len + 1;
		count -= len + 1;
	}
}

static int send_and_run(const struct options *options, struct batch *batch,
			char *const *argv, struct err *err)
{
	struct genl genl;
	int status;

	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_commit(&genl, batch, err)) {
		status = STATUS_REFUSED;
		if (genl.refused >= 0)
			blame(genl.refused + 1, batch->count > 1, err);
	} else {
		/* The rules live as long as the socket, which stays here. */
		status = child_run(argv, err);
		if (status < 0)
			status = STATUS_REFUSED;
	}
	genl_close(&genl);
	return status;
}

static int run_run(const struct options *options, int count,
		   char *const *words, struct err *err)
{
	int len = 0, status = STATUS_USAGE;
	struct batch batch;
	struct ssh ssh;

	while (len < count && strcmp(words[len], "--"))
		len++;
	if (len + 1 >= count) {
		err_set(err,
			"a command is missing: '--', and the command behind it");
		return STATUS_USAGE;
	}
	ssh_find(&ssh, options);
	if (!batch_begin(&batch, err) &&
	    !batch_flag(&batch, RSTFAULT_A_OWN, err) &&
	    !read_rules(&batch, &ssh, len, words, err))
		status = send_and_run(options, &batch, words + len + 1, err);
	batch_free(&batch);
	return status;
}

const struct command cmd_run = {
	.name = "run",
	.syntax = "RULE [, RULE...] -- COMMAND [ARGUMENT...]",
	.summary = "have rules for as long as a command runs",
	.help =
"  rstctl run in rst drop -- curl http://192.0.2.7/\n"
"  rstctl run in rst drop , out rst limit 1 delay 2s -- make check\n"
"\n"
"The rules are added at the end of the ruleset, and go when the command ends,\n"
"or rstctl, whatever ends it. A comma between spaces stands between rules.\n"
"The command runs in the network namespace of the rules. Its exit status is\n"
"that of rstctl: 128 and the number of the signal if one ended it, 127 if it\n"
"was not found, 126 if it cannot be run.\n",
	.run = run_run,
};
