/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the grammar share. */

#ifndef PARSER_H
#define PARSER_H

#include <stdbool.h>
#include <linux/types.h>

#include "rule.h"

struct err;
struct word;

/**
 * struct parser - a rule being parsed
 * @word: the next word
 * @left: words that are left
 * @rule: what has been understood so far
 * @seen: attributes of the rule that have been given, a bit for each
 * @family_by: the match that limited the rule to one family; NULL: none has
 * @err: where errors go
 */
struct parser {
	char *const *word;
	int left;
	struct rule *rule;
	__u64 seen;
	const char *family_by;
	struct err *err;
};

const char *parser_peek(const struct parser *p);
void parser_advance(struct parser *p, int words);
const char *parser_next(struct parser *p, const char *key, const char *what);
int parser_once(struct parser *p, __u64 *seen, unsigned int attr,
		const char *name);
int parser_wrong(struct err *err, const char *word, const char *what,
		 const struct word *table, const char *near);
int parser_number(struct parser *p, const char *key, __u64 min, __u64 max,
		  __u64 *number);
int parser_duration(struct parser *p, const char *key, __u64 *ns);

int parse_match(struct parser *p, const struct word *match);
int parse_matches_end(struct parser *p);
int parse_gate(struct parser *p, const struct word *gate);
int parse_term(struct parser *p, const struct word *term);
int parse_gates_end(struct parser *p);
int parse_action(struct parser *p, const struct word *action);
int parse_forge_option(struct parser *p, const struct word *option,
		       const struct word *targets, __u64 *seen,
		       struct rule_forge *forge);

#endif /* PARSER_H */
