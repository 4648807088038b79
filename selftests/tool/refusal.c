// SPDX-License-Identifier: GPL-2.0
/*
 * Refusals of the kernel: which word of which rule they are about.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "field.h"
#include "nl.h"
#include "refusal.h"

#include "kselftest_harness.h"
#include "rules.h"

static struct nlattr *first_attr(struct nlmsghdr *message)
{
	return mnl_nlmsg_get_payload_offset(message, GENL_HDRLEN);
}

static struct nlmsghdr *rule_request(__u64 *buf, const struct rule *rule)
{
	struct nlmsghdr *request = nl_request(buf, 33, RSTFAULT_CMD_RULE_ADD);

	return nl_rule_put(request, NL_REQUEST_MAX, rule) ? request : NULL;
}

/**
 * struct answer - an answer of the kernel to be made up
 * @type: NLMSG_ERROR or NLMSG_DONE
 * @code: the errno
 * @flags: NLM_F_*
 * @text: the sentence, or NULL
 * @offset: offset of the offending attribute, 0: not said
 * @missing: type of the attribute that is missing, 0: none
 * @nest: offset of the nest that lacks it, 0: not said
 */
struct answer {
	__u16 type;
	int code;
	__u16 flags;
	const char *text;
	__u32 offset;
	__u32 missing;
	__u32 nest;
};

static int explain(const struct answer *answer, const struct nlmsghdr *request,
		   struct err *err)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *reply = mnl_nlmsg_put_header(buf);

	reply->nlmsg_type = answer->type;
	reply->nlmsg_flags = answer->flags;
	if (answer->type == NLMSG_DONE) {
		int *code = mnl_nlmsg_put_extra_header(reply, sizeof(*code));

		*code = answer->code;
	} else {
		struct nlmsgerr *error;
		size_t size = sizeof(*error);

		if (!(answer->flags & NLM_F_CAPPED))
			size += request->nlmsg_len - NLMSG_HDRLEN;
		error = mnl_nlmsg_put_extra_header(reply, size);
		error->error = answer->code;
		memcpy(&error->msg, request, size - sizeof(error->error));
	}
	if (answer->text)
		mnl_attr_put_strz(reply, NLMSGERR_ATTR_MSG, answer->text);
	if (answer->offset)
		mnl_attr_put_u32(reply, NLMSGERR_ATTR_OFFS, answer->offset);
	if (answer->missing)
		mnl_attr_put_u32(reply, NLMSGERR_ATTR_MISS_TYPE,
				 answer->missing);
	if (answer->nest)
		mnl_attr_put_u32(reply, NLMSGERR_ATTR_MISS_NEST, answer->nest);
	memset(err, 0, sizeof(*err));
	return refusal_explain(reply, request, err);
}

/* Where the n-th attribute of that type is, in the rule of the request. */
static __u32 offset_in_rule(struct nlmsghdr *request, __u16 type, int n)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, first_attr(request)) {
		if (mnl_attr_get_type(attr) == type && !n--)
			return (const char *)attr - (const char *)request;
	}
	return 0;
}

#define TLVS	NLM_F_ACK_TLVS
#define CAPPED	(NLM_F_ACK_TLVS | NLM_F_CAPPED)

static const char everything[] =
	"name lost forward rst,syn saddr 10.0.0.0/8 daddr 10.0.0.1 dport {80,443} iif a oif b drop";

TEST(refusal_names_the_word)
{
	static const struct {
		__u16 attr;
		int n;
		__u32 more;
		const char *err;
	} words[] = {
		{ RSTFAULT_A_RULE_NAME, 0, 0, "name lost: no" },
		{ RSTFAULT_A_RULE_HOOK, 0, 0, "hook forward: no" },
		{ RSTFAULT_A_RULE_SEGMENT, 0, 0, "segment rst,syn: no" },
		{ RSTFAULT_A_RULE_FAMILY, 0, 0, "family ip: no" },
		{ RSTFAULT_A_RULE_SADDR4, 0, 0, "saddr 10.0.0.0/8: no" },
		{ RSTFAULT_A_RULE_SADDR_PREFIX, 0, 0, "saddr 10.0.0.0/8: no" },
		{ RSTFAULT_A_RULE_DADDR4, 0, 0, "daddr 10.0.0.1: no" },
		{ RSTFAULT_A_RULE_DPORT, 0, 0, "dport {80, 443}: no" },
		{ RSTFAULT_A_RULE_DPORT, 1, 0, "dport {80, 443}: no" },
		{ RSTFAULT_A_RULE_DPORT, 1, 4, "dport {80, 443}: no" },
		{ RSTFAULT_A_RULE_IIF, 0, 0, "iif a: no" },
		{ RSTFAULT_A_RULE_OIF, 0, 0, "oif b: no" },
		{ RSTFAULT_A_RULE_ACTION, 0, 0, "action drop: no" },
	};
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct answer answer = {
		.type = NLMSG_ERROR, .code = -EINVAL, .text = "no",
	};
	struct nlmsghdr *request;
	struct rule rule;
	struct err err;
	size_t i;

	ASSERT_EQ(0, rules_parse(everything, &rule, &err));
	request = rule_request(buf, &rule);
	ASSERT_NE(NULL, request);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		answer.offset = offset_in_rule(request, words[i].attr,
					       words[i].n);
		ASSERT_NE(0, answer.offset);
		answer.offset += words[i].more;
		answer.flags = i % 2 ? TLVS : CAPPED;
		explain(&answer, request, &err);
		EXPECT_STREQ(words[i].err, err.text);
	}
	/* the rule as a whole, and an offset that points nowhere */
	answer.offset = NLMSG_HDRLEN + GENL_HDRLEN;
	explain(&answer, request, &err);
	EXPECT_STREQ("no", err.text);
	answer.offset = 1 << 20;
	explain(&answer, request, &err);
	EXPECT_STREQ("no", err.text);
	/* what is missing */
	answer.offset = 0;
	answer.missing = RSTFAULT_A_RULE_HOOK;
	answer.nest = NLMSG_HDRLEN + GENL_HDRLEN;
	explain(&answer, request, &err);
	EXPECT_STREQ("hook: no", err.text);
	answer.text = NULL;
	explain(&answer, request, &err);
	EXPECT_STREQ("hook: missing: Invalid argument", err.text);
	/* what is missing in the request itself has no word */
	answer.text = "no";
	answer.missing = RSTFAULT_A_RULE;
	answer.nest = 0;
	explain(&answer, request, &err);
	EXPECT_STREQ("no", err.text);
}

/* Where the attribute @sub is, in the attribute @type of the n-th rule. */
static __u32 offset_in_nest(struct nlmsghdr *request, int n, __u16 type,
			    __u16 sub)
{
	const struct nlattr *rule, *nest, *attr;

	mnl_attr_for_each(rule, request, GENL_HDRLEN) {
		if (mnl_attr_get_type(rule) != RSTFAULT_A_RULE || n--)
			continue;
		mnl_attr_for_each_nested(nest, rule) {
			if (mnl_attr_get_type(nest) != type)
				continue;
			mnl_attr_for_each_nested(attr, nest) {
				if (mnl_attr_get_type(attr) == sub)
					return (char *)attr - (char *)request;
			}
		}
	}
	return 0;
}

/* The offender is an attribute within an attribute of a rule. */
static const struct {
	const char *rule;
	__u16 nest, sub;
	const char *err;
} nested[] = {
	{ "in rst probability 1% per connection drop", RSTFAULT_A_RULE_GATES,
	  RSTFAULT_A_GATES_PROBABILITY, "probability 1% per connection: no" },
	{ "in rst probability 1% per connection drop", RSTFAULT_A_RULE_GATES,
	  RSTFAULT_A_GATES_PER_CONNECTION, "per connection: no" },
	{ "in rst bytes 5..6 drop", RSTFAULT_A_RULE_GATES,
	  RSTFAULT_A_GATES_BYTES_TO, "bytes 5..6: no" },
	{ "in rst every 7 drop", RSTFAULT_A_RULE_GATES,
	  RSTFAULT_A_GATES_EVERY, "every 7: no" },
	{ "in rst delay 2s jitter 1s until next", RSTFAULT_A_RULE_DELAY,
	  RSTFAULT_A_DELAY_TIME, "delay 2s: no" },
	{ "in rst delay 2s jitter 1s until next", RSTFAULT_A_RULE_DELAY,
	  RSTFAULT_A_DELAY_JITTER, "jitter 1s: no" },
	{ "in rst delay 2s jitter 1s until next", RSTFAULT_A_RULE_DELAY,
	  RSTFAULT_A_DELAY_UNTIL_NEXT, "until next: no" },
	{ "in rst forge to both", RSTFAULT_A_RULE_FORGE,
	  RSTFAULT_A_FORGE_TO, "to both: no" },
	{ "in rst forge seq -5", RSTFAULT_A_RULE_FORGE,
	  RSTFAULT_A_FORGE_OFFSET, "seq -5: no" },
	{ "in rst forge badack", RSTFAULT_A_RULE_FORGE,
	  RSTFAULT_A_FORGE_ACK, "badack: no" },
	{ "in rst forge count 3 every 1h", RSTFAULT_A_RULE_FORGE,
	  RSTFAULT_A_FORGE_EVERY, "every 1h: no" },
	{ "in rst forge and drop", RSTFAULT_A_RULE_FORGE,
	  RSTFAULT_A_FORGE_DROP, "and drop: no" },
	{ "in rst mangle ack +1", RSTFAULT_A_RULE_MANGLE,
	  RSTFAULT_A_MANGLE_ACK, "ack +1: no" },
	{ "in rst duplicate 3", RSTFAULT_A_RULE_DUPLICATE,
	  RSTFAULT_A_DUPLICATE_COUNT, "duplicate 3: no" },
};

TEST(refusal_in_a_nest)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct answer answer = {
		.type = NLMSG_ERROR, .code = -EINVAL, .text = "no",
		.flags = CAPPED,
	};
	struct nlmsghdr *request;
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nested); i++) {
		ASSERT_EQ(0, rules_parse(nested[i].rule, &rule, &err));
		request = rule_request(buf, &rule);
		/* The same rule again, which is the one to blame. */
		ASSERT_TRUE(nl_rule_put(request, sizeof(buf), &rule));
		answer.offset = offset_in_nest(request, 1, nested[i].nest,
					       nested[i].sub);
		ASSERT_NE(0, answer.offset);
		EXPECT_EQ(1, explain(&answer, request, &err));
		EXPECT_STREQ(nested[i].err, err.text);
	}
	/* what is missing in a nest */
	answer.offset = 0;
	answer.missing = RSTFAULT_A_DUPLICATE_COUNT;
	answer.nest = offset_in_rule(request, RSTFAULT_A_RULE_DUPLICATE, 0);
	EXPECT_EQ(0, explain(&answer, request, &err));
	EXPECT_STREQ("count: no", err.text);
}

/* Attributes that are words of a rule, but not one for one. */
TEST(refusal_in_parts)
{
	static const struct {
		const char *rule;
		__u16 attr;
		const char *err;
	} parts[] = {
		{ "in rst mark 1/3 drop", RSTFAULT_A_RULE_MARK_MASK,
		  "mark 0x1/0x3: no" },
		{ "in rst length 5- drop", RSTFAULT_A_RULE_LENGTH_FROM,
		  "length 5-: no" },
		{ "in rst length 5-6 drop", RSTFAULT_A_RULE_LENGTH_TO,
		  "length 5-6: no" },
		{ "in flags syn/syn drop", RSTFAULT_A_RULE_FLAGS_VALUE,
		  "segment flags syn/syn: no" },
		{ "in rst saddr ::/0 drop", RSTFAULT_A_RULE_SADDR_PREFIX,
		  "saddr ::/0: no" },
		{ "out rst active drop", RSTFAULT_A_RULE_ORIGIN, "active: no" },
		{ "in rst state closed drop", RSTFAULT_A_RULE_STATE,
		  "state closed: no" },
		{ "in rst for 5m drop", RSTFAULT_A_RULE_LIFETIME,
		  "for 5m: no" },
		{ "in rst shadow drop", RSTFAULT_A_RULE_SHADOW, "shadow: no" },
		{ "in rst cgroup a drop", RSTFAULT_A_RULE_CGROUP,
		  "cgroup a: no" },
		{ "in rst delay 5s", RSTFAULT_A_RULE_DELAY, "delay 5s: no" },
		{ "in rst limit 5 drop", RSTFAULT_A_RULE_GATES,
		  "gates limit 5: no" },
	};
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct answer answer = {
		.type = NLMSG_ERROR, .code = -EINVAL, .text = "no",
		.flags = CAPPED,
	};
	struct nlmsghdr *request;
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ASSERT_EQ(0, rules_parse(parts[i].rule, &rule, &err));
		request = rule_request(buf, &rule);
		answer.offset = offset_in_rule(request, parts[i].attr, 0);
		ASSERT_NE(0, answer.offset);
		explain(&answer, request, &err);
		EXPECT_STREQ(parts[i].err, err.text);
	}
}

/* A request to inject has a RST of its own, and a connection. */
TEST(refusal_of_injection)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct rule_forge forge = {
		.has = RULE_BIT(RSTFAULT_A_FORGE_TO) |
		       RULE_BIT(RSTFAULT_A_FORGE_TTL),
		.to = RSTFAULT_END_SENDER, .ttl = 7,
	};
	struct answer answer = {
		.type = NLMSG_ERROR, .code = -EINVAL, .text = "no",
		.flags = CAPPED,
	};
	struct nlmsghdr *request;
	struct err err;

	request = nl_request(buf, 33, RSTFAULT_CMD_INJECT);
	ASSERT_TRUE(attr_put_nest(request, sizeof(buf), RSTFAULT_A_FORGE,
				  &forge_fields, &forge));
	answer.offset = NLMSG_HDRLEN + GENL_HDRLEN + 4;
	EXPECT_EQ(-1, explain(&answer, request, &err));
	EXPECT_STREQ("to: no", err.text);
	answer.offset += 8;
	explain(&answer, request, &err);
	EXPECT_STREQ("ttl 7: no", err.text);
}

TEST(refusal_without_a_word)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request = nl_request(buf, 33, RSTFAULT_CMD_RULE_DEL);
	struct answer answer = {
		.type = NLMSG_ERROR, .code = -EPERM, .flags = NLM_F_CAPPED,
	};
	struct err err;

	mnl_attr_put_strz(request, RSTFAULT_A_NAME, "lost");
	explain(&answer, request, &err);
	EXPECT_STREQ("not permitted: CAP_NET_ADMIN is needed in this network namespace",
		     err.text);
	answer.code = -EOPNOTSUPP;
	explain(&answer, request, &err);
	EXPECT_STREQ("the module does not know this command: it is older than rstctl",
		     err.text);
	answer.code = -ENOENT;
	explain(&answer, request, &err);
	EXPECT_STREQ("the module was removed", err.text);
	answer.code = -ENOMEM;
	explain(&answer, request, &err);
	EXPECT_STREQ("Cannot allocate memory", err.text);

	answer.code = -ENOENT;
	answer.flags = CAPPED;
	answer.text = "no such rule";
	answer.offset = NLMSG_HDRLEN + GENL_HDRLEN;
	explain(&answer, request, &err);
	EXPECT_STREQ("name lost: no such rule", err.text);

	request = nl_request(buf, 33, RSTFAULT_CMD_RULE_DEL);
	mnl_attr_put_u32(request, RSTFAULT_A_ID, 7);
	explain(&answer, request, &err);
	EXPECT_STREQ("id 7: no such rule", err.text);

	/* a dump ends with an error */
	answer.type = NLMSG_DONE;
	answer.flags = TLVS;
	answer.offset = 0;
	answer.text = "no more";
	explain(&answer, request, &err);
	EXPECT_STREQ("no more", err.text);
}

TEST(errno_of_a_reply)
{
	__u64 buf[64];
	struct nlmsghdr *reply = mnl_nlmsg_put_header(buf);
	int *code;

	reply->nlmsg_type = NLMSG_ERROR;
	EXPECT_EQ(-EBADMSG, refusal_code(reply));
	reply->nlmsg_type = NLMSG_DONE;
	EXPECT_EQ(0, refusal_code(reply));
	code = mnl_nlmsg_put_extra_header(reply, sizeof(*code));
	*code = 0;
	EXPECT_EQ(0, refusal_code(reply));
	*code = -ENOENT;
	EXPECT_EQ(-ENOENT, refusal_code(reply));
	*code = 1;
	EXPECT_EQ(-EBADMSG, refusal_code(reply));
}

TEST_HARNESS_MAIN
