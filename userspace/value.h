/* SPDX-License-Identifier: GPL-2.0 */

#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>

#include "err.h"
#include "rule.h"

/*
 * Longer than any word of a rule, and short enough for an error text to quote
 * a word.
 */
#define VALUE_WORD_MAX	255

int value_length(const char *word, struct err *err);
bool value_number(const char *text, __u32 max, __u32 *number);
int value_name(const char *word, char *name, struct err *err);
int value_prefix(const char *match, const char *word,
		 struct rule_prefix *prefix, struct err *err);
int value_interface(const char *match, const char *word, char *name,
		    struct err *err);
int value_cgroup(const char *word, char *path, struct err *err);
int value_flags(const char *word, __u8 *mask, __u8 *value, struct err *err);
int value_ports(const char *match, int count, char *const *words,
		struct rule_ports *ports, struct err *err);

#endif /* VALUE_H */
