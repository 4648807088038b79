// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of the protocol, what attributes each of them has, and which
 * nests these are in.
 */
#include <errno.h>

#include "attribute_rows.h"

#define ROW(type_, name_) .type = RSTFAULT_A_ ## type_, .name = name_
#define BLAME(err, text, type) { err, text, RSTFAULT_A_ ## type }

#define STALE "the ruleset is of another generation"
#define NO_RULE "no such rule"
#define NO_BEFORE "there is no rule of this id to insert in front of"
#define NO_LIST "a list has all rules; ask for one without a dump"
#define NO_CAUSE "count, every, after and drop are for rules"
#define SAY { -EINVAL, "say either the id or the name of a rule" }

#define REFERS(variable) .kind = NL_ATTR_TYPE_U32, .max = UINT32_MAX, \
	.range = "one that is there", \
	.refers = &(variable)
#define GENERATION { \
	ROW(GENERATION, "generation"), REFERS(known_generation), \
	.below = BLAME(-ESTALE, STALE, GENERATION), \
	.above = BLAME(-ESTALE, STALE, GENERATION) }

static const struct value one_rule[] = {
	NEST(RSTFAULT_A_RULE, minimal_rule), {}
};

static const struct attribute add_rows[] = {
	{ ROW(RULE, "rule"), INSIDE(minimal_rule),
	  .missing = { -EINVAL, "there is no rule to add",
		       .missing = RSTFAULT_A_RULE },
	  .empty = { -EINVAL, "a rule needs a hook",
		     .missing = RSTFAULT_A_RULE_HOOK, .level = 1 } },
	GENERATION,
	{ ROW(BEFORE, "before"), REFERS(known_id),
	  .below = BLAME(-ENOENT, NO_BEFORE, BEFORE),
	  .above = BLAME(-ENOENT, NO_BEFORE, BEFORE) },
	{ ROW(REPLACE, "replace"), IS_FLAG },
	{ ROW(CHECK, "check"), IS_FLAG },
	{ ROW(OWN, "own"), IS_FLAG },
	{}
};

static const struct set add_set = { add_rows, one_rule };

#define RULE_ID ROW(ID, "id"), REFERS(known_id), \
	.below = BLAME(-ENOENT, NO_RULE, ID), \
	.above = BLAME(-ENOENT, NO_RULE, ID)
#define RULE_NAME ROW(NAME, "name"), TEXT(RSTFAULT_NAME_MAX, KNOWN_LETTER), \
	.below = BLAME(-ENOENT, NO_RULE, NAME)

static const struct attribute del_rows[] = {
	{ RULE_ID, .missing = SAY }, { RULE_NAME, .missing = SAY },
	/* A name, so that the request is complete. */
	{ ROW(GENERATION, "generation"), REFERS(known_generation),
	  WITH(STR(RSTFAULT_A_NAME, KNOWN_NAME)),
	  .below = BLAME(-ESTALE, STALE, GENERATION),
	  .above = BLAME(-ESTALE, STALE, GENERATION) },
	{}
};

static const struct set del_set = { del_rows, NULL };

static const struct attribute generation_rows[] = { GENERATION, {} };
static const struct set generation_set = { generation_rows, NULL };

static const struct attribute get_rows[] = {
	{ RULE_ID, .missing = SAY }, { RULE_NAME, .missing = SAY }, {}
};

static const struct set get_set = { get_rows, NULL };

static const struct attribute dump_rows[] = {
	{ ROW(ID, "id"), IS_U32, .always = BLAME(-EINVAL, NO_LIST, ID) },
	{ ROW(NAME, "name"), TEXT(RSTFAULT_NAME_MAX, 'a'),
	  .always = BLAME(-EINVAL, NO_LIST, NAME),
	  .below = BLAME(-EINVAL, NO_LIST, NAME) },
	{}
};

static const struct set dump_set = { dump_rows, NULL };

static const struct attribute release_rows[] = {
	{ RULE_ID }, { RULE_NAME }, {}
};

static const struct set release_set = { release_rows, NULL };

static const struct value sender[] = {
	U32(RSTFAULT_A_FORGE_TO, RSTFAULT_END_SENDER), {}
};

static const struct value one_tuple[] = {
	NEST(RSTFAULT_A_TUPLE, connection), {}
};

static const struct attribute inject_rows[] = {
	{ ROW(TUPLE, "tuple"), INSIDE(connection),
	  .missing = { -EINVAL, "which connection is to be reset?",
		       .missing = RSTFAULT_A_TUPLE },
	  .empty = { -EINVAL, "a connection has a family",
		     .missing = RSTFAULT_A_TUPLE_FAMILY, .level = 1 } },
	{ ROW(FORGE, "forge"), INSIDE(sender) },
	{}
};

static const struct set inject_set = { inject_rows, one_tuple };

#define FOR_RULES { -EINVAL, NO_CAUSE, SAID_NEST }

/* A RST that nothing causes: one, now. */
static const struct attribute inject_forge_rows[] = {
	{ .type = RSTFAULT_A_FORGE_COUNT, .name = "count",
	  FROM_TO(U32, 1, 1), .above = FOR_RULES,
	  .below = { -ERANGE, "a count is from 1 to 1000",
		     RSTFAULT_A_FORGE_COUNT } },
	{ .type = RSTFAULT_A_FORGE_EVERY, .name = "every",
	  FROM_TO(U64, 0, 0), .above = FOR_RULES },
	{ .type = RSTFAULT_A_FORGE_AFTER, .name = "after",
	  FROM_TO(U64, 0, 0), .above = FOR_RULES },
	{ .type = RSTFAULT_A_FORGE_DROP, .name = "drop", IS_FLAG,
	  .always = FOR_RULES },
	{}
};

#define RULE_OF(action) (const struct value[]){ \
	U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN), \
	U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_RST), \
	U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_ ## action), {} }

#define IN_RULE(name_, nest, action, set_) { \
	"rule-add/rule/" name_, RSTFAULT_CMD_RULE_ADD, \
	.nests = { RSTFAULT_A_RULE, RSTFAULT_A_RULE_ ## nest }, \
	.around = { NULL, RULE_OF(action) }, .set = &(set_) }

/* What is right about a connection leads to the question where it is. */
#define NOWHERE(level) .accepted = { -ENOENT, "there is no such connection", \
				     RSTFAULT_A_TUPLE, 0, level }

const struct place places[] = {
	{ "rule-add", RSTFAULT_CMD_RULE_ADD, .set = &add_set },
	{ "rule-add/rule", RSTFAULT_CMD_RULE_ADD,
	  .nests = { RSTFAULT_A_RULE }, .set = &rule_attrs },
	IN_RULE("sport", SPORT, DROP, port_range_attrs),
	IN_RULE("dport", DPORT, DROP, port_range_attrs),
	IN_RULE("gates", GATES, DROP, gates_attrs),
	IN_RULE("delay", DELAY, DELAY, delay_attrs),
	IN_RULE("forge", FORGE, FORGE, forge_attrs),
	IN_RULE("mangle", MANGLE, MANGLE, mangle_attrs),
	IN_RULE("duplicate", DUPLICATE, DUPLICATE, duplicate_attrs),
	{ "rule-add/rule/counters", RSTFAULT_CMD_RULE_ADD,
	  .nests = { RSTFAULT_A_RULE, RSTFAULT_A_RULE_COUNTERS },
	  .around = { NULL, minimal_rule }, .set = &counters_attrs,
	  .accepted = { -EINVAL, "the counters of a rule begin at 0",
			SAID_NEST } },
	{ "rule-del", RSTFAULT_CMD_RULE_DEL, .set = &del_set },
	{ "flush", RSTFAULT_CMD_FLUSH, .set = &generation_set },
	{ "rule-get", RSTFAULT_CMD_RULE_GET, .set = &get_set },
	{ "rule-get of all", RSTFAULT_CMD_RULE_GET, NLM_F_DUMP,
	  .set = &dump_set },
	{ "info-get", RSTFAULT_CMD_INFO_GET, .set = &generation_set },
	{ "release", RSTFAULT_CMD_RELEASE, .set = &release_set },
	{ "inject", RSTFAULT_CMD_INJECT, .set = &inject_set, NOWHERE(0) },
	{ "inject/tuple", RSTFAULT_CMD_INJECT,
	  .nests = { RSTFAULT_A_TUPLE }, .set = &tuple_attrs, NOWHERE(-1) },
	{ "inject/forge", RSTFAULT_CMD_INJECT,
	  .nests = { RSTFAULT_A_FORGE }, .around = { one_tuple },
	  .set = &forge_attrs, .other = inject_forge_rows, NOWHERE(-1) },
};

const unsigned int nr_places = sizeof(places) / sizeof(*places);
