// SPDX-License-Identifier: GPL-2.0
/*
 * Words to model: the grammar of a rule. Nothing here prints, allocates or
 * asks the system.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "parse.h"
#include "parser.h"
#include "value.h"
#include "words.h"

static int parse_name(struct parser *p)
{
	const char *word = parser_peek(p);

	if (!word || strcmp(word, "name"))
		return 0;
	parser_advance(p, 1);
	word = parser_next(p, "name", "a name");
	return word ? value_name(word, p->rule->name, p->err) : -1;
}

static int parse_hook(struct parser *p)
{
	const char *word = parser_peek(p);
	const struct word *hook;
	char all[WORDS_JOINED_MAX];

	if (!word)
		return err_set(p->err, "a rule needs a hook; one of: %s",
			       words_join(hook_words, all, sizeof(all)));
	if (value_length(word, p->err))
		return -1;
	hook = word_find(hook_words, word);
	if (!hook)
		return parser_wrong(p->err, word, "a hook", hook_words, NULL);
	p->rule->hook = hook->value;
	parser_advance(p, 1);
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
		return parser_wrong(p->err, name, "a segment", segment_words,
				    NULL);
	if (p->rule->segment & RSTFAULT_SEGMENT_FLAGS)
		return err_set(p->err,
			       "segment %s: 'flags' is the last kind of segment, as MASK/VALUE follows it",
			       p->word[0]);
	if (p->rule->segment & segment->value)
		return err_set(p->err, "segment %s: '%s' is given twice",
			       p->word[0], name);
	p->rule->segment |= segment->value;
	return 0;
}

/* What follows `flags`. */
static int parse_flags(struct parser *p)
{
	struct rule *rule = p->rule;
	const char *word;

	if (!(rule->segment & RSTFAULT_SEGMENT_FLAGS))
		return 0;
	word = parser_next(p, "flags", "MASK/VALUE, as syn,ack/syn,");
	if (!word || value_flags(word, &rule->flags_mask, &rule->flags_value,
				 p->err))
		return -1;
	rule->has |= RULE_BIT(RSTFAULT_A_RULE_FLAGS_MASK) |
		     RULE_BIT(RSTFAULT_A_RULE_FLAGS_VALUE);
	return 0;
}

static int parse_segments(struct parser *p)
{
	char all[WORDS_JOINED_MAX], list[VALUE_WORD_MAX + 1];
	const char *word = parser_peek(p);
	char *name, *comma;

	if (!word)
		return err_set(p->err,
			       "a rule needs a segment behind the hook; one of: %s",
			       words_join(segment_words, all, sizeof(all)));
	if (value_length(word, p->err))
		return -1;
	if (!*word)
		return parser_wrong(p->err, word, "a segment", segment_words,
				    NULL);
	memcpy(list, word, strlen(word) + 1);
	for (name = list; name; name = comma) {
		comma = strchr(name, ',');
		if (comma)
			*comma++ = '\0';
		if (parse_segment(p, name))
			return -1;
	}
	parser_advance(p, 1);
	return parse_flags(p);
}

/* "probability, seed, ..., for, shadow, force" */
static void join_gates(char *buf, size_t size)
{
	char terms[WORDS_JOINED_MAX];
	size_t len;

	words_join(gate_words, buf, size);
	len = strlen(buf);
	snprintf(buf + len, size - len, ", %s",
		 words_join(term_words, terms, sizeof(terms)));
}

/* A word that is nothing that may stand there: say what it looks like. */
static int unknown_word(struct parser *p, const char *word)
{
	const char *action = word_near(action_words, word);
	const char *match = word_near(match_words, word);
	const char *gate = word_near(gate_words, word);
	char actions[WORDS_JOINED_MAX];
	char matches[WORDS_JOINED_MAX];
	char gates[2 * WORDS_JOINED_MAX];

	if (!gate)
		gate = word_near(term_words, word);
	if (!strcmp(word, "name"))
		return err_set(p->err,
			       "'name' and the name go in front of the hook");
	if (!strcmp(word, "per"))
		return err_set(p->err,
			       "'per' goes behind the number of a gate that counts; one of: %s",
			       words_join(per_connection_words, gates,
					  sizeof(gates)));
	if (*word >= '0' && *word <= '9')
		return err_set(p->err,
			       "'%s' is not a match, a gate or an action; several ports are a set: '{80, 443}', with the quotes in a shell",
			       word);
	if (action || (!match && !gate && p->left == 1))
		return parser_wrong(p->err, word, "an action", action_words,
				    action);
	if (match)
		return parser_wrong(p->err, word, "a match", match_words,
				    match);
	join_gates(gates, sizeof(gates));
	if (gate)
		return err_set(p->err,
			       "'%s' is not a gate; one of: %s (did you mean '%s'?)",
			       word, gates, gate);
	return err_set(p->err,
		       "'%s' is not a match, a gate or an action; matches: %s; gates: %s; actions: %s",
		       word, words_join(match_words, matches, sizeof(matches)),
		       gates,
		       words_join(action_words, actions, sizeof(actions)));
}

/* A match, a gate or the action; 1 behind the action, -1 with an error. */
static int parse_clause(struct parser *p)
{
	const char *word = parser_peek(p);
	const struct word *found;
	char all[WORDS_JOINED_MAX];

	if (!word)
		return err_set(p->err,
			       "a rule needs an action at its end; one of: %s",
			       words_join(action_words, all, sizeof(all)));
	if (value_length(word, p->err))
		return -1;
	found = word_find(match_words, word);
	if (found)
		return parse_match(p, found);
	found = word_find(gate_words, word);
	if (found)
		return parse_gate(p, found);
	found = word_find(term_words, word);
	if (found)
		return parse_term(p, found);
	found = word_find(action_words, word);
	if (found)
		return parse_action(p, found) ? -1 : 1;
	return unknown_word(p, word);
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
	int ret;

	memset(rule, 0, sizeof(*rule));
	if (parse_name(&p) || parse_hook(&p) || parse_segments(&p))
		return -1;
	do {
		ret = parse_clause(&p);
	} while (!ret);
	if (ret < 0 || parse_matches_end(&p) || parse_gates_end(&p))
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
		plain = number_unpadded(words[0], UINT32_MAX);
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
