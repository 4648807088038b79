/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RULESET_H
#define _RSTF_RULESET_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "hook.h"

struct rstf_classifier;
struct rstf_net;
struct rstf_rule;
struct rstf_trigger;

/**
 * struct rstf_basechain - the rules of a point
 * @flags: the flags that segments can have that some rule wants, see
 *	rstf_glance_wants(); all that is read for other segments
 * @kinds: the kinds of segments that some rule wants
 * @nr: number of rules
 * @classifier: finds them by their numbers, from 0; NULL if there are none
 * @rules: the rules, in their order. They are not owned: a rule stays until a
 *	grace period after it has left the last ruleset
 */
struct rstf_basechain {
	u32 flags;
	u8 kinds;
	u32 nr;
	struct rstf_classifier *classifier;
	struct rstf_rule **rules;
} __aligned(32); /* found by a shift, and never in two cache lines */

/**
 * struct rstf_ruleset - the rules of a netns as the packet path sees them
 * @chains: those of each rstf_point()
 * @rcu: for rstf_ruleset_put()
 * @rules: where rstf_basechain.rules are
 *
 * Constant once published. A commit makes a new one.
 */
struct rstf_ruleset {
	struct rstf_basechain chains[RSTF_POINTS];
	struct rcu_head rcu;
	struct rstf_rule *rules[];
};

struct rstf_rule *rstf_ruleset_find(const struct rstf_basechain *chain,
				    const struct rstf_trigger *trigger);

struct rstf_ruleset *rstf_ruleset_compile(struct rstf_net *rnet);
void rstf_ruleset_free(struct rstf_ruleset *ruleset);
void rstf_ruleset_put(struct rstf_ruleset *ruleset);

#endif /* _RSTF_RULESET_H */
