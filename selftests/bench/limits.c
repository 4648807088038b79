// SPDX-License-Identifier: GPL-2.0
/*
 * What was promised of the costs of rules.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "limits.h"
#include "table.h"

#define ONE "one rule, IPv%c (instructions)"
#define EXACT "address and port, IPv%c (instructions)"
#define RANGES "prefixes and ranges, IPv%c (instructions)"
#define LOAD_EXACT "to load address and port, IPv%c (million instructions)"
#define LOAD_RANGES "to load prefixes and ranges, IPv%c (million instructions)"
#define HELD "held segments (instructions)"
#define AWAITED "until next, IPv%c (instructions)"
#define LATE "lateness of held segments (microseconds)"

#define P_NOTHING "no rules: 0"
#define P_ABOVE "no RST, rules for RSTs: at most 40 above an empty hook function"
#define P_HALF "a dropped RST, not to free it: at most half of nft's cost"
#define P_MISS "10,000 addresses and ports, a RST that misses: at most 300"
#define P_DROP "10,000 addresses and ports, a RST that is dropped: at most 570"
#define P_RANGES "10,000 prefixes and ranges, a RST that misses: at most 875"
#define P_GROWTH "no growth from 10,000 to 100,000"
#define P_LOAD4 "to load 10,000 rules: at most 300 million"
#define P_LOAD5 "to load 100,000 rules: at most 2,900 million"
#define P_FORGE "forge: at most the cost of nft's reject with tcp reset"
#define P_HELD "held, 100,000: at most twice the cost at 100"
#define P_AWAITED "until next, 100,000 wait: data of others cost at most 500 more"
#define P_EARLY "held, in real time: never early"
#define P_LATE "held, in real time: 99 in 100 at most 1 ms late"

/* Chance, as where in a hash table a rule is, changes that much. */
#define SAME 1.05

#define GROWTH(table, row)						\
	{ P_GROWTH, table, row, "100000", .factor = SAME,		\
	  .other_column = "10000" }
#define HELD_TWICE(row)							\
	{ P_HELD, HELD, row, "100000", .factor = 2, .other_column = "100" }

/* Where this machine has others to serve, timers of the kernel are late, too. */
#define LATE_BY(column)							\
	{ P_LATE, LATE, "99 in 100 at most", column, 1000, 1,		\
	  "a timer: 99 in 100 at most" }

static const struct limit limits[] = {
	{ P_NOTHING, ONE, "no rules", "data" },
	{ P_NOTHING, ONE, "no rules", "RST" },
	{ P_ABOVE, ONE, "rstfault: rst", "data", 40, 1,
	  "a function that accepts" },
	{ P_ABOVE, ONE, "rstfault: rst dport 5000", "data", 40, 1,
	  "a function that accepts" },
	{ P_HALF, ONE, "rstfault: rst", "RST, not to free it", .factor = 0.5,
	  .other_row = "nft: rst" },
	{ P_HALF, ONE, "rstfault: rst dport 5000", "RST, not to free it",
	  .factor = 0.5, .other_row = "nft: rst dport 5000" },

	{ P_MISS, EXACT, "rstfault: miss", "10000", 300 },
	{ P_DROP, EXACT, "rstfault: first", "10000", 570 },
	{ P_DROP, EXACT, "rstfault: last", "10000", 570 },
	{ P_DROP, EXACT, "rstfault: any", "10000", 570 },
	{ P_RANGES, RANGES, "rstfault: miss", "10000", 875 },
	GROWTH(EXACT, "rstfault: miss"),
	GROWTH(EXACT, "rstfault: any"),
	GROWTH(RANGES, "rstfault: miss"),
	GROWTH(RANGES, "rstfault: any"),

	{ P_LOAD4, LOAD_EXACT, "rstfault", "10000", 300 },
	{ P_LOAD4, LOAD_RANGES, "rstfault", "10000", 300 },
	{ P_LOAD5, LOAD_EXACT, "rstfault", "100000", 2900 },
	{ P_LOAD5, LOAD_RANGES, "rstfault", "100000", 2900 },

	{ P_FORGE, "forged RST (instructions)",
	  "rstfault: forge to sender and drop", "IPv4", .factor = 1,
	  .other_row = "nft: reject with tcp reset" },
	{ P_FORGE, "forged RST (instructions)",
	  "rstfault: forge to sender and drop", "IPv6", .factor = 1,
	  .other_row = "nft: reject with tcp reset" },

	HELD_TWICE("rstfault, in order: insert"),
	HELD_TWICE("rstfault, in order: release"),
	HELD_TWICE("rstfault, jitter: insert"),
	HELD_TWICE("rstfault, jitter: release"),

	{ P_AWAITED, AWAITED, "data, RSTs of so many flows wait", "100000", 500,
	  1, .other_column = "1" },
	{ P_AWAITED, AWAITED, "data, RSTs of one flow wait", "100000", 500, 1,
	  .other_column = "1" },

	{ P_EARLY, LATE, "least", "2 ms", .at_least = true },
	{ P_EARLY, LATE, "least", "20 ms", .at_least = true },
	{ P_EARLY, LATE, "least", "200 ms", .at_least = true },
	LATE_BY("2 ms"),
	LATE_BY("20 ms"),
	LATE_BY("200 ms"),
};

#define NR_LIMITS (sizeof(limits) / sizeof(limits[0]))

static bool is_table(const struct limit *limit, const char *table)
{
	char name[TABLE_NAME_MAX];

	snprintf(name, sizeof(name), limit->table, '4');
	if (!strcmp(name, table))
		return true;
	snprintf(name, sizeof(name), limit->table, '6');
	return !strcmp(name, table);
}

/**
 * limits_about() - whether some limit is about a result
 * @result: the result
 */
bool limits_about(const struct result *result)
{
	const struct limit *limit;

	for (limit = limits; limit < limits + NR_LIMITS; limit++) {
		if (is_table(limit, result->table) &&
		    !strcmp(limit->row, result->row) &&
		    !strcmp(limit->column, result->column))
			return true;
	}

	return false;
}

/**
 * limits_next() - compare a result with its limit
 * @nr: where we are, 0 at first; moved on
 * @verdict: gets what comes of it
 *
 * Return: false behind the last one.
 */
bool limits_next(unsigned int *nr, struct verdict *verdict)
{
	const struct limit *limit = &limits[*nr / 2];
	bool both;

	if (*nr / 2 >= NR_LIMITS)
		return false;
	both = strstr(limit->table, "%c");

	*verdict = (struct verdict){
		.promise = limit->promise,
		.row = limit->row,
		.column = limit->column,
		.limit = limit->limit,
	};
	if (both)
		snprintf(verdict->table, sizeof(verdict->table), limit->table,
			 *nr % 2 ? '6' : '4');
	else
		snprintf(verdict->table, sizeof(verdict->table), "%s",
			 limit->table);
	*nr += both ? 1 : 2;

	verdict->measured = table_get(verdict->table, limit->row,
				      limit->column);
	if (limit->factor)
		verdict->limit += limit->factor *
				  table_get(verdict->table,
					    limit->other_row ?: limit->row,
					    limit->other_column ?:
					    limit->column);
	/* Neither is true of what was not measured. */
	verdict->kept = limit->at_least ? verdict->measured >= verdict->limit :
					  verdict->measured <= verdict->limit;

	return true;
}
