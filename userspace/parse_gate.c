// SPDX-License-Identifier: GPL-2.0
/* The grammar of gates: when a rule that matches acts. */

#include <stdint.h>
#include <string.h>

#include "err.h"
#include "number.h"
#include "parser.h"
#include "words.h"

static int parse_probability(struct parser *p)
{
	const char *word = parser_next(p, "probability",
				       "a percentage, as 10%,");

	if (!word)
		return -1;
	return number_percent(word, &p->rule->gates.probability, p->err);
}

static int parse_bytes(struct parser *p)
{
	const char *word = parser_next(p, "bytes", "a range, as 1000..,");
	struct rule_gates *gates = &p->rule->gates;
	bool open;

	if (!word || number_bytes(word, &gates->bytes_from, &gates->bytes_to,
				  &open, p->err))
		return -1;
	if (!open)
		gates->has |= RULE_BIT(RSTFAULT_A_GATES_BYTES_TO);
	return 0;
}

static int parse_count(struct parser *p, const struct word *gate, __u32 min,
		       __u32 *count)
{
	__u64 number;

	if (parser_number(p, gate->name, min, UINT32_MAX, &number))
		return -1;
	*count = number;
	return 0;
}

/* `per packet` or `per connection`, if it is there. */
static int parse_per(struct parser *p, const struct word *gate)
{
	const struct word *counts, *per;
	const char *word = parser_peek(p);

	if (!word || strcmp(word, "per"))
		return 0;
	counts = word_find(per_connection_words, gate->name);
	if (!counts)
		return err_set(p->err,
			       "'per' makes no sense behind '%s'; it goes behind a gate that counts",
			       gate->name);
	parser_advance(p, 1);
	word = parser_next(p, "per", "'packet' or 'connection'");
	if (!word)
		return -1;
	per = word_find(per_words, word);
	if (!per)
		return parser_wrong(p->err, word, "what a gate counts",
				    per_words, NULL);
	if (per->value) {
		p->rule->gates.has |=
			RULE_BIT(RSTFAULT_A_GATES_PER_CONNECTION);
		p->rule->gates.per_connection |= counts->value;
	}
	return 0;
}

static int parse_gate_value(struct parser *p, const struct word *gate)
{
	struct rule_gates *gates = &p->rule->gates;

	switch (gate->value) {
	case RSTFAULT_A_GATES_PROBABILITY:
		return parse_probability(p);
	case RSTFAULT_A_GATES_SEED:
		return parse_count(p, gate, 0, &gates->seed);
	case RSTFAULT_A_GATES_SKIP:
		return parse_count(p, gate, 0, &gates->skip);
	case RSTFAULT_A_GATES_EVERY:
		return parse_count(p, gate, 1, &gates->every);
	case RSTFAULT_A_GATES_LIMIT:
		return parse_count(p, gate, 1, &gates->limit);
	case RSTFAULT_A_GATES_NTH:
		return parse_count(p, gate, 1, &gates->nth);
	default:
		return parse_bytes(p);
	}
}

/**
 * parse_gate() - parse a gate
 * @p: the parser, at the keyword
 * @gate: the keyword
 *
 * Return: 0, or -1 with an error
 */
int parse_gate(struct parser *p, const struct word *gate)
{
	parser_advance(p, 1);
	if (parser_once(p, &p->rule->gates.has, gate->value, gate->name) ||
	    parse_gate_value(p, gate))
		return -1;
	return parse_per(p, gate);
}

/**
 * parse_term() - parse `for DURATION`, `shadow` or `force`
 * @p: the parser, at the keyword
 * @term: the keyword
 *
 * Return: 0, or -1 with an error
 */
int parse_term(struct parser *p, const struct word *term)
{
	parser_advance(p, 1);
	if (parser_once(p, &p->rule->has, term->value, term->name))
		return -1;
	if (term->value != RSTFAULT_A_RULE_LIFETIME)
		return 0;
	if (parser_duration(p, term->name, &p->rule->lifetime))
		return -1;
	if (!p->rule->lifetime)
		return err_set(p->err,
			       "for 0s: the rule would be gone at once");
	return 0;
}

/**
 * parse_gates_end() - check what only all gates together tell
 * @p: the parser
 *
 * Return: 0, or -1 with an error
 */
int parse_gates_end(struct parser *p)
{
	__u64 has = p->rule->gates.has;

	if (has & RULE_BIT(RSTFAULT_A_GATES_SEED) &&
	    !(has & RULE_BIT(RSTFAULT_A_GATES_PROBABILITY)))
		return err_set(p->err,
			       "seed %u: a seed is for 'probability', and there is none",
			       p->rule->gates.seed);
	return 0;
}
