// SPDX-License-Identifier: GPL-2.0
/* What the tests of the tool share: rules as text, and rules by chance. */

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "parse.h"
#include "print.h"
#include "rules.h"

/* Copies one quoted part of a word; returns what is behind it. */
static const char *unquote(const char *in, char **out)
{
	bool escapes = *in == '$';

	in += escapes ? 2 : 1;
	while (*in && *in != '\'') {
		if (escapes && *in == '\\') {
			in++;
			if (*in >= '0' && *in <= '3') {
				*(*out)++ = (in[0] - '0') * 64 +
					    (in[1] - '0') * 8 + in[2] - '0';
				in += 3;
				continue;
			}
		}
		*(*out)++ = *in++;
	}
	return in + !!*in;
}

/* As much of a shell as the printer relies on: spaces, '...', $'...', \. */
void rules_split(struct line *line, const char *in)
{
	char *out = line->text;

	line->count = 0;
	for (;;) {
		while (*in == ' ')
			in++;
		if (!*in || line->count == MAX_WORDS)
			break;
		line->word[line->count++] = out;
		while (*in && *in != ' ') {
			if (*in == '\'' || (in[0] == '$' && in[1] == '\'')) {
				in = unquote(in, &out);
				continue;
			}
			if (*in == '\\')
				in++;
			*out++ = *in++;
		}
		*out++ = '\0';
	}
	line->word[line->count] = NULL;
}

int rules_parse(const char *text, struct rule *rule, struct err *err)
{
	struct line line;

	rules_split(&line, text);
	return parse_rule(line.count, line.word, rule, err);
}

void rules_print(const struct rule *rule, char *buf, size_t size)
{
	FILE *out = fmemopen(buf, size, "w");

	print_rule(out, rule);
	fclose(out);
}

static bool same_prefix(const struct rule_prefix *a,
			const struct rule_prefix *b)
{
	if (a->family != b->family)
		return false;
	return !a->family ||
	       (a->len == b->len &&
		!memcmp(a->addr, b->addr, a->family == AF_INET ? 4 : 16));
}

static bool same_ports(const struct rule_ports *a, const struct rule_ports *b)
{
	return a->count == b->count &&
	       !memcmp(a->range, b->range, a->count * sizeof(a->range[0]));
}

bool rules_same(const struct rule *a, const struct rule *b)
{
	return a->id == b->id && !strcmp(a->name, b->name) &&
	       a->hook == b->hook && a->segment == b->segment &&
	       a->family == b->family && same_prefix(&a->saddr, &b->saddr) &&
	       same_prefix(&a->daddr, &b->daddr) &&
	       same_ports(&a->sport, &b->sport) &&
	       same_ports(&a->dport, &b->dport) && !strcmp(a->iif, b->iif) &&
	       !strcmp(a->oif, b->oif) && a->action == b->action &&
	       a->fired == b->fired && a->incomplete == b->incomplete;
}

/* xorshift64*: the same rules on every machine. */
__u32 rules_random_below(__u64 *state, __u32 limit)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return ((*state * 2685821657736338717ull) >> 32) % limit;
}

static void random_prefix(__u64 *state, __u16 family,
			  struct rule_prefix *prefix)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	int bits = family == AF_INET ? 32 : 128;
	int i;

	prefix->family = family;
	prefix->len = rules_random_below(state, bits + 1);
	for (i = 0; i < bits / 8; i++)
		prefix->addr[i] = rules_random_below(state, 4) ?
				  rules_random_below(state, 256) : 0;
	if (family == AF_INET6 && !rules_random_below(state, 8))
		memcpy(prefix->addr, mapped, sizeof(mapped));
	for (i = prefix->len; i < bits; i++)
		prefix->addr[i / 8] &= ~(0x80 >> i % 8);
}

static void random_ports(__u64 *state, struct rule_ports *ports)
{
	unsigned int i;

	ports->count = 1 + rules_random_below(state, RSTFAULT_PORTS_MAX);
	for (i = 0; i < ports->count; i++) {
		__u16 first = rules_random_below(state, 65536);

		ports->range[i].first = first;
		ports->range[i].last = first;
		if (rules_random_below(state, 2))
			ports->range[i].last +=
				rules_random_below(state, 65536 - first);
	}
}

static void random_name(__u64 *state, char *name)
{
	static const char letters[] = "abcXYZ019_.-";
	int len = rules_random_below(state, RSTFAULT_NAME_MAX);
	int i;

	name[0] = "aZ_."[rules_random_below(state, 4)];
	for (i = 1; i <= len; i++)
		name[i] = letters[rules_random_below(state, sizeof(letters) - 1)];
	name[i] = '\0';
}

static void random_interface(__u64 *state, char *name)
{
	int len = 1 + rules_random_below(state, RSTFAULT_IFNAME_MAX);
	int i = 0;

	while (i < len) {
		unsigned char c = 1 + rules_random_below(state, 255);

		if (rules_random_below(state, 2))
			c = "ab0#*'\\\"$ {}"[rules_random_below(state, 12)];
		if (!strchr(" \t\n\v\f\r\xa0/:", c))
			name[i++] = c;
	}
	name[i] = '\0';
	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "*"))
		name[0] = 'x';
}

void rules_random(__u64 *state, struct rule *rule)
{
	memset(rule, 0, sizeof(*rule));
	if (rules_random_below(state, 2))
		random_name(state, rule->name);
	rule->hook = rules_random_below(state, RSTFAULT_HOOK_MAX + 1);
	rule->segment = 1 + rules_random_below(state, RSTFAULT_SEGMENT_MASK);
	switch (rules_random_below(state, 3)) {
	case 1:
		rule->family = AF_INET;
		break;
	case 2:
		rule->family = AF_INET6;
		break;
	}
	if (rule->family && rules_random_below(state, 2))
		random_prefix(state, rule->family, &rule->saddr);
	if (rule->family && rules_random_below(state, 2))
		random_prefix(state, rule->family, &rule->daddr);
	if (rules_random_below(state, 2))
		random_ports(state, &rule->sport);
	if (rules_random_below(state, 2))
		random_ports(state, &rule->dport);
	if (rule->hook != RSTFAULT_HOOK_OUT &&
	    rule->hook != RSTFAULT_HOOK_OUTPUT && rules_random_below(state, 2))
		random_interface(state, rule->iif);
	if (rule->hook != RSTFAULT_HOOK_IN &&
	    rule->hook != RSTFAULT_HOOK_INPUT && rules_random_below(state, 2))
		random_interface(state, rule->oif);
	rule->action = rules_random_below(state, RSTFAULT_ACTION_MAX + 1);
}
