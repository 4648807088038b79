// SPDX-License-Identifier: GPL-2.0
/* rstctl list */

#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "err.h"
#include "json.h"
#include "nl.h"
#include "print.h"

static void list_words(const struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];

		/* Half a rule must not be fed back: it is a comment as well. */
		printf("%sadd ", rule->incomplete ? "# incomplete: " : "");
		print_rule(stdout, rule);
		printf(" # id %u fired %llu\n", rule->id,
		       rule->fired);
	}
}

static void list_json(const struct rules *rules)
{
	struct json json = { .out = stdout };
	size_t i;

	json_open(&json, NULL, '[');
	for (i = 0; i < rules->count; i++)
		print_rule_json(&json, &rules->rule[i]);
	json_close(&json, ']');
}

static int run_list(const struct options *options, int count,
		    char *const *words, struct err *err)
{
	struct rules rules;
	struct genl genl;
	int status;

	(void)count;
	(void)words;
	status = nl_open(&genl, options->netns, err);
	if (status)
		return status;
	if (nl_list(&genl, &rules, err))
		status = STATUS_REFUSED;
	else if (options->json)
		list_json(&rules);
	else
		list_words(&rules);
	free(rules.rule);
	genl_close(&genl);
	return status;
}

const struct command cmd_list = {
	.name = "list",
	.summary = "show every rule, in the order in which they are tried",
	.help =
"  rstctl list\n"
"  add name lost in rst ip saddr 192.0.2.0/24 dport 80 drop # id 3 fired 12\n"
"\n"
"Each line is what `rstctl` has to be given to make the rule again. The comment\n"
"has the id of the rule and how often its action was carried out.\n"
"\n"
"  rstctl -j list\n"
"      the same as a JSON array of objects\n",
	.json = true,
	.run = run_list,
};
