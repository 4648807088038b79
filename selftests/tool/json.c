// SPDX-License-Identifier: GPL-2.0
/* The JSON of rstctl: is it what it should be, and is it JSON at all? */

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "print.h"

#include "kselftest_harness.h"
#include "rules.h"

/*
 * A strict validator of JSON, RFC 8259. Each function returns what is behind
 * the value that it takes, NULL if there is none.
 */
static const char *json_value(const char *s);

static const char *json_space(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *json_text(const char *s)
{
	if (*s++ != '"')
		return NULL;
	while (*s != '"') {
		unsigned char c = *s++;
		int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

		if (c < 0x20 || (c >= 0x80 && c < 0xc2) || c > 0xf4)
			return NULL;
		if ((c == 0xe0 && (unsigned char)*s < 0xa0) ||
		    (c == 0xed && (unsigned char)*s > 0x9f) ||
		    (c == 0xf0 && (unsigned char)*s < 0x90) ||
		    (c == 0xf4 && (unsigned char)*s > 0x8f))
			return NULL;
		while (more--) {
			if ((*s++ & 0xc0) != 0x80)
				return NULL;
		}
		if (c != '\\')
			continue;
		if (*s == 'u' && strspn(s + 1, "0123456789abcdefABCDEF") >= 4)
			s += 5;
		else if (*s && strchr("\"\\/bfnrt", *s))
			s++;
		else
			return NULL;
	}
	return s + 1;
}

static const char *json_members(const char *s, char end, bool keys)
{
	s = json_space(s + 1);
	if (*s == end)
		return s + 1;
	for (;; s = json_space(s + 1)) {
		if (keys) {
			s = json_text(s);
			if (!s)
				return NULL;
			s = json_space(s);
			if (*s++ != ':')
				return NULL;
		}
		s = json_value(json_space(s));
		if (!s)
			return NULL;
		s = json_space(s);
		if (*s == end)
			return s + 1;
		if (*s != ',')
			return NULL;
	}
}

static const char *json_value(const char *s)
{
	size_t digits;

	s += *s == '-';
	digits = strspn(s, "0123456789");
	if (digits)
		return *s == '0' && digits > 1 ? NULL : s + digits;
	if (*s == '{')
		return json_members(s, '}', true);
	if (*s == '[')
		return json_members(s, ']', false);
	if (!strncmp(s, "true", 4))
		return s + 4;
	return json_text(s);
}

static bool json_valid(const char *s)
{
	s = json_value(json_space(s));
	return s && !*json_space(s);
}

static void print_json(const struct rule *rule, int count, char *buf,
		       size_t size)
{
	struct json json = { .out = fmemopen(buf, size, "w") };
	FILE *out = json.out;

	json_open(&json, NULL, '[');
	while (count--)
		print_rule_json(&json, rule++);
	json_close(&json, ']');
	fclose(out);
}

static const char *const both[] = {
	"name lost forward rst,fin saddr 192.0.2.0/24 dport {80, 8000-8099} iif a oif b drop",
	"in any daddr ::1 sport 1 pass",
};

static const char golden[] = "[\n"
"{\"id\":3,\"name\":\"lost\",\"hook\":\"forward\",\"segment\":[\"rst\",\"fin\"],\"family\":\"ip\",\"saddr\":{\"address\":\"192.0.2.0\",\"prefix\":24},\"dport\":[{\"first\":80,\"last\":80},{\"first\":8000,\"last\":8099}],\"iif\":\"a\",\"oif\":\"b\",\"action\":\"drop\",\"counters\":{\"fired\":18446744073709551615}},\n"
"{\"id\":4294967295,\"hook\":\"in\",\"segment\":[\"any\"],\"family\":\"ip6\",\"daddr\":{\"address\":\"::1\",\"prefix\":128},\"sport\":[{\"first\":1,\"last\":1}],\"action\":\"pass\",\"incomplete\":true}\n"
"]\n";

TEST(json)
{
	struct rule rule[2];
	struct err err;
	char text[4096];

	ASSERT_EQ(0, rules_parse(both[0], &rule[0], &err));
	rule[0].id = 3;
	rule[0].counters.fired = 18446744073709551615ull;
	rule[0].counters.has = RULE_BIT(RSTFAULT_A_COUNTERS_FIRED);
	ASSERT_EQ(0, rules_parse(both[1], &rule[1], &err));
	rule[1].id = 4294967295u;
	rule[1].incomplete = true;

	print_json(rule, 0, text, sizeof(text));
	EXPECT_STREQ("[]\n", text);
	print_json(rule, 2, text, sizeof(text));
	EXPECT_STREQ(golden, text);
	EXPECT_TRUE(json_valid(text));
}

/* Everything that a rule can have, and what it can only have in an answer. */
static const struct {
	const char *rule, *json;
} sets[] = {
	{
	  "in flags syn,ack/syn mark 1/3 length 5- uid 7 cgroup a state closed,closing for 1500ms shadow force drop",
	  "{\"hook\":\"in\",\"segment\":[\"flags\"],\"flags-mask\":[\"syn\",\"ack\"],\"flags-value\":[\"syn\"],\"mark\":1,\"mark-mask\":3,\"length-from\":5,\"uid\":7,\"cgroup\":\"a\",\"state\":[\"closed\",\"closing\"],\"lifetime\":1500000000,\"shadow\":true,\"force\":true,\"action\":\"drop\"}",
	},
	{
	  "out rst passive probability 0.5% per connection seed 1 skip 2 every 3 limit 4 nth 5 bytes 6..7 per connection pass",
	  "{\"hook\":\"out\",\"segment\":[\"rst\"],\"origin\":[\"passive\"],\"gates\":{\"probability\":5000000,\"seed\":1,\"skip\":2,\"every\":3,\"limit\":4,\"nth\":5,\"bytes-from\":6,\"bytes-to\":7,\"per-connection\":[\"probability\",\"bytes\"]},\"action\":\"pass\"}",
	},
	{ "in rst delay 1s jitter 1ns until next",
	  "{\"hook\":\"in\",\"segment\":[\"rst\"],\"action\":\"delay\",\"delay\":{\"time\":1000000000,\"jitter\":1,\"until-next\":true}}",
	},
	{ "in rst forge",
	  "{\"hook\":\"in\",\"segment\":[\"rst\"],\"action\":\"forge\"}" },
	{ "in rst forge to both seq -5 noack count 2 every 1us after 2us ttl 3 badsum and drop",
	  "{\"hook\":\"in\",\"segment\":[\"rst\"],\"action\":\"forge\",\"forge\":{\"to\":[\"sender\",\"receiver\"],\"seq\":\"offset\",\"offset\":-5,\"ack\":\"never\",\"count\":2,\"every\":1000,\"after\":2000,\"ttl\":3,\"badsum\":true,\"drop\":true}}",
	},
	{ "in rst mangle seq -2147483648 ack +1 ttl 2 badsum",
	  "{\"hook\":\"in\",\"segment\":[\"rst\"],\"action\":\"mangle\",\"mangle\":{\"seq\":-2147483648,\"ack\":1,\"ttl\":2,\"badsum\":true}}",
	},
	{ "in rst duplicate 3 every 1s",
	  "{\"hook\":\"in\",\"segment\":[\"rst\"],\"action\":\"duplicate\",\"duplicate\":{\"count\":3,\"every\":1000000000}}",
	},
};

TEST(json_sets)
{
	char text[4096], want[2048];
	struct rule rule;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		ASSERT_EQ(0, rules_parse(sets[i].rule, &rule, &err))
			TH_LOG("%s: %s", sets[i].rule, err.text);
		print_json(&rule, 1, text, sizeof(text));
		snprintf(want, sizeof(want), "[\n%s\n]\n", sets[i].json);
		EXPECT_STREQ(want, text);
	}
}

/* The bytes of a name of an interface, and their JSON. */
static const struct {
	const char *in, *out;
} odd_bytes[] = {
	{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ "\001\037\177", "\"\\u0001\\u001f\\u007f\"" },
	{ "\303\274\342\202\254", "\"\303\274\342\202\254\"" },
	{ "\360\237\220\247", "\"\360\237\220\247\"" },
	{ "\302\200\302\237\302\240", "\"\\u0080\\u009f\302\240\"" },
	{ "\377a\200", "\"\\ufffda\\ufffd\"" },
	{ "\303", "\"\\ufffd\"" },
	{ "\303a", "\"\\ufffda\"" },
	{ "\342\202", "\"\\ufffd\\ufffd\"" },
	{ "\300\257", "\"\\ufffd\\ufffd\"" },
	{ "\355\240\200", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "\340\200\200", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "\364\220\200\200", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	{ "\365\200\200\200", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
};

TEST(json_odd_bytes)
{
	char text[4096], want[64];
	struct rule rule;
	struct err err;
	size_t i;

	ASSERT_EQ(0, rules_parse("in rst drop", &rule, &err));
	for (i = 0; i < ARRAY_SIZE(odd_bytes); i++) {
		snprintf(rule.iif, sizeof(rule.iif), "%s",
			 odd_bytes[i].in);
		print_json(&rule, 1, text, sizeof(text));
		snprintf(want, sizeof(want), "\"iif\":%s,", odd_bytes[i].out);
		EXPECT_NE(NULL, strstr(text, want)) {
			TH_LOG("%s in %s", want, text);
		}
		EXPECT_TRUE(json_valid(text)) {
			TH_LOG("%s", text);
		}
	}
}

TEST(json_random)
{
	__u64 state = SEED;
	char text[8192];
	struct rule rule;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		rules_random(&state, &rule);
		print_json(&rule, 1, text, sizeof(text));
		ASSERT_TRUE(json_valid(text)) {
			TH_LOG("rule %d: %s", i, text);
		}
	}
}

TEST_HARNESS_MAIN
