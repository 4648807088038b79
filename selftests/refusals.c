// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to add a rule that is wrong: each is refused with its errno, its
 * sentence and the attribute to blame, and nothing is changed.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/client.h"

static const struct {
	struct value changes[CHANGES_MAX];
	int err;
	const char *text;
	uint16_t attr;
	uint16_t missing;
} refused[] = {
	/* missing */
	{ { NONE(RSTFAULT_A_RULE_HOOK) }, -EINVAL, "a rule needs a hook",
	  .missing = RSTFAULT_A_RULE_HOOK },
	{ { NONE(RSTFAULT_A_RULE_SEGMENT) }, -EINVAL,
	  "a rule needs at least one kind of segment",
	  .missing = RSTFAULT_A_RULE_SEGMENT },
	{ { NONE(RSTFAULT_A_RULE_ACTION) }, -EINVAL, "a rule needs an action",
	  .missing = RSTFAULT_A_RULE_ACTION },

	/* out of range */
	{ { U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_MAX + 1) }, -ERANGE,
	  "integer out of range", RSTFAULT_A_RULE_HOOK },
	{ { U32(RSTFAULT_A_RULE_HOOK, UINT32_MAX) }, -ERANGE,
	  "integer out of range", RSTFAULT_A_RULE_HOOK },
	{ { U32(RSTFAULT_A_RULE_SEGMENT, 0) }, -EINVAL,
	  "a rule needs at least one kind of segment",
	  RSTFAULT_A_RULE_SEGMENT },
	{ { U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_MASK + 1) }, -EINVAL,
	  "reserved bit set", RSTFAULT_A_RULE_SEGMENT },
	{ { U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_MAX + 1) }, -ERANGE,
	  "integer out of range", RSTFAULT_A_RULE_ACTION },

	/* wrong length */
	{ { U16(RSTFAULT_A_RULE_HOOK, 0) }, -EINVAL,
	  "invalid attribute length", RSTFAULT_A_RULE_HOOK },
	{ { U64(RSTFAULT_A_RULE_SEGMENT, 0) }, -EINVAL,
	  "invalid attribute length", RSTFAULT_A_RULE_SEGMENT },

	/* addresses */
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_UNIX) }, -EAFNOSUPPORT,
	  "the family is neither IPv4 nor IPv6", RSTFAULT_A_RULE_FAMILY },
	{ { U32(RSTFAULT_A_RULE_SADDR4, 0) }, -EINVAL,
	  "an IPv4 address needs family IPv4", RSTFAULT_A_RULE_SADDR4 },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET6),
	    U32(RSTFAULT_A_RULE_DADDR4, 0) }, -EINVAL,
	  "an IPv4 address needs family IPv4", RSTFAULT_A_RULE_DADDR4 },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET),
	    BYTES(RSTFAULT_A_RULE_SADDR6, "0123456789abcdef") }, -EINVAL,
	  "an IPv6 address needs family IPv6", RSTFAULT_A_RULE_SADDR6 },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET6),
	    BYTES(RSTFAULT_A_RULE_SADDR6, "0123456789abcde") }, -ERANGE,
	  "binary attribute size out of range", RSTFAULT_A_RULE_SADDR6 },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET),
	    U8(RSTFAULT_A_RULE_SADDR_PREFIX, 8) }, -EINVAL,
	  "a prefix length needs an address", RSTFAULT_A_RULE_SADDR_PREFIX },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET),
	    U32(RSTFAULT_A_RULE_SADDR4, 0),
	    U8(RSTFAULT_A_RULE_SADDR_PREFIX, 33) }, -ERANGE,
	  "the prefix is longer than the address",
	  RSTFAULT_A_RULE_SADDR_PREFIX },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET6),
	    BYTES(RSTFAULT_A_RULE_DADDR6, "0123456789abcdef"),
	    U8(RSTFAULT_A_RULE_DADDR_PREFIX, 129) }, -ERANGE,
	  "the prefix is longer than the address",
	  RSTFAULT_A_RULE_DADDR_PREFIX },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET),
	    BYTES(RSTFAULT_A_RULE_DADDR4, "\x0a\x00\x00\x01"),
	    U8(RSTFAULT_A_RULE_DADDR_PREFIX, 31) }, -EINVAL,
	  "the address has bits set behind the prefix",
	  RSTFAULT_A_RULE_DADDR4 },
	{ { U16(RSTFAULT_A_RULE_FAMILY, AF_INET6),
	    BYTES(RSTFAULT_A_RULE_SADDR6, "0123456789abcde\x01"),
	    U8(RSTFAULT_A_RULE_SADDR_PREFIX, 127) }, -EINVAL,
	  "the address has bits set behind the prefix",
	  RSTFAULT_A_RULE_SADDR6 },

	/* interfaces */
	{ { STR(RSTFAULT_A_RULE_IIF, "abcdefghijklmnop") }, -EINVAL,
	  "Attribute failed policy validation", RSTFAULT_A_RULE_IIF },
	{ { BYTES(RSTFAULT_A_RULE_IIF, "eth0") }, -EINVAL,
	  "Attribute failed policy validation", RSTFAULT_A_RULE_IIF },
	{ { STR(RSTFAULT_A_RULE_IIF, "") }, -EINVAL,
	  "no interface can have this name", RSTFAULT_A_RULE_IIF },
	{ { STR(RSTFAULT_A_RULE_IIF, "*") }, -EINVAL,
	  "no interface can have this name", RSTFAULT_A_RULE_IIF },
	{ { STR(RSTFAULT_A_RULE_IIF, "eth/0") }, -EINVAL,
	  "no interface can have this name", RSTFAULT_A_RULE_IIF },
	{ { STR(RSTFAULT_A_RULE_OIF, "eth0") }, -EINVAL,
	  "an arriving segment has no output interface", RSTFAULT_A_RULE_OIF },
	{ { U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_INPUT),
	    STR(RSTFAULT_A_RULE_OIF, "eth0") }, -EINVAL,
	  "an arriving segment has no output interface", RSTFAULT_A_RULE_OIF },
	{ { U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_OUT),
	    STR(RSTFAULT_A_RULE_IIF, "eth0") }, -EINVAL,
	  "a leaving segment has no input interface", RSTFAULT_A_RULE_IIF },
	{ { U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_OUTPUT),
	    STR(RSTFAULT_A_RULE_IIF, "eth0") }, -EINVAL,
	  "a leaving segment has no input interface", RSTFAULT_A_RULE_IIF },

	/* names */
	{ { STR(RSTFAULT_A_RULE_NAME, "") }, -EINVAL,
	  "a name cannot be empty or a number", RSTFAULT_A_RULE_NAME },
	{ { STR(RSTFAULT_A_RULE_NAME, "12") }, -EINVAL,
	  "a name cannot be empty or a number", RSTFAULT_A_RULE_NAME },
	{ { STR(RSTFAULT_A_RULE_NAME, "-n") }, -EINVAL,
	  "a name cannot begin like an option, with '-'",
	  RSTFAULT_A_RULE_NAME },
	{ { STR(RSTFAULT_A_RULE_NAME, "a b") }, -EINVAL,
	  "a name has letters, digits, '_', '-' and '.' only",
	  RSTFAULT_A_RULE_NAME },
	{ { STR(RSTFAULT_A_RULE_NAME, "\xc3\xa4") }, -EINVAL,
	  "a name has letters, digits, '_', '-' and '.' only",
	  RSTFAULT_A_RULE_NAME },
	{ { STR(RSTFAULT_A_RULE_NAME, "abcdefghijklmnopqrstuvwxyz012345") },
	  -EINVAL, "Attribute failed policy validation", RSTFAULT_A_RULE_NAME },

	/* lifetimes */
	{ { U64(RSTFAULT_A_RULE_LIFETIME, 0) }, -ERANGE,
	  "a lifetime is more than 0, and at most 365 days",
	  RSTFAULT_A_RULE_LIFETIME },
	{ { U64(RSTFAULT_A_RULE_LIFETIME,
		RSTFAULT_DAYS_MAX * 86400000000000ULL + 1) }, -ERANGE,
	  "a lifetime is more than 0, and at most 365 days",
	  RSTFAULT_A_RULE_LIFETIME },
	{ { U64(RSTFAULT_A_RULE_LIFETIME, UINT64_MAX) }, -ERANGE,
	  "a lifetime is more than 0, and at most 365 days",
	  RSTFAULT_A_RULE_LIFETIME },
	{ { U32(RSTFAULT_A_RULE_LIFETIME, 1) }, -EINVAL,
	  "invalid attribute length", RSTFAULT_A_RULE_LIFETIME },

	/* every segment */
	{ { U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_ANY) },
	  -EDESTADDRREQ,
	  "this rule is about every segment; narrow it, or say force",
	  .missing = RSTFAULT_A_RULE_FORCE },
	{ { U8(RSTFAULT_A_RULE_FORCE, 1) }, -ERANGE,
	  "Attribute failed policy validation", RSTFAULT_A_RULE_FORCE },

	/* what only the kernel writes, and what nobody knows */
	{ { U32(RSTFAULT_A_RULE_ID, 1) }, -EINVAL,
	  "the kernel chooses the id of a rule", RSTFAULT_A_RULE_ID },
	{ { U32(RSTFAULT_A_RULE_OWNER, 1) }, -EINVAL,
	  "the owner of a rule is the socket that adds it",
	  RSTFAULT_A_RULE_OWNER },
	{ { U64(RSTFAULT_A_RULE_REMAINING, 1) }, -EINVAL,
	  "all of its lifetime remains to a new rule",
	  RSTFAULT_A_RULE_REMAINING },
	{ { U32(RSTFAULT_A_RULE_MAX + 1, 1) }, -EINVAL,
	  "Unknown attribute type", RSTFAULT_A_RULE_MAX + 1 },
};

TEST_F(client, rules)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_rule(nlh, refused[i].changes);
		EXPECT_EQ(refused[i].err, send_request(nlh)) {
			TH_LOG("row %u: %s", i, refused[i].text);
		}
		EXPECT_STREQ(refused[i].text, self->refusal.text);
		EXPECT_EQ(refused[i].attr, self->refusal.attr) {
			TH_LOG("row %u: %s", i, refused[i].text);
		}
		EXPECT_EQ(refused[i].missing, self->refusal.missing) {
			TH_LOG("row %u: %s", i, refused[i].text);
		}
	}

	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, generation());
}

/* Nests, which the table has no words for. */
TEST_F(client, nests)
{
	struct nlattr *rule, *range;
	struct nlmsghdr *nlh;
	unsigned int i;

	/* A nest must say that it is one. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_rule(nlh, NULL);
	rule = mnl_nlmsg_get_payload_offset(nlh, 4);
	rule->nla_type &= ~NLA_F_NESTED;
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("NLA_F_NESTED is missing", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE, self->refusal.attr);

	/* No rule at all. */
	EXPECT_EQ(-EINVAL, send_request(request(RSTFAULT_CMD_RULE_ADD)));
	EXPECT_STREQ("there is no rule to add", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE, self->refusal.missing);

	/* Counters are for replies. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	rule = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	for (i = 0; i < ARRAY_SIZE(minimal); i++)
		put_value(nlh, &minimal[i]);
	range = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE_COUNTERS);
	mnl_attr_nest_end(nlh, range);
	mnl_attr_nest_end(nlh, rule);
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("the counters of a rule begin at 0", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_COUNTERS, self->refusal.attr);

	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, generation());
}

/* Put the smallest rule with @count ranges of destination ports. */
static void put_ports(struct nlmsghdr *nlh, int count, const int *first,
		      const int *last)
{
	struct nlattr *rule = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	struct nlattr *range;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(minimal); i++)
		put_value(nlh, &minimal[i]);
	while (count--) {
		range = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE_DPORT);
		if (first)
			mnl_attr_put_u16(nlh, RSTFAULT_A_PORT_RANGE_FIRST,
					 *first);
		if (last)
			mnl_attr_put_u16(nlh, RSTFAULT_A_PORT_RANGE_LAST,
					 *last);
		mnl_attr_nest_end(nlh, range);
	}
	mnl_attr_nest_end(nlh, rule);
}

TEST_F(client, ports)
{
	const int low = 79, high = 80;
	struct nlmsghdr *nlh;

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_ports(nlh, 1, &low, NULL);
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("a range of ports needs both its ends",
		     self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_PORT_RANGE_LAST, self->refusal.missing);

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_ports(nlh, 1, NULL, &high);
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_EQ(RSTFAULT_A_PORT_RANGE_FIRST, self->refusal.missing);

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_ports(nlh, 1, &high, &low);
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("a range of ports ends before it begins",
		     self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_DPORT, self->refusal.attr);

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_ports(nlh, RSTFAULT_PORTS_MAX + 1, &low, &high);
	EXPECT_EQ(-E2BIG, send_request(nlh));
	EXPECT_STREQ("too many ranges of ports", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_DPORT, self->refusal.attr);
	EXPECT_EQ(0, nr_rules());

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_ports(nlh, RSTFAULT_PORTS_MAX, &low, &high);
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(1, nr_rules());
}

#define INNER_MAX 3

/* More than a duration may be. */
#define TOO_LONG (RSTFAULT_DAYS_MAX * 86400000000000ULL + 1)

/* A nest of a rule with an action, or of a request, and what is in it. */
struct nested {
	struct {
		uint32_t action;
		uint16_t nest;	/* 0: it has none */
	} of;
	struct value inner[INNER_MAX];
	int err;
	const char *text;
	uint16_t attr;
	uint16_t missing;
};

#define DELAY { RSTFAULT_ACTION_DELAY, RSTFAULT_A_RULE_DELAY }
#define FORGE { RSTFAULT_ACTION_FORGE, RSTFAULT_A_RULE_FORGE }
#define MANGLE { RSTFAULT_ACTION_MANGLE, RSTFAULT_A_RULE_MANGLE }
#define DUPLICATE { RSTFAULT_ACTION_DUPLICATE, RSTFAULT_A_RULE_DUPLICATE }

static const struct nested actions[] = {
	/* the nest of an action */
	{ { RSTFAULT_ACTION_DELAY, 0 }, {}, -EINVAL,
	  "the action lacks what it is to do",
	  .missing = RSTFAULT_A_RULE_DELAY },
	{ { RSTFAULT_ACTION_MANGLE, 0 }, {}, -EINVAL,
	  "the action lacks what it is to do",
	  .missing = RSTFAULT_A_RULE_MANGLE },
	{ { RSTFAULT_ACTION_DUPLICATE, 0 }, {}, -EINVAL,
	  "the action lacks what it is to do",
	  .missing = RSTFAULT_A_RULE_DUPLICATE },
	{ { RSTFAULT_ACTION_DROP, RSTFAULT_A_RULE_FORGE }, {}, -EINVAL,
	  "this belongs to another action", RSTFAULT_A_RULE_FORGE },
	{ { RSTFAULT_ACTION_FORGE, RSTFAULT_A_RULE_DELAY },
	  { U64(RSTFAULT_A_DELAY_TIME, 1) }, -EINVAL,
	  "this belongs to another action", RSTFAULT_A_RULE_DELAY },

	/* delay */
	{ DELAY, {}, -EINVAL, "a delay needs a time",
	  .missing = RSTFAULT_A_DELAY_TIME },
	{ DELAY, { U64(RSTFAULT_A_DELAY_TIME, 1),
		   U64(RSTFAULT_A_DELAY_JITTER, 2) }, -EINVAL,
	  "the jitter is above the time", RSTFAULT_A_DELAY_JITTER },
	{ DELAY, { U64(RSTFAULT_A_DELAY_TIME, TOO_LONG) }, -ERANGE,
	  "a duration is longer than a year", RSTFAULT_A_DELAY_TIME },
	{ DELAY, { U64(RSTFAULT_A_DELAY_TIME, 1),
		   U64(RSTFAULT_A_DELAY_JITTER, UINT64_MAX) }, -ERANGE,
	  "a duration is longer than a year", RSTFAULT_A_DELAY_JITTER },
	{ DELAY, { U32(RSTFAULT_A_DELAY_TIME, 1) }, -EINVAL,
	  "invalid attribute length", RSTFAULT_A_DELAY_TIME },
	{ DELAY, { U64(RSTFAULT_A_DELAY_TIME, 1),
		   U32(RSTFAULT_A_DELAY_MAX + 1, 1) }, -EINVAL,
	  "Unknown attribute type", RSTFAULT_A_DELAY_MAX + 1 },

	/* forge */
	{ FORGE, { U32(RSTFAULT_A_FORGE_TO, 0) }, -EINVAL,
	  "a RST needs at least one target", RSTFAULT_A_FORGE_TO },
	{ FORGE, { U32(RSTFAULT_A_FORGE_TO, 4) }, -EINVAL,
	  "reserved bit set", RSTFAULT_A_FORGE_TO },
	{ FORGE, { U32(RSTFAULT_A_FORGE_SEQ, RSTFAULT_SEQ_MAX + 1) }, -ERANGE,
	  "integer out of range", RSTFAULT_A_FORGE_SEQ },
	{ FORGE, { U32(RSTFAULT_A_FORGE_ACK, RSTFAULT_ACK_MAX + 1) }, -ERANGE,
	  "integer out of range", RSTFAULT_A_FORGE_ACK },
	{ FORGE, { U32(RSTFAULT_A_FORGE_SEQ, RSTFAULT_SEQ_OFFSET) }, -EINVAL,
	  "the offset is missing", .missing = RSTFAULT_A_FORGE_OFFSET },
	{ FORGE, { U32(RSTFAULT_A_FORGE_OFFSET, 1) }, -EINVAL,
	  "an offset needs a sequence number of kind offset",
	  RSTFAULT_A_FORGE_OFFSET },
	{ FORGE, { U8(RSTFAULT_A_FORGE_TTL, 0) }, -ERANGE,
	  "a TTL of 0 goes nowhere", RSTFAULT_A_FORGE_TTL },
	{ FORGE, { U32(RSTFAULT_A_FORGE_COUNT, 0) }, -ERANGE,
	  "a count is from 1 to 1000", RSTFAULT_A_FORGE_COUNT },
	{ FORGE, { U32(RSTFAULT_A_FORGE_COUNT, RSTFAULT_REPEAT_MAX + 1) },
	  -ERANGE, "a count is from 1 to 1000", RSTFAULT_A_FORGE_COUNT },
	{ FORGE, { U64(RSTFAULT_A_FORGE_EVERY, TOO_LONG) }, -ERANGE,
	  "a duration is longer than a year", RSTFAULT_A_FORGE_EVERY },
	{ FORGE, { U64(RSTFAULT_A_FORGE_AFTER, TOO_LONG) }, -ERANGE,
	  "a duration is longer than a year", RSTFAULT_A_FORGE_AFTER },

	/* mangle */
	{ MANGLE, {}, -EINVAL, "mangle changes nothing",
	  RSTFAULT_A_RULE_MANGLE },
	{ MANGLE, { U32(RSTFAULT_A_MANGLE_SEQ, 0),
		    U32(RSTFAULT_A_MANGLE_ACK, 0) }, -EINVAL,
	  "mangle changes nothing", RSTFAULT_A_RULE_MANGLE },
	{ MANGLE, { U8(RSTFAULT_A_MANGLE_TTL, 0) }, -ERANGE,
	  "a TTL of 0 goes nowhere", RSTFAULT_A_MANGLE_TTL },

	/* duplicate */
	{ DUPLICATE, {}, -EINVAL, "duplicate needs a count",
	  .missing = RSTFAULT_A_DUPLICATE_COUNT },
	{ DUPLICATE, { U32(RSTFAULT_A_DUPLICATE_COUNT, 0) }, -ERANGE,
	  "a count is from 1 to 1000", RSTFAULT_A_DUPLICATE_COUNT },
	{ DUPLICATE, { U32(RSTFAULT_A_DUPLICATE_COUNT,
			   RSTFAULT_REPEAT_MAX + 1) }, -ERANGE,
	  "a count is from 1 to 1000", RSTFAULT_A_DUPLICATE_COUNT },
	{ DUPLICATE, { U32(RSTFAULT_A_DUPLICATE_COUNT, 1),
		       U64(RSTFAULT_A_DUPLICATE_EVERY, TOO_LONG) }, -ERANGE,
	  "a duration is longer than a year", RSTFAULT_A_DUPLICATE_EVERY },
};

static void put_nested(struct nlmsghdr *nlh, uint16_t type,
		       const struct value *inner)
{
	struct nlattr *nest;
	int i;

	if (!type)
		return;
	nest = mnl_attr_nest_start(nlh, type);
	for (i = 0; i < INNER_MAX; i++)
		if (inner[i].type)
			put_value(nlh, &inner[i]);
	mnl_attr_nest_end(nlh, nest);
}

static void put_action(struct nlmsghdr *nlh, const struct nested *row,
		       uint32_t segment)
{
	struct nlattr *rule = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);

	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN);
	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_SEGMENT, segment);
	mnl_attr_put_u32(nlh, RSTFAULT_A_RULE_ACTION, row->of.action);
	put_nested(nlh, row->of.nest, row->inner);
	mnl_attr_nest_end(nlh, rule);
}

static void expect_refusal(struct __test_metadata *_metadata,
			   const struct nested *row, int err,
			   const struct refusal *refusal)
{
	EXPECT_EQ(row->err, err) {
		TH_LOG("%s, said %s", row->text, refusal->text);
	}
	EXPECT_STREQ(row->text, refusal->text);
	EXPECT_EQ(row->attr, refusal->attr) {
		TH_LOG("%s", row->text);
	}
	EXPECT_EQ(row->missing, refusal->missing) {
		TH_LOG("%s", row->text);
	}
}

TEST_F(client, actions)
{
	static const struct nested mangle_data = {
		MANGLE, { U8(RSTFAULT_A_MANGLE_TTL, 1) }, -EINVAL,
		"mangle is for RST segments alone", RSTFAULT_A_RULE_SEGMENT
	};
	const struct nested *row;
	struct nlmsghdr *nlh;

	for (row = actions; row < actions + ARRAY_SIZE(actions); row++) {
		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_action(nlh, row, RSTFAULT_SEGMENT_RST);
		expect_refusal(_metadata, row, send_request(nlh),
			       &self->refusal);
	}

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_action(nlh, &mangle_data,
		   RSTFAULT_SEGMENT_RST | RSTFAULT_SEGMENT_SYN);
	expect_refusal(_metadata, &mangle_data, send_request(nlh),
		       &self->refusal);
	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, generation());
}

#define TUPLE { 0, RSTFAULT_A_TUPLE }

/* Tuples that are none. */
static const struct nested tuples[] = {
	{ {}, {}, -EINVAL, "which connection is to be reset?",
	  .missing = RSTFAULT_A_TUPLE },
	{ TUPLE, {}, -EINVAL, "a connection has a family",
	  .missing = RSTFAULT_A_TUPLE_FAMILY },
	{ TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_UNIX) }, -EAFNOSUPPORT,
	  "the family is neither IPv4 nor IPv6", RSTFAULT_A_TUPLE_FAMILY },
	{ TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET) }, -EINVAL,
	  "a connection has two addresses",
	  .missing = RSTFAULT_A_TUPLE_SADDR4 },
	{ TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET),
		   U32(RSTFAULT_A_TUPLE_SADDR4, 1) }, -EINVAL,
	  "a connection has two addresses",
	  .missing = RSTFAULT_A_TUPLE_DADDR4 },
	{ TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET6),
		   BYTES(RSTFAULT_A_TUPLE_SADDR6, "0123456789abcdef") },
	  -EINVAL, "a connection has two addresses",
	  .missing = RSTFAULT_A_TUPLE_DADDR6 },
	{ TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET),
		   U32(RSTFAULT_A_TUPLE_SADDR4, 1),
		   U32(RSTFAULT_A_TUPLE_DADDR4, 2) }, -EINVAL,
	  "a connection has two ports", .missing = RSTFAULT_A_TUPLE_SPORT },
};

/* What a RST that nothing causes cannot be. */
static const struct nested injections[] = {
	{ { 0, RSTFAULT_A_FORGE }, { U32(RSTFAULT_A_FORGE_COUNT, 2) }, -EINVAL,
	  "count, every, after and drop are for rules", RSTFAULT_A_FORGE },
	{ { 0, RSTFAULT_A_FORGE }, { U64(RSTFAULT_A_FORGE_EVERY, 1) }, -EINVAL,
	  "count, every, after and drop are for rules", RSTFAULT_A_FORGE },
	{ { 0, RSTFAULT_A_FORGE }, { U64(RSTFAULT_A_FORGE_AFTER, 1) }, -EINVAL,
	  "count, every, after and drop are for rules", RSTFAULT_A_FORGE },
	{ { 0, RSTFAULT_A_FORGE }, { FLAG(RSTFAULT_A_FORGE_DROP) }, -EINVAL,
	  "count, every, after and drop are for rules", RSTFAULT_A_FORGE },
	{ { 0, RSTFAULT_A_FORGE }, { U32(RSTFAULT_A_FORGE_COUNT, 0) }, -ERANGE,
	  "a count is from 1 to 1000", RSTFAULT_A_FORGE_COUNT },
	{ { 0, RSTFAULT_A_FORGE }, { U8(RSTFAULT_A_FORGE_TTL, 0) }, -ERANGE,
	  "a TTL of 0 goes nowhere", RSTFAULT_A_FORGE_TTL },
	{ { 0, RSTFAULT_A_FORGE }, { U32(RSTFAULT_A_FORGE_TO, 0) }, -EINVAL,
	  "a RST needs at least one target", RSTFAULT_A_FORGE_TO },
	{ {}, {}, -ENOENT, "there is no such connection",
	  RSTFAULT_A_TUPLE },
};

TEST_F(client, inject)
{
	static const struct value other = U32(RSTFAULT_A_TUPLE_DADDR4, 2);
	static const struct nested mixed = {
		TUPLE, { U16(RSTFAULT_A_TUPLE_FAMILY, AF_INET6),
			 BYTES(RSTFAULT_A_TUPLE_SADDR6, "0123456789abcdef"),
			 BYTES(RSTFAULT_A_TUPLE_DADDR6, "0123456789abcdef") },
		-EINVAL, "an address of another family",
		RSTFAULT_A_TUPLE_DADDR4
	};
	const struct nested *row;
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	for (row = tuples; row < tuples + ARRAY_SIZE(tuples); row++) {
		nlh = request(RSTFAULT_CMD_INJECT);
		put_nested(nlh, row->of.nest, row->inner);
		expect_refusal(_metadata, row, send_request(nlh),
			       &self->refusal);
	}

	nlh = request(RSTFAULT_CMD_INJECT);
	put_nested(nlh, mixed.of.nest, mixed.inner);
	nest = mnl_nlmsg_get_payload_offset(nlh, 4);
	put_value(nlh, &other);
	mnl_attr_nest_end(nlh, nest);
	expect_refusal(_metadata, &mixed, send_request(nlh), &self->refusal);

	for (row = injections; row < injections + ARRAY_SIZE(injections);
	     row++) {
		nlh = request(RSTFAULT_CMD_INJECT);
		nest = mnl_attr_nest_start(nlh, RSTFAULT_A_TUPLE);
		mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_FAMILY, AF_INET);
		mnl_attr_put_u32(nlh, RSTFAULT_A_TUPLE_SADDR4, 1);
		mnl_attr_put_u32(nlh, RSTFAULT_A_TUPLE_DADDR4, 2);
		mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_SPORT, 1);
		mnl_attr_put_u16(nlh, RSTFAULT_A_TUPLE_DPORT, 2);
		mnl_attr_nest_end(nlh, nest);
		put_nested(nlh, row->of.nest, row->inner);
		expect_refusal(_metadata, row, send_request(nlh),
			       &self->refusal);
	}
}

TEST_F(client, release)
{
	struct nlmsghdr *nlh;

	nlh = request(RSTFAULT_CMD_RELEASE);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_STREQ("no such rule", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_ID, self->refusal.attr);

	nlh = request(RSTFAULT_CMD_RELEASE);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_STREQ("no such rule", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_NAME, self->refusal.attr);

	nlh = request(RSTFAULT_CMD_RELEASE);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("say either the id or the name of a rule",
		     self->refusal.text);

	/* All rules are named where none is. */
	EXPECT_EQ(0, send_request(request(RSTFAULT_CMD_RELEASE)));
}

TEST_HARNESS_MAIN
