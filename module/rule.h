/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RULE_H
#define _RSTF_RULE_H

#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "match.h"
#include "uapi/rstfault.h"

/**
 * struct rstf_rule - which segments, and what happens to them
 * @match: which segments; constant once the rule is committed
 * @action: enum rstfault_action; constant once the rule is committed
 * @fired: segments on which the action was carried out, per CPU
 * @id: unique in the netns; constant once the rule is committed
 * @name: unique in the netns, or empty; constant once the rule is committed
 * @list: place in rstf_net.rules; protected by rstf_net.lock
 * @node: place in rstf_net.names if there is a name; protected by
 *	rstf_net.lock
 * @rcu: for rstf_rule_release()
 */
struct rstf_rule {
	struct rstf_match match;
	u8 action;
	u64 __percpu *fired;

	u32 id;
	char name[RSTFAULT_NAME_MAX + 1];
	struct list_head list;
	struct rhash_head node;
	struct rcu_head rcu;
};

struct rstf_rule *rstf_rule_alloc(void);
void rstf_rule_free(struct rstf_rule *rule);
void rstf_rule_free_list(struct list_head *rules);
void rstf_rule_release(struct rstf_rule *rule);
u64 rstf_rule_fired(const struct rstf_rule *rule);

/**
 * rstf_rule_count() - count one segment on which the action was carried out
 * @rule: the rule that fired
 *
 * Context: Any; the caller holds the RCU read lock, or owns @rule.
 */
static inline void rstf_rule_count(struct rstf_rule *rule)
{
	this_cpu_inc(*rule->fired);
}

#endif /* _RSTF_RULE_H */
