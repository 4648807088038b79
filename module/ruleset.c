// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of a netns as packets see them: an immutable copy of the list.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "action.h"
#include "candidates.h"
#include "classifier.h"
#include "compat.h"
#include "delivery.h"
#include "hook.h"
#include "match.h"
#include "match_sock.h"
#include "netns.h"
#include "rule.h"
#include "ruleset.h"
#include "segment.h"

/*
 * Do the gates of @rule let it act? Counts if they do not. Where there is no
 * memory for a connection, nobody knows.
 */
static bool ruleset_gates(struct rstf_net *rnet, struct rstf_rule *rule,
			  const struct rstf_segment *seg)
{
	switch (rstf_gates_pass(&rule->gates, seg)) {
	case RSTF_GATE_OPEN:
		return true;
	case RSTF_GATE_FAILED:
		rstf_action_failed(rnet, rule, seg);
		return false;
	default:
		rstf_rule_count(rule, gated);
		return false;
	}
}

/*
 * No RST answers a RST, or two of them could go on for ever, unless a rule asks
 * for it by the word; and not even then one that is being forged.
 */
static bool ruleset_spares_rst(const struct rstf_rule *rule)
{
	return rule->action == RSTFAULT_ACTION_FORGE &&
	       (!(rule->match.kinds & RSTFAULT_SEGMENT_RST) ||
		rstf_delivery_is_inside());
}

/*
 * The next rule that may match. To look for a rule that is the only one takes
 * longer than to compare it.
 */
static __always_inline u32 ruleset_next(const struct rstf_basechain *chain,
					struct rstf_candidates *candidates,
					u32 *from)
{
	if (chain->nr > 1)
		return rstf_candidates_next(candidates);

	return *from < chain->nr ? (*from)++ : RSTF_NO_RULE;
}

/**
 * rstf_ruleset_find() - the rule that decides about a segment
 * @chain: rules of the point that the segment is at
 * @trigger: the segment; its rule is not looked at
 *
 * Rules that match are counted, unless it is the one that is returned. Shadow
 * rules, and those that a gate keeps from acting, make way for the next one.
 *
 * Context: RCU read side. Any but hard interrupt.
 * Return: the first rule that matches, is to act, and is no shadow, valid as
 *	long as the RCU read side goes on; or NULL.
 */
struct rstf_rule *rstf_ruleset_find(const struct rstf_basechain *chain,
				    const struct rstf_trigger *trigger)
{
	const struct nf_hook_state *state = trigger->state;
	const struct rstf_segment *seg = trigger->seg;
	const struct sk_buff *skb = trigger->skb;
	struct rstf_rule *rule, *found = NULL;
	struct rstf_candidates candidates RSTF_UNINITIALIZED;
	struct rstf_key key RSTF_UNINITIALIZED;
	struct rstf_local local;
	u32 i, from = 0;

	rstf_local_init(&local);
	/* There is a classifier, or no kind of segment was wanted here. */
	if (chain->nr > 1) {
		rstf_key_init(&key, seg->family, seg->saddr.ip6,
			      seg->daddr.ip6, htons(seg->sport),
			      htons(seg->dport));
		rstf_candidates_init(&candidates, chain->classifier, &key);
	}
	while ((i = ruleset_next(chain, &candidates, &from)) != RSTF_NO_RULE) {
		rule = chain->rules[i];
		if (!rstf_match_segment(&rule->match, seg, skb, state))
			continue;
		if (seg->flags & TCPHDR_RST && ruleset_spares_rst(rule))
			continue;
		if (unlikely(rule->match.sock.asks) &&
		    !rstf_match_socket(&rule->match.sock, &local, seg, skb,
				       state))
			continue;
		if (unlikely(rule->gates.given) &&
		    !ruleset_gates(trigger->rnet, rule, seg))
			continue;
		if (likely(!rule->shadow)) {
			found = rule;
			break;
		}
		rstf_action_shadow(trigger->rnet, rule, seg,
				   rstf_local_state(&local));
	}
	rstf_local_put(&local);

	return found;
}

/* The kinds of segments that a rule has to see. */
static u8 ruleset_kinds(const struct rstf_rule *rule)
{
	/* What the parser of segments knows no word for can be of any kind. */
	if (rule->match.kinds & RSTFAULT_SEGMENT_FLAGS)
		return RSTFAULT_SEGMENT_ANY;
	/* And so can the next segment of a flow. */
	if (rule->action == RSTFAULT_ACTION_DELAY && rule->delay.until_next)
		return RSTFAULT_SEGMENT_ANY;

	return rule->match.kinds;
}

static void ruleset_append(struct rstf_basechain *chain, struct rstf_rule *rule)
{
	chain->kinds |= ruleset_kinds(rule);
	chain->rules[chain->nr++] = rule;
}

static const struct rstf_match *ruleset_match(const void *rules, u32 i)
{
	struct rstf_rule *const *rule = rules;

	return &rule[i]->match;
}

/* What the packet path asks of a chain. Returns false where memory is short. */
static bool ruleset_finish(struct rstf_basechain *chain, u8 family)
{
	if (!chain->nr)
		return true;

	chain->flags = rstf_segment_combinations(chain->kinds);
	chain->classifier = rstf_classifier_build(ruleset_match, chain->rules,
						  chain->nr, family);
	return chain->classifier;
}

static struct rstf_ruleset *ruleset_build(struct rstf_net *rnet)
{
	struct rstf_ruleset *ruleset;
	u32 nr[RSTF_POINTS] = {};
	struct rstf_rule *rule;
	unsigned long points;
	unsigned int point;
	size_t len = 0;

	list_for_each_entry(rule, &rnet->rules, list) {
		if (rule->leaving)
			continue;
		if (rstf_gates_need_flows(&rule->gates) &&
		    rstf_flow_setup(rnet, &rule->gates.user, rule->memcg))
			return NULL;

		points = rstf_hook_points(&rule->match);
		for_each_set_bit(point, &points, RSTF_POINTS)
			nr[point]++;
		len += hweight32(points);
	}

	ruleset = kvzalloc(struct_size(ruleset, rules, len),
			   GFP_KERNEL_ACCOUNT);
	if (!ruleset)
		return NULL;

	len = 0;
	for (point = 0; point < RSTF_POINTS; point++) {
		ruleset->chains[point].rules = ruleset->rules + len;
		len += nr[point];
	}

	list_for_each_entry(rule, &rnet->rules, list) {
		if (rule->leaving)
			continue;
		points = rstf_hook_points(&rule->match);
		for_each_set_bit(point, &points, RSTF_POINTS)
			ruleset_append(&ruleset->chains[point], rule);
	}

	for (point = 0; point < RSTF_POINTS; point++) {
		if (!ruleset_finish(&ruleset->chains[point],
				    rstf_point_family(point))) {
			rstf_ruleset_free(ruleset);
			return NULL;
		}
	}

	return ruleset;
}

/*
 * Who added the last of the rules that are there to stay. Not the caller: that
 * may be who deletes others, or the kernel, where their time is over.
 */
static struct mem_cgroup *ruleset_payer(const struct rstf_net *rnet)
{
	const struct rstf_rule *rule;

	lockdep_assert_held(&rnet->lock);

	list_for_each_entry_reverse(rule, &rnet->rules, list)
		if (!rule->leaving)
			return rule->memcg;

	return NULL;
}

/**
 * rstf_ruleset_compile() - sort the list of a netns into points
 * @rnet: the netns
 *
 * Rules that are leaving are left out. The memory is charged to the cgroup of
 * who added the last of the others.
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 * Return: what the packet path can read; NULL where memory is short.
 */
struct rstf_ruleset *rstf_ruleset_compile(struct rstf_net *rnet)
{
	struct rstf_ruleset *ruleset;
	struct mem_cgroup *memcg;

	memcg = set_active_memcg(ruleset_payer(rnet));
	ruleset = ruleset_build(rnet);
	set_active_memcg(memcg);

	return ruleset;
}

/**
 * rstf_ruleset_free() - free a ruleset, but not its rules
 * @ruleset: no packet sees it any more; or NULL
 *
 * Context: Any but hard interrupt.
 */
void rstf_ruleset_free(struct rstf_ruleset *ruleset)
{
	unsigned int point;

	if (!ruleset)
		return;

	for (point = 0; point < RSTF_POINTS; point++)
		kvfree(ruleset->chains[point].classifier);
	kvfree(ruleset);
}

static void ruleset_free_rcu(struct rcu_head *rcu)
{
	rstf_ruleset_free(container_of(rcu, struct rstf_ruleset, rcu));
}

/**
 * rstf_ruleset_put() - free a ruleset once no packet sees it any more
 * @ruleset: replaced by another one, or by none
 *
 * Module exit waits for the callback with rcu_barrier().
 *
 * Context: Any but hard interrupt.
 */
void rstf_ruleset_put(struct rstf_ruleset *ruleset)
{
	call_rcu(&ruleset->rcu, ruleset_free_rcu);
}
