// SPDX-License-Identifier: GPL-2.0
/*
 * Conditions of a rule beyond addresses, ports and interfaces, in requests:
 * wrong ones are refused with their errno, their sentence and the attribute to
 * blame; right ones are told back as they were given.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib/client.h"

#define OUT U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_OUT)
#define FORWARD U32(RSTFAULT_A_RULE_HOOK, RSTFAULT_HOOK_FORWARD)
#define FLAGS U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_FLAGS)
#define RST_FLAGS U32(RSTFAULT_A_RULE_SEGMENT, \
		      RSTFAULT_SEGMENT_RST | RSTFAULT_SEGMENT_FLAGS)

#define ANY U32(RSTFAULT_A_RULE_SEGMENT, RSTFAULT_SEGMENT_ANY)

#define GATES_MAX 4

/* A request, and what is said to it. */
struct row {
	struct value changes[CHANGES_MAX];
	struct value gates[GATES_MAX];
	int err;
	const char *text;
	uint16_t attr;
	uint16_t missing;
};

static const struct row refused[] = {
	/* flags */
	{ { FLAGS }, {}, -EINVAL,
	  "the kind of segment flags needs a mask and a value",
	  .missing = RSTFAULT_A_RULE_FLAGS_MASK },
	{ { FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 2) }, {}, -EINVAL,
	  "the kind of segment flags needs a mask and a value",
	  .missing = RSTFAULT_A_RULE_FLAGS_VALUE },
	{ { U8(RSTFAULT_A_RULE_FLAGS_MASK, 2) }, {}, -EINVAL,
	  "flags are for the kind of segment flags",
	  RSTFAULT_A_RULE_FLAGS_MASK },
	{ { U8(RSTFAULT_A_RULE_FLAGS_VALUE, 2) }, {}, -EINVAL,
	  "flags are for the kind of segment flags",
	  RSTFAULT_A_RULE_FLAGS_VALUE },
	{ { FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 0),
	    U8(RSTFAULT_A_RULE_FLAGS_VALUE, 0) }, {}, -EINVAL,
	  "the mask has no bit that counts", RSTFAULT_A_RULE_FLAGS_MASK },
	{ { FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 2),
	    U8(RSTFAULT_A_RULE_FLAGS_VALUE, 3) }, {}, -EINVAL,
	  "the value has bits set outside of the mask",
	  RSTFAULT_A_RULE_FLAGS_VALUE },

	/* mark */
	{ { U32(RSTFAULT_A_RULE_MARK_MASK, 1) }, {}, -EINVAL,
	  "the mask needs a mark", RSTFAULT_A_RULE_MARK_MASK },
	{ { U32(RSTFAULT_A_RULE_MARK, 0), U32(RSTFAULT_A_RULE_MARK_MASK, 0) },
	  {}, -EINVAL, "the mask has no bit that counts",
	  RSTFAULT_A_RULE_MARK_MASK },
	{ { U32(RSTFAULT_A_RULE_MARK, 3), U32(RSTFAULT_A_RULE_MARK_MASK, 2) },
	  {}, -EINVAL, "the mark has bits set outside of the mask",
	  RSTFAULT_A_RULE_MARK },

	/* length */
	{ { U32(RSTFAULT_A_RULE_LENGTH_FROM, 2),
	    U32(RSTFAULT_A_RULE_LENGTH_TO, 1) }, {}, -EINVAL,
	  "a range of lengths ends before it begins",
	  RSTFAULT_A_RULE_LENGTH_TO },

	/* the local socket */
	{ { U32(RSTFAULT_A_RULE_UID, UINT32_MAX) }, {}, -EINVAL,
	  "your user namespace has no such user", RSTFAULT_A_RULE_UID },
	{ { STR(RSTFAULT_A_RULE_CGROUP, "") }, {}, -EINVAL,
	  "the path of a control group cannot be empty",
	  RSTFAULT_A_RULE_CGROUP },
	{ { STR(RSTFAULT_A_RULE_CGROUP, "/rstfault/none") }, {}, -ENOENT,
	  "no such control group", RSTFAULT_A_RULE_CGROUP },
	{ { STR(RSTFAULT_A_RULE_CGROUP, "/cgroup.procs") }, {}, -ENOTDIR,
	  "no such control group", RSTFAULT_A_RULE_CGROUP },
	{ { U32(RSTFAULT_A_RULE_STATE, 0) }, {}, -EINVAL,
	  "a rule for states needs at least one", RSTFAULT_A_RULE_STATE },
	{ { U32(RSTFAULT_A_RULE_STATE, RSTFAULT_STATE_MASK + 1) }, {}, -EINVAL,
	  "reserved bit set", RSTFAULT_A_RULE_STATE },
	{ { FORWARD, U32(RSTFAULT_A_RULE_UID, 0) }, {}, -EINVAL,
	  "a forwarded segment has no local socket", RSTFAULT_A_RULE_UID },
	{ { FORWARD, STR(RSTFAULT_A_RULE_CGROUP, "/") }, {}, -EINVAL,
	  "a forwarded segment has no local socket", RSTFAULT_A_RULE_CGROUP },
	{ { FORWARD, U32(RSTFAULT_A_RULE_STATE, 1) }, {}, -EINVAL,
	  "a forwarded segment has no local socket", RSTFAULT_A_RULE_STATE },

	/* origin */
	{ { OUT, U32(RSTFAULT_A_RULE_ORIGIN, 0) }, {}, -EINVAL,
	  "a rule for origins needs at least one", RSTFAULT_A_RULE_ORIGIN },
	{ { U32(RSTFAULT_A_RULE_ORIGIN, 1) }, {}, -EINVAL,
	  "only a leaving segment has an origin", RSTFAULT_A_RULE_ORIGIN },
	{ { FORWARD, U32(RSTFAULT_A_RULE_ORIGIN, 1) }, {}, -EINVAL,
	  "only a leaving segment has an origin", RSTFAULT_A_RULE_ORIGIN },
	{ { OUT, U32(RSTFAULT_A_RULE_ORIGIN, 1),
	    U32(RSTFAULT_A_RULE_SEGMENT,
		RSTFAULT_SEGMENT_RST | RSTFAULT_SEGMENT_FIN) }, {}, -EINVAL,
	  "only a RST has an origin", RSTFAULT_A_RULE_ORIGIN },
	{ { OUT, U32(RSTFAULT_A_RULE_ORIGIN, RSTFAULT_ORIGIN_MASK + 1) }, {},
	  -EINVAL, "reserved bit set", RSTFAULT_A_RULE_ORIGIN },

	/* gates */
	{ {}, { U32(RSTFAULT_A_GATES_PROBABILITY, 1000000001) }, -ERANGE,
	  "no probability is above 1000000000 billionths",
	  RSTFAULT_A_GATES_PROBABILITY },
	{ {}, { U32(RSTFAULT_A_GATES_SEED, 1) }, -EINVAL,
	  "a seed needs a probability", RSTFAULT_A_GATES_SEED },
	{ {}, { U32(RSTFAULT_A_GATES_EVERY, 0) }, -ERANGE,
	  "a gate that counts begins at 1", RSTFAULT_A_GATES_EVERY },
	{ {}, { U32(RSTFAULT_A_GATES_LIMIT, 0) }, -ERANGE,
	  "a gate that counts begins at 1", RSTFAULT_A_GATES_LIMIT },
	{ {}, { U32(RSTFAULT_A_GATES_NTH, 0) }, -ERANGE,
	  "a gate that counts begins at 1", RSTFAULT_A_GATES_NTH },
	{ {}, { U64(RSTFAULT_A_GATES_BYTES_TO, 1) }, -EINVAL,
	  "an end of bytes needs their beginning", RSTFAULT_A_GATES_BYTES_TO },
	{ {}, { U64(RSTFAULT_A_GATES_BYTES_FROM, 2),
		U64(RSTFAULT_A_GATES_BYTES_TO, 1) }, -EINVAL,
	  "the bytes end before they begin", RSTFAULT_A_GATES_BYTES_TO },
	{ {}, { U32(RSTFAULT_A_GATES_SKIP, 1),
		U32(RSTFAULT_A_GATES_PER_CONNECTION, RSTFAULT_GATE_EVERY) },
	  -EINVAL, "a gate per connection is not there",
	  RSTFAULT_A_GATES_PER_CONNECTION },
	{ {}, { U32(RSTFAULT_A_GATES_PER_CONNECTION, 0) }, -EINVAL,
	  "there is no gate in gates", RSTFAULT_A_RULE_GATES },
	{ {}, { U32(RSTFAULT_A_GATES_SKIP, 1),
		U32(RSTFAULT_A_GATES_PER_CONNECTION, RSTFAULT_GATE_MASK + 1) },
	  -EINVAL, "reserved bit set", RSTFAULT_A_GATES_PER_CONNECTION },
	{ {}, { U32(RSTFAULT_A_GATES_BYTES_FROM, 1) }, -EINVAL,
	  "invalid attribute length", RSTFAULT_A_GATES_BYTES_FROM },
	{ {}, { U32(RSTFAULT_A_GATES_MAX + 1, 1) }, -EINVAL,
	  "Unknown attribute type", RSTFAULT_A_GATES_MAX + 1 },

	/* A gate is no match, and what has every length has none. */
	{ { ANY }, { U32(RSTFAULT_A_GATES_LIMIT, 1) }, -EDESTADDRREQ,
	  "this rule is about every segment; narrow it, or say force",
	  .missing = RSTFAULT_A_RULE_FORCE },
	{ { ANY, U32(RSTFAULT_A_RULE_LENGTH_FROM, 0) }, {}, -EDESTADDRREQ,
	  "this rule is about every segment; narrow it, or say force",
	  .missing = RSTFAULT_A_RULE_FORCE },
};

static const struct row accepted[] = {
	/* each of them narrows a rule */
	{ { ANY, U32(RSTFAULT_A_RULE_MARK, 1) } },
	{ { ANY, U32(RSTFAULT_A_RULE_LENGTH_FROM, 1) } },
	{ { ANY, U32(RSTFAULT_A_RULE_LENGTH_TO, 1) } },
	{ { ANY, U32(RSTFAULT_A_RULE_UID, 1) } },
	{ { ANY, U32(RSTFAULT_A_RULE_STATE, 1) } },

	{ { FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 0xff),
	    U8(RSTFAULT_A_RULE_FLAGS_VALUE, 0) } },
	{ { RST_FLAGS, U8(RSTFAULT_A_RULE_FLAGS_MASK, 0x12),
	    U8(RSTFAULT_A_RULE_FLAGS_VALUE, 0x10) } },
	{ { U32(RSTFAULT_A_RULE_MARK, 0) } },
	{ { U32(RSTFAULT_A_RULE_MARK, 0xcafe0000),
	    U32(RSTFAULT_A_RULE_MARK_MASK, 0xffff0000) } },
	{ { U32(RSTFAULT_A_RULE_LENGTH_FROM, 1) } },
	{ { U32(RSTFAULT_A_RULE_LENGTH_TO, 0) } },
	{ { U32(RSTFAULT_A_RULE_LENGTH_FROM, 100),
	    U32(RSTFAULT_A_RULE_LENGTH_TO, 1000) } },
	{ { U32(RSTFAULT_A_RULE_UID, 0) } },
	{ { U32(RSTFAULT_A_RULE_UID, 4294967294) } },
	{ { STR(RSTFAULT_A_RULE_CGROUP, "/") } },
	{ { U32(RSTFAULT_A_RULE_STATE, RSTFAULT_STATE_MASK),
	    U32(RSTFAULT_A_RULE_UID, 1) } },
	{ { OUT, U32(RSTFAULT_A_RULE_ORIGIN, RSTFAULT_ORIGIN_PASSIVE) } },
	{ { FORWARD, U32(RSTFAULT_A_RULE_MARK, 1) },
	  { U32(RSTFAULT_A_GATES_LIMIT, 4294967295) } },
	{ {}, { U32(RSTFAULT_A_GATES_PROBABILITY, 0),
		U32(RSTFAULT_A_GATES_SEED, 0) } },
	{ {}, { U32(RSTFAULT_A_GATES_PROBABILITY, 1000000000),
		U32(RSTFAULT_A_GATES_SEED, 4294967295),
		U32(RSTFAULT_A_GATES_PER_CONNECTION,
		    RSTFAULT_GATE_PROBABILITY) } },
	{ {}, { U32(RSTFAULT_A_GATES_SKIP, 0),
		U32(RSTFAULT_A_GATES_EVERY, 1),
		U32(RSTFAULT_A_GATES_NTH, 1),
		U32(RSTFAULT_A_GATES_PER_CONNECTION,
		    RSTFAULT_GATE_SKIP | RSTFAULT_GATE_NTH) } },
	{ {}, { U64(RSTFAULT_A_GATES_BYTES_FROM, 0) } },
	{ {}, { U64(RSTFAULT_A_GATES_BYTES_FROM, 1ULL << 40),
		U64(RSTFAULT_A_GATES_BYTES_TO, 1ULL << 41),
		U32(RSTFAULT_A_GATES_PER_CONNECTION, RSTFAULT_GATE_BYTES) } },
};

/* Put the rule of @row. */
static void put_row(struct nlmsghdr *nlh, const struct row *row)
{
	struct nlattr *rule, *gates;
	unsigned int i;

	put_rule(nlh, row->changes);
	if (!row->gates[0].len)
		return;

	/* The rule is the last attribute; open it again. */
	rule = mnl_nlmsg_get_payload_offset(nlh, 4);
	gates = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE_GATES);
	for (i = 0; i < GATES_MAX; i++)
		put_value(nlh, &row->gates[i]);
	mnl_attr_nest_end(nlh, gates);
	mnl_attr_nest_end(nlh, rule);
}

TEST_F(client, refused)
{
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_row(nlh, &refused[i]);
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

/* A nest without anything in it. */
TEST_F(client, empty_gates)
{
	struct nlattr *rule, *gates;
	struct nlmsghdr *nlh = request(RSTFAULT_CMD_RULE_ADD);

	put_rule(nlh, NULL);
	rule = mnl_nlmsg_get_payload_offset(nlh, 4);
	gates = mnl_attr_nest_start(nlh, RSTFAULT_A_RULE_GATES);
	mnl_attr_nest_end(nlh, gates);
	mnl_attr_nest_end(nlh, rule);
	EXPECT_EQ(-EINVAL, send_request(nlh));
	EXPECT_STREQ("there is no gate in gates", self->refusal.text);
	EXPECT_EQ(RSTFAULT_A_RULE_GATES, self->refusal.attr);
}

/* What a reply says of some attributes of a rule. */
struct reply {
	const struct row *row;
	unsigned int found;
	bool other;
	int64_t seed;
};

static bool same_value(const struct nlattr *attr, const struct value *value)
{
	if (value->data)
		return mnl_attr_get_payload_len(attr) == value->len &&
		       !memcmp(mnl_attr_get_payload(attr), value->data,
			       value->len);

	return mnl_attr_get_payload_len(attr) == value->len &&
	       (value->len == 1 ? mnl_attr_get_u8(attr) == value->number :
		value->len == 4 ? mnl_attr_get_u32(attr) == value->number :
		mnl_attr_get_u64(attr) == value->number);
}

static void compare(struct reply *reply, const struct nlattr *attr,
		    const struct value *values, unsigned int max)
{
	unsigned int i;

	for (i = 0; i < max; i++) {
		if (!values[i].len || mnl_attr_get_type(attr) != values[i].type)
			continue;
		if (same_value(attr, &values[i]))
			reply->found++;
		else
			reply->other = true;
	}
}

static int reply_gate(const struct nlattr *attr, void *data)
{
	struct reply *reply = data;

	compare(reply, attr, reply->row->gates, GATES_MAX);
	if (mnl_attr_get_type(attr) == RSTFAULT_A_GATES_SEED)
		reply->seed = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int reply_rule(const struct nlattr *attr, void *data)
{
	struct reply *reply = data;

	compare(reply, attr, reply->row->changes, CHANGES_MAX);
	if (mnl_attr_get_type(attr) == RSTFAULT_A_RULE_GATES)
		mnl_attr_parse_nested(attr, reply_gate, data);
	return MNL_CB_OK;
}

static int reply_top(const struct nlattr *attr, void *data)
{
	return mnl_attr_parse_nested(attr, reply_rule, data);
}

static int reply_message(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), reply_top, data);
}

static unsigned int row_len(const struct row *row)
{
	unsigned int i, len = 0;

	for (i = 0; i < CHANGES_MAX; i++)
		len += !!row->changes[i].len;
	for (i = 0; i < GATES_MAX; i++)
		len += !!row->gates[i].len;
	return len;
}

/* Ask for the only rule there is, and for nothing else. */
static int get_rule(FIXTURE_DATA(client) *self, const char *name,
		    struct reply *reply)
{
	struct nlmsghdr *nlh = request(RSTFAULT_CMD_RULE_GET);

	mnl_attr_put_strz(nlh, RSTFAULT_A_NAME, name);
	return family_send(&self->family, nlh, reply_message, reply,
			   &self->refusal);
}

TEST_F(client, told_back)
{
	struct value *name;
	struct nlmsghdr *nlh;
	struct reply reply;
	struct row row;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(accepted); i++) {
		row = accepted[i];
		for (name = row.changes; name->len; name++)
			;
		*name = (struct value)STR(RSTFAULT_A_RULE_NAME, "r");

		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_row(nlh, &row);
		ASSERT_EQ(0, send_request(nlh)) {
			TH_LOG("row %u: %s", i, self->refusal.text);
		}

		reply = (struct reply){ .row = &row };
		ASSERT_EQ(0, get_rule(self, "r", &reply));
		EXPECT_EQ(row_len(&row), reply.found) {
			TH_LOG("row %u", i);
		}
		EXPECT_FALSE(reply.other);
		ASSERT_EQ(0, rule_flush(&self->host));
	}
}

/* Without a seed the kernel chooses one, another one each time, and says so. */
TEST_F(client, seed_is_chosen)
{
	static const struct row row = {
		{ STR(RSTFAULT_A_RULE_NAME, "r") },
		{ U32(RSTFAULT_A_GATES_PROBABILITY, 1000) },
	};
	struct nlmsghdr *nlh;
	struct reply reply;
	int64_t seeds[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seeds); i++) {
		nlh = request(RSTFAULT_CMD_RULE_ADD);
		put_row(nlh, &row);
		ASSERT_EQ(0, send_request(nlh));
		reply = (struct reply){ .row = &row, .seed = -1 };
		ASSERT_EQ(0, get_rule(self, "r", &reply));
		seeds[i] = reply.seed;
		EXPECT_LE(0, seeds[i]);
		ASSERT_EQ(0, rule_flush(&self->host));
	}
	/* One in 2^64 that this fails by itself. */
	EXPECT_FALSE(seeds[0] == seeds[1] && seeds[1] == seeds[2]);
}

/* Users that a user namespace has no number for cannot be named in it. */
static int add_unmapped(void)
{
	static const struct row row = { { U32(RSTFAULT_A_RULE_UID, 7) } };
	struct refusal refusal;
	struct family family;
	struct nlmsghdr *nlh;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -EOPNOTSUPP;
	if (family_open(&family, NULL))
		return -EIO;

	nlh = family_request(&family, RSTFAULT_CMD_RULE_ADD, 0);
	put_row(nlh, &row);
	family_send(&family, nlh, NULL, NULL, &refusal);
	return refusal.attr == RSTFAULT_A_RULE_UID ? refusal.err : -EPROTO;
}

TEST_F(client, unmapped_uid)
{
	int status;
	pid_t pid;

	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(-add_unmapped());
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	if (WEXITSTATUS(status) == EOPNOTSUPP)
		SKIP(return, "this kernel has no user namespaces");
	EXPECT_EQ(EINVAL, WEXITSTATUS(status));
}

TEST_HARNESS_MAIN
