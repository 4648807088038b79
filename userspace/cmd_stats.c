// SPDX-License-Identifier: GPL-2.0
/* rstctl stats */

#include <stdio.h>

#include "cmd.h"
#include "err.h"
#include "field.h"
#include "json.h"
#include "nl.h"

/* Of the segments seen, those that nothing has become of yet. */
static __s64 balance(const __u64 *count)
{
	return count[RSTFAULT_A_STATS_SEEN] -
	       (count[RSTFAULT_A_STATS_PASSED] +
		count[RSTFAULT_A_STATS_MANGLED] +
		count[RSTFAULT_A_STATS_DROPPED] +
		count[RSTFAULT_A_STATS_HELD] +
		count[RSTFAULT_A_STATS_RELEASED] +
		count[RSTFAULT_A_STATS_LOST]);
}

static void stats_words(const struct info *info)
{
	const struct stats *stats = &info->stats;
	unsigned int attr;

	for (attr = 1; attr <= stats_fields.max; attr++) {
		const struct field *field = field_find(&stats_fields, attr);

		if (field)
			printf("%s %llu\n", field->name, stats->count[attr]);
	}
	printf("generation %u\n", info->generation);
	printf("balance %lld\n", balance(stats->count));
}

static void stats_json(const struct info *info)
{
	const struct stats *stats = &info->stats;
	struct json json = { .out = stdout };
	unsigned int attr;

	json_open(&json, NULL, '{');
	for (attr = 1; attr <= stats_fields.max; attr++) {
		const struct field *field = field_find(&stats_fields, attr);

		if (field)
			json_number(&json, field->name, stats->count[attr]);
	}
	json_number(&json, "generation", info->generation);
	json_signed(&json, "balance", balance(stats->count));
	json_close(&json, '}');
}

static int run_stats(const struct options *options, int count,
		     char *const *words, struct err *err)
{
	struct genl genl;
	struct info info;
	int status;

	(void)count;
	(void)words;
	status = nl_open(&genl, options, err);
	if (status)
		return status;
	if (nl_info(&genl, &info, err))
		status = STATUS_REFUSED;
	else if (options->json)
		stats_json(&info);
	else
		stats_words(&info);
	genl_close(&genl);
	return status;
}

const struct command cmd_stats = {
	.name = "stats",
	.summary = "show what the segments have come to, all rules together",
	.help =
"  rstctl stats\n"
"  seen 20\n"
"  passed 12\n"
"  dropped 8\n"
"  ...\n"
"  balance 0\n"
"\n"
"Each segment seen has passed, or was mangled or dropped, or is held, or was\n"
"held and released or lost. The balance is what is missing: 0 whenever no\n"
"segment is inside of a hook.\n"
"\n"
"  rstctl -j stats\n"
"      the same as a JSON object\n",
	.json = true,
	.run = run_stats,
};
