// SPDX-License-Identifier: GPL-2.0
/* The grammar of matches: what a segment has to be like. */

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "err.h"
#include "number.h"
#include "parser.h"
#include "value.h"
#include "words.h"

static const char *family_name(__u32 family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

/* @match is limited to @family, and so is the whole rule. @value may be "". */
static int limit_family(struct parser *p, __u32 family, const char *match,
			const char *value)
{
	struct rule *rule = p->rule;

	if (rule->family && rule->family != family)
		return err_set(p->err,
			       "%s%s%s: this is %s, but '%s' limits the rule to %s",
			       match, *value ? " " : "", value,
			       family_name(family), p->family_by,
			       family_name(rule->family));
	if (!rule->family)
		p->family_by = match;
	rule->family = family;
	return 0;
}

static int parse_prefix(struct parser *p, const char *match, const char *word,
			struct rule_prefix *prefix)
{
	if (value_prefix(match, word, prefix, p->err) ||
	    limit_family(p, prefix->family, match, word))
		return -1;
	parser_advance(p, 1);
	return 0;
}

static int parse_ports(struct parser *p, const char *match,
		       struct rule_ports *ports)
{
	int used = value_ports(match, p->left, p->word, ports, p->err);

	if (used < 0)
		return -1;
	parser_advance(p, used);
	return 0;
}

static int parse_iif(struct parser *p, const char *word)
{
	__u32 hook = p->rule->hook;

	if (hook == RSTFAULT_HOOK_OUT || hook == RSTFAULT_HOOK_OUTPUT)
		return err_set(p->err,
			       "iif: at hook '%s' a segment has no interface that it came in by; use oif",
			       word_name(hook_words, hook));
	if (value_interface("iif", word, p->rule->iif, p->err))
		return -1;
	parser_advance(p, 1);
	return 0;
}

static int parse_oif(struct parser *p, const char *word)
{
	__u32 hook = p->rule->hook;

	if (hook == RSTFAULT_HOOK_IN || hook == RSTFAULT_HOOK_INPUT)
		return err_set(p->err,
			       "oif: at hook '%s' a segment has no interface that it leaves by; use iif",
			       word_name(hook_words, hook));
	if (value_interface("oif", word, p->rule->oif, p->err))
		return -1;
	parser_advance(p, 1);
	return 0;
}

static int parse_mark(struct parser *p, const char *word)
{
	struct rule *rule = p->rule;

	if (number_mark(word, &rule->mark, &rule->mark_mask, p->err))
		return -1;
	rule->has |= RULE_BIT(RSTFAULT_A_RULE_MARK);
	if (rule->mark_mask != UINT32_MAX)
		rule->has |= RULE_BIT(RSTFAULT_A_RULE_MARK_MASK);
	parser_advance(p, 1);
	return 0;
}

static int parse_length(struct parser *p, const char *word)
{
	struct rule *rule = p->rule;
	bool open;

	if (number_length(word, &rule->length_from, &rule->length_to, &open,
			  p->err))
		return -1;
	rule->has |= RULE_BIT(RSTFAULT_A_RULE_LENGTH_FROM);
	if (!open)
		rule->has |= RULE_BIT(RSTFAULT_A_RULE_LENGTH_TO);
	parser_advance(p, 1);
	return 0;
}

static int parse_uid(struct parser *p, const char *word)
{
	__u64 uid;

	if (*word && !strchr("0123456789+-", *word))
		return err_set(p->err,
			       "uid %s: a number is needed; names are not looked up",
			       word);
	if (number_word("uid", word, 0, UINT32_MAX, &uid, p->err))
		return -1;
	p->rule->uid = uid;
	p->rule->has |= RULE_BIT(RSTFAULT_A_RULE_UID);
	parser_advance(p, 1);
	return 0;
}

static int parse_cgroup(struct parser *p, const char *word)
{
	if (value_cgroup(word, p->rule->cgroup, p->err))
		return -1;
	parser_advance(p, 1);
	return 0;
}

static int parse_states(struct parser *p, const char *word)
{
	char list[VALUE_WORD_MAX + 1];
	const struct word *state;
	char *name, *comma;

	memcpy(list, word, strlen(word) + 1);
	for (name = list; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		if (!*name)
			return err_set(p->err,
				       "state %s: between commas, and without spaces, there is one state each",
				       word);
		state = word_find(state_words, name);
		if (!state)
			return parser_wrong(p->err, name, "a state",
					    state_words, NULL);
		if (p->rule->state & state->value)
			return err_set(p->err, "state %s: '%s' is given twice",
				       word, name);
		p->rule->state |= state->value;
	}
	p->rule->has |= RULE_BIT(RSTFAULT_A_RULE_STATE);
	parser_advance(p, 1);
	return 0;
}

static int parse_origin(struct parser *p, const char *name)
{
	const struct word *origin = word_find(origin_words, name);
	struct rule *rule = p->rule;

	if (rule->origin & origin->value)
		return err_set(p->err, "'%s' is given twice", name);
	if (rule->hook != RSTFAULT_HOOK_OUT &&
	    rule->hook != RSTFAULT_HOOK_OUTPUT)
		return err_set(p->err,
			       "%s: only at the hooks 'out' and 'output' it is known how a RST was made, not at '%s'",
			       name, word_name(hook_words, rule->hook));
	if (rule->segment != RSTFAULT_SEGMENT_RST)
		return err_set(p->err,
			       "%s: this is about how a RST was made; the segment has to be rst alone",
			       name);
	rule->origin |= origin->value;
	rule->has |= RULE_BIT(RSTFAULT_A_RULE_ORIGIN);
	return 0;
}

/* What follows a match, for the error text where nothing does. */
static const char *value_name_of(const struct word *match)
{
	switch (match->value) {
	case RSTFAULT_A_RULE_SADDR4:
	case RSTFAULT_A_RULE_DADDR4:
		return "an address";
	case RSTFAULT_A_RULE_IIF:
	case RSTFAULT_A_RULE_OIF:
		return "the name of an interface";
	case RSTFAULT_A_RULE_MARK:
		return "a mark";
	case RSTFAULT_A_RULE_LENGTH_FROM:
		return "a length";
	case RSTFAULT_A_RULE_UID:
		return "a user id";
	case RSTFAULT_A_RULE_CGROUP:
		return "the path of a control group";
	case RSTFAULT_A_RULE_STATE:
		return "a state";
	default:
		return "a port";
	}
}

/* What follows a match; NULL with an error where nothing does. */
static const char *match_value(struct parser *p, const struct word *match)
{
	bool is_path = match->value == RSTFAULT_A_RULE_CGROUP;
	bool any_name = is_path || match->value == RSTFAULT_A_RULE_IIF ||
			match->value == RSTFAULT_A_RULE_OIF;
	const char *word = parser_peek(p);

	/* The name of an interface or of a group may begin with '#'. */
	if (any_name && p->left)
		word = p->word[0];
	if (!word) {
		err_set(p->err, "%s: %s is missing", match->name,
			value_name_of(match));
		return NULL;
	}
	if (!is_path && value_length(word, p->err))
		return NULL;
	return word;
}

/**
 * parse_match() - parse a match
 * @p: the parser, at the keyword
 * @match: the keyword
 *
 * Return: 0, or -1 with an error
 */
int parse_match(struct parser *p, const struct word *match)
{
	const char *name = match->name, *word;
	struct rule *rule = p->rule;

	parser_advance(p, 1);
	if (match->value == RSTFAULT_A_RULE_ORIGIN)
		return parse_origin(p, name);
	if (match->value == RSTFAULT_A_RULE_FAMILY &&
	    limit_family(p, word_find(family_words, name)->value, name, ""))
		return -1;
	if (parser_once(p, &p->seen, match->value, name))
		return -1;
	if (match->value == RSTFAULT_A_RULE_FAMILY)
		return 0;
	word = match_value(p, match);
	if (!word)
		return -1;
	switch (match->value) {
	case RSTFAULT_A_RULE_SADDR4:
		return parse_prefix(p, name, word, &rule->saddr);
	case RSTFAULT_A_RULE_DADDR4:
		return parse_prefix(p, name, word, &rule->daddr);
	case RSTFAULT_A_RULE_SPORT:
		return parse_ports(p, name, &rule->sport);
	case RSTFAULT_A_RULE_DPORT:
		return parse_ports(p, name, &rule->dport);
	case RSTFAULT_A_RULE_IIF:
		return parse_iif(p, word);
	case RSTFAULT_A_RULE_OIF:
		return parse_oif(p, word);
	case RSTFAULT_A_RULE_MARK:
		return parse_mark(p, word);
	case RSTFAULT_A_RULE_LENGTH_FROM:
		return parse_length(p, word);
	case RSTFAULT_A_RULE_UID:
		return parse_uid(p, word);
	case RSTFAULT_A_RULE_CGROUP:
		return parse_cgroup(p, word);
	default:
		return parse_states(p, word);
	}
}

/*
 * IPv4 packets never have an IPv4-mapped address, so who writes one most
 * likely means the IPv4 address; `ip6` says that it is meant as written.
 */
static int check_mapped(struct parser *p, const char *match,
			const struct rule_prefix *prefix)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN];

	if (prefix->family != AF_INET6 || prefix->len < 96 ||
	    memcmp(prefix->addr, mapped, sizeof(mapped)) ||
	    p->seen & RULE_BIT(RSTFAULT_A_RULE_FAMILY))
		return 0;
	inet_ntop(AF_INET, prefix->addr + 12, text, sizeof(text));
	return err_set(p->err,
		       "%s: an IPv4-mapped address matches no IPv4 packet; write %s/%u, or 'ip6' in front of it to match IPv6 packets",
		       match, text, prefix->len - 96);
}

/**
 * parse_matches_end() - check what only all matches together tell
 * @p: the parser
 *
 * Return: 0, or -1 with an error
 */
int parse_matches_end(struct parser *p)
{
	if (check_mapped(p, "saddr", &p->rule->saddr) ||
	    check_mapped(p, "daddr", &p->rule->daddr))
		return -1;
	return 0;
}
