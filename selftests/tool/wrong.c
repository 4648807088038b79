// SPDX-License-Identifier: GPL-2.0
/*
 * Wrong words: what rstctl says about them.
 */

#include <stdio.h>
#include <string.h>

#include "parse.h"

#include "table.h"

#define HOOKS		"in, out, input, output, forward"
#define SEGMENTS	"rst, syn, synack, ack, data, fin, any, flags"
#define MATCHES		"ip, ip6, saddr, daddr, sport, dport, iif, oif, mark, length, uid, cgroup, state, active, passive"

#define TERMS		"probability, seed, skip, every, limit, nth, bytes, for, shadow, force"
#define ACTIONS		"pass, drop, delay, forge, mangle, duplicate"

static const struct wrong refused[] = {
	/* what is missing */
	{ "", "a rule needs a hook; one of: " HOOKS },
	{ "# in rst drop", "a rule needs a hook; one of: " HOOKS },
	{ "name", "name: a name is missing" },
	{ "name #x", "name: a name is missing" },
	{ "name lost", "a rule needs a hook; one of: " HOOKS },
	{ "in", "a rule needs a segment behind the hook; one of: " SEGMENTS },
	{ "in rst",
	  "a rule needs an action at its end; one of: " ACTIONS },
	{ "in rst dport 80 # drop",
	  "a rule needs an action at its end; one of: " ACTIONS },
	{ "in rst dport", "dport: a port is missing" },
	{ "in rst sport # 80", "sport: a port is missing" },
	{ "in rst saddr", "saddr: an address is missing" },
	{ "in rst daddr", "daddr: an address is missing" },
	{ "in rst iif", "iif: the name of an interface is missing" },
	/* words that are none */
	{ "inn rst drop",
	  "'inn' is not a hook; one of: " HOOKS " (did you mean 'in'?)" },
	{ "fowrard rst drop",
	  "'fowrard' is not a hook; one of: " HOOKS
	  " (did you mean 'forward'?)" },
	{ "IN rst drop", "'IN' is not a hook; one of: " HOOKS },
	{ "'' rst drop", "'' is not a hook; one of: " HOOKS },
	{ "rst in drop", "'rst' is not a hook; one of: " HOOKS },
	{ "prerouting rst drop", "'prerouting' is not a hook; one of: " HOOKS },
	{ "in drop", "'drop' is not a segment; one of: " SEGMENTS },
	{ "in '' drop", "'' is not a segment; one of: " SEGMENTS },
	{ "in rts drop",
	  "'rts' is not a segment; one of: " SEGMENTS
	  " (did you mean 'rst'?)" },
	{ "in syn,snyack drop",
	  "'snyack' is not a segment; one of: " SEGMENTS
	  " (did you mean 'synack'?)" },
	{ "in rst,rst drop", "segment rst,rst: 'rst' is given twice" },
	{ "in rst, syn drop",
	  "segment rst,: between commas, and without spaces, there is one kind of segment each" },
	{ "in ,rst drop",
	  "segment ,rst: between commas, and without spaces, there is one kind of segment each" },
	{ "in rst,,fin drop",
	  "segment rst,,fin: between commas, and without spaces, there is one kind of segment each",
	},
	{ "in rst drp",
	  "'drp' is not an action; one of: " ACTIONS " (did you mean 'drop'?)" },
	{ "in rst pas # x",
	  "'pas' is not an action; one of: " ACTIONS " (did you mean 'pass'?)" },
	{ "in rst reject", "'reject' is not an action; one of: " ACTIONS },
	{ "in rst ''", "'' is not an action; one of: " ACTIONS },
	{ "in rst dprot 80 drop",
	  "'dprot' is not a match; one of: " MATCHES
	  " (did you mean 'dport'?)" },
	{ "in rst port 80 drop",
	  "'port' is not a match; one of: " MATCHES
	  " (did you mean 'sport'?)" },
	{ "in rst fwmark 7 drop",
	  "'fwmark' is not a match; one of: " MATCHES
	  " (did you mean 'mark'?)" },
	{ "in rst user 7 drop",
	  "'user' is not a match, a gate or an action; matches: " MATCHES
	  "; gates: " TERMS "; actions: " ACTIONS },
	{ "in rst probabilty 7 drop",
	  "'probabilty' is not a gate; one of: " TERMS
	  " (did you mean 'probability'?)" },
	{ "in rst per connection drop",
	  "'per' goes behind the number of a gate that counts; one of: probability, skip, every, limit, nth, bytes",
	},
	{ "in rst name lost drop",
	  "'name' and the name go in front of the hook" },
	{ "in rst drop dport 80",
	  "'dport' is too much: the action, 'drop', is the last word of a rule" },
	{ "in rst drop ''",
	  "'' is too much: the action, 'drop', is the last word of a rule" },
	/* what is given twice, or contradicts itself */
	{ "in rst dport 80 dport 443 drop", "'dport' is given twice" },
	{ "in rst ip dport 1 ip drop", "'ip' is given twice" },
	{ "in rst ip ip6 drop",
	  "ip6: this is IPv6, but 'ip' limits the rule to IPv4" },
	{ "in rst ip saddr fe80::1 drop",
	  "saddr fe80::1: this is IPv6, but 'ip' limits the rule to IPv4" },
	{ "in rst saddr fe80::1 ip drop",
	  "ip: this is IPv4, but 'saddr' limits the rule to IPv6" },
	{ "in rst saddr 10.0.0.1 daddr ::1 drop",
	  "daddr ::1: this is IPv6, but 'saddr' limits the rule to IPv4" },
	{ "in rst oif eth0 drop",
	  "oif: at hook 'in' a segment has no interface that it leaves by; use iif" },
	{ "input rst oif eth0 drop",
	  "oif: at hook 'input' a segment has no interface that it leaves by; use iif" },
	{ "out rst iif eth0 drop",
	  "iif: at hook 'out' a segment has no interface that it came in by; use oif" },
	{ "output rst iif eth0 drop",
	  "iif: at hook 'output' a segment has no interface that it came in by; use oif" },
	/* names */
	{ "name '' in rst drop", "name '': a name has at least 1 character" },
	{ "name a/b in rst drop",
	  "name a/b: a name consists of letters, digits, '_', '-' and '.'" },
	{ "name 'a b' in rst drop",
	  "name a b: a name consists of letters, digits, '_', '-' and '.'" },
	{ "name $'\\303\\274' in rst drop",
	  "name \303\274: a name consists of letters, digits, '_', '-' and '.'" },
	{ "name $'\\033[1m' in rst drop",
	  "name ?[1m: a name consists of letters, digits, '_', '-' and '.'" },
	{ "name -x in rst drop", "name -x: a name does not begin with '-'" },
	{ "name 12 in rst drop",
	  "name 12: a name is not digits alone, a number means an id" },
	{ "name aaaaaaaaaabbbbbbbbbbccccccccccdd in rst drop",
	  "name aaaaaaaaaabbbbbbbbbbccccccccccdd: a name has at most 31 characters" },
	/* addresses */
	{ "in rst saddr 10.0.0.0/33 drop",
	  "saddr 10.0.0.0/33: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr ::/129 drop",
	  "saddr ::/129: the prefix of an IPv6 address is 0 to 128 bits long" },
	{ "in rst saddr 10.0.0.0/ drop",
	  "saddr 10.0.0.0/: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr 10.0.0.0/-1 drop",
	  "saddr 10.0.0.0/-1: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr 10.0.0.0/8/8 drop",
	  "saddr 10.0.0.0/8/8: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr 10.0.0.0/255.0.0.0 drop",
	  "saddr 10.0.0.0/255.0.0.0: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr 10.0.0.0/4294967304 drop",
	  "saddr 10.0.0.0/4294967304: the prefix of an IPv4 address is 0 to 32 bits long" },
	{ "in rst saddr 10.0.0.0/08 drop",
	  "saddr 10.0.0.0/08: a prefix length has no leading zeros; write 10.0.0.0/8" },
	{ "in rst saddr 10.1.2.3/8 drop",
	  "saddr 10.1.2.3/8: bits are set behind the prefix; write 10.0.0.0/8" },
	{ "in rst saddr 192.0.2.1/31 drop",
	  "saddr 192.0.2.1/31: bits are set behind the prefix; write 192.0.2.0/31" },
	{ "in rst saddr 1.1.1.1/0 drop",
	  "saddr 1.1.1.1/0: bits are set behind the prefix; write 0.0.0.0/0" },
	{ "in rst daddr 2001:db8::1/33 drop",
	  "daddr 2001:db8::1/33: bits are set behind the prefix; write 2001:db8::/33" },
	{ "in rst saddr localhost drop",
	  "saddr localhost: not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr '' drop",
	  "saddr : not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr 10.1 drop",
	  "saddr 10.1: not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr 010.0.0.1 drop",
	  "saddr 010.0.0.1: not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr 1.2.3.256 drop",
	  "saddr 1.2.3.256: not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr [::1] drop",
	  "saddr [::1]: not an IPv4 or IPv6 address; names are not looked up" },
	{ "in rst saddr 1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111 drop",
	  "saddr 1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111: not an IPv4 or IPv6 address; names are not looked up",
	},
	{ "in rst saddr fe80::1%eth0 drop",
	  "saddr fe80::1%eth0: an address has no '%' here; match an interface by iif or oif" },
	{ "in rst saddr ::ffff:192.0.2.0/120 drop",
	  "saddr: an IPv4-mapped address matches no IPv4 packet; write 192.0.2.0/24, or 'ip6' in front of it to match IPv6 packets",
	},
	{ "in rst daddr ::ffff:0:0/96 drop",
	  "daddr: an IPv4-mapped address matches no IPv4 packet; write 0.0.0.0/0, or 'ip6' in front of it to match IPv6 packets",
	},
	/* ports */
	{ "in rst dport 70000 drop",
	  "dport 70000: a port is a number from 0 to 65535" },
	{ "in rst dport 65536 drop",
	  "dport 65536: a port is a number from 0 to 65535" },
	{ "in rst dport 99999999999999999999999 drop",
	  "dport 99999999999999999999999: a port is a number from 0 to 65535" },
	{ "in rst dport 4294967376 drop",
	  "dport 4294967376: a port is a number from 0 to 65535" },
	{ "in rst dport '' drop",
	  "dport : a port is a number from 0 to 65535" },
	{ "in rst dport +80 drop",
	  "dport +80: a port is a number from 0 to 65535" },
	{ "in rst dport -80 drop",
	  "dport -80: a port is a number from 0 to 65535" },
	{ "in rst dport ' 80' drop",
	  "dport  80: a port is a number from 0 to 65535" },
	{ "in rst dport 0x50 drop",
	  "dport 0x50: a port is a number from 0 to 65535" },
	{ "in rst dport 080 drop",
	  "dport 080: a port has no leading zeros; write 80" },
	{ "in rst dport 00 drop",
	  "dport 00: a port has no leading zeros; write 0" },
	{ "in rst dport http drop",
	  "dport http: a port is a number from 0 to 65535; names are not looked up" },
	{ "in rst dport drop",
	  "dport drop: a port is a number from 0 to 65535; names are not looked up" },
	{ "in rst dport 80- drop",
	  "dport 80-: a port is a number from 0 to 65535" },
	{ "in rst dport 80-90-95 drop",
	  "dport 80-90-95: a port is a number from 0 to 65535" },
	{ "in rst dport 80:90 drop",
	  "dport 80:90: a port is a number from 0 to 65535" },
	{ "in rst dport 90-80 drop",
	  "dport 90-80: a range goes from the lower port to the higher; write 80-90" },
	{ "in rst dport 80,443 drop",
	  "dport 80,443: several ports are a set; write '{80,443}', with the quotes in a shell" },
	{ "in rst dport 80 443 drop",
	  "'443' is not a match, a gate or an action; several ports are a set: '{80, 443}', with the quotes in a shell",
	},
	{ "in rst dport {80, 443 drop",
	  "dport {80,: the set has no closing '}'" },
	{ "in rst dport { drop", "dport {: the set has no closing '}'" },
	{ "in rst dport {} drop",
	  "dport: a port is missing between '{', ',' and '}'" },
	{ "in rst dport {80,} drop",
	  "dport: a port is missing between '{', ',' and '}'" },
	{ "in rst dport { ,80} drop",
	  "dport: a port is missing between '{', ',' and '}'" },
	{ "in rst dport {80 443} drop",
	  "dport 80 443: ports in a set have commas between them" },
	{ "in rst dport {8 0} drop",
	  "dport 8 0: ports in a set have commas between them" },
	{ "in rst dport {80}x drop",
	  "dport: 'x' behind the '}' of the set; a space is missing" },
	{ "in rst dport {80,{90}} drop",
	  "dport {90: a port is a number from 0 to 65535" },
	{ "in rst dport {80,http} drop",
	  "dport http: a port is a number from 0 to 65535; names are not looked up" },
	{ "in rst dport {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17} drop",
	  "dport: a set has at most 16 ports and ranges" },
	{ "in rst dport ' { 80 }' drop",
	  "dport  { 80 }: a port is a number from 0 to 65535" },
	{ "in rst dport {11111111111111111111111111111111111111111111111111111111111111111} drop",
	  "dport {11111111111111111111...: a port is a number from 0 to 65535" },
	/* interfaces */
	{ "in rst iif abcdefghijklmnop drop",
	  "iif abcdefghijklmnop: an interface name has at most 15 characters" },
	{ "in rst iif abcdefghijklmno* drop",
	  "iif abcdefghijklmno*: an interface name has at most 15 characters" },
	{ "in rst iif '' drop", "iif '': not the name of an interface" },
	{ "in rst iif .. drop", "iif '..': not the name of an interface" },
	{ "in rst iif * drop",
	  "iif *: that is every interface; leave 'iif' out" },
	{ "out rst oif a/b drop",
	  "oif a/b: an interface name has no '/', ':' or space" },
	{ "out rst oif eth0:1 drop",
	  "oif eth0:1: an interface name has no '/', ':' or space" },
	{ "out rst oif 'a b' drop",
	  "oif a b: an interface name has no '/', ':' or space" },
	{ "out rst oif $'a\\240b' drop",
	  "oif a?b: an interface name has no '/', ':' or space" },
	{ "out rst oif $'a\\012b' drop",
	  "oif a?b: an interface name has no '/', ':' or space" },
};

TEST(wrong_words)
{
	table_wrong(_metadata, refused, ARRAY_SIZE(refused));
}

/* A word that is too long is not quoted in full, wherever it is. */
TEST(long_words)
{
	static const char *const begin[] = {
		"", "in ", "in rst ", "name ", "in rst dport ", "in rst saddr ",
		"in rst iif ", "in rst dport 80 ",
	};
	struct rule_ref ref;
	struct line line;
	struct rule rule;
	char text[512];
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begin); i++) {
		snprintf(text, sizeof(text), "%s%0256d drop", begin[i], 0);
		EXPECT_EQ(-1, rules_parse(text, &rule, &err));
		EXPECT_STREQ("'00000000000000000000...': a word has at most 255 characters",
			     err.text);
	}
	for (i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%s%0256d", i ? "name " : "", 0);
		rules_split(&line, text);
		EXPECT_EQ(-1, parse_ref(line.count, line.word, &ref, &err));
		EXPECT_STREQ("'00000000000000000000...': a word has at most 255 characters",
			     err.text);
	}
}

/* One rule of the ruleset: a name, an id, or an error. */
static const struct {
	const char *in, *name;
	__u32 id;
	const char *err;
} refs[] = {
	{ "3", "", 3, NULL },
	{ "0", "", 0, NULL },
	{ "4294967295", "", 4294967295u, NULL },
	{ "name lost", "lost", 0, NULL },
	{ "name name", "name", 0, NULL },
	{ "", NULL, 0, "the rule is missing: its id, or 'name' and its name" },
	{ "name", NULL, 0, "name: a name is missing" },
	{ "name 3", NULL, 0,
	  "name 3: a name is not digits alone, a number means an id" },
	{ "lost", NULL, 0,
	  "'lost' is not an id, which is a number; a name has 'name' in front of it" },
	{ "4294967296", NULL, 0,
	  "'4294967296' is not an id, which is a number; a name has 'name' in front of it" },
	{ "-1", NULL, 0,
	  "'-1' is not an id, which is a number; a name has 'name' in front of it" },
	{ "''", NULL, 0,
	  "'' is not an id, which is a number; a name has 'name' in front of it" },
	{ "007", NULL, 0, "'007': an id has no leading zeros; write 7" },
	{ "3 4", NULL, 0, "'4' is too much: one rule at a time" },
	{ "name a b", NULL, 0, "'b' is too much: one rule at a time" },
};

TEST(one_rule)
{
	struct rule_ref ref;
	struct line line;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refs); i++) {
		int want = refs[i].err ? -1 : 0;

		memset(&err, 0, sizeof(err));
		rules_split(&line, refs[i].in);
		EXPECT_EQ(want, parse_ref(line.count, line.word, &ref, &err))
			TH_LOG("%s", refs[i].in);
		if (want) {
			EXPECT_STREQ(refs[i].err, err.text);
			continue;
		}
		EXPECT_STREQ(refs[i].name, ref.name);
		EXPECT_EQ(refs[i].id, ref.id);
	}
}

TEST_HARNESS_MAIN
