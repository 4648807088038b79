/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETNS_H
#define _RSTF_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "hook.h"

struct net;
struct rstf_ruleset;

/**
 * struct rstf_net - what a network namespace has of its own
 * @ruleset: what the packet path sees; NULL while there are no rules. Written
 *	under @lock, read under RCU
 * @lock: serialises everything that reads or changes the rules; protects all
 *	members below
 * @net: the netns; no reference is held, it outlives this
 * @rules: all rules, in their order
 * @names: the rules that have a name, by name
 * @nr_rules: length of @rules
 * @last_id: highest id given to a rule so far; ids are not used again
 * @generation: changes with every commit
 * @hooked: which of @ops are registered, a bit per enum rstf_point
 * @ops: the netfilter hooks, indexed by enum rstf_point
 */
struct rstf_net {
	struct rstf_ruleset __rcu *ruleset;

	struct mutex lock; /* all below */
	struct net *net;
	struct list_head rules;
	struct rhashtable names;
	u32 nr_rules;
	u32 last_id;
	u32 generation;
	u32 hooked;
	struct nf_hook_ops ops[RSTF_POINTS];
};

struct rstf_net *rstf_net(const struct net *net);
int rstf_netns_setup(void);
void rstf_netns_teardown(void);

#endif /* _RSTF_NETNS_H */
