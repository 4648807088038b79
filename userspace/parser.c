// SPDX-License-Identifier: GPL-2.0
/* Words one by one, and what is said about wrong ones. */

#include <string.h>

#include "duration.h"
#include "err.h"
#include "number.h"
#include "parser.h"
#include "value.h"
#include "words.h"

/**
 * parser_peek() - look at the next word
 * @p: the parser
 *
 * Return: the word; NULL where the rule or a comment ends
 */
const char *parser_peek(const struct parser *p)
{
	return p->left && p->word[0][0] != '#' ? p->word[0] : NULL;
}

/**
 * parser_advance() - go on behind some words
 * @p: the parser
 * @words: how many
 */
void parser_advance(struct parser *p, int words)
{
	p->word += words;
	p->left -= words;
}

/**
 * parser_next() - take the word that has to be there
 * @p: the parser
 * @key: keyword in front of it, for the error text
 * @what: what it is, for the error text
 *
 * Return: the word; NULL with an error if there is none, or if it is too long
 */
const char *parser_next(struct parser *p, const char *key, const char *what)
{
	const char *word = parser_peek(p);

	if (!word) {
		err_set(p->err, "%s: %s is missing", key, what);
		return NULL;
	}
	if (value_length(word, p->err))
		return NULL;
	parser_advance(p, 1);
	return word;
}

/**
 * parser_once() - refuse what has been given before
 * @p: the parser
 * @seen: what has been given
 * @attr: its attribute
 * @name: its word
 *
 * Return: 0, or -1 with an error
 */
int parser_once(struct parser *p, __u64 *seen, unsigned int attr,
		const char *name)
{
	if (*seen & RULE_BIT(attr))
		return err_set(p->err, "'%s' is given twice", name);
	*seen |= RULE_BIT(attr);
	return 0;
}

/**
 * parser_wrong() - "'drp' is not an action; one of: pass, drop (did you ...?)"
 * @err: where the error is returned
 * @word: the wrong word
 * @what: what it is not
 * @table: the words that would have been right
 * @near: the one that was meant; NULL: guess
 *
 * Return: -1
 */
int parser_wrong(struct err *err, const char *word, const char *what,
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

/**
 * parser_number() - take a number
 * @p: the parser
 * @key: keyword in front of it
 * @min: lowest number that is right
 * @max: highest number that is right
 * @number: where it is returned
 *
 * Return: 0, or -1 with an error
 */
int parser_number(struct parser *p, const char *key, __u64 min, __u64 max,
		  __u64 *number)
{
	const char *word = parser_next(p, key, "a number");

	return word ? number_word(key, word, min, max, number, p->err) : -1;
}

/**
 * parser_duration() - take a duration
 * @p: the parser
 * @key: keyword in front of it
 * @ns: where its nanoseconds are returned
 *
 * Return: 0, or -1 with an error
 */
int parser_duration(struct parser *p, const char *key, __u64 *ns)
{
	const char *word = parser_next(p, key, "a duration, as 500ms,");

	return word ? duration_parse(key, word, ns, p->err) : -1;
}
