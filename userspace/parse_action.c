// SPDX-License-Identifier: GPL-2.0
/* The grammar of actions: what happens to a segment. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "err.h"
#include "number.h"
#include "parser.h"
#include "words.h"

/* What an option says by default is as if it were not given. */
static void keep(__u64 *has, unsigned int attr, __u64 value, __u64 absent)
{
	if (value != absent)
		*has |= RULE_BIT(attr);
}

static int parse_ttl(struct parser *p, __u64 *has, unsigned int attr, __u8 *ttl)
{
	__u64 number;

	if (parser_number(p, "ttl", 1, UINT8_MAX, &number))
		return -1;
	*ttl = number;
	*has |= RULE_BIT(attr);
	return 0;
}

/* The second word of an option that has two. */
static const struct word *second_word(struct parser *p, const char *key,
				      const char *what,
				      const struct word *table)
{
	char all[WORDS_JOINED_MAX + 16];
	const struct word *found;
	const char *word;

	words_join(table, all, sizeof(all));
	word = parser_peek(p);
	if (!word) {
		err_set(p->err, "%s: a word is missing; one of: %s", key, all);
		return NULL;
	}
	word = parser_next(p, key, "a word");
	found = word ? word_find(table, word) : NULL;
	if (word && !found)
		parser_wrong(p->err, word, what, table, NULL);
	return found;
}

static int parse_to(struct parser *p, const struct word *targets,
		    struct rule_forge *forge)
{
	const struct word *to = second_word(p, "to",
					    "whom a RST can be sent to",
					    targets);

	if (!to)
		return -1;
	forge->to = to->value;
	return 0;
}

/* Those of seq_words that are written as words. */
static const struct word seq_names[] = {
	{ "exact", RSTFAULT_SEQ_EXACT },
	{ "in-window", RSTFAULT_SEQ_IN_WINDOW },
	{ "out-of-window", RSTFAULT_SEQ_OUT_OF_WINDOW },
	{ NULL, 0 }
};

static int parse_seq(struct parser *p, struct rule_forge *forge)
{
	const char *word = parser_next(p, "seq",
				       "exact, +N, -N, in-window or out-of-window");
	const struct word *name;

	if (!word)
		return -1;
	name = word_find(seq_names, word);
	if (name) {
		forge->seq = name->value;
	} else if (*word == '+' || *word == '-') {
		if (number_offset("seq", word, &forge->offset, p->err))
			return -1;
		forge->seq = RSTFAULT_SEQ_OFFSET;
		forge->has |= RULE_BIT(RSTFAULT_A_FORGE_OFFSET);
	} else {
		const char *near = word_near(seq_names, word);

		return err_set(p->err,
			       "seq %s: not a sequence number of a RST; one of: exact, +N, -N, in-window, out-of-window%s%s%s",
			       word, near ? " (did you mean '" : "",
			       near ? near : "", near ? "'?)" : "");
	}
	keep(&forge->has, RSTFAULT_A_FORGE_SEQ, forge->seq,
	     RSTFAULT_SEQ_EXACT);
	return 0;
}

static int parse_and(struct parser *p, struct rule_forge *forge)
{
	static const struct word fates[] = {
		{ "drop", true }, { "pass", false }, { NULL, 0 }
	};
	const struct word *fate = second_word(p, "and",
					      "what happens to the segment itself",
					      fates);

	if (!fate)
		return -1;
	keep(&forge->has, RSTFAULT_A_FORGE_DROP, fate->value, false);
	return 0;
}

static __u32 ack_value(const char *name)
{
	if (!strcmp(name, "ack"))
		return RSTFAULT_ACK_ALWAYS;
	return strcmp(name, "noack") ? RSTFAULT_ACK_BAD : RSTFAULT_ACK_NEVER;
}

static int parse_forge_value(struct parser *p, const struct word *option,
			     const struct word *targets,
			     struct rule_forge *forge)
{
	__u64 number;

	switch (option->value) {
	case RSTFAULT_A_FORGE_TO:
		return parse_to(p, targets, forge);
	case RSTFAULT_A_FORGE_SEQ:
		return parse_seq(p, forge);
	case RSTFAULT_A_FORGE_ACK:
		forge->ack = ack_value(option->name);
		forge->has |= RULE_BIT(RSTFAULT_A_FORGE_ACK);
		return 0;
	case RSTFAULT_A_FORGE_COUNT:
		if (parser_number(p, "count", 1, RSTFAULT_REPEAT_MAX, &number))
			return -1;
		forge->count = number;
		keep(&forge->has, RSTFAULT_A_FORGE_COUNT, number, 1);
		return 0;
	case RSTFAULT_A_FORGE_EVERY:
		if (parser_duration(p, "every", &forge->every))
			return -1;
		keep(&forge->has, RSTFAULT_A_FORGE_EVERY, forge->every, 0);
		return 0;
	case RSTFAULT_A_FORGE_AFTER:
		if (parser_duration(p, "after", &forge->after))
			return -1;
		keep(&forge->has, RSTFAULT_A_FORGE_AFTER, forge->after, 0);
		return 0;
	case RSTFAULT_A_FORGE_TTL:
		return parse_ttl(p, &forge->has, RSTFAULT_A_FORGE_TTL,
				 &forge->ttl);
	case RSTFAULT_A_FORGE_BADSUM:
		forge->has |= RULE_BIT(RSTFAULT_A_FORGE_BADSUM);
		return 0;
	default:
		return parse_and(p, forge);
	}
}

/**
 * parse_forge_option() - parse an option of a RST to be forged
 * @p: the parser, at the keyword
 * @option: the keyword
 * @targets: words for whom it can be sent to; the caller sets the attribute
 * @seen: options that have been given
 * @forge: what has been understood so far
 *
 * Return: 0, or -1 with an error
 */
int parse_forge_option(struct parser *p, const struct word *option,
		       const struct word *targets, __u64 *seen,
		       struct rule_forge *forge)
{
	parser_advance(p, 1);
	if (*seen & RULE_BIT(option->value) &&
	    option->value == RSTFAULT_A_FORGE_ACK)
		return err_set(p->err,
			       "'%s': only one of ack, noack and badack",
			       option->name);
	if (parser_once(p, seen, option->value, option->name))
		return -1;
	return parse_forge_value(p, option, targets, forge);
}

/* The next option of an action; NULL at the end, or with an error. */
static const struct word *next_option(struct parser *p,
				      const struct word *action,
				      const struct word *table)
{
	const char *word = parser_peek(p);
	const struct word *option;
	char what[64];

	if (!word)
		return NULL;
	option = word_find(table, word);
	if (option)
		return option;
	if (word_find(match_words, word) || word_find(gate_words, word) ||
	    word_find(term_words, word)) {
		err_set(p->err,
			"'%s' is too late: it goes in front of the action, '%s'",
			word, action->name);
	} else if (strlen(word) > 40) {
		err_set(p->err, "'%.40s...' is not an option of '%s'", word,
			action->name);
	} else {
		snprintf(what, sizeof(what), "an option of '%s'",
			 action->name);
		parser_wrong(p->err, word, what, table, NULL);
	}
	return NULL;
}

static int parse_delay(struct parser *p, const struct word *action)
{
	struct rule_delay *delay = &p->rule->delay;
	const struct word *option;
	char text[2][32];
	const char *word;
	__u64 seen = 0;
	FILE *out;

	if (parser_duration(p, "delay", &delay->time))
		return -1;
	delay->has |= RULE_BIT(RSTFAULT_A_DELAY_TIME);
	while ((option = next_option(p, action, delay_words))) {
		parser_advance(p, 1);
		if (parser_once(p, &seen, option->value, option->name))
			return -1;
		if (option->value == RSTFAULT_A_DELAY_JITTER) {
			if (parser_duration(p, "jitter", &delay->jitter))
				return -1;
			keep(&delay->has, RSTFAULT_A_DELAY_JITTER,
			     delay->jitter, 0);
			continue;
		}
		word = parser_next(p, "until", "'next'");
		if (!word)
			return -1;
		if (strcmp(word, "next"))
			return err_set(p->err,
				       "until %s: the only word behind 'until' is 'next'",
				       word);
		delay->has |= RULE_BIT(RSTFAULT_A_DELAY_UNTIL_NEXT);
	}
	if (parser_peek(p))
		return -1;
	if (delay->jitter <= delay->time)
		return 0;
	out = fmemopen(text[0], sizeof(text[0]), "w");
	if (out) {
		duration_print(out, delay->jitter);
		fclose(out);
	}
	out = fmemopen(text[1], sizeof(text[1]), "w");
	if (out) {
		duration_print(out, delay->time);
		fclose(out);
	}
	return err_set(p->err,
		       "jitter %s: more than the delay itself, %s; it is subtracted as well as added",
		       text[0], text[1]);
}

static int parse_forge(struct parser *p, const struct word *action)
{
	struct rule_forge *forge = &p->rule->forge;
	const struct word *option;
	__u64 seen = 0;

	while ((option = next_option(p, action, forge_words))) {
		if (parse_forge_option(p, option, target_words, &seen, forge))
			return -1;
	}
	if (parser_peek(p))
		return -1;
	if (seen & RULE_BIT(RSTFAULT_A_FORGE_TO))
		keep(&forge->has, RSTFAULT_A_FORGE_TO, forge->to,
		     RSTFAULT_END_SENDER);
	return 0;
}

static int parse_change(struct parser *p, const struct word *option, __s32 *add)
{
	const char *word = parser_next(p, option->name,
				       "a number to add, as +1 or -1,");

	if (!word)
		return -1;
	return number_offset(option->name, word, add, p->err);
}

static int parse_mangle(struct parser *p, const struct word *action)
{
	struct rule_mangle *mangle = &p->rule->mangle;
	const struct word *option;

	if (p->rule->segment != RSTFAULT_SEGMENT_RST)
		return err_set(p->err,
			       "mangle: only a RST can be mangled; the segment has to be rst alone");
	while ((option = next_option(p, action, mangle_words))) {
		parser_advance(p, 1);
		if (parser_once(p, &mangle->has, option->value, option->name))
			return -1;
		if (option->value == RSTFAULT_A_MANGLE_SEQ &&
		    parse_change(p, option, &mangle->seq))
			return -1;
		if (option->value == RSTFAULT_A_MANGLE_ACK &&
		    parse_change(p, option, &mangle->ack))
			return -1;
		if (option->value == RSTFAULT_A_MANGLE_TTL &&
		    parse_ttl(p, &mangle->has, RSTFAULT_A_MANGLE_TTL,
			      &mangle->ttl))
			return -1;
	}
	if (parser_peek(p))
		return -1;
	if (!mangle->has)
		return err_set(p->err,
			       "mangle: what to change is missing; one or more of: seq +N, ack +N, ttl N, badsum");
	return 0;
}

static int parse_duplicate(struct parser *p, const struct word *action)
{
	struct rule_duplicate *duplicate = &p->rule->duplicate;
	const struct word *option;
	__u64 number, seen = 0;

	if (parser_number(p, "duplicate", 1, RSTFAULT_REPEAT_MAX, &number))
		return -1;
	duplicate->count = number;
	duplicate->has |= RULE_BIT(RSTFAULT_A_DUPLICATE_COUNT);
	while ((option = next_option(p, action, duplicate_words))) {
		parser_advance(p, 1);
		if (parser_once(p, &seen, option->value, option->name) ||
		    parser_duration(p, "every", &duplicate->every))
			return -1;
		keep(&duplicate->has, RSTFAULT_A_DUPLICATE_EVERY,
		     duplicate->every, 0);
	}
	return parser_peek(p) ? -1 : 0;
}

/**
 * parse_action() - parse an action, which ends a rule
 * @p: the parser, at the keyword
 * @action: the keyword
 *
 * Return: 0, or -1 with an error
 */
int parse_action(struct parser *p, const struct word *action)
{
	const char *word;

	p->rule->action = action->value;
	parser_advance(p, 1);
	switch (action->value) {
	case RSTFAULT_ACTION_DELAY:
		return parse_delay(p, action);
	case RSTFAULT_ACTION_FORGE:
		return parse_forge(p, action);
	case RSTFAULT_ACTION_MANGLE:
		return parse_mangle(p, action);
	case RSTFAULT_ACTION_DUPLICATE:
		return parse_duplicate(p, action);
	}
	word = parser_peek(p);
	if (word)
		return err_set(p->err,
			       "'%.40s' is too much: the action, '%s', is the last word of a rule",
			       word, action->name);
	return 0;
}
