/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the tool share: rules as text, and rules by chance. */

#ifndef RULES_H
#define RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "field.h"
#include "rule.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#define ROUND_TRIPS	30000
#define SEED		20240229
#define MAX_WORDS	160
#define MAX_LINE	4096

/**
 * struct line - a line as a shell splits it into words
 * @word: the words
 * @count: how many
 * @text: the bytes of the words
 */
struct line {
	char *word[MAX_WORDS + 1];
	int count;
	char text[MAX_LINE];
};

void rules_split(struct line *line, const char *text);
int rules_parse(const char *text, struct rule *rule, struct err *err);
void rules_print(const struct rule *rule, char *buf, size_t size);
bool rules_same_set(const struct field_set *set, const void *a, const void *b);
bool rules_same(const struct rule *a, const struct rule *b);
__u32 rules_random_below(__u64 *state, __u32 limit);
void rules_random(__u64 *state, struct rule *rule);

#endif /* RULES_H */
