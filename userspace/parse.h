/* SPDX-License-Identifier: GPL-2.0 */

#ifndef PARSE_H
#define PARSE_H

#include "err.h"
#include "rule.h"

int parse_rule(int count, char *const *words, struct rule *rule,
	       struct err *err);
int parse_inject(int count, char *const *words, struct rule *rule,
		 struct rule_forge *forge, struct err *err);
int parse_ref(int count, char *const *words, struct rule_ref *ref,
	      struct err *err);

#endif /* PARSE_H */
