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
extern const struct word gate_words[];
extern const struct word term_words[];
extern const struct word per_words[];
extern const struct word per_connection_words[];
extern const struct word action_words[];
extern const struct word flag_words[];
extern const struct word state_words[];
extern const struct word origin_words[];
extern const struct word end_words[];
extern const struct word target_words[];
extern const struct word seq_words[];
extern const struct word ack_words[];
extern const struct word delay_words[];
extern const struct word forge_words[];
extern const struct word mangle_words[];
extern const struct word duplicate_words[];
extern const struct word inject_words[];
extern const struct word event_words[];
extern const struct word fate_words[];
extern const struct word outcome_words[];

/* Enough for words_join() of any table. */
#define WORDS_JOINED_MAX	256

const struct word *word_find(const struct word *table, const char *name);
const char *word_name(const struct word *table, __u32 value);
const char *word_near(const struct word *table, const char *name);
const char *words_join(const struct word *table, char *buf, size_t size);

#endif /* WORDS_H */
