// SPDX-License-Identifier: GPL-2.0
/*
 * The rule language of rstctl: words to model and back.
 */

#include <stdio.h>
#include <string.h>

#include "field.h"
#include "parse.h"
#include "print.h"
#include "words.h"

#include "table.h"

static const struct right canonical[] = {
	{ "in rst drop", "in rst drop" },
	{ "out any pass", "out any pass" },
	{ "name lost in rst drop", "name lost in rst drop" },
	{ "name name in rst drop", "name name in rst drop" },
	{ "name out in rst drop", "name out in rst drop" },
	{ "name 1a.b_c-d in rst drop", "name 1a.b_c-d in rst drop" },
	{ "name aaaaaaaaaabbbbbbbbbbccccccccccd in rst drop",
	  "name aaaaaaaaaabbbbbbbbbbccccccccccd in rst drop" },
	{ "input fin,rst,syn drop", "input rst,syn,fin drop" },
	{ "output any,data,ack,synack pass", "output synack,ack,data,any pass" },
	{ "forward rst ip drop", "forward rst ip drop" },
	{ "forward rst ip6 drop", "forward rst ip6 drop" },
	{ "in rst saddr 192.0.2.0/24 dport 80 drop",
	  "in rst ip saddr 192.0.2.0/24 dport 80 drop" },
	{ "in rst dport 80 saddr 192.0.2.0/24 ip drop",
	  "in rst ip saddr 192.0.2.0/24 dport 80 drop" },
	{ "in rst saddr 192.0.2.1/32 daddr 198.51.100.7 drop",
	  "in rst ip saddr 192.0.2.1 daddr 198.51.100.7 drop" },
	{ "in rst saddr 0.0.0.0/0 drop", "in rst ip saddr 0.0.0.0/0 drop" },
	{ "in rst saddr 0.0.0.0 drop", "in rst ip saddr 0.0.0.0 drop" },
	{ "in rst saddr 255.255.255.254/31 drop",
	  "in rst ip saddr 255.255.255.254/31 drop" },
	{ "in rst daddr 2001:DB8:0::/32 drop",
	  "in rst ip6 daddr 2001:db8::/32 drop" },
	{ "in rst daddr ::/0 drop", "in rst ip6 daddr ::/0 drop" },
	{ "in rst daddr ::1/128 drop", "in rst ip6 daddr ::1 drop" },
	{ "in rst saddr fe80::/10 ip6 drop", "in rst ip6 saddr fe80::/10 drop" },
	{ "in rst ip6 saddr ::ffff:192.0.2.1 drop",
	  "in rst ip6 saddr ::ffff:192.0.2.1 drop" },
	{ "in rst saddr ::ffff:192.0.2.1 ip6 drop",
	  "in rst ip6 saddr ::ffff:192.0.2.1 drop" },
	{ "in rst saddr ::/64 drop", "in rst ip6 saddr ::/64 drop" },
	{ "in rst sport 0 dport 65535 drop", "in rst sport 0 dport 65535 drop" },
	{ "in rst dport 80-80 drop", "in rst dport 80 drop" },
	{ "in rst dport 0-65535 drop", "in rst dport 0-65535 drop" },
	{ "in rst dport {80} drop", "in rst dport 80 drop" },
	{ "in rst dport {443,80} drop", "in rst dport {443, 80} drop" },
	{ "in rst dport {80, 443} drop", "in rst dport {80, 443} drop" },
	{ "in rst dport '{80, 443}' drop", "in rst dport {80, 443} drop" },
	{ "in rst dport { 80 , 443 } drop", "in rst dport {80, 443} drop" },
	{ "in rst dport {80 ,443} drop", "in rst dport {80, 443} drop" },
	{ "in rst dport '{   8000-8099   ,   80   }' drop",
	  "in rst dport {8000-8099, 80} drop" },
	{ "in rst dport {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16} drop",
	  "in rst dport {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16} drop" },
	{ "in rst iif eth0 drop", "in rst iif eth0 drop" },
	{ "forward rst oif b iif a drop", "forward rst iif a oif b drop" },
	{ "in rst iif abcdefghijklmno drop", "in rst iif abcdefghijklmno drop" },
	{ "in rst iif veth* drop", "in rst iif 'veth*' drop" },
	{ "in rst iif \\'a drop", "in rst iif ''\\''a' drop" },
	{ "in rst iif drop drop", "in rst iif drop drop" },
	{ "in rst iif \\#1 drop", "in rst iif '#1' drop" },
	{ "in rst iif $'\\033[1m' drop", "in rst iif $'\\033[1m' drop" },
	{ "in rst iif $'\\001\\'\\\\' drop", "in rst iif $'\\001\\'\\\\' drop" },
	{ "in rst iif $'\\303\\274' drop", "in rst iif $'\\303\\274' drop" },
	{ "in rst iif eth0.7@x%y+z drop", "in rst iif eth0.7@x%y+z drop" },
	{ "in rst drop # id 3 fired 12", "in rst drop" },
	{ "in rst drop #", "in rst drop" },
	{ "in rst drop #x drop dport", "in rst drop" },
};

TEST(canonical_form)
{
	table_right(_metadata, canonical, ARRAY_SIZE(canonical));
}

TEST(text_round_trip)
{
	struct rule rule, again;
	__u64 state = SEED;
	char text[2048];
	struct err err;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		rules_random(&state, &rule);
		rules_print(&rule, text, sizeof(text));
		ASSERT_EQ(0, rules_parse(text, &again, &err))
			TH_LOG("rule %d: %s: %s", i, text, err.text);
		ASSERT_TRUE(rules_same(&rule, &again))
			TH_LOG("rule %d: %s", i, text);
	}
}

/*
 * Rules with some bytes changed and some words exchanged: an error in one line,
 * or a rule that is the same when it is printed and parsed again.
 */
TEST(garbage)
{
	static const char letters[] = "0123456789/-{},.:%*# apfds";
	struct rule rule, again;
	__u64 state = SEED;
	struct line line;
	char text[2048];
	struct err err;
	int i, n;

	for (i = 0; i < ROUND_TRIPS; i++) {
		rules_random(&state, &rule);
		rules_print(&rule, text, sizeof(text));
		rules_split(&line, text);
		for (n = rules_random_below(&state, 3); n >= 0; n--) {
			char **a = &line.word[rules_random_below(&state,
								 line.count)];
			char **b = &line.word[rules_random_below(&state,
								 line.count)];
			char *swap = *a;

			if (rules_random_below(&state, 2)) {
				*a = *b;
				*b = swap;
			}
			if (**a)
				(*a)[rules_random_below(&state, strlen(*a))] =
					letters[rules_random_below(&state, sizeof(letters) - 1)];
		}
		line.count = 1 + rules_random_below(&state, line.count);
		memset(&err, 0, sizeof(err));
		if (parse_rule(line.count, line.word, &rule, &err)) {
			ASSERT_NE('\0', err.text[0]);
			ASSERT_EQ(NULL, strchr(err.text, '\n'));
			continue;
		}
		rules_print(&rule, text, sizeof(text));
		ASSERT_EQ(0, rules_parse(text, &again, &err)) {
			TH_LOG("rule %d: %s: %s", i, text, err.text);
		}
		ASSERT_TRUE(rules_same(&rule, &again)) {
			TH_LOG("rule %d: %s", i, text);
		}
	}
}

/* An attribute without a word could be neither printed nor complained about. */
TEST(every_attribute_has_a_word)
{
	unsigned int attr;

	for (attr = 1; attr <= RSTFAULT_A_RULE_MAX; attr++) {
		if (attr == RSTFAULT_A_RULE_PAD)
			continue;
		EXPECT_NE(NULL, print_attr_word(&rule_fields, attr)) {
			TH_LOG("attribute %u", attr);
		}
	}
	EXPECT_EQ(NULL, print_attr_word(&rule_fields, 0));
	EXPECT_EQ(NULL, print_attr_word(&rule_fields, RSTFAULT_A_RULE_MAX + 1));
}

/* Every value of the protocol has a word, and the word that value. */
TEST(every_value_has_a_word)
{
	const struct word *word;
	__u32 i;

	for (i = 0; i <= RSTFAULT_HOOK_MAX; i++)
		EXPECT_NE(NULL, word_name(hook_words, i));
	for (i = 1; i & RSTFAULT_SEGMENT_MASK; i <<= 1)
		EXPECT_NE(NULL, word_name(segment_words, i));
	for (i = 0; i <= RSTFAULT_ACTION_MAX; i++)
		EXPECT_NE(NULL, word_name(action_words, i));
	for (i = 1; i & RSTFAULT_STATE_MASK; i <<= 1)
		EXPECT_NE(NULL, word_name(state_words, i));
	for (i = 1; i & RSTFAULT_ORIGIN_MASK; i <<= 1)
		EXPECT_NE(NULL, word_name(origin_words, i));
	for (i = 1; i & RSTFAULT_END_MASK; i <<= 1)
		EXPECT_NE(NULL, word_name(end_words, i));
	for (i = 1; i & RSTFAULT_GATE_MASK; i <<= 1)
		EXPECT_NE(NULL, word_name(per_connection_words, i));
	for (i = 0; i <= RSTFAULT_SEQ_MAX; i++)
		EXPECT_NE(NULL, word_name(seq_words, i));
	for (i = 0; i <= RSTFAULT_ACK_MAX; i++)
		EXPECT_NE(NULL, word_name(ack_words, i));
	for (i = 0; i <= RSTFAULT_EVENT_TYPE_MAX; i++)
		EXPECT_NE(NULL, word_name(event_words, i));
	for (i = 0; i <= RSTFAULT_FATE_MAX; i++)
		EXPECT_NE(NULL, word_name(fate_words, i));
	for (i = 0; i <= RSTFAULT_OUTCOME_MAX; i++)
		EXPECT_NE(NULL, word_name(outcome_words, i));
	for (word = segment_words; word->name; word++)
		EXPECT_EQ(word, word_find(segment_words, word->name));
	EXPECT_EQ(NULL, word_find(action_words, ""));
}

TEST(near_words)
{
	EXPECT_STREQ("drop", word_near(action_words, "drp"));
	EXPECT_STREQ("drop", word_near(action_words, "dropp"));
	EXPECT_STREQ("drop", word_near(action_words, "rdop"));
	EXPECT_STREQ("pass", word_near(action_words, "pess"));
	EXPECT_STREQ("forward", word_near(hook_words, "forwrad"));
	EXPECT_STREQ("forward", word_near(hook_words, "fwrard"));
	EXPECT_STREQ("input", word_near(hook_words, "inptu"));
	EXPECT_EQ(NULL, word_near(hook_words, "frwd"));
	EXPECT_EQ(NULL, word_near(action_words, ""));
	EXPECT_EQ(NULL, word_near(action_words, "p"));
	EXPECT_EQ(NULL, word_near(action_words, "aaaaaaaaaaaaaaaa"));
}

TEST_HARNESS_MAIN
