// SPDX-License-Identifier: GPL-2.0
/*
 * Rules by chance, in the words of rstctl: what it understands, the module
 * should.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "words.h"

#include "chance.h"

#define WORDS_MAX 96

/**
 * struct text - a rule that is being written
 * @random: for all that is chosen
 * @kind: what it is for
 * @line: what there is so far
 * @size: room in @line
 * @len: of what there is
 * @hook: enum rstfault_hook
 * @reset: it is about RSTs alone
 */
struct text {
	struct random *random;
	enum chance_kind kind;
	char *line;
	size_t size;
	size_t len;
	uint32_t hook;
	bool reset;
};

static void say(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct text *text, const char *format, ...)
{
	va_list args;

	if (text->len + 1 >= text->size)
		return;
	if (text->len)
		text->line[text->len++] = ' ';
	va_start(args, format);
	text->len += vsnprintf(text->line + text->len, text->size - text->len,
			       format, args);
	va_end(args);
	if (text->len >= text->size)
		text->len = text->size - 1;
}

static uint32_t below(struct text *text, uint32_t limit)
{
	return random_below(text->random, limit);
}

static const char *choose(struct text *text, const char *const *words)
{
	uint32_t count = 0;

	while (words[count])
		count++;
	return words[below(text, count)];
}

static const char *word(struct text *text, const struct word *table)
{
	uint32_t count = 0;

	while (table[count].name)
		count++;
	return table[below(text, count)].name;
}

static unsigned int number(struct text *text, unsigned int min,
			   unsigned int max)
{
	if (text->kind == CHANCE_WIRED && max - min > 5)
		max = min + 5;
	switch (below(text, 4)) {
	case 0:
		return min;
	case 1:
		return max;
	default:
		return min + (max > min ? below(text, max - min) : 0);
	}
}

static void say_duration(struct text *text)
{
	static const char *const units[] = { "ns", "us", "ms", "s", "m", "h",
					     "d", NULL };

	if (text->kind == CHANCE_WIRED)
		say(text, "%uus", below(text, 5000));
	else
		say(text, "%u%s", 1 + below(text, 300), choose(text, units));
}

static void say_segments(struct text *text)
{
	char list[128] = "";
	int count = 1 + below(text, 3);
	bool flags = false;

	if (text->reset) {
		say(text, "rst");
		return;
	}
	while (count--) {
		const char *segment = word(text, segment_words);

		if (strstr(list, segment))
			continue;
		/* What follows it has to come last. */
		if (!strcmp(segment, "flags")) {
			flags = true;
			continue;
		}
		strcat(list, *list ? "," : "");
		strcat(list, segment);
	}
	text->reset = !flags && !strcmp(list, "rst");
	if (flags)
		strcat(list, *list ? ",flags" : "flags");
	say(text, "%s", list);
	if (flags) {
		unsigned int mask = 1 + below(text, 255);

		say(text, "0x%x/0x%x", mask, below(text, 256) & mask);
	}
}

static void say_address(struct text *text, const char *key, bool ipv6)
{
	static const char *const four[] = {
		"192.0.2.1", "192.0.2.2", "192.0.2.0/24", "198.51.100.2",
		"198.51.100.0/25", "127.0.0.1", "0.0.0.0/0", "128.0.0.0/1",
		"224.0.0.1", "255.255.255.255", NULL,
	};
	static const char *const six[] = {
		"2001:db8::1", "2001:db8::2", "2001:db8::/64", "2001:db8:1::2",
		"2001:db8:1::/127", "::1", "::/0", "8000::/1", "fe80::/10",
		"::ffff:192.0.2.1", NULL,
	};

	say(text, "%s %s", key, choose(text, ipv6 ? six : four));
}

static void say_ports(struct text *text, const char *key)
{
	static const unsigned int ports[] = {
		0, 1, 80, 1000, 1000, 2000, 2000, 65535,
	};
	unsigned int a = ports[below(text, ARRAY_SIZE(ports))];
	unsigned int b = ports[below(text, ARRAY_SIZE(ports))];
	int count;

	switch (below(text, 3)) {
	case 0:
		say(text, "%s %u", key, a);
		break;
	case 1:
		say(text, "%s %u-%u", key, a < b ? a : b, a < b ? b : a);
		break;
	default:
		say(text, "%s {%u", key, a);
		for (count = below(text, RSTFAULT_PORTS_MAX); count; count--)
			say(text, ", %u", below(text, 65536));
		say(text, "}");
	}
}

static void say_socket(struct text *text)
{
	static const char *const groups[] = { "/", "/a", "a/b", NULL };

	switch (below(text, text->kind == CHANCE_ALL ? 3 : 2)) {
	case 0:
		say(text, "uid %u", number(text, 0, UINT32_MAX - 1));
		break;
	case 1:
		say(text, "state %s", word(text, state_words));
		break;
	default:
		say(text, "cgroup %s", choose(text, groups));
	}
}

static void say_matches(struct text *text)
{
	static const char *const wires[] = { "wire0", "wire1", "wire*", "lo",
					     "eth0", NULL };
	bool in = text->hook != RSTFAULT_HOOK_OUT &&
		  text->hook != RSTFAULT_HOOK_OUTPUT;
	bool out = text->hook != RSTFAULT_HOOK_IN &&
		   text->hook != RSTFAULT_HOOK_INPUT;
	unsigned int from = below(text, 3000);
	bool ipv6 = below(text, 2);
	/* Of those that are to fit, most fit most. */
	uint32_t rare = text->kind == CHANCE_WIRED ? 16 : 4;

	if (random_one_in(text->random, rare))
		say(text, ipv6 ? "ip6" : "ip");
	if (random_one_in(text->random, rare))
		say_address(text, "saddr", ipv6);
	if (random_one_in(text->random, rare))
		say_address(text, "daddr", ipv6);
	if (random_one_in(text->random, rare))
		say_ports(text, "sport");
	if (random_one_in(text->random, rare))
		say_ports(text, "dport");
	if (in && random_one_in(text->random, 2 * rare))
		say(text, "iif %s", choose(text, wires));
	if (out && random_one_in(text->random, 2 * rare))
		say(text, "oif %s", choose(text, wires));
	if (random_one_in(text->random, 4 * rare))
		say(text, "mark 0x%x/0x%x", below(text, 4), 3);
	if (random_one_in(text->random, 2 * rare))
		say(text, "length %u-%u", from, from + below(text, 3000));
	if (random_one_in(text->random, 3 * rare))
		say_socket(text);
	if (text->reset && !in && random_one_in(text->random, 2 * rare))
		say(text, "%s", word(text, origin_words));
}

static void say_per(struct text *text)
{
	if (random_one_in(text->random, 3))
		say(text, "per connection");
}

static void say_gates(struct text *text)
{
	if (random_one_in(text->random, 5)) {
		say(text, "probability %u%%", below(text, 101));
		say_per(text);
		if (random_one_in(text->random, 2))
			say(text, "seed %u", number(text, 0, UINT32_MAX));
	}
	if (random_one_in(text->random, 8)) {
		say(text, "skip %u", number(text, 0, UINT32_MAX));
		say_per(text);
	}
	if (random_one_in(text->random, 8)) {
		say(text, "every %u", number(text, 1, UINT32_MAX));
		say_per(text);
	}
	if (random_one_in(text->random, 6)) {
		say(text, "limit %u", number(text, 1, UINT32_MAX));
		say_per(text);
	}
	if (random_one_in(text->random, 12)) {
		say(text, "nth %u", number(text, 1, UINT32_MAX));
		say_per(text);
	}
	if (random_one_in(text->random, 10)) {
		say(text, "bytes %u..", below(text, 4000));
		say_per(text);
	}
	if (random_one_in(text->random, 12)) {
		say(text, "for");
		say_duration(text);
	}
	if (random_one_in(text->random, 10))
		say(text, "shadow");
}

static void say_delay(struct text *text)
{
	unsigned int us = 1 + below(text, 5000);

	if (text->kind == CHANCE_WIRED || below(text, 2)) {
		say(text, "delay %uus", us);
		if (random_one_in(text->random, 3))
			say(text, "jitter %uus", below(text, us));
	} else {
		say(text, "delay");
		say_duration(text);
	}
	if (random_one_in(text->random, 3))
		say(text, "until next");
}

static void say_numbers(struct text *text)
{
	size_t len = text->len;

	if (random_one_in(text->random, 3))
		say(text, "seq +%u", number(text, 1, INT32_MAX));
	if (random_one_in(text->random, 3))
		say(text, "ack -%u", number(text, 1, INT32_MAX));
	if (random_one_in(text->random, 3))
		say(text, "ttl %u", number(text, 1, UINT8_MAX));
	if (text->len == len || random_one_in(text->random, 8))
		say(text, "badsum");
}

static void say_forge(struct text *text)
{
	static const char *const seqs[] = { "exact", "+1", "-1", "in-window",
					    "out-of-window", NULL };

	say(text, "forge");
	if (random_one_in(text->random, 2))
		say(text, "to %s", word(text, target_words));
	if (random_one_in(text->random, 3))
		say(text, "seq %s", choose(text, seqs));
	if (random_one_in(text->random, 4))
		say(text, "%s", word(text, ack_words));
	if (random_one_in(text->random, 4)) {
		say(text, "count %u", number(text, 1, RSTFAULT_REPEAT_MAX));
		if (random_one_in(text->random, 2)) {
			say(text, "every");
			say_duration(text);
		}
	}
	if (random_one_in(text->random, 6)) {
		say(text, "after");
		say_duration(text);
	}
	if (random_one_in(text->random, 6))
		say(text, "ttl %u", number(text, 1, UINT8_MAX));
	if (random_one_in(text->random, 8))
		say(text, "badsum");
	if (random_one_in(text->random, 3))
		say(text, "and drop");
}

static void say_action(struct text *text)
{
	switch (below(text, text->reset ? 7 : 6)) {
	case 0:
		say(text, "pass");
		break;
	case 1:
		say(text, "drop");
		break;
	case 2:
		say_delay(text);
		break;
	case 3:
	case 4:
		say_forge(text);
		break;
	case 5:
		say(text, "duplicate %u", number(text, 1, RSTFAULT_REPEAT_MAX));
		if (random_one_in(text->random, 2)) {
			say(text, "every");
			say_duration(text);
		}
		break;
	default:
		say(text, "mangle");
		say_numbers(text);
	}
}

static void say_rule(struct text *text)
{
	static const char *const names[] = { "a", "b", "c", "d.e", "f-1",
					     "_", NULL };
	const char *hook = word(text, hook_words);

	text->hook = word_find(hook_words, hook)->value;
	text->reset = random_one_in(text->random, 3);
	if (random_one_in(text->random, 4))
		say(text, "name %s", choose(text, names));
	say(text, "%s", hook);
	say_segments(text);
	say_matches(text);
	say_gates(text);
	say(text, "force");
	say_action(text);
}

static bool parse(const char *line, struct rule *rule)
{
	char copy[1024], *words[WORDS_MAX], *next, *save;
	struct err err;
	int count = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (next = strtok_r(copy, " ", &save); next && count < WORDS_MAX;
	     next = strtok_r(NULL, " ", &save))
		words[count++] = next;
	return !parse_rule(count, words, rule, &err);
}

/**
 * chance_rule() - a rule by chance
 * @random: what it follows from
 * @kind: what it is for
 * @rule: gets the rule
 * @line: gets it in words
 * @size: room in @line
 *
 * What rstctl refuses is thrown away, as a range of no ports is.
 */
void chance_rule(struct random *random, enum chance_kind kind,
		 struct rule *rule, char *line, size_t size)
{
	struct text text;

	do {
		text = (struct text){
			.random = random, .kind = kind, .line = line,
			.size = size,
		};
		say_rule(&text);
	} while (!parse(line, rule));
}
