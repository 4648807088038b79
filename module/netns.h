/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETNS_H
#define _RSTF_NETNS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "hook.h"
#include "queue.h"

struct net;
struct rstf_flows;
struct rstf_ruleset;
struct rstf_stats;

/**
 * struct rstf_net - what a network namespace has of its own
 * @ruleset: what the packet path sees; NULL while there are no rules. Written
 *	under @lock, read under RCU
 * @stats: what became of segments, per CPU
 * @queue: packets that wait; has a lock of its own
 * @unload: place in the list of unload.c, protected by the lock there
 * @event_lock: serialises events
 * @events: number of the last one; protected by @event_lock
 * @lock: serialises everything that reads or changes the rules; protects all
 *	members below
 * @net: the netns; no reference is held, it outlives this
 * @rules: all rules, in their order
 * @names: the rules that have a name, by rstf_rule.key
 * @series: part of the keys in @names; another one after every replacement of
 *	all rules, so that the new ones can have the names of the old ones
 * @nr_rules: length of @rules
 * @nr_owned: how many of @rules have an owner
 * @last_id: highest id given to a rule so far; ids are not used again
 * @generation: changes with every commit
 * @expires: when the next of @rules expires, CLOCK_MONOTONIC; U64_MAX: none does
 * @expiry: deletes those that have
 * @flows: connections that rules remember, NULL as long as no rule has to
 * @hooked: which of @ops are registered, a bit per rstf_point()
 * @ops: the netfilter hooks, by rstf_point()
 */
struct rstf_net {
	struct rstf_ruleset __rcu *ruleset;
	struct rstf_stats __percpu *stats;
	struct rstf_queue queue;
	struct list_head unload;

	spinlock_t event_lock; /* events */
	u64 events;

	struct mutex lock; /* all below */
	struct net *net;
	struct list_head rules;
	struct rhashtable names;
	u32 series;
	u32 nr_rules;
	u32 nr_owned;
	u32 last_id;
	u32 generation;
	u64 expires;
	struct delayed_work expiry;
	struct rstf_flows *flows;
	u32 hooked;
	struct nf_hook_ops ops[RSTF_POINTS];
};

struct rstf_net *rstf_net(const struct net *net);
int rstf_netns_setup(void);
void rstf_netns_close(void);
void rstf_netns_teardown(void);

#endif /* _RSTF_NETNS_H */
