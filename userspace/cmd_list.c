// SPDX-License-Identifier: GPL-2.0
/* rstctl list */

#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "field.h"
#include "json.h"
#include "nl.h"
#include "print.h"

#define SECOND	1000000000ull

/* What is not 0, besides the number of times that it has fired. */
static void print_counters(const struct rule_counters *counters)
{
	unsigned int attr;

	for (attr = 1; attr <= counters_fields.max; attr++) {
		const struct field *field = &counters_fields.field[attr];
		__u64 count = field_number(field, counters);

		if (count && attr != RSTFAULT_A_COUNTERS_FIRED)
			printf(" %s %llu", field->name, count);
	}
}

/* Rounded up, so that it is 0 only when the rule is about to go. */
static void print_remaining(__u64 ns)
{
	__u64 unit = ns < 10 * SECOND ? SECOND / 1000 : SECOND;

	printf(" remaining ");
	duration_print(stdout, (ns + unit - 1) / unit * unit);
}

static void list_words(const struct rules *rules)
{
	struct rule rule;
	size_t pos = 0;

	while (nl_rules_next(rules, &pos, &rule)) {
		/* Half a rule must not be fed back: it is a comment as well. */
		printf("%sadd ", rule.incomplete ? "# incomplete: " : "");
		print_rule(stdout, &rule);
		printf(" # id %u fired %llu", rule.id, rule.counters.fired);
		print_counters(&rule.counters);
		if (rule.has & RULE_BIT(RSTFAULT_A_RULE_OWNER))
			printf(" owned");
		if (rule.has & RULE_BIT(RSTFAULT_A_RULE_REMAINING))
			print_remaining(rule.remaining);
		putchar('\n');
	}
}

static void list_json(const struct rules *rules)
{
	struct json json = { .out = stdout };
	struct rule rule;
	size_t pos = 0;

	json_open(&json, NULL, '[');
	while (nl_rules_next(rules, &pos, &rule))
		print_rule_json(&json, &rule);
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
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_list(&genl, &rules, err))
		status = STATUS_REFUSED;
	else if (options->json)
		list_json(&rules);
	else
		list_words(&rules);
	free(rules.data);
	genl_close(&genl);
	return status;
}

const struct command cmd_list = {
	.name = "list",
	.summary = "show every rule, in the order in which they are tried",
	.help =
"  rstctl list\n"
"  add name lost in rst ip saddr 192.0.2.0/24 dport 80 drop # id 3 fired 12 matched 12\n"
"\n"
"Each line is what `rstctl` has to be given to make the rule again. The comment\n"
"has the id of the rule, how often its action was carried out, and how many\n"
"segments have matched.\n"
"\n"
"  rstctl -j list\n"
"      the same as a JSON array of objects\n",
	.json = true,
	.run = run_list,
};
