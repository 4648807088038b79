// SPDX-License-Identifier: GPL-2.0
/*
 * Words to model: the grammar of a rule. Nothing here prints, allocates or
 * asks the system.
 */

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "parse.h"
#include "value.h"
#include "words.h"

/**
 * struct parser - a rule being parsed
 * @word: the next word
 * @left: words that are left
 * @rule: what has been understood so far
 * @seen: matches that have been given, a bit for each attribute
 * @family_by: the match that limited the rule to one family; NULL: none has
 * @err: where errors go
 */
struct parser {
	char *const *word;
	int left;
	struct rule *rule;
	unsigned int seen;
	const char *family_by;
	struct err *err;
};

/* The next word; NULL where the rule or a comment ends it. */
static const char *peek(const struct parser *p)
{
	return p->left && p->word[0][0] != '#' ? p->word[0] : NULL;
}

static void advance(struct parser *p, int words)
{
	p->word += words;
	p->left -= words;
}

/* "'drp' is not an action; one of: pass, drop (did you mean 'drop'?)" */
static int wrong_word(struct err *err, const char *word, const char *what,
		      const struct word *table, const char *near)
{
	char all[WORDS_JOINED_MAX];

	words_join(table, all, sizeof(all));
	if (!near)
		near = word_near(table, word);
	if (near)
		return err_set(err,
			       "'%s' is not %s; one of: %s (did you mean '%s'?)",
			       word, what, all, near);
	return err_set(err, "'%s' is not %s; one of: %s", word, what, all);
}

static int parse_hook(struct parser *p)
{
	const char *word = peek(p);
	const struct word *hook;
	char all[WORDS_JOINED_MAX];

	if (!word)
		return err_set(p->err, "a rule needs a hook; one of: %s",
			       words_join(hook_words, all, sizeof(all)));
	if (value_length(word, p->err))
		return -1;
	hook = word_find(hook_words, word);
	if (!hook)
		return wrong_word(p->err, word, "a hook", hook_words, NULL);
	p->rule->hook = hook->value;
	advance(p, 1);
	return 0;
}

static int parse_segment(struct parser *p, const char *name)
{
	const struct word *segment;

	if (!*name)
		return err_set(p->err,
			       "segment %s: between commas, and without spaces, there is one kind of segment each",
			       p->word[0]);
	segment = word_find(segment_words, name);
	if (!segment)
		return wrong_word(p->err, name, "a segment", segment_words,
				  NULL);
	if (p->rule->segment & segment->value)
		return err_set(p->err, "segment %s: '%s' is given twice",
			       p->word[0], name);
	p->rule->segment |= segment->value;
	return 0;
}

static int parse_segments(struct parser *p)
{
	char all[WORDS_JOINED_MAX], list[VALUE_WORD_MAX + 1];
	const char *word = peek(p);
	char *name, *comma;

	if (!word)
		return err_set(p->err,
			       "a rule needs a segment behind the hook; one of: %s",
			       words_join(segment_words, all, sizeof(all)));
	if (value_length(word, p->err))
		return -1;
	if (!*word)
		return wrong_word(p->err, word, "a segment", segment_words,
				  NULL);
	memcpy(list, word, strlen(word) + 1);
	for (name = list; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		if (parse_segment(p, name))
			return -1;
	}
	advance(p, 1);
	return 0;
}

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
	advance(p, 1);
	return 0;
}

static int parse_ports(struct parser *p, const char *match,
		       struct rule_ports *ports)
{
	int used = value_ports(match, p->left, p->word, ports, p->err);

	if (used < 0)
		return -1;
	advance(p, used);
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
	advance(p, 1);
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
	advance(p, 1);
	return 0;
}

/* What follows a match; NULL with an error where nothing does. */
static const char *match_value(struct parser *p, const struct word *match)
{
	bool interface = match->value == RSTFAULT_A_RULE_IIF ||
			 match->value == RSTFAULT_A_RULE_OIF;
	const char *what = "a port";
	const char *word = peek(p);

	/* The name of an interface may begin with '#'. */
	if (interface && p->left)
		word = p->word[0];
	if (word)
		return value_length(word, p->err) ? NULL : word;
	if (interface)
		what = "the name of an interface";
	else if (match->value == RSTFAULT_A_RULE_SADDR4 ||
		 match->value == RSTFAULT_A_RULE_DADDR4)
		what = "an address";
	err_set(p->err, "%s: %s is missing", match->name, what);
	return NULL;
}

static int parse_match(struct parser *p, const struct word *match)
{
	const char *name = match->name, *word;
	struct rule *rule = p->rule;

	advance(p, 1);
	if (match->value == RSTFAULT_A_RULE_FAMILY &&
	    limit_family(p, word_find(family_words, name)->value, name, ""))
		return -1;
	if (p->seen & (1u << match->value))
		return err_set(p->err, "'%s' is given twice", name);
	p->seen |= 1u << match->value;
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
	default:
		return parse_oif(p, word);
	}
}

/* A word that is neither a match nor an action: say what it looks like. */
static int unknown_word(struct parser *p, const char *word)
{
	const char *action = word_near(action_words, word);
	const char *match = word_near(match_words, word);
	char all[WORDS_JOINED_MAX], actions[WORDS_JOINED_MAX];

	if (!strcmp(word, "name"))
		return err_set(p->err,
			       "'name' and the name go in front of the hook");
	if (*word >= '0' && *word <= '9')
		return err_set(p->err,
			       "'%s' is not a match or an action; several ports are a set: '{80, 443}', with the quotes in a shell",
			       word);
	if (action || (!match && p->left == 1))
		return wrong_word(p->err, word, "an action", action_words,
				  action);
	words_join(match_words, all, sizeof(all));
	if (match)
		return err_set(p->err,
			       "'%s' is not a match; one of: %s (did you mean '%s'?)",
			       word, all, match);
	words_join(action_words, actions, sizeof(actions));
	return err_set(p->err,
		       "'%s' is not a match or an action; matches: %s; actions: %s",
		       word, all, actions);
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
	    p->seen & (1u << RSTFAULT_A_RULE_FAMILY))
		return 0;
	inet_ntop(AF_INET, prefix->addr + 12, text, sizeof(text));
	return err_set(p->err,
		       "%s: an IPv4-mapped address matches no IPv4 packet; write %s/%u, or 'ip6' in front of it to match IPv6 packets",
		       match, text, prefix->len - 96);
}

/**
 * parse_rule() - words to model
 * @count: number of words
 * @words: the words behind `add`
 * @rule: where the rule is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set and @rule undefined
 */
int parse_rule(int count, char *const *words, struct rule *rule,
	       struct err *err)
{
	struct parser p = {
		.word = words, .left = count, .rule = rule, .err = err,
	};
	const struct word *match, *action = NULL;
	char all[WORDS_JOINED_MAX];
	const char *word = peek(&p);

	memset(rule, 0, sizeof(*rule));
	if (word && !strcmp(word, "name")) {
		advance(&p, 1);
		word = peek(&p);
		if (!word)
			return err_set(err, "name: a name is missing");
		if (value_length(word, err) ||
		    value_name(word, rule->name, err))
			return -1;
		advance(&p, 1);
	}
	if (parse_hook(&p) || parse_segments(&p))
		return -1;
	while (!action) {
		word = peek(&p);
		if (!word)
			return err_set(err,
				       "a rule needs an action as its last word; one of: %s",
				       words_join(action_words, all,
						  sizeof(all)));
		if (value_length(word, err))
			return -1;
		match = word_find(match_words, word);
		action = word_find(action_words, word);
		if (match && parse_match(&p, match))
			return -1;
		if (!match && !action)
			return unknown_word(&p, word);
	}
	rule->action = action->value;
	advance(&p, 1);
	word = peek(&p);
	if (word)
		return err_set(err,
			       "'%.40s' is too much: the action, '%s', is the last word of a rule",
			       word, action->name);
	if (check_mapped(&p, "saddr", &rule->saddr) ||
	    check_mapped(&p, "daddr", &rule->daddr))
		return -1;
	return 0;
}

/**
 * parse_ref() - words that name one rule of the ruleset
 * @count: number of words
 * @words: `ID` or `name NAME`
 * @ref: where the id or the name is returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set and @ref undefined
 */
int parse_ref(int count, char *const *words, struct rule_ref *ref,
	      struct err *err)
{
	const char *plain;
	int used = 1;

	memset(ref, 0, sizeof(*ref));
	if (!count)
		return err_set(err,
			       "the rule is missing: its id, or 'name' and its name");
	if (value_length(words[0], err))
		return -1;
	if (!strcmp(words[0], "name")) {
		if (count < 2)
			return err_set(err, "name: a name is missing");
		if (value_length(words[1], err) ||
		    value_name(words[1], ref->name, err))
			return -1;
		used = 2;
	} else if (!value_number(words[0], UINT32_MAX, &ref->id)) {
		plain = value_unpadded(words[0], UINT32_MAX);
		if (plain)
			return err_set(err,
				       "'%s': an id has no leading zeros; write %s",
				       words[0], plain);
		return err_set(err,
			       "'%s' is not an id, which is a number; a name has 'name' in front of it",
			       words[0]);
	}
	if (count > used)
		return err_set(err, "'%.40s' is too much: one rule at a time",
			       words[used]);
	return 0;
}
