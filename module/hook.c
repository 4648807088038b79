// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets come in, and the one place that turns a rule's action into a
 * netfilter verdict. A point is hooked only while some rule needs it.
 */
#include <linux/bitops.h>
#include <linux/netfilter_ipv4.h>
#include <linux/skbuff.h>

#include "action.h"
#include "behind.h"
#include "compat.h"
#include "event.h"
#include "glance.h"
#include "hook.h"
#include "match.h"
#include "netns.h"
#include "queue.h"
#include "rule.h"
#include "ruleset.h"
#include "segment.h"
#include "shortcut.h"
#include "stats.h"
#include "vrf.h"
#include "uapi/rstfault.h"

/*
 * In front of everything, but for what spares us a packet that a bridge has
 * shown us already (br_netfilter's ip_sabotage_in).
 */
#define HOOK_PRI_IN (NF_IP_PRI_FIRST + 1)

/*
 * Behind NAT, and always in front of connection tracking's confirmation, which
 * has the last priority there is: of two hooks of one priority, the one that
 * was registered later comes first, so only another priority gives an order
 * that does not depend on what was loaded when. A new connection whose first
 * segment is dropped at out is therefore never confirmed on this host; for a
 * RST, which confirms nothing, it makes no difference.
 */
#define HOOK_PRI_OUT (NF_IP_PRI_CONNTRACK_CONFIRM - 1)

/* Behind connection tracking and destination NAT, in front of filters. */
#define HOOK_PRI_FILTER (NF_IP_PRI_FILTER - 1)

static const struct {
	u8 hooknum;
	int priority;
} hook_places[] = {
	[RSTFAULT_HOOK_IN] = { NF_INET_PRE_ROUTING, HOOK_PRI_IN },
	[RSTFAULT_HOOK_OUT] = { NF_INET_POST_ROUTING, HOOK_PRI_OUT },
	[RSTFAULT_HOOK_INPUT] = { NF_INET_LOCAL_IN, HOOK_PRI_FILTER },
	[RSTFAULT_HOOK_OUTPUT] = { NF_INET_LOCAL_OUT, HOOK_PRI_FILTER },
	[RSTFAULT_HOOK_FORWARD] = { NF_INET_FORWARD, HOOK_PRI_FILTER },
};

/* Carry out the action of the rule. */
static int hook_act(const struct rstf_trigger *trigger)
{
	struct rstf_rule *rule = trigger->rule;
	int verdict = RSTF_PASS;

	switch (rule->action) {
	case RSTFAULT_ACTION_PASS:
		rstf_action_fired(trigger->rnet, rule, trigger->seg);
		break;
	case RSTFAULT_ACTION_DROP:
		rstf_action_fired(trigger->rnet, rule, trigger->seg);
		verdict = RSTF_DROP;
		break;
	case RSTFAULT_ACTION_DELAY:
		verdict = rstf_delay(trigger);
		break;
	case RSTFAULT_ACTION_FORGE:
		verdict = rstf_forge(trigger);
		break;
	case RSTFAULT_ACTION_MANGLE:
		verdict = rstf_mangle(trigger);
		break;
	case RSTFAULT_ACTION_DUPLICATE:
		verdict = rstf_duplicate(trigger);
		break;
	}

	if (verdict < 0) {
		rstf_action_failed(trigger->rnet, rule, trigger->seg);
		verdict = RSTF_PASS;
	}

	return verdict;
}

/* What waits for a segment that goes on does so behind it. */
static int hook_next(const struct rstf_trigger *trigger)
{
	LIST_HEAD(list);

	rstf_queue_next(trigger->rnet, trigger->seg, trigger->state, &list);
	return rstf_behind_segment(trigger->rnet, trigger->skb, trigger->state,
				   &list, RSTFAULT_FATE_NEXT);
}

/* Our verdict to netfilter's. */
static __always_inline unsigned int
hook_verdict(struct rstf_net *rnet, struct sk_buff *skb, int verdict)
{
	switch (verdict) {
	case RSTF_MANGLE:
		rstf_stats_count(rnet, mangled);
		return NF_ACCEPT;
	case RSTF_DROP:
		rstf_stats_count(rnet, dropped);
		/* NF_DROP would tell a local sender: -EPERM. A cable does not. */
		kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
		return NF_STOLEN;
	case RSTF_HELD:
		return NF_STOLEN;
	case RSTF_GONE:
		rstf_stats_count(rnet, passed);
		return NF_STOLEN;
	default:
		rstf_stats_count(rnet, passed);
		return NF_ACCEPT;
	}
}

static __always_inline unsigned int
hook_segment(struct rstf_net *rnet, const struct rstf_basechain *chain,
	     struct sk_buff *skb, const struct nf_hook_state *state, u8 family)
{
	struct rstf_segment seg RSTF_UNINITIALIZED;
	struct rstf_trigger trigger = {
		.rnet = rnet,
		.skb = skb,
		.seg = &seg,
		.state = state,
	};
	int verdict = RSTF_PASS;
	bool wanted, gone;
	unsigned int ret;

	if (family == AF_INET)
		wanted = rstf_segment_parse_ipv4(&seg, skb, chain->kinds);
	else
		wanted = rstf_segment_parse_ipv6(&seg, skb, chain->kinds);
	if (!wanted || rstf_vrf_is_repetition(skb, &seg, state, family))
		return NF_ACCEPT;

	rstf_stats_count(rnet, seen);
	trigger.rule = rstf_ruleset_find(chain, &trigger);
	if (trigger.rule)
		verdict = hook_act(&trigger);
	if (verdict == RSTF_DROP || verdict == RSTF_HELD)
		return hook_verdict(rnet, skb, verdict);
	if (verdict == RSTF_GONE)
		trigger.skb = NULL;

	gone = unlikely(rstf_next_any(&rnet->queue.next)) &&
	       hook_next(&trigger);
	ret = hook_verdict(rnet, skb, verdict);
	return gone ? NF_STOLEN : ret;
}

/* Functions of their own, so that others do not pay for their stack frames. */
static noinline unsigned int
hook_segment_ipv4(struct rstf_net *rnet, const struct rstf_basechain *chain,
		  struct sk_buff *skb, const struct nf_hook_state *state)
{
	return hook_segment(rnet, chain, skb, state, AF_INET);
}

static noinline unsigned int
hook_segment_ipv6(struct rstf_net *rnet, const struct rstf_basechain *chain,
		  struct sk_buff *skb, const struct nf_hook_state *state)
{
	return hook_segment(rnet, chain, skb, state, AF_INET6);
}

/* A RST with nothing but two headers in front of it. */
static __always_inline unsigned int
hook_reset(struct rstf_net *rnet, const struct rstf_basechain *chain,
	   struct sk_buff *skb, const struct tcphdr *th,
	   const struct nf_hook_state *state, u8 family)
{
	struct rstf_rule *rule;

	switch (rstf_shortcut(chain, skb, th, state, family, &rule)) {
	case RSTF_SHORTCUT_NONE:
		if (unlikely(rstf_next_any(&rnet->queue.next)))
			break;
		rstf_stats_count(rnet, seen);
		return hook_verdict(rnet, skb, RSTF_PASS);
	case RSTF_SHORTCUT_DROP:
		if (unlikely(rstf_event_fire_wanted(rnet)))
			break;
		rstf_stats_count(rnet, seen);
		rstf_rule_count(rule, fired);
		return hook_verdict(rnet, skb, RSTF_DROP);
	case RSTF_SHORTCUT_LONG:
		break;
	}

	return family == AF_INET ? hook_segment_ipv4(rnet, chain, skb, state) :
				   hook_segment_ipv6(rnet, chain, skb, state);
}

static noinline unsigned int hook_reset_ipv4(struct rstf_net *rnet,
					     const struct rstf_basechain *chain,
					     struct sk_buff *skb,
					     const struct tcphdr *th,
					     const struct nf_hook_state *state)
{
	return hook_reset(rnet, chain, skb, th, state, AF_INET);
}

static noinline unsigned int hook_reset_ipv6(struct rstf_net *rnet,
					     const struct rstf_basechain *chain,
					     struct sk_buff *skb,
					     const struct tcphdr *th,
					     const struct nf_hook_state *state)
{
	return hook_reset(rnet, chain, skb, th, state, AF_INET6);
}

static __always_inline unsigned int
hook_packet(struct rstf_net *rnet, struct sk_buff *skb,
	    const struct nf_hook_state *state, u8 family)
{
	const struct rstf_ruleset *ruleset = rcu_dereference(rnet->ruleset);
	bool ipv4 = family == AF_INET;
	const struct rstf_basechain *chain;
	const struct tcphdr *th;

	/* The hooks go after the last rule has gone. */
	if (unlikely(!ruleset))
		return NF_ACCEPT;

	chain = &ruleset->chains[rstf_point(state->hook, family)];
	switch (ipv4 ? rstf_glance_ipv4(skb, chain->flags, &th) :
		       rstf_glance_ipv6(skb, chain->flags, &th)) {
	case RSTF_GLANCE_RESET:
		return ipv4 ? hook_reset_ipv4(rnet, chain, skb, th, state) :
			      hook_reset_ipv6(rnet, chain, skb, th, state);
	case RSTF_GLANCE_SEGMENT:
		return ipv4 ? hook_segment_ipv4(rnet, chain, skb, state) :
			      hook_segment_ipv6(rnet, chain, skb, state);
	default:
		return NF_ACCEPT;
	}
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return hook_packet(priv, skb, state, AF_INET);
}

static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	return hook_packet(priv, skb, state, AF_INET6);
}

/**
 * rstf_hook_points() - the points at which a rule looks at segments
 * @match: the rule's match
 *
 * Context: Any.
 * Return: a bit per rstf_point(), one or two of them.
 */
u32 rstf_hook_points(const struct rstf_match *match)
{
	unsigned int hooknum = hook_places[match->hook].hooknum;
	u32 points = 0;

	if (match->family != AF_INET6)
		points |= BIT(rstf_point(hooknum, AF_INET));
	if (match->family != AF_INET)
		points |= BIT(rstf_point(hooknum, AF_INET6));

	return points;
}

/**
 * rstf_hook_init() - prepare the hooks of a netns, and register none
 * @rnet: the netns, zeroed
 *
 * Context: Before anything else can see @rnet.
 */
void rstf_hook_init(struct rstf_net *rnet)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hook_places); i++) {
		unsigned int hooknum = hook_places[i].hooknum;
		struct nf_hook_ops ops = {
			.hooknum = hooknum,
			.priority = hook_places[i].priority,
			.priv = rnet,
		};

		ops.pf = NFPROTO_IPV4;
		ops.hook = hook_ipv4;
		rnet->ops[rstf_point(hooknum, AF_INET)] = ops;

		ops.pf = NFPROTO_IPV6;
		ops.hook = hook_ipv6;
		rnet->ops[rstf_point(hooknum, AF_INET6)] = ops;
	}
}

/**
 * rstf_hook_register() - register the hooks of points that have none yet
 * @rnet: the netns
 * @points: a bit per rstf_point()
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: 0; or -ENOMEM, or -E2BIG if netfilter takes no more hooks at one of
 *	@points. After an error the same points are hooked as before.
 */
int rstf_hook_register(struct rstf_net *rnet, u32 points)
{
	unsigned long new = points & ~rnet->hooked;
	u32 hooked = rnet->hooked;
	unsigned int point;
	int err;

	lockdep_assert_held(&rnet->lock);

	for_each_set_bit(point, &new, RSTF_POINTS) {
		err = nf_register_net_hook(rnet->net, &rnet->ops[point]);
		if (err) {
			rstf_hook_unregister(rnet, ~hooked);
			return err;
		}
		rnet->hooked |= BIT(point);
	}

	return 0;
}

/**
 * rstf_hook_unregister() - unregister the hooks of points that have one
 * @rnet: the netns
 * @points: a bit per rstf_point()
 *
 * Does not wait for packets that are in the hooks already.
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 */
void rstf_hook_unregister(struct rstf_net *rnet, u32 points)
{
	unsigned long old = points & rnet->hooked;
	unsigned int point;

	lockdep_assert_held(&rnet->lock);

	for_each_set_bit(point, &old, RSTF_POINTS)
		nf_unregister_net_hook(rnet->net, &rnet->ops[point]);

	rnet->hooked &= ~old;
}
