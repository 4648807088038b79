// SPDX-License-Identifier: GPL-2.0
/*
 * Is rstctl in step with the specification? Each attribute there must be one
 * that `add` can send, that JSON shows, and that the manual page has a word
 * for. What is new in the specification fails here until it is.
 *
 *   SPEC=Documentation/netlink/specs/rstfault.yaml MAN=userspace/rstctl.8 spec
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

#include "attr.h"
#include "event.h"
#include "field.h"
#include "json.h"
#include "nl.h"
#include "print.h"
#include "scenario.h"

#include "kselftest_harness.h"
#include "rules.h"
#include "yaml.h"

#define SETS_MAX	64

/* Together, these have every attribute that a rule can have. */
static const char *const corpus[] = {
	"name a forward rst,flags syn,ack/syn saddr 10.0.0.0/8 daddr 10.0.0.1 sport 1 dport 2-3 iif a oif b drop",
	"forward any saddr 2001:db8::/32 daddr 2001:db8::1 mark 1/3 length 5-6 uid 7 cgroup a state closed drop",
	"out rst active for 5s shadow force drop",
	"in rst probability 1% per connection seed 1 skip 1 every 2 limit 3 nth 4 bytes 5..6 drop",
	"in rst delay 2s jitter 1s until next",
	"in rst forge to both seq +1 ack count 2 every 1s after 2s ttl 3 badsum and drop",
	"in rst mangle seq +1 ack -1 ttl 2 badsum",
	"in rst duplicate 2 every 1s",
};

/* Where what is one thing in words and in JSON is several attributes. */
static const struct {
	const char *set, *name, *json, *word;
} called[] = {
	{ "rule", "saddr4", "saddr", "saddr" },
	{ "rule", "saddr6", "saddr", "saddr" },
	{ "rule", "saddr-prefix", "saddr", "saddr" },
	{ "rule", "daddr4", "daddr", "daddr" },
	{ "rule", "daddr6", "daddr", "daddr" },
	{ "rule", "daddr-prefix", "daddr", "daddr" },
	{ "tuple", "saddr4", "saddr", "saddr" },
	{ "tuple", "saddr6", "saddr", "saddr" },
	{ "tuple", "daddr4", "daddr", "daddr" },
	{ "tuple", "daddr6", "daddr", "daddr" },
	{ "rule", "hook", NULL, "in" },
	{ "rule", "segment", NULL, "rst" },
	{ "rule", "family", NULL, "ip" },
	{ "rule", "flags-mask", NULL, "flags" },
	{ "rule", "flags-value", NULL, "flags" },
	{ "rule", "mark-mask", NULL, "mark" },
	{ "rule", "length-from", NULL, "length" },
	{ "rule", "length-to", NULL, "length" },
	{ "rule", "origin", NULL, "passive" },
	{ "rule", "gates", NULL, "probability" },
	{ "rule", "lifetime", NULL, "for" },
	{ "rule", "owner", NULL, "owned" },
	{ "rule", "action", NULL, "drop" },
	{ "gates", "bytes-from", NULL, "bytes" },
	{ "gates", "bytes-to", NULL, "bytes" },
	{ "gates", "per-connection", NULL, "per connection" },
	{ "delay", "time", NULL, "delay" },
	{ "delay", "until-next", NULL, "until next" },
	{ "forge", "offset", NULL, "seq" },
	{ "forge", "drop", NULL, "and drop" },
	{ "duplicate", "count", NULL, "duplicate" },
	/* values of enumerations that have another word */
	{ "seq", "offset", NULL, "seq" },
	{ "ack", "auto", NULL, "ack" },
	{ "ack", "always", NULL, "ack" },
	{ "ack", "never", NULL, "noack" },
	{ "ack", "bad", NULL, "badack" },
};

/* The sets that rstctl prints, and how large they are in the model. */
static const struct {
	const char *name;
	const struct field_set *set;
	bool asked;
} sets[] = {
	{ "rule", &rule_fields, true }, { "gates", &gates_fields, true },
	{ "delay", &delay_fields, true }, { "forge", &forge_fields, true },
	{ "mangle", &mangle_fields, true },
	{ "duplicate", &duplicate_fields, true },
	{ "counters", &counters_fields, false },
	{ "stats", &stats_fields, false }, { "event", &event_fields, false },
	{ "tuple", &tuple_fields, false },
};

static struct yaml yaml;

static const char *environment(const char *name, const char *absent)
{
	const char *value = getenv(name);

	return value ? value : absent;
}

static void read_spec(void)
{
	yaml_read(&yaml, environment("SPEC",
				     "Documentation/netlink/specs/rstfault.yaml"));
}

static int find_set(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sets); i++) {
		if (!strcmp(sets[i].name, name))
			return i;
	}
	return -1;
}

static const struct yaml_item *find_item(const char *set, unsigned int number)
{
	unsigned int i;

	for (i = 0; i < yaml.count; i++) {
		if (*yaml.item[i].type && !strcmp(yaml.item[i].set, set) &&
		    yaml.item[i].number == number)
			return &yaml.item[i];
	}
	return NULL;
}

static bool is_pad(const struct yaml_item *item)
{
	return !strcmp(item->type, "pad");
}

static bool is_reply_only(const struct yaml_item *item)
{
	return strstr(item->doc, "In replies only") ||
	       strstr(item->doc, "Given by the kernel");
}

/* Marks what a request has in it, and in the sets in it. */
static void mark_seen(const char *set, const struct nlattr *nest,
		      bool (*seen)[SETS_MAX])
{
	const struct nlattr *attr;
	int i = find_set(set);

	mnl_attr_for_each_nested(attr, nest) {
		unsigned int type = mnl_attr_get_type(attr);
		const struct yaml_item *item = find_item(set, type);

		if (i < 0 || !item || type >= SETS_MAX)
			continue;
		seen[i][type] = true;
		if (*item->nest)
			mark_seen(item->nest, attr, seen);
	}
}

TEST(add_can_send_it)
{
	bool seen[ARRAY_SIZE(sets)][SETS_MAX] = {};
	__u64 buf[NL_REQUEST_MAX / sizeof(__u64)];
	struct nlmsghdr *request;
	unsigned int i, checked = 0;
	struct rule rule;
	struct err err;

	read_spec();
	for (i = 0; i < ARRAY_SIZE(corpus); i++) {
		ASSERT_EQ(0, rules_parse(corpus[i], &rule, &err))
			TH_LOG("%s: %s", corpus[i], err.text);
		request = nl_request(buf, 33, RSTFAULT_CMD_RULE_ADD);
		ASSERT_TRUE(nl_rule_put(request, sizeof(buf), &rule));
		mark_seen("rule", mnl_nlmsg_get_payload_offset(request, GENL_HDRLEN),
			  seen);
	}
	for (i = 0; i < yaml.count; i++) {
		const struct yaml_item *item = &yaml.item[i];
		int set = find_set(item->set);

		if (!*item->type || set < 0 || !sets[set].asked ||
		    is_pad(item) || is_reply_only(item))
			continue;
		ASSERT_LT(item->number, SETS_MAX);
		EXPECT_TRUE(seen[set][item->number]) {
			TH_LOG("no rule has the attribute '%s' of the set '%s'",
			       item->name, item->set);
		}
		checked++;
	}
	/* Else the specification was not understood. */
	EXPECT_LT(50, checked);
}

/* Appends every attribute that the set has, of the type that it has. */
static bool put_all(struct nlmsghdr *message, size_t size, const char *set,
		    __u16 attr)
{
	struct nlattr *nest = mnl_attr_nest_start_check(message, size, attr);
	static const __u64 one = 1, family = AF_INET6, bytes[2];
	unsigned int i;

	for (i = 0; i < yaml.count; i++) {
		const struct yaml_item *item = &yaml.item[i];
		const char *type = item->type;
		size_t bits = strtoul(type + !!*type, NULL, 10);

		if (!*type || strcmp(item->set, set) || is_pad(item))
			continue;
		if (!strcmp(type, "nest")) {
			if (!put_all(message, size, item->nest, item->number))
				return false;
		} else if (!strcmp(type, "string")) {
			mnl_attr_put_strz(message, item->number, "x");
		} else if (!strcmp(type, "binary")) {
			mnl_attr_put(message, item->number, 16, bytes);
		} else if (!strcmp(type, "flag")) {
			mnl_attr_put(message, item->number, 0, NULL);
		} else if (bits && strchr("us", *type)) {
			/* The first bytes are those of a shorter number. */
			mnl_attr_put(message, item->number, bits / 8,
				     strcmp(item->name, "family") ? &one :
								    &family);
		} else {
			return false;
		}
	}
	mnl_attr_nest_end(message, nest);
	return true;
}

/* Is it a member of the object itself, not of one in it? */
static bool has_member(const char *json, const char *name)
{
	char key[YAML_TEXT + 4];
	int depth = 0;

	snprintf(key, sizeof(key), "\"%s\":", name);
	for (; *json; json++) {
		depth += (*json == '{' || *json == '[') -
			 (*json == '}' || *json == ']');
		if (depth == 1 && !strncmp(json, key, strlen(key)))
			return true;
	}
	return false;
}

static const char *json_name(const struct yaml_item *item)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(called); i++) {
		if (called[i].json && !strcmp(called[i].set, item->set) &&
		    !strcmp(called[i].name, item->name))
			return called[i].json;
	}
	return item->name;
}

TEST(json_shows_it)
{
	static __u64 buf[4096], data[4096];
	static char text[16384];
	unsigned int i, s;

	read_spec();
	for (s = 0; s < ARRAY_SIZE(sets); s++) {
		struct nlmsghdr *message = nl_request(buf, 33, 1);
		struct json json = { .line = true };
		bool incomplete = false;

		ASSERT_TRUE(put_all(message, sizeof(buf), sets[s].name, 1)) {
			TH_LOG("an unknown type in the set '%s'", sets[s].name);
		}
		memset(data, 0, sizeof(data));
		ASSERT_EQ(0, attr_get_set(mnl_nlmsg_get_payload_offset(message,
								       GENL_HDRLEN),
					  sets[s].set, data, &incomplete)) {
			TH_LOG("the set '%s'", sets[s].name);
		}
		EXPECT_FALSE(incomplete) {
			TH_LOG("something in the set '%s' is not known",
			       sets[s].name);
		}
		memset(text, 0, sizeof(text));
		json.out = fmemopen(text, sizeof(text), "w");
		print_set_json(&json, NULL, sets[s].set, data);
		fclose(json.out);
		for (i = 0; i < yaml.count; i++) {
			const struct yaml_item *item = &yaml.item[i];

			if (!*item->type || is_pad(item) ||
			    strcmp(item->set, sets[s].name))
				continue;
			EXPECT_TRUE(has_member(text, json_name(item))) {
				TH_LOG("JSON has no '%s' of the set '%s'",
				       item->name, item->set);
			}
			EXPECT_TRUE(!*item->nest ||
				    !strcmp(item->nest, "port-range") ||
				    find_set(item->nest) >= 0) {
				TH_LOG("the set '%s' is not known", item->nest);
			}
		}
	}
}

/* The manual page, without the text between its keywords. */
static char man[65536];

static void read_man(void)
{
	const char *path = environment("MAN", "userspace/rstctl.8");
	FILE *in = fopen(path, "r");
	char text[512];
	size_t len = 0;

	if (!in) {
		printf("# cannot open %s\n", path);
		exit(1);
	}
	while (fgets(text, sizeof(text), in)) {
		if (*text == '.' && strstr(text, "Cm ") &&
		    len + strlen(text) < sizeof(man))
			len += sprintf(man + len, "%s", text);
	}
	fclose(in);
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

static bool man_has(const char *word)
{
	const char *at;

	for (at = man; (at = strstr(at, word)); at++) {
		if (!in_word(at[-1]) && !in_word(at[strlen(word)]))
			return true;
	}
	return false;
}

static const char *man_word(const struct yaml_item *item)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(called); i++) {
		if (!strcmp(called[i].set, item->set) &&
		    !strcmp(called[i].name, item->name))
			return called[i].word;
	}
	return item->name;
}

TEST(man_page_has_a_word)
{
	unsigned int i, checked = 0;

	read_spec();
	read_man();
	for (i = 0; i < yaml.count; i++) {
		const struct yaml_item *item = &yaml.item[i];

		/* Values of enumerations, and attributes that are shown. */
		if ((*item->type && find_set(item->set) < 0) || is_pad(item))
			continue;
		EXPECT_TRUE(man_has(man_word(item))) {
			TH_LOG("the manual page has no '%s', for '%s' of '%s'",
			       man_word(item), item->name, item->set);
		}
		checked++;
	}
	EXPECT_LT(150, checked);
}

TEST(man_page_has_scenarios)
{
	const struct scenario *scenario;

	read_man();
	for (scenario = scenarios; scenario->name; scenario++) {
		EXPECT_TRUE(man_has(scenario->name)) {
			TH_LOG("the manual page has no '%s'", scenario->name);
		}
	}
}

TEST_HARNESS_MAIN
