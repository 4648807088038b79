// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery of forged RSTs: what numbers they bear when they leave, how they get
 * to their target, and what comes of them. Copies of segments are counted and
 * told of alike.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/l3mdev.h>
#include <net/tcp.h>

#include "action.h"
#include "delivery.h"
#include "event.h"
#include "held.h"
#include "netns.h"
#include "reset.h"
#include "rule.h"
#include "send.h"
#include "stats.h"
#include "target.h"
#include "traverse.h"
#include "uapi/rstfault.h"

/* RSTs that this CPU is delivering, one within the other. */
static DEFINE_PER_CPU(unsigned int, delivery_depth);

/**
 * rstf_delivery_tell() - tell of a RST or a copy
 * @rnet: the netns
 * @rule: why it was sent; NULL: a request asked for it
 * @seg: what was sent
 * @outcome: what came of it, enum rstfault_outcome
 * @target: the local socket that it was for, as it was before, or NULL
 *
 * Context: RCU read side, or the caller has the rule.
 */
void rstf_delivery_tell(struct rstf_net *rnet, const struct rstf_rule *rule,
		     const struct rstf_segment *seg, u8 outcome,
		     const struct rstf_target *target)
{
	const struct rstf_event event = {
		.type = RSTFAULT_EVENT_TYPE_SENT,
		.outcome = outcome,
		.state = target ? target->state : 0,
		.rule = rule,
		.seg = seg,
	};

	rstf_event(rnet, &event);
}

static void delivery_count(struct rstf_net *rnet, struct rstf_rule *rule,
			bool sent)
{
	if (sent)
		rstf_stats_count(rnet, sent);
	else
		rstf_stats_count(rnet, unsent);

	if (rule && sent)
		rstf_rule_count(rule, sent);
	else if (rule)
		rstf_rule_count(rule, unsent);
}

static u8 delivery_outcome(const struct rstf_target *target, bool sent)
{
	if (!sent)
		return RSTFAULT_OUTCOME_UNSENT;

	return target ? rstf_target_outcome(target) : RSTFAULT_OUTCOME_UNKNOWN;
}

/**
 * rstf_delivery_report() - count a RST or a copy, and tell of it
 * @rnet: the netns
 * @rule: why it was sent; NULL: a request asked for it
 * @seg: what was sent
 * @sent: the stack has taken it
 * @target: the local socket that it was for, as it was before, or NULL
 *
 * Context: RCU read side.
 * Return: what came of it, enum rstfault_outcome.
 */
u8 rstf_delivery_report(struct rstf_net *rnet, struct rstf_rule *rule,
		     const struct rstf_segment *seg, bool sent,
		     const struct rstf_target *target)
{
	u8 outcome = delivery_outcome(target, sent);

	delivery_count(rnet, rule, sent);
	rstf_delivery_tell(rnet, rule, seg, outcome, target);
	return outcome;
}

/*
 * As rstf_delivery_report(), but where the last RST waits in the backlog of its
 * target, so does @held for what comes of it. Gives @target back.
 */
static void delivery_report_held(struct rstf_held *held,
			      const struct rstf_segment *rst, bool sent,
			      struct rstf_target *target)
{
	u8 outcome = delivery_outcome(target, sent);

	delivery_count(held->rnet, held->rule, sent);
	if (outcome == RSTFAULT_OUTCOME_UNKNOWN && target->sk &&
	    held->left == 1) {
		rstf_held_become_outcome(held, rst, target);
		return;
	}

	rstf_delivery_tell(held->rnet, held->rule, rst, outcome, target);
	rstf_target_put(target);
}

/* The segment that a RST to @end of @seg is, but for its numbers. */
static void delivery_segment(struct rstf_segment *rst,
			  const struct rstf_segment *seg, enum rstf_end end)
{
	*rst = *seg;
	rst->payload = 0;
	rst->kinds = RSTFAULT_SEGMENT_ANY | RSTFAULT_SEGMENT_RST;
	if (end == RSTF_SENDER) {
		swap(rst->saddr, rst->daddr);
		swap(rst->sport, rst->dport);
	}
}

/*
 * RFC 9293, section 3.10.7.1: in answer to a segment with ACK, that number;
 * otherwise none, and what the segment takes up is acknowledged.
 */
static void delivery_number_to_sender(struct rstf_segment *rst,
				   const struct rstf_held *held,
				   const struct rstf_target *target)
{
	const struct rstf_segment *seg = &held->seg;
	bool acked = seg->flags & TCPHDR_ACK;
	u32 exact = acked ? seg->ack : 0;

	if (target->numbered)
		exact = target->rcv_nxt;
	rstf_reset_number(rst, &held->rule->forge, exact,
			  seg->seq + rstf_segment_seq_len(seg), !acked);
}

/*
 * As the sender would send it: behind the trigger, or in its place. Where the
 * trigger is still on its way to a local socket, what that expects now is too
 * little.
 */
static void delivery_number_to_receiver(struct rstf_segment *rst,
				     const struct rstf_held *held,
				     const struct rstf_target *target,
				     bool arrived)
{
	const struct rstf_forge *forge = &held->rule->forge;
	const struct rstf_segment *seg = &held->seg;
	bool acked = seg->flags & TCPHDR_ACK;
	u32 exact = seg->seq;

	if (!forge->drop)
		exact += rstf_segment_seq_len(seg);
	if (target->numbered && (arrived || after(target->rcv_nxt, exact)))
		exact = target->rcv_nxt;
	rstf_reset_number(rst, forge, exact, acked ? seg->ack : 0, acked);
}

static bool delivery_has_arrived(const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING ||
	       state->hook == NF_INET_LOCAL_IN;
}

static void delivery_emit_to_sender(struct rstf_held *held, struct sk_buff *skb)
{
	const struct nf_hook_state *state = &held->entry.state;
	struct rstf_net *rnet = held->rnet;
	struct rstf_target target = {};
	struct rstf_segment rst;
	struct rstf_way way;
	bool sent = false;

	delivery_segment(&rst, &held->seg, RSTF_SENDER);
	if (rstf_send_find_way(&way, rnet->net, skb, &rst, state)) {
		kfree_skb(skb);
	} else {
		if (way.dev)
			rstf_target_find(&target, rnet->net, &held->seg,
					 RSTF_SENDER, way.dev, true);
		delivery_number_to_sender(&rst, held, &target);
		rstf_reset_fill(skb, &rst, &held->rule->forge);
		sent = rstf_delivery_taken(rstf_send(rnet->net, skb, &way));
	}

	delivery_report_held(held, &rst, sent, &target);
}

static void delivery_emit_to_receiver(struct rstf_held *held, struct sk_buff *skb)
{
	const struct nf_hook_state *state = &held->entry.state;
	bool arrived = delivery_has_arrived(state);
	const struct net_device *dev = arrived ? state->in : state->out;
	struct rstf_net *rnet = held->rnet;
	struct rstf_target target = {};
	struct rstf_segment rst;
	bool sent;

	delivery_segment(&rst, &held->seg, RSTF_RECEIVER);
	if (arrived || (dev->flags & IFF_LOOPBACK) || netif_is_l3_master(dev))
		rstf_target_find(&target, rnet->net, &held->seg, RSTF_RECEIVER,
				 dev, arrived);
	delivery_number_to_receiver(&rst, held, &target, arrived);
	rstf_reset_fill(skb, &rst, &held->rule->forge);
	sent = rstf_delivery_taken(rstf_traverse(rnet, skb, state));

	/* What is still on its way has done nothing yet. */
	if (!arrived)
		rstf_target_put(&target);
	delivery_report_held(held, &rst, sent, &target);
}

/**
 * rstf_delivery_emit() - send one forged RST
 * @held: the RSTs
 * @skb: one of them from rstf_reset_alloc(), consumed; NULL: there was no
 *	memory for it
 *
 * Context: RCU read side, BH disabled. No lock held.
 */
void rstf_delivery_emit(struct rstf_held *held, struct sk_buff *skb)
{
	if (!skb) {
		rstf_delivery_report(held->rnet, held->rule, &held->seg, false,
				  NULL);
		return;
	}

	this_cpu_inc(delivery_depth);
	if (held->end == RSTF_SENDER)
		delivery_emit_to_sender(held, skb);
	else
		delivery_emit_to_receiver(held, skb);
	this_cpu_dec(delivery_depth);
}

/**
 * rstf_delivery_is_inside() - whether this CPU is delivering a forged RST now
 *
 * A RST that comes to a hook meanwhile is that one. If a rule answered it with
 * another one, which would come to the hook in turn, there would be no end.
 *
 * Context: In a hook.
 * Return: whether it is.
 */
bool rstf_delivery_is_inside(void)
{
	return this_cpu_read(delivery_depth);
}
