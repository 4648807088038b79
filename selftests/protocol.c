// SPDX-License-Identifier: GPL-2.0
/*
 * The netlink family as a client meets it that does not play by the rules:
 * each refusal with its errno, its sentence and the attribute to blame, and
 * with nothing changed.
 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/family.h"
#include "lib/host.h"

/* A number of 1, 2, 4 or 8 bytes, or @len bytes at @data. len 0: no such. */
struct value {
	uint16_t type;
	uint16_t len;
	uint64_t number;
	const void *data;
};

#define U8(type, number) { type, 1, number, NULL }
#define U16(type, number) { type, 2, number, NULL }
#define U32(type, number) { type, 4, number, NULL }
#define U64(type, number) { type, 8, number, NULL }
#define STR(type, string) { type, sizeof(string), 0, string }
#define BYTES(type, string) { type, sizeof(string) - 1, 0, string }
#define NONE(type) { type, 0, 0, NULL }

static void put_value(struct nlmsghdr *nlh, const struct value *value)
{
	if (value->data)
		mnl_attr_put(nlh, value->type, value->len, value->data);
	else if (value->len == 1)
		mnl_attr_put_u8(nlh, value->type, value->number);
	else if (value->len == 2)
		mnl_attr_put_u16(nlh, value->type, value->number);
	else if (value->len == 4)
		mnl_attr_put_u32(nlh, value->type, value->number);
	else if (value->len == 8)
		mnl_attr_put_u64(nlh, value->type, value->number);
}

/* The smallest rule: in rst drop. */
static const struct value minimal[] = {
	U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_IN),
	U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_RST),
	U32(RSTFAULT_A_RULE_ACTION, RSTFAULT_ACTION_DROP),
};

#define CHANGES_MAX 4

/* Put the smallest rule, with changes that replace or add attributes. */
static void put_rule(struct nlmsghdr *nlh, const struct value *changes)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE);
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(minimal); i++) {
		for (j = 0; j < CHANGES_MAX; j++)
			if (changes && changes[j].type == minimal[i].type)
				break;
		if (!changes || j == CHANGES_MAX)
			put_value(nlh, &minimal[i]);
	}
	for (j = 0; changes && j < CHANGES_MAX; j++)
		put_value(nlh, &changes[j]);
	mnl_attr_nest_end(nlh, nest);
}

static void put_name(struct nlmsghdr *nlh, const char *name)
{
	struct value changes[CHANGES_MAX] = {
		{ RSTFAULT_A_RULE_NAME, strlen(name) + 1, 0, name },
	};

	put_rule(nlh, changes);
}

FIXTURE(protocol) {
	struct host host;
	struct family family;
	struct refusal refusal;
};

FIXTURE_SETUP(protocol)
{
	ASSERT_EQ(0, host_init(&self->host));
	ASSERT_EQ(0, family_open(&self->family, &self->host));
}

FIXTURE_TEARDOWN(protocol)
{
	family_close(&self->family);
	host_free(&self->host);
}

#define request(cmd) family_request(&self->family, cmd, 0)
#define send_request(nlh) \
	family_send(&self->family, nlh, NULL, NULL, &self->refusal)
#define generation() family_info(&self->family, RSTFAULT_A_GENERATION)
#define nr_rules() family_info(&self->family, RSTFAULT_A_RULES)

static int add_rule(struct family *family)
{
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
	struct refusal refusal;

	put_rule(nlh, NULL);
	return family_send(family, nlh, NULL, NULL, &refusal);
}

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

	/* what only the kernel writes, and what nobody knows */
	{ { U32(RSTFAULT_A_RULE_ID, 1) }, -EINVAL,
	  "the kernel chooses the id of a rule", RSTFAULT_A_RULE_ID },
	{ { U32(RSTFAULT_A_RULE_MAX + 1, 1) }, -EINVAL,
	  "Unknown attribute type", RSTFAULT_A_RULE_MAX + 1 },
};

TEST_F(protocol, refused_rules)
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
TEST_F(protocol, refused_nests)
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

TEST_F(protocol, ports)
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

/* Attributes that an operation does not know are refused, not passed over. */
TEST_F(protocol, unknown_attributes)
{
	static const uint8_t cmds[] = {
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_DEL,
		RSTFAULT_CMD_FLUSH, RSTFAULT_CMD_RULE_GET,
		RSTFAULT_CMD_INFO_GET,
	};
	struct nlmsghdr *nlh;
	unsigned int i;

	ASSERT_EQ(0, add_rule(&self->family));
	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nlh = request(cmds[i]);
		mnl_attr_put_u32(nlh, RSTFAULT_A_VERSION, 1);
		EXPECT_EQ(-EINVAL, send_request(nlh));
		EXPECT_STREQ("Unknown attribute type", self->refusal.text);
		EXPECT_EQ(RSTFAULT_A_VERSION, self->refusal.attr);
	}
	EXPECT_EQ(-EOPNOTSUPP, send_request(request(RSTFAULT_CMD_MAX + 1)));
	EXPECT_EQ(1, nr_rules());
}

/* All rules of a request, or none. */
TEST_F(protocol, atomic)
{
	struct value bad[CHANGES_MAX] = { U32(RSTFAULT_A_RULE_HOOK, 99) };
	struct nlmsghdr *nlh;
	int64_t before;

	ASSERT_EQ(0, add_rule(&self->family));
	before = generation();

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	put_rule(nlh, bad);
	EXPECT_EQ(-ERANGE, send_request(nlh));
	EXPECT_EQ(RSTFAULT_A_RULE_HOOK, self->refusal.attr);

	/* A name that stands twice in the request, one that is taken. */
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	put_name(nlh, "one");
	EXPECT_EQ(-EEXIST, send_request(nlh));
	EXPECT_STREQ("a rule of this name exists", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_NAME, self->refusal.attr);
	EXPECT_EQ(1, nr_rules());
	EXPECT_EQ(before, generation());

	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "one");
	put_name(nlh, "two");
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(3, nr_rules());
	EXPECT_LT(before, generation());

	before = generation();
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "three");
	put_name(nlh, "two");
	EXPECT_EQ(-EEXIST, send_request(nlh));
	EXPECT_EQ(-ENOENT, rule_fired(&self->host, "three"));
	EXPECT_EQ(0, rule_fired(&self->host, "two"));
	EXPECT_EQ(before, generation());

	/* A deleted rule's name is free again. */
	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "two");
	EXPECT_EQ(0, send_request(nlh));
	nlh = request(RSTFAULT_CMD_RULE_ADD);
	put_name(nlh, "three");
	put_name(nlh, "two");
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(4, nr_rules());
}

/* A request made for another state of the ruleset is refused. */
TEST_F(protocol, generation_guard)
{
	static const uint8_t cmds[] = {
		RSTFAULT_CMD_RULE_ADD, RSTFAULT_CMD_RULE_DEL,
		RSTFAULT_CMD_FLUSH, RSTFAULT_CMD_INFO_GET,
	};
	struct nlmsghdr *nlh;
	unsigned int i;
	int64_t before;

	before = generation();
	ASSERT_EQ(0, add_rule(&self->family));
	ASSERT_NE(before, generation());

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nlh = request(cmds[i]);
		if (cmds[i] == RSTFAULT_CMD_RULE_ADD)
			put_rule(nlh, NULL);
		if (cmds[i] == RSTFAULT_CMD_RULE_DEL)
			mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
		mnl_attr_put_u32(nlh, RSTFAULT_A_GENERATION, before);
		EXPECT_EQ(-ESTALE, send_request(nlh));
		EXPECT_STREQ("the ruleset is of another generation",
			     self->refusal.text);
		EXPECT_EQ(RSTFAULT_A_GENERATION, self->refusal.attr);
	}
	EXPECT_EQ(1, nr_rules());

	before = generation();
	nlh = request(RSTFAULT_CMD_FLUSH);
	mnl_attr_put_u32(nlh, RSTFAULT_A_GENERATION, before);
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, nr_rules());
}

TEST_F(protocol, naming_a_rule)
{
	struct nlmsghdr *nlh;

	ASSERT_EQ(0, add_rule(&self->family));

	EXPECT_EQ(-EINVAL, send_request(request(RSTFAULT_CMD_RULE_DEL)));
	EXPECT_STREQ("say either the id or the name of a rule",
		     self->refusal.text);
	EXPECT_EQ(-EINVAL, send_request(request(RSTFAULT_CMD_RULE_GET)));

	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-EINVAL, send_request(nlh));

	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 2);
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_STREQ("no such rule", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_ID, self->refusal.attr);

	nlh = request(RSTFAULT_CMD_RULE_GET);
	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, "x");
	EXPECT_EQ(-ENOENT, send_request(nlh));
	EXPECT_EQ(RSTFAULT_A_NAME, self->refusal.attr);

	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	EXPECT_EQ(-EINVAL, send_request(nlh));

	EXPECT_EQ(1, nr_rules());
	nlh = request(RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(nlh, RSTFAULT_A_ID, 1);
	EXPECT_EQ(0, send_request(nlh));
	EXPECT_EQ(0, nr_rules());
}

/* Every netns has rules of its own, and its socket reaches only those. */
TEST_F(protocol, isolation)
{
	struct family other_family;
	struct host other;

	ASSERT_EQ(0, host_init(&other));
	ASSERT_EQ(0, family_open(&other_family, &other));
	ASSERT_EQ(0, add_rule(&self->family));

	EXPECT_EQ(1, nr_rules());
	EXPECT_EQ(0, family_info(&other_family, RSTFAULT_A_RULES));
	EXPECT_EQ(0, rule_flush(&other));
	EXPECT_EQ(1, nr_rules());

	family_close(&other_family);
	host_free(&other);
}

/* Give up CAP_NET_ADMIN, for what the caller does from now on. */
static int drop_net_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[0].effective &= ~(1 << CAP_NET_ADMIN);
	data[0].permitted &= ~(1 << CAP_NET_ADMIN);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* Run @test in a child, as what it does cannot be taken back. */
static int in_child(int (*test)(struct family *family), struct family *family)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(-test(family));
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -EIO;
	return -WEXITSTATUS(status);
}

static int add_without_privilege(struct family *family)
{
	return drop_net_admin() ?: add_rule(family);
}

static int list_without_privilege(struct family *family)
{
	struct refusal refusal;
	struct nlmsghdr *nlh = family_request(family, RSTFAULT_CMD_RULE_GET,
					      NLM_F_DUMP);

	return drop_net_admin() ?:
	       family_send(family, nlh, NULL, NULL, &refusal);
}

/* Root of a user namespace of its own has no say in a netns of another. */
static int add_in_foreign_netns(struct family *family)
{
	struct family own;

	if (unshare(CLONE_NEWUSER))
		return -errno;
	return family_open(&own, NULL) ?: add_rule(&own);
}

static int add_in_own_netns(struct family *family)
{
	struct family own;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return family_open(&own, NULL) ?: add_rule(&own);
}

TEST_F(protocol, privilege)
{
	EXPECT_EQ(-EPERM, in_child(add_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(list_without_privilege, &self->family));
	EXPECT_EQ(-EPERM, in_child(add_in_foreign_netns, &self->family));
	EXPECT_EQ(0, in_child(add_in_own_netns, &self->family));
	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, in_child(add_rule, &self->family));
	EXPECT_EQ(1, nr_rules());
}

struct count {
	struct family *family;
	unsigned int rules;
	unsigned int change_at;
};

static int count_rule(const struct nlmsghdr *nlh, void *data)
{
	struct count *count = data;

	if (++count->rules == count->change_at)
		add_rule(count->family);
	return MNL_CB_OK;
}

#define MANY 1000

/* As many rules as one request has room for, and more. */
static int add_many(struct family *family, unsigned int count)
{
	struct nlmsghdr *nlh = NULL;
	struct refusal refusal;
	int err = 0;

	while (count-- && !err) {
		if (!nlh)
			nlh = family_request(family, RSTFAULT_CMD_RULE_ADD, 0);
		put_rule(nlh, NULL);
		if (!count || nlh->nlmsg_len > sizeof(family->buf) - 256) {
			err = family_send(family, nlh, NULL, NULL, &refusal);
			nlh = NULL;
		}
	}

	return err;
}

/* A list is of one state of the ruleset; if it changes, it says so. */
TEST_F(protocol, list)
{
	struct family second;
	struct count count = { .family = &second };
	struct nlmsghdr *nlh;

	ASSERT_EQ(0, family_open(&second, &self->host));
	ASSERT_EQ(0, add_many(&self->family, MANY));

	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	EXPECT_EQ(0, family_send(&self->family, nlh, count_rule, &count,
				 &self->refusal));
	EXPECT_EQ(MANY, count.rules);

	count.rules = 0;
	count.change_at = 1;
	nlh = family_request(&self->family, RSTFAULT_CMD_RULE_GET, NLM_F_DUMP);
	EXPECT_EQ(-EINTR, family_send(&self->family, nlh, count_rule, &count,
				      &self->refusal));
	EXPECT_GT(MANY, count.rules);
	EXPECT_EQ(MANY + 1, nr_rules());
	family_close(&second);
}

TEST_F_TIMEOUT(protocol, full, 300)
{
	ASSERT_EQ(0, add_many(&self->family, RSTFAULT_RULES_MAX));
	EXPECT_EQ(RSTFAULT_RULES_MAX, nr_rules());
	EXPECT_EQ(-ENOSPC, add_rule(&self->family));
	EXPECT_EQ(RSTFAULT_RULES_MAX, nr_rules());

	ASSERT_EQ(0, rule_flush(&self->host));
	EXPECT_EQ(0, nr_rules());
	EXPECT_EQ(0, add_rule(&self->family));
}

TEST_HARNESS_MAIN
