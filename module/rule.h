/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RULE_H
#define _RSTF_RULE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "action.h"
#include "gate.h"
#include "match.h"
#include "tuple.h"
#include "uapi/rstfault.h"

struct sock;

struct mem_cgroup;

/**
 * struct rstf_counters - what became of the segments that a rule matched
 * @fired: the action was carried out
 * @gated: a gate kept the rule from it
 * @failed: the action could not be carried out, and the segment went on
 * @sent: forged RSTs and copies that the stack took
 * @unsent: forged RSTs and copies that it did not take, or that were still to be
 *	sent when their rule or interface went
 */
struct rstf_counters {
	u64 fired;
	u64 gated;
	u64 failed;
	u64 sent;
	u64 unsent;
};

/**
 * struct rstf_rule_key - what a rule is found by
 * @name: unique in the netns and in its series, or empty; filled up with NULs
 * @series: rstf_net.series of the commit that the rule came with
 */
struct rstf_rule_key {
	char name[RSTFAULT_NAME_MAX + 1];
	u32 series;
};

/**
 * enum rstf_plain_kind - whether a rule drops every RST that has its headers
 * @RSTF_PLAIN_NOT: it does not
 * @RSTF_PLAIN: it does
 * @RSTF_PLAIN_RANGES: and of each port it asks for a range
 * @RSTF_PLAIN_PORTS: and of a port it asks for several
 */
enum rstf_plain_kind {
	RSTF_PLAIN_NOT,
	RSTF_PLAIN,
	RSTF_PLAIN_RANGES,
	RSTF_PLAIN_PORTS,
};

/**
 * struct rstf_range - ports side by side
 * @first: the first one
 * @more: how many others there are
 */
struct rstf_range {
	u16 first;
	u16 more;
};

/**
 * struct rstf_plain - what a rule asks of headers
 * @kind: enum rstf_plain_kind
 * @sport: source ports; all of them if @kind is RSTF_PLAIN_PORTS
 * @dport: destination ports; all of them if @kind is RSTF_PLAIN_PORTS
 * @value: addresses, and ports that are single ones
 * @mask: which bits of @value count
 */
struct rstf_plain {
	u8 kind;
	struct rstf_range sport;
	struct rstf_range dport;
	struct rstf_key value;
	struct rstf_key mask;
};

/**
 * struct rstf_rule - which segments, and what happens to them
 * @match: which segments; constant once the rule is committed
 * @action: enum rstfault_action; constant once the rule is committed
 * @delay: for RSTFAULT_ACTION_DELAY; constant once the rule is committed
 * @forge: for RSTFAULT_ACTION_FORGE; constant once the rule is committed
 * @mangle: for RSTFAULT_ACTION_MANGLE; constant once the rule is committed
 * @duplicate: for RSTFAULT_ACTION_DUPLICATE; constant once the rule is
 *	committed
 * @plain: for the shortcut; constant once the rule is committed
 * @shadow: count only; constant once the rule is committed
 * @force: the request has said force; constant once the rule is committed
 * @leaving: the commit that is being made is the first without it; protected
 *	by rstf_net.lock
 * @counters: what became of segments, per CPU
 * @gates: which of those that match
 * @memcg: who added the rule pays for what it holds and remembers, and, if it
 *	is the last one, for the ruleset
 * @payer: and for the packets that wait; NULL if none can
 * @refs: the ruleset has one, and so has every segment that the rule holds
 * @held: segments, forged RSTs and copies of the rule that wait
 * @retired: no packet may wait for it any more; protected by rstf_queue.lock
 * @lifetime: nanoseconds from the commit on, 0: no end; constant once the rule
 *	is committed
 * @expires: when @lifetime is over, CLOCK_MONOTONIC; constant once the rule is
 *	committed
 * @owner: portid of @sock; 0 if nobody owns the rule
 * @sock: the rule goes with this socket, of which it has a reference; NULL if
 *	nobody owns it. Protected by rstf_net.lock
 * @id: unique in the netns; constant once the rule is committed
 * @key: what rstf_net.names finds the rule by; constant once it is committed
 * @name: of @key
 * @list: place in rstf_net.rules; protected by rstf_net.lock
 * @node: place in rstf_net.names if there is a name; protected by
 *	rstf_net.lock
 * @rcu: for rstf_rule_put()
 */
struct rstf_rule {
	struct rstf_match match;
	union {
		struct rstf_delay delay;
		struct rstf_forge forge;
		struct rstf_mangle mangle;
		struct rstf_duplicate duplicate;
	};
	u8 action;
	bool shadow;
	bool force;
	bool leaving;
	struct rstf_counters __percpu *counters;
	struct rstf_plain plain;
	struct rstf_gates gates;
	struct mem_cgroup *memcg;
	struct sock *payer;
	refcount_t refs;
	atomic_t held;
	bool retired;

	u64 lifetime;
	u64 expires;
	u32 owner;
	struct sock *sock;

	u32 id;
	union {
		struct rstf_rule_key key;
		char name[RSTFAULT_NAME_MAX + 1];
	};
	struct list_head list;
	struct rhash_head node;
	struct rcu_head rcu;
};

struct rstf_rule *rstf_rule_alloc(void);
int rstf_rule_prepare(struct rstf_rule *rule);
void rstf_rule_free(struct rstf_rule *rule);
void rstf_rule_free_list(struct list_head *rules);
void rstf_rule_put(struct rstf_rule *rule);
void rstf_rule_sum(const struct rstf_rule *rule, struct rstf_counters *sum);

/**
 * rstf_rule_get() - keep a rule
 * @rule: the rule; rstf_rule_put() gives it back
 *
 * Context: RCU read side, of which the rule is known, or with a reference.
 * Return: false: it is on its way out, and there is no reference.
 */
static inline bool rstf_rule_get(struct rstf_rule *rule)
{
	return refcount_inc_not_zero(&rule->refs);
}

/* Count one segment, or one RST, of @rule under a member of its counters. */
#define rstf_rule_count(rule, member) this_cpu_inc((rule)->counters->member)

#endif /* _RSTF_RULE_H */
