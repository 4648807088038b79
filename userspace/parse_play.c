// SPDX-License-Identifier: GPL-2.0
/* The grammar of `play`: which scenario, for which connections, how long. */

#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "err.h"
#include "parser.h"
#include "scenario.h"
#include "value.h"
#include "words.h"

/* Room for all scenarios, or all matches. */
#define WORDS_MAX	20

static const struct scenario *find_scenario(const char *name, struct err *err)
{
	struct word table[WORDS_MAX] = {};
	const struct scenario *scenario;
	char all[WORDS_JOINED_MAX];
	int i = 0;

	for (scenario = scenarios; scenario->name; scenario++) {
		if (name && !strcmp(scenario->name, name))
			return scenario;
		table[i++].name = scenario->name;
	}
	if (!name)
		err_set(err, "a scenario is missing; one of: %s",
			words_join(table, all, sizeof(all)));
	else if (!value_length(name, err))
		parser_wrong(err, name, "a scenario", table, NULL);
	return NULL;
}

static int check_match(const struct scenario *scenario,
		       const struct word *match, struct err *err)
{
	if (match->value == RSTFAULT_A_RULE_ORIGIN)
		return err_set(err,
			       "'%s' is for RSTs that leave; a scenario has rules about more than these",
			       match->name);
	if (match->value == RSTFAULT_A_RULE_LENGTH_FROM && !scenario->payload)
		return err_set(err,
			       "'length' makes no sense for '%s', which is about segments without payload, too",
			       scenario->name);
	if (match->value == RSTFAULT_A_RULE_STATE && scenario->opening)
		return err_set(err,
			       "'state' makes no sense for '%s', which is about connections that are being opened",
			       scenario->name);
	return 0;
}

static int parse_play_name(struct parser *p, struct play *play)
{
	char name[RSTFAULT_NAME_MAX + 1];
	const char *word;

	if (*play->name)
		return err_set(p->err, "'name' is given twice");
	word = parser_next(p, "name", "a name");
	if (!word || value_name(word, name, p->err))
		return -1;
	if (strlen(name) > SCENARIO_NAME_MAX)
		return err_set(p->err,
			       "name %s: at most %d characters, as each rule gets a number behind it",
			       word, SCENARIO_NAME_MAX);
	strcpy(play->name, name);
	return 0;
}

static int parse_play_delay(struct parser *p, struct play *play, bool *seen)
{
	if (!play->scenario->delay)
		return err_set(p->err,
			       "'delay' makes no sense for '%s'; it is for late-reset",
			       play->scenario->name);
	if (*seen)
		return err_set(p->err, "'delay' is given twice");
	*seen = true;
	return parser_duration(p, "delay", &play->delay);
}

/* The matches that there are for a scenario. */
static void find_matches(struct word *table)
{
	const struct word *match;

	for (match = match_words; match->name; match++) {
		if (match->value != RSTFAULT_A_RULE_ORIGIN)
			*table++ = *match;
	}
}

static int unknown_word(struct parser *p, const char *word)
{
	struct word matches[WORDS_MAX] = {};
	char all[WORDS_JOINED_MAX];
	const char *near;

	if (word_find(gate_words, word) || !strcmp(word, "shadow"))
		return err_set(p->err,
			       "'%s' would make another scenario; take the rules that --dry-run shows, and add it there",
			       word);
	if (word_find(action_words, word) || word_find(hook_words, word) ||
	    word_find(segment_words, word))
		return err_set(p->err,
			       "'%s' is up to the scenario; only matches and options go behind it",
			       word);
	find_matches(matches);
	words_join(matches, all, sizeof(all));
	near = word_near(matches, word);
	return err_set(p->err,
		       "'%s' is not a match or an option; matches: %s; options: for, delay, name, force, --dry-run%s%s%s",
		       word, all, near ? " (did you mean '" : "",
		       near ? near : "", near ? "'?)" : "");
}

static int parse_word(struct parser *p, struct play *play, const char *word,
		      bool *delay_seen)
{
	const struct word *found = word_find(match_words, word);

	if (found)
		return check_match(play->scenario, found, p->err) ?:
		       parse_match(p, found);
	if (!strcmp(word, "for") || !strcmp(word, "force"))
		return parse_term(p, word_find(term_words, word));
	if (!strcmp(word, "delay")) {
		parser_advance(p, 1);
		return parse_play_delay(p, play, delay_seen);
	}
	if (!strcmp(word, "name")) {
		parser_advance(p, 1);
		return parse_play_name(p, play);
	}
	return unknown_word(p, word);
}

/* What only all words together tell. */
static int check_play(const struct parser *p, const struct play *play)
{
	const struct rule *match = &play->match;
	const char *name = play->scenario->name;

	if (!p->seen && !(match->has & RULE_BIT(RSTFAULT_A_RULE_FORCE)))
		return err_set(p->err,
			       "no match is given: '%s' would be played to every connection; if that is meant, add 'force'",
			       name);
	if (*match->iif && *match->oif)
		return err_set(p->err,
			       "iif and oif: one of them; the other direction is matched by its own");
	if (play->scenario->directed && scenario_symmetric(match)) {
		if (!scenario_loops(match))
			return err_set(p->err,
				       "it is to be said which end is the server for '%s': by saddr, daddr, sport, dport, iif or oif",
				       name);
		return err_set(p->err,
			       "both ends send by %s: say which one is the server for '%s' by saddr, daddr, sport or dport",
			       *match->iif ? match->iif : match->oif, name);
	}
	if (play->delay && play->delay >= match->lifetime)
		return err_set(p->err,
			       "it would end before the delay does; have it last longer by 'for'");
	return 0;
}

/**
 * parse_play() - words to a scenario and what its user wants
 * @count: number of words
 * @words: the words behind `play`, without --dry-run
 * @play: where they are returned
 * @err: where an error is returned
 *
 * Return: 0, or -1 with @err set
 */
int parse_play(int count, char *const *words, struct play *play,
	       struct err *err)
{
	struct parser p = {
		.word = words + 1, .left = count - 1, .rule = &play->match,
		.err = err,
	};
	bool delay_seen = false;
	const char *word;

	memset(play, 0, sizeof(*play));
	/* The one hook where both interfaces are known. */
	play->match.hook = RSTFAULT_HOOK_FORWARD;
	play->scenario = find_scenario(count ? words[0] : NULL, err);
	if (!play->scenario)
		return -1;
	play->delay = play->scenario->delay;
	while (p.left > 0 && (word = parser_peek(&p))) {
		if (value_length(word, err) ||
		    parse_word(&p, play, word, &delay_seen))
			return -1;
	}
	if (!play->match.lifetime) {
		play->match.lifetime = play->scenario->lifetime;
		play->match.has |= RULE_BIT(RSTFAULT_A_RULE_LIFETIME);
	}
	if (!*play->name)
		snprintf(play->name, sizeof(play->name), "play-%s",
			 play->scenario->name);
	if (parse_matches_end(&p))
		return -1;
	return check_play(&p, play);
}
