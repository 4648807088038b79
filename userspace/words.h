/* SPDX-License-Identifier: GPL-2.0 */

#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>
#include <linux/types.h>

/**
 * struct word - a word of the rule language and what it stands for
 * @name: the word; NULL ends a table
 * @value: its value in the protocol
 */
struct word {
	const char *name;
	__u32 value;
};

extern const struct word hook_words[];
extern const struct word segment_words[];
extern const struct word family_words[];
extern const struct word match_words[];
extern const struct word action_words[];

/* Enough for words_join() of any table. */
#define WORDS_JOINED_MAX	160

const struct word *word_find(const struct word *table, const char *name);
const char *word_name(const struct word *table, __u32 value);
const char *word_near(const struct word *table, const char *name);
const char *words_join(const struct word *table, char *buf, size_t size);

#endif /* WORDS_H */
