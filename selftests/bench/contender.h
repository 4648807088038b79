/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CONTENDER_H
#define _CONTENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "site.h"

struct crowd;

/**
 * struct contender - a way to drop the RSTs of a crowd
 * @name: for people
 * @linear: it looks at one rule after the other
 * @load: have rules for so many of the crowd; returns what that took
 * @there: whether this machine has it; NULL: it has
 */
struct contender {
	const char *name;
	bool linear;
	struct load (*load)(const struct site *site, const struct crowd *crowd,
			    int family, uint32_t count);
	bool (*there)(void);
};

extern const struct contender contender_rstfault;
extern const struct contender contender_nft_rules;
extern const struct contender contender_nft_set;
extern const struct contender contender_iptables;

struct load load_iptables(const struct site *site, FILE *rules, int family);
bool there_iptables(void);

#endif /* _CONTENDER_H */
