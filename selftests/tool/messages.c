// SPDX-License-Identifier: GPL-2.0
/*
 * What rstctl says to the kernel, and understands from it, without a kernel:
 * model to netlink and back, and garbage.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>

#include "nl.h"

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

TEST(netlink_round_trip)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	struct rule rule, again;
	__u64 state = SEED;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		rules_random(&state, &rule);
		request = rule_request(buf, &rule);
		ASSERT_NE(NULL, request);
		ASSERT_EQ(RSTFAULT_A_RULE, mnl_attr_get_type(first_attr(request)));
		ASSERT_EQ(0, nl_rule_get(first_attr(request), &again));
		ASSERT_TRUE(rules_same(&rule, &again))
			TH_LOG("rule %d", i);
	}
}

/* A rule that does not fit is noticed, and nothing is written behind the end. */
TEST(netlink_too_small)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	__u64 state = SEED;
	struct rule rule;
	size_t size, fits, i;
	int n;

	for (n = 0; n < 50; n++) {
		rules_random(&state, &rule);
		request = rule_request(buf, &rule);
		ASSERT_NE(NULL, request);
		fits = request->nlmsg_len;
		for (size = NLMSG_HDRLEN + GENL_HDRLEN; size < fits; size++) {
			memset(buf, 0xaa, sizeof(buf));
			request = nl_request(buf, 33, RSTFAULT_CMD_RULE_ADD);
			ASSERT_FALSE(nl_rule_put(request, size, &rule));
			for (i = size; i < fits; i++)
				ASSERT_EQ(0xaa, ((unsigned char *)buf)[i]);
		}
		request = nl_request(buf, 33, RSTFAULT_CMD_RULE_ADD);
		ASSERT_TRUE(nl_rule_put(request, fits, &rule));
	}
}

/* Whatever the bytes are: an answer, or an error, and nothing read behind. */
TEST(netlink_garbage)
{
	struct nlmsghdr *request;
	__u64 state = SEED;
	struct rule rule;
	char text[2048];
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
		int changes = 1 + rules_random_below(&state, 4);
		struct nlattr *nest;
		char *copy;

		rules_random(&state, &rule);
		request = rule_request(buf, &rule);
		ASSERT_NE(NULL, request);
		nest = first_attr(request);
		/* On the heap, so that a sanitizer sees its end. */
		copy = malloc(nest->nla_len);
		ASSERT_NE(NULL, copy);
		memcpy(copy, nest, nest->nla_len);
		while (changes--) {
			int at = 4 + rules_random_below(&state, nest->nla_len - 4);

			copy[at] = rules_random_below(&state, 2) ?
				   rules_random_below(&state, 256) :
				   rules_random_below(&state, 24);
		}
		if (!nl_rule_get((struct nlattr *)copy, &rule))
			rules_print(&rule, text, sizeof(text));
		free(copy);
	}
}

/* One attribute that is wrong, in a rule that is right otherwise. */
TEST(netlink_wrong)
{
	static const struct {
		__u16 attr;
		size_t len;
		const char *value;
	} wrong[] = {
		{ RSTFAULT_A_RULE_ID, 2, "\1\1" },
		{ RSTFAULT_A_RULE_ID, 8, "\1\1\1\1\1\1\1" },
		{ RSTFAULT_A_RULE_FAMILY, 4, "\1\1\1" },
		{ RSTFAULT_A_RULE_NAME, 32, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		{ RSTFAULT_A_RULE_NAME, 33, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
		{ RSTFAULT_A_RULE_IIF, 17, "aaaaaaaaaaaaaaaa" },
		{ RSTFAULT_A_RULE_SADDR6, 4, "\1\1\1" },
		{ RSTFAULT_A_RULE_SADDR4, 16, "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1" },
		{ RSTFAULT_A_RULE_SADDR_PREFIX, 1, "\41" },
		{ RSTFAULT_A_RULE_DADDR_PREFIX, 1, "\1" },
		{ RSTFAULT_A_RULE_SPORT, 4, "\1\1\1" },
	};
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	struct rule rule, again;
	struct err err;
	size_t i;

	ASSERT_EQ(0, rules_parse("in rst saddr 10.0.0.1 drop", &rule, &err));
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		request = rule_request(buf, &rule);
		mnl_attr_put(request, wrong[i].attr, wrong[i].len,
			     wrong[i].value);
		mnl_attr_nest_end(request, first_attr(request));
		EXPECT_EQ(-1, nl_rule_get(first_attr(request), &again)) {
			TH_LOG("%zu: attribute %u", i, wrong[i].attr);
		}
	}
}

/* What a newer module has is noticed and does not spoil the rest. */
TEST(netlink_newer)
{
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	struct rule rule, again;
	char text[1024];
	struct err err;

	ASSERT_EQ(0, rules_parse("in rst dport 80 drop", &rule, &err));
	request = rule_request(buf, &rule);
	mnl_attr_put_u32(request, RSTFAULT_A_RULE_MAX + 7, 1);
	first_attr(request)->nla_len += 8;
	ASSERT_EQ(0, nl_rule_get(first_attr(request), &again));
	EXPECT_TRUE(again.incomplete);
	rules_print(&again, text, sizeof(text));
	EXPECT_STREQ("in rst dport 80 drop", text);

	again = rule;
	again.hook = RSTFAULT_HOOK_MAX + 1;
	ASSERT_EQ(0, nl_rule_get(first_attr(rule_request(buf, &again)), &again));
	EXPECT_TRUE(again.incomplete);
	rules_print(&again, text, sizeof(text));
	EXPECT_STREQ("5 rst dport 80 drop", text);

	again = rule;
	again.segment |= 0x400;
	ASSERT_EQ(0, nl_rule_get(first_attr(rule_request(buf, &again)), &again));
	EXPECT_TRUE(again.incomplete);
	rules_print(&again, text, sizeof(text));
	EXPECT_STREQ("in rst,0x400 dport 80 drop", text);

	again = rule;
	again.action = RSTFAULT_ACTION_MAX + 1;
	ASSERT_EQ(0, nl_rule_get(first_attr(rule_request(buf, &again)), &again));
	EXPECT_TRUE(again.incomplete);
	rules_print(&again, text, sizeof(text));
	EXPECT_STREQ("in rst dport 80 6", text);

	again = rule;
	again.family = AF_UNIX;
	ASSERT_EQ(0, nl_rule_get(first_attr(rule_request(buf, &again)), &again));
	EXPECT_TRUE(again.incomplete);
}

/* An answer without what every rule has is not taken for a rule. */
TEST(netlink_missing)
{
	static const __u16 always[] = {
		RSTFAULT_A_RULE_HOOK, RSTFAULT_A_RULE_SEGMENT,
		RSTFAULT_A_RULE_ACTION,
	};
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(always); i++) {
		struct nlattr *attr;

		ASSERT_EQ(0, rules_parse("in rst drop", &rule, &err));
		request = rule_request(buf, &rule);
		mnl_attr_for_each_nested(attr, first_attr(request)) {
			/* An id, which is as long, in its place. */
			if (mnl_attr_get_type(attr) == always[i])
				attr->nla_type = RSTFAULT_A_RULE_ID;
		}
		EXPECT_EQ(-1, nl_rule_get(first_attr(request), &rule)) {
			TH_LOG("attribute %u", always[i]);
		}
	}
}

TEST_HARNESS_MAIN
