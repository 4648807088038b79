/* SPDX-License-Identifier: GPL-2.0 */

#ifndef PRINT_H
#define PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "rule.h"

struct json;

void print_rule(FILE *out, const struct rule *rule);
void print_rule_json(struct json *json, const struct rule *rule);
const char *print_attr_word(unsigned int attr);
bool print_attr(FILE *out, const struct rule *rule, unsigned int attr);

#endif /* PRINT_H */
