// SPDX-License-Identifier: GPL-2.0
/* rstctl del */

#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "parse.h"
#include "ssh.h"

/* Take the last word away if it is "force", which may also be a name. */
static bool take_force(int *count, char *const *words)
{
	int used = *count && !strcmp(words[0], "name") ? 2 : 1;

	if (*count != used + 1 || strcmp(words[used], "force"))
		return false;
	--*count;
	return true;
}

static bool is_meant(const struct rule_ref *ref, const struct rule *rule)
{
	return *ref->name ? !strcmp(ref->name, rule->name) :
			    ref->id == rule->id;
}

/* The first of @rules that could cut the connection without @ref, or 0. */
static __u32 find_danger(const struct rules *rules, const struct rule_ref *ref,
			 const struct ssh *ssh)
{
	struct ssh with = *ssh, without = *ssh;
	struct rule rule;
	size_t pos = 0;
	bool before;

	while (nl_rules_next(rules, &pos, &rule)) {
		before = ssh_cuts(&with, &rule);
		if (!is_meant(ref, &rule) && ssh_cuts(&without, &rule) &&
		    !before)
			return rule.id;
	}
	return 0;
}

/* Is it the rule that keeps those behind it from cutting the connection? */
static int check_danger(struct genl *genl, const struct rule_ref *ref,
			const struct ssh *ssh, struct err *err)
{
	char name[SSH_NAME_MAX];
	struct rules rules;
	__u32 danger = 0;
	int failed;

	failed = nl_list(genl, &rules, err);
	if (!failed)
		danger = find_danger(&rules, ref, ssh);
	free(rules.data);
	if (failed)
		return STATUS_REFUSED;
	if (!danger)
		return STATUS_OK;
	ssh_name(ssh, name);
	err_set(err,
		"without this rule, rule %u could cut the SSH connection that rstctl is run from, %s; delete that one first, or say 'force' behind this one",
		danger, name);
	return STATUS_USAGE;
}

static int run_del(const struct options *options, int count,
		   char *const *words, struct err *err)
{
	bool force = take_force(&count, words);
	struct rule_ref ref;
	struct genl genl;
	struct ssh ssh;
	int status;

	if (parse_ref(count, words, &ref, err))
		return STATUS_USAGE;
	ssh_find(&ssh, options);
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (!force && ssh.found)
		status = check_danger(&genl, &ref, &ssh, err);
	if (!status && nl_del(&genl, &ref, err))
		status = STATUS_REFUSED;
	genl_close(&genl);
	return status;
}

const struct command cmd_del = {
	.name = "del",
	.syntax = "ID | name NAME [force]",
	.summary = "delete a rule",
	.help =
"  rstctl del 3\n"
"  rstctl del name lost\n"
"\n"
"`rstctl list` shows the ids and the names. With `force` also a rule that keeps\n"
"others from cutting the SSH connection that rstctl is run from.\n",
	.run = run_del,
};
