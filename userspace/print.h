/* SPDX-License-Identifier: GPL-2.0 */

#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "rule.h"

struct field_set;
struct json;

void print_string(FILE *out, const char *string);
void print_address(FILE *out, const struct rule_prefix *prefix);
void print_union(FILE *out, const struct field_set *set, unsigned int attr,
		 const void *data);
void print_rule(FILE *out, const struct rule *rule);
const char *print_attr_word(const struct field_set *set, unsigned int attr);
bool print_attr(FILE *out, const struct field_set *set, const void *data,
		unsigned int attr);
void print_set_json(struct json *json, const char *key,
		    const struct field_set *set, const void *data);
void print_rule_json(struct json *json, const struct rule *rule);

#endif /* PRINT_H */
