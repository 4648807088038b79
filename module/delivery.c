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
#include "compat.h"
#include "delivery.h"
#include "event.h"
#include "held.h"
#include "netns.h"
#include "reset.h"
#include "rule.h"
#include "segment.h"
#include "send.h"
#include "sock.h"
#include "stats.h"
#include "target.h"
#include "traverse.h"
#include "uapi/rstfault.h"

/*
 * Of this CPU, on the stacks of who delivers. Where tasks with BH disabled can
 * be preempted (PREEMPT_RT) there may be several. Each CPU reads and writes its
 * own, with preemption disabled.
 */
static DEFINE_PER_CPU(struct hlist_head, deliveries);

static void delivery_begin(struct rstf_delivery *delivery)
{
	delivery->task = current;
	preempt_disable();
	hlist_add_head(&delivery->node, this_cpu_ptr(&deliveries));
	preempt_enable();
}

static void delivery_end(struct rstf_delivery *delivery)
{
	preempt_disable();
	hlist_del(&delivery->node);
	preempt_enable();
}

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

static void delivery_count_sent(struct rstf_net *rnet, struct rstf_rule *rule)
{
	rstf_stats_count(rnet, sent);
	if (rule)
		rstf_rule_count(rule, sent);
}

static void delivery_count_unsent(struct rstf_net *rnet, struct rstf_rule *rule,
				  u32 nr)
{
	this_cpu_add(rnet->stats->unsent, nr);
	if (rule)
		this_cpu_add(rule->counters->unsent, nr);
}

static void delivery_count(struct rstf_net *rnet, struct rstf_rule *rule,
			   bool sent)
{
	if (sent)
		delivery_count_sent(rnet, rule);
	else
		delivery_count_unsent(rnet, rule, 1);
}

static u8 delivery_outcome(const struct rstf_target *target, bool sent)
{
	if (!sent)
		return RSTFAULT_OUTCOME_UNSENT;

	return target && target->sk ? rstf_target_outcome(target) :
				      RSTFAULT_OUTCOME_UNKNOWN;
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
 * target, only counts it and returns true. Else gives the target back.
 */
static bool delivery_report(struct rstf_delivery *delivery, bool sent)
{
	const struct rstf_trigger *trigger = delivery->trigger;
	struct rstf_target *target = &delivery->target;
	u8 outcome = delivery_outcome(target, sent);

	delivery_count(trigger->rnet, trigger->rule, sent);
	if (outcome == RSTFAULT_OUTCOME_UNKNOWN && target->sk && delivery->last)
		return true;

	if (unlikely(rstf_event_sent_wanted(trigger->rnet)))
		rstf_delivery_tell(trigger->rnet, trigger->rule, &delivery->rst,
				   outcome, target);
	rstf_target_put(target);
	return false;
}

/**
 * rstf_delivery_init() - prepare to deliver a forged RST
 * @delivery: gets addresses and ports of the RST
 * @trigger: why it is sent
 * @end: whom it is for
 * @last: no other one of its series comes behind it
 *
 * Context: Any.
 */
void rstf_delivery_init(struct rstf_delivery *delivery,
			const struct rstf_trigger *trigger, enum rstf_end end,
			bool last)
{
	const struct rstf_segment *seg = trigger->seg;
	struct rstf_segment *rst = &delivery->rst;
	bool swapped = end == RSTF_SENDER;

	delivery->trigger = trigger;
	delivery->end = end;
	delivery->last = last;
	rst->saddr = swapped ? seg->daddr : seg->saddr;
	rst->daddr = swapped ? seg->saddr : seg->daddr;
	rst->sport = swapped ? seg->dport : seg->sport;
	rst->dport = swapped ? seg->sport : seg->dport;
	rst->payload = 0;
	rst->thoff = seg->thoff;
	rst->family = seg->family;
	rst->kinds = RSTFAULT_SEGMENT_ANY | RSTFAULT_SEGMENT_RST;
}

/*
 * RFC 9293, section 3.10.7.1: in answer to a segment with ACK, that number;
 * otherwise none, and what the segment takes up is acknowledged.
 */
static void delivery_number_to_sender(struct rstf_delivery *delivery)
{
	const struct rstf_segment *seg = delivery->trigger->seg;
	const struct rstf_target *target = &delivery->target;
	bool acked = seg->flags & TCPHDR_ACK;
	u32 exact = acked ? seg->ack : 0;

	if (target->numbered)
		exact = target->rcv_nxt;
	rstf_reset_number(&delivery->rst, &delivery->trigger->rule->forge,
			  exact, seg->seq + rstf_segment_seq_len(seg), !acked);
}

static bool delivery_has_arrived(const struct nf_hook_state *state)
{
	return state->hook == NF_INET_PRE_ROUTING ||
	       state->hook == NF_INET_LOCAL_IN;
}

/*
 * As the sender would send it: behind the trigger, or in its place. Where the
 * trigger is still on its way to a local socket, what that expects now is too
 * little.
 */
static void delivery_number_to_receiver(struct rstf_delivery *delivery)
{
	const struct nf_hook_state *state = delivery->trigger->state;
	const struct rstf_forge *forge = &delivery->trigger->rule->forge;
	const struct rstf_segment *seg = delivery->trigger->seg;
	const struct rstf_target *target = &delivery->target;
	bool acked = seg->flags & TCPHDR_ACK;
	u32 exact = seg->seq;

	if (!forge->drop)
		exact += rstf_segment_seq_len(seg);
	if (target->numbered &&
	    (delivery_has_arrived(state) || after(target->rcv_nxt, exact)))
		exact = target->rcv_nxt;
	rstf_reset_number(&delivery->rst, forge, exact, acked ? seg->ack : 0,
			  acked);
}

/* Without a target, as far as is known. */
static void delivery_number(struct rstf_delivery *delivery)
{
	rstf_target_init(&delivery->target, NULL, false);
	if (delivery->end == RSTF_SENDER)
		delivery_number_to_sender(delivery);
	else
		delivery_number_to_receiver(delivery);
}

static bool delivery_emit_to_sender(struct rstf_delivery *delivery,
				    struct sk_buff *skb)
{
	const struct rstf_trigger *trigger = delivery->trigger;
	struct rstf_way way RSTF_UNINITIALIZED;
	struct net *net = trigger->rnet->net;
	struct sock *sk = NULL;

	if (rstf_send_find_way(&way, net, skb, &delivery->rst,
			       trigger->state)) {
		kfree_skb(skb);
		delivery_number(delivery);
		return false;
	}

	if (way.dev)
		sk = rstf_sock_find(net, trigger->seg, RSTF_SENDER, way.dev);
	rstf_target_init(&delivery->target, sk, true);
	delivery_number_to_sender(delivery);
	rstf_reset_fill(skb, &delivery->rst, &trigger->rule->forge);
	return rstf_delivery_taken(rstf_send(net, skb, &way));
}

static struct sock *delivery_find_receiver(const struct rstf_trigger *trigger,
					   const struct sk_buff *skb)
{
	const struct nf_hook_state *state = trigger->state;

	if (delivery_has_arrived(state))
		return rstf_sock_find_receiver(trigger->seg, skb, state);
	if (state->out->flags & IFF_LOOPBACK || netif_is_l3_master(state->out))
		return rstf_sock_find(state->net, trigger->seg, RSTF_RECEIVER,
				      state->out);

	return NULL;
}

static bool delivery_emit_to_receiver(struct rstf_delivery *delivery,
				      struct sk_buff *skb)
{
	const struct rstf_trigger *trigger = delivery->trigger;
	bool arrived = delivery_has_arrived(trigger->state);
	bool sent;

	rstf_target_init(&delivery->target,
			 delivery_find_receiver(trigger, skb), arrived);
	delivery_number_to_receiver(delivery);
	rstf_reset_fill(skb, &delivery->rst, &trigger->rule->forge);
	sent = rstf_delivery_taken(rstf_traverse(trigger->rnet, skb,
						 trigger->state));

	/* What is still on its way has done nothing yet. */
	if (!arrived)
		rstf_target_put(&delivery->target);

	return sent;
}

/**
 * rstf_delivery_emit() - send one forged RST
 * @delivery: prepared
 * @skb: from rstf_reset_alloc(), consumed; NULL: there was no memory for it
 *
 * Context: RCU read side, BH disabled. No lock held.
 * Return: true: the RST, the last one of its series, waits in the backlog of
 *	its target; the caller has to tell what comes of it, and to give the
 *	target back.
 */
bool rstf_delivery_emit(struct rstf_delivery *delivery, struct sk_buff *skb)
{
	bool sent = false;

	if (!skb) {
		delivery_number(delivery);
		return delivery_report(delivery, false);
	}

	delivery_begin(delivery);
	if (delivery->end == RSTF_SENDER)
		sent = delivery_emit_to_sender(delivery, skb);
	else
		sent = delivery_emit_to_receiver(delivery, skb);
	delivery_end(delivery);

	return delivery_report(delivery, sent);
}

/* What one of those that are still to come would be, as far as is known. */
static void delivery_segment(struct rstf_segment *seg,
			     const struct rstf_held *held)
{
	const struct rstf_trigger trigger = rstf_held_trigger(held);
	struct rstf_delivery delivery;

	if (held->kind == RSTF_HELD_COPY) {
		*seg = held->seg;
		return;
	}

	rstf_delivery_init(&delivery, &trigger, held->end, true);
	delivery_number(&delivery);
	*seg = delivery.rst;
}

/**
 * rstf_delivery_cancel() - count RSTs or copies that will not be sent
 * @held: those that are still to come; it remains the caller's
 *
 * They are told of once, however many they are.
 *
 * Context: Any.
 */
void rstf_delivery_cancel(const struct rstf_held *held)
{
	struct rstf_segment seg;

	delivery_segment(&seg, held);
	delivery_count_unsent(held->rnet, held->rule, held->left);
	rstf_delivery_tell(held->rnet, held->rule, &seg,
			   RSTFAULT_OUTCOME_UNSENT, NULL);
}

/**
 * rstf_delivery_is_inside() - whether a forged RST is being delivered here
 *
 * A RST that comes to a hook meanwhile is that one. If a rule answered it with
 * another one, which would come to the hook in turn, there would be no end.
 *
 * Context: In a hook.
 * Return: whether the hook is called by rstf_delivery_emit().
 */
bool rstf_delivery_is_inside(void)
{
	const struct rstf_delivery *delivery;
	bool inside = false;

	preempt_disable();
	hlist_for_each_entry(delivery, this_cpu_ptr(&deliveries), node)
		inside |= delivery->task == current;
	preempt_enable();

	return inside;
}
