/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_CHANCE_H
#define _FUZZ_CHANCE_H

#include "random.h"

struct rule;

/**
 * enum chance_kind - what rules are for
 * @CHANCE_ALL: all that can be said
 * @CHANCE_WIRED: what fits packets between the addresses of wired.h often, and
 *	is over in some milliseconds
 */
enum chance_kind {
	CHANCE_ALL,
	CHANCE_WIRED,
};

void chance_rule(struct random *random, enum chance_kind kind,
		 struct rule *rule, char *line, size_t size);

#endif /* _FUZZ_CHANCE_H */
