// SPDX-License-Identifier: GPL-2.0
/* The grammar of `inject`: which connections, and what RST. */

#include <string.h>

#include "err.h"
#include "parse.h"
#include "parser.h"
#include "value.h"
#include "words.h"

/* What can be asked about a socket. */
static const struct word socket_words[] = {
	{ "ip", RSTFAULT_A_RULE_FAMILY },
	{ "ip6", RSTFAULT_A_RULE_FAMILY },
	{ "saddr", RSTFAULT_A_RULE_SADDR4 },
	{ "daddr", RSTFAULT_A_RULE_DADDR4 },
	{ "sport", RSTFAULT_A_RULE_SPORT },
	{ "dport", RSTFAULT_A_RULE_DPORT },
	{ "mark", RSTFAULT_A_RULE_MARK },
	{ "uid", RSTFAULT_A_RULE_UID },
	{ "state", RSTFAULT_A_RULE_STATE },
	{ NULL, 0 }
};

/* Ends of the connection of a socket. */
static const struct word side_words[] = {
	{ "local", RSTFAULT_END_SENDER },
	{ "peer", RSTFAULT_END_RECEIVER },
	{ "both", RSTFAULT_END_SENDER | RSTFAULT_END_RECEIVER },
	{ NULL, 0 }
};

static int unknown_word(struct parser *p, const char *word)
{
	char matches[WORDS_JOINED_MAX], options[WORDS_JOINED_MAX];

	words_join(socket_words, matches, sizeof(matches));
	words_join(inject_words, options, sizeof(options));
	if (word_find(match_words, word))
		return err_set(p->err,
			       "'%s' cannot be asked about a socket; matches: %s",
			       word, matches);
	if (word_find(gate_words, word) || word_find(term_words, word))
		return err_set(p->err,
			       "'%s' makes no sense for what happens once; matches: %s",
			       word, matches);
	if (word_find(forge_words, word))
		return err_set(p->err,
			       "'%s' makes no sense for a RST that no segment causes; options: %s",
			       word, options);
	return err_set(p->err,
		       "'%s' is not a match or an option; matches: %s; options: %s",
		       word, matches, options);
}

static int check_state(struct parser *p)
{
	static const struct word dead[] = {
		{ "time-wait", RSTFAULT_STATE_TIME_WAIT },
		{ "closed", RSTFAULT_STATE_CLOSED },
		{ "listening", RSTFAULT_STATE_LISTENING },
		{ NULL, 0 }
	};
	const struct word *state;

	for (state = dead; state->name; state++) {
		if (p->rule->state & state->value)
			return err_set(p->err,
				       "state %s: such a socket has no connection that could be reset",
				       state->name);
	}
	return 0;
}

/**
 * parse_inject() - words to the sockets and the RST of `inject`
 * @count: number of words
 * @words: the words behind `inject`
 * @rule: where the matches are returned, and RSTFAULT_A_RULE_FORCE
 * @forge: where the RST is returned; to both ends unless it says otherwise
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int parse_inject(int count, char *const *words, struct rule *rule,
		 struct rule_forge *forge, struct err *err)
{
	struct parser p = {
		.word = words, .left = count, .rule = rule, .err = err,
	};
	const struct word *found;
	__u64 options = 0;
	const char *word;

	memset(rule, 0, sizeof(*rule));
	memset(forge, 0, sizeof(*forge));
	forge->to = RSTFAULT_END_SENDER | RSTFAULT_END_RECEIVER;
	while ((word = parser_peek(&p))) {
		if (value_length(word, err))
			return -1;
		if (!strcmp(word, "force")) {
			if (parse_term(&p, word_find(term_words, word)))
				return -1;
			continue;
		}
		found = word_find(socket_words, word);
		if (found) {
			if (parse_match(&p, found))
				return -1;
			continue;
		}
		found = word_find(inject_words, word);
		if (!found)
			return unknown_word(&p, word);
		if (parse_forge_option(&p, found, side_words, &options, forge))
			return -1;
	}
	forge->has |= RULE_BIT(RSTFAULT_A_FORGE_TO);
	if (parse_matches_end(&p) || check_state(&p))
		return -1;
	if (!p.seen && !(rule->has & RULE_BIT(RSTFAULT_A_RULE_FORCE)))
		return err_set(err,
			       "no match is given: that would reset every connection; if that is meant, add 'force'");
	return 0;
}
