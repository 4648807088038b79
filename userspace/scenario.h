/* SPDX-License-Identifier: GPL-2.0 */
/* What can be played: rules, and what the ends of a connection then see. */

#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include "rule.h"

struct err;

/* Each has a digit behind the name. */
#define SCENARIO_RULES_MAX	8
#define SCENARIO_NAME_MAX	(RSTFAULT_NAME_MAX - 2)
#define SCENARIO_PROMISES_MAX	8

/**
 * struct scenario_rule - a rule, but for the match of the user
 * @back: it is about segments from the server to the client
 * @text: in the rule language; NULL: there is none
 */
struct scenario_rule {
	bool back;
	const char *text;
};

/**
 * struct scenario_promise - what one end sees
 * @after: what has to happen first
 * @end: which end: "client" or "server"
 * @call: what it calls; NULL ends the promises
 * @result: errno, "ok", or "waits": it does not return as long as this lasts
 * @state: state of its socket then, a word of the rule language
 * @from: nanoseconds from @after until @result, at least
 * @to: at most
 * @late: the delay of the scenario comes on top
 */
struct scenario_promise {
	const char *after;
	const char *end;
	const char *call;
	const char *result;
	const char *state;
	__u64 from;
	__u64 to;
	bool late;
};

/**
 * struct scenario - what can be played
 * @name: its word; NULL ends the table
 * @summary: what it is like
 * @note: what else is to be said, lines with their ends
 * @lifetime: nanoseconds that it lasts unless told otherwise
 * @opening: it is about connections that are being opened
 * @payload: it is about segments with payload alone
 * @directed: it matters which end is the server
 * @delay: nanoseconds of its delay unless told otherwise; 0: it has none
 * @rule: its rules, in their order
 * @promise: what happens
 */
struct scenario {
	const char *name;
	const char *summary;
	const char *note;
	__u64 lifetime;
	bool opening;
	bool payload;
	bool directed;
	__u64 delay;
	struct scenario_rule rule[SCENARIO_RULES_MAX];
	struct scenario_promise promise[SCENARIO_PROMISES_MAX + 1];
};

extern const struct scenario scenarios[];

/**
 * struct play - a scenario with what its user wants
 * @scenario: the scenario
 * @name: what the names of its rules begin with
 * @match: client to server; its lifetime is that of the rules
 * @delay: nanoseconds, for a scenario that has one
 * @dry_run: only show it
 */
struct play {
	const struct scenario *scenario;
	char name[SCENARIO_NAME_MAX + 1];
	struct rule match;
	__u64 delay;
	bool dry_run;
};

int parse_play(int count, char *const *words, struct play *play,
	       struct err *err);
bool scenario_loops(const struct rule *match);
bool scenario_symmetric(const struct rule *match);
int scenario_rules(const struct play *play, struct rule *rules,
		   struct err *err);

#endif /* SCENARIO_H */
