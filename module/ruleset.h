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
 * struct rstf_ruleset - the rules of a netns as the packet path sees them
 * @kinds: for each point, the kinds of segments that some rule there wants; all
 *	that is read for a segment that nobody wants
 * @start: the rules of point p are those from @start[p] up to, but not
 *	including, @start[p + 1]
 * @classifiers: for each point that has rules, what finds them by their numbers,
 *	counted from @start of the point; otherwise NULL. They are owned
 * @rcu: for rstf_ruleset_put()
 * @rules: the rules of every point, in their order. They are not owned: a rule
 *	stays until a grace period after it has left the last ruleset
 *
 * Constant once published. A commit makes a new one.
 */
struct rstf_ruleset {
	u8 kinds[RSTF_POINTS];
	u32 start[RSTF_POINTS + 1];
	struct rstf_classifier *classifiers[RSTF_POINTS];
	struct rcu_head rcu;
	struct rstf_rule *rules[];
};

struct rstf_rule *rstf_ruleset_find(const struct rstf_ruleset *ruleset,
				    unsigned int point,
				    const struct rstf_trigger *trigger);

struct rstf_ruleset *rstf_ruleset_compile(struct rstf_net *rnet);
void rstf_ruleset_free(struct rstf_ruleset *ruleset);
void rstf_ruleset_put(struct rstf_ruleset *ruleset);

#endif /* _RSTF_RULESET_H */
