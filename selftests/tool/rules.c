// SPDX-License-Identifier: GPL-2.0
/* What the tests of the tool share: rules as text, and rules by chance. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "field.h"
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

static bool same_member(const struct field *field, const void *a, const void *b)
{
	const struct rule_prefix *prefix = a;
	const struct rule_ports *ports = a;

	switch (field->type) {
	case FIELD_STRING:
		return !strcmp(a, b);
	case FIELD_ADDR4:
		return !memcmp(prefix->addr,
			       ((const struct rule_prefix *)b)->addr, 4);
	case FIELD_ADDR6:
		return !memcmp(prefix->addr,
			       ((const struct rule_prefix *)b)->addr, 16);
	case FIELD_BITS:
		return prefix->len == ((const struct rule_prefix *)b)->len;
	case FIELD_PORTS:
		return ports->count == ((const struct rule_ports *)b)->count &&
		       !memcmp(ports->range,
			       ((const struct rule_ports *)b)->range,
			       ports->count * sizeof(ports->range[0]));
	case FIELD_NEST:
		return rules_same_set(field->nest, a, b);
	default:
		return true;
	}
}

bool rules_same_set(const struct field_set *set, const void *a, const void *b)
{
	unsigned int i;

	for (i = 1; i <= set->max; i++) {
		const struct field *field = &set->field[i];
		bool present = field_present(field, i, a);

		if (present != field_present(field, i, b))
			return false;
		if (present &&
		    (field_number(field, a) != field_number(field, b) ||
		     !same_member(field, field_member(field, a),
				  field_member(field, b))))
			return false;
	}
	return true;
}

bool rules_same(const struct rule *a, const struct rule *b)
{
	return rules_same_set(&rule_fields, a, b) &&
	       a->incomplete == b->incomplete;
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

static __u32 random_number(__u64 *state)
{
	/* Small numbers, large ones, and the ends. */
	switch (rules_random_below(state, 4)) {
	case 0:
		return rules_random_below(state, 4);
	case 1:
		return UINT32_MAX - rules_random_below(state, 2);
	default:
		return rules_random_below(state, UINT32_MAX);
	}
}

static __u64 random_duration(__u64 *state)
{
	static const __u64 units[] = {
		1, 1000, 1000000, 1000000000, 60000000000, 3600000000000,
		86400000000000,
	};
	__u64 unit = units[rules_random_below(state, ARRAY_SIZE(units))];
	__u64 ns = unit * (1 + rules_random_below(state, 1000));

	return ns > RSTFAULT_DAYS_MAX * 86400000000000ull ?
	       RSTFAULT_DAYS_MAX * 86400000000000ull : ns;
}

static bool coin(__u64 *state, __u64 *has, unsigned int attr)
{
	bool is = rules_random_below(state, 2);

	if (is)
		*has |= RULE_BIT(attr);
	return is;
}

static void random_gates(__u64 *state, struct rule_gates *gates)
{
	static const struct {
		unsigned int attr;
		__u32 gate;
	} counts[] = {
		{ RSTFAULT_A_GATES_PROBABILITY, RSTFAULT_GATE_PROBABILITY },
		{ RSTFAULT_A_GATES_SKIP, RSTFAULT_GATE_SKIP },
		{ RSTFAULT_A_GATES_EVERY, RSTFAULT_GATE_EVERY },
		{ RSTFAULT_A_GATES_LIMIT, RSTFAULT_GATE_LIMIT },
		{ RSTFAULT_A_GATES_NTH, RSTFAULT_GATE_NTH },
		{ RSTFAULT_A_GATES_BYTES_FROM, RSTFAULT_GATE_BYTES },
	};
	__u64 *has = &gates->has;
	size_t i;

	if (coin(state, has, RSTFAULT_A_GATES_PROBABILITY)) {
		gates->probability = rules_random_below(state, 1000000001);
		if (coin(state, has, RSTFAULT_A_GATES_SEED))
			gates->seed = random_number(state);
	}
	if (coin(state, has, RSTFAULT_A_GATES_SKIP))
		gates->skip = random_number(state);
	if (coin(state, has, RSTFAULT_A_GATES_EVERY))
		gates->every = 1 + random_number(state) / 2;
	if (coin(state, has, RSTFAULT_A_GATES_LIMIT))
		gates->limit = 1 + random_number(state) / 2;
	if (coin(state, has, RSTFAULT_A_GATES_NTH))
		gates->nth = 1 + random_number(state) / 2;
	if (coin(state, has, RSTFAULT_A_GATES_BYTES_FROM)) {
		gates->bytes_from = (__u64)random_number(state) << 31;
		if (coin(state, has, RSTFAULT_A_GATES_BYTES_TO))
			gates->bytes_to = gates->bytes_from +
					  random_number(state);
	}
	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		if (*has & RULE_BIT(counts[i].attr) &&
		    rules_random_below(state, 2))
			gates->per_connection |= counts[i].gate;
	}
	if (gates->per_connection)
		*has |= RULE_BIT(RSTFAULT_A_GATES_PER_CONNECTION);
}

static void random_forge(__u64 *state, struct rule_forge *forge)
{
	__u64 *has = &forge->has;

	/* What is said by default is as if it were not there. */
	if (coin(state, has, RSTFAULT_A_FORGE_TO))
		forge->to = RSTFAULT_END_RECEIVER +
			    rules_random_below(state, 2);
	if (coin(state, has, RSTFAULT_A_FORGE_SEQ)) {
		forge->seq = 1 + rules_random_below(state, RSTFAULT_SEQ_MAX);
		if (forge->seq == RSTFAULT_SEQ_OFFSET) {
			forge->offset = random_number(state);
			*has |= RULE_BIT(RSTFAULT_A_FORGE_OFFSET);
		}
	}
	if (coin(state, has, RSTFAULT_A_FORGE_ACK))
		forge->ack = 1 + rules_random_below(state, RSTFAULT_ACK_MAX);
	if (coin(state, has, RSTFAULT_A_FORGE_COUNT))
		forge->count = 2 + rules_random_below(state,
						      RSTFAULT_REPEAT_MAX - 1);
	if (coin(state, has, RSTFAULT_A_FORGE_EVERY))
		forge->every = random_duration(state);
	if (coin(state, has, RSTFAULT_A_FORGE_AFTER))
		forge->after = random_duration(state);
	if (coin(state, has, RSTFAULT_A_FORGE_TTL))
		forge->ttl = 1 + rules_random_below(state, 255);
	coin(state, has, RSTFAULT_A_FORGE_BADSUM);
	coin(state, has, RSTFAULT_A_FORGE_DROP);
}

static void random_mangle(__u64 *state, struct rule_mangle *mangle)
{
	__u64 *has = &mangle->has;

	if (coin(state, has, RSTFAULT_A_MANGLE_SEQ))
		mangle->seq = random_number(state);
	if (coin(state, has, RSTFAULT_A_MANGLE_ACK))
		mangle->ack = random_number(state);
	if (coin(state, has, RSTFAULT_A_MANGLE_TTL))
		mangle->ttl = 1 + rules_random_below(state, 255);
	coin(state, has, RSTFAULT_A_MANGLE_BADSUM);
	if (!*has)
		*has = RULE_BIT(RSTFAULT_A_MANGLE_BADSUM);
}

static void random_action(__u64 *state, struct rule *rule)
{
	rule->action = rules_random_below(state, RSTFAULT_ACTION_MAX + 1);
	switch (rule->action) {
	case RSTFAULT_ACTION_DELAY:
		rule->delay.time = random_duration(state);
		rule->delay.has = RULE_BIT(RSTFAULT_A_DELAY_TIME);
		if (coin(state, &rule->delay.has, RSTFAULT_A_DELAY_JITTER))
			rule->delay.jitter = rule->delay.time;
		coin(state, &rule->delay.has, RSTFAULT_A_DELAY_UNTIL_NEXT);
		break;
	case RSTFAULT_ACTION_FORGE:
		random_forge(state, &rule->forge);
		break;
	case RSTFAULT_ACTION_MANGLE:
		rule->segment = RSTFAULT_SEGMENT_RST;
		random_mangle(state, &rule->mangle);
		break;
	case RSTFAULT_ACTION_DUPLICATE:
		rule->duplicate.count =
			1 + rules_random_below(state, RSTFAULT_REPEAT_MAX);
		rule->duplicate.has = RULE_BIT(RSTFAULT_A_DUPLICATE_COUNT);
		if (coin(state, &rule->duplicate.has,
			 RSTFAULT_A_DUPLICATE_EVERY))
			rule->duplicate.every = random_duration(state);
		break;
	}
}

static void random_path(__u64 *state, char *path)
{
	static const char letters[] = "abc.-_ '\"\\$\303\274\001#";
	int len = 1 + rules_random_below(state, 40);
	int i;

	for (i = 0; i < len; i++)
		path[i] = letters[rules_random_below(state,
						     sizeof(letters) - 1)];
	if (len > 3)
		path[len / 2] = '/';
	path[i] = '\0';
}

/* The matches on the packet and on the local socket. */
static void random_matches(__u64 *state, struct rule *rule)
{
	__u64 *has = &rule->has;

	if (coin(state, has, RSTFAULT_A_RULE_MARK)) {
		rule->mark = random_number(state);
		if (coin(state, has, RSTFAULT_A_RULE_MARK_MASK)) {
			rule->mark_mask = rules_random_below(state, UINT32_MAX);
			rule->mark &= rule->mark_mask;
		}
	}
	if (coin(state, has, RSTFAULT_A_RULE_LENGTH_FROM)) {
		rule->length_from = random_number(state);
		if (coin(state, has, RSTFAULT_A_RULE_LENGTH_TO))
			rule->length_to = rule->length_from +
				(UINT32_MAX - rule->length_from) / 2;
	}
	if (coin(state, has, RSTFAULT_A_RULE_UID))
		rule->uid = random_number(state);
	if (rules_random_below(state, 4) == 0)
		random_path(state, rule->cgroup);
	if (coin(state, has, RSTFAULT_A_RULE_STATE))
		rule->state = 1 + rules_random_below(state,
						     RSTFAULT_STATE_MASK);
	if (rule->segment == RSTFAULT_SEGMENT_RST &&
	    (rule->hook == RSTFAULT_HOOK_OUT ||
	     rule->hook == RSTFAULT_HOOK_OUTPUT) &&
	    coin(state, has, RSTFAULT_A_RULE_ORIGIN))
		rule->origin = 1 + rules_random_below(state,
						      RSTFAULT_ORIGIN_MASK);
	if (rules_random_below(state, 2))
		random_gates(state, &rule->gates);
	if (coin(state, has, RSTFAULT_A_RULE_LIFETIME))
		rule->lifetime = random_duration(state);
	coin(state, has, RSTFAULT_A_RULE_SHADOW);
	coin(state, has, RSTFAULT_A_RULE_FORCE);
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
	random_action(state, rule);
	random_matches(state, rule);
	if (rule->segment & RSTFAULT_SEGMENT_FLAGS) {
		rule->flags_mask = 1 + rules_random_below(state, 255);
		rule->flags_value = rules_random_below(state, 256) &
				    rule->flags_mask;
		rule->has |= RULE_BIT(RSTFAULT_A_RULE_FLAGS_MASK) |
			     RULE_BIT(RSTFAULT_A_RULE_FLAGS_VALUE);
	}
}
