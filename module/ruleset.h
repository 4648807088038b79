/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RULESET_H
#define _RSTF_RULESET_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "hook.h"
#include "uapi/rstfault.h"

struct list_head;
struct netlink_ext_ack;
struct rstf_net;
struct rstf_rule;
struct rstf_trigger;
struct sock;

/**
 * struct rstf_ruleset - the rules of a netns as the packet path sees them
 * @kinds: for each point, the kinds of segments that some rule there wants;
 *	beside @start, so that a segment that nobody wants costs one cache line
 * @start: the rules of point p are those from @start[p] up to, but not
 *	including, @start[p + 1]
 * @rcu: for kvfree_rcu()
 * @rules: the rules of every point, in their order. They are not owned: a rule
 *	stays until a grace period after it has left the last ruleset
 *
 * Constant once published. A commit makes a new one.
 */
struct rstf_ruleset {
	u8 kinds[RSTF_POINTS];
	u32 start[RSTF_POINTS + 1];
	struct rcu_head rcu;
	struct rstf_rule *rules[];
};

/**
 * struct rstf_addition - rules that are to come into a ruleset
 * @rules: list of them by rstf_rule.list. On success they belong to the netns,
 *	and the list is empty; otherwise, and with @check, it is as it was
 * @before: rule of the netns to insert them in front of; NULL: at the end
 * @replace: in the same commit every rule goes that is there; without @before
 * @check: find out whether it would be refused, and change nothing
 * @sock: the socket that they go with, or NULL
 * @portid: of @sock
 * @taken: gets the rule whose name made it return -EEXIST
 */
struct rstf_addition {
	struct list_head *rules;
	struct rstf_rule *before;
	bool replace;
	bool check;
	struct sock *sock;
	u32 portid;
	struct rstf_rule *taken;
};

struct rstf_rule *rstf_ruleset_find(const struct rstf_ruleset *ruleset,
				    unsigned int point,
				    const struct rstf_trigger *trigger);

int rstf_ruleset_init(struct rstf_net *rnet);
void rstf_ruleset_clean(struct rstf_net *rnet);
int rstf_ruleset_add(struct rstf_net *rnet, struct rstf_addition *add,
		     struct netlink_ext_ack *extack);
int rstf_ruleset_del(struct rstf_net *rnet, struct rstf_rule *rule,
		     struct netlink_ext_ack *extack);
void rstf_ruleset_flush(struct rstf_net *rnet);
int rstf_ruleset_sweep(struct rstf_net *rnet,
		       bool (*over)(const struct rstf_rule *rule, u64 now),
		       u64 now);
struct rstf_rule *rstf_ruleset_find_id(struct rstf_net *rnet, u32 id);
struct rstf_rule *rstf_ruleset_find_name(struct rstf_net *rnet,
					 const char name[RSTFAULT_NAME_MAX + 1]);

#endif /* _RSTF_RULESET_H */
