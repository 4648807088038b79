// SPDX-License-Identifier: GPL-2.0
/*
 * Send RSTs because of a segment. What they look like and how they travel is
 * reset.c; when they are sent is decided here.
 */
#include <linux/bottom_half.h>
#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "action.h"
#include "behind.h"
#include "compat.h"
#include "delivery.h"
#include "held.h"
#include "hook.h"
#include "netns.h"
#include "queue.h"
#include "reset.h"
#include "rule.h"
#include "segment.h"
#include "uapi/rstfault.h"

/*
 * RSTs to @end, not yet on their way. Behind our hook, packets are looked for,
 * queued and paced by their socket: a RST to the receiver that is not of its
 * trigger's could be the first of the two.
 */
static struct rstf_held *forge_prepare(const struct rstf_trigger *trigger,
				       enum rstf_end end)
{
	const struct rstf_forge *forge = &trigger->rule->forge;
	struct rstf_segment rst = *trigger->seg;
	struct rstf_held *held;
	struct sk_buff *skb;

	if (end == RSTF_SENDER) {
		swap(rst.saddr, rst.daddr);
		swap(rst.sport, rst.dport);
	}

	skb = rstf_reset_alloc(trigger->rnet->net, &rst, end, trigger->skb,
			       false);
	if (!skb)
		return NULL;

	if (end == RSTF_RECEIVER && rstf_hook_is_leaving(trigger->state->hook))
		rstf_held_own(skb, trigger->skb);
	held = rstf_held_alloc(trigger, skb, RSTF_HELD_RESET, forge->count);
	if (!held) {
		kfree_skb(skb);
		return NULL;
	}

	held->end = end;
	held->every = forge->every;
	held->due = ktime_add_ns(held->since, forge->after);
	return held;
}

static void forge_free(struct rstf_held *held)
{
	if (!held)
		return;

	kfree_skb(held->entry.skb);
	rstf_held_free(held);
}

static void forge_cancel(struct rstf_held *held)
{
	rstf_delivery_cancel(held);
	forge_free(held);
}

/*
 * Before the trigger goes on, so that what answers it comes second: a SYN is
 * refused.
 */
static void forge_now(struct rstf_held *held)
{
	local_bh_disable();
	rstf_held_emit(held, RSTFAULT_FATE_TIME);
	local_bh_enable();
}

/* The one RST there is, to the sender: nothing has to wait. */
static int forge_immediately(const struct rstf_trigger *trigger)
{
	struct rstf_delivery delivery RSTF_UNINITIALIZED;
	int verdict = -ENOMEM;
	struct sk_buff *skb;

	rstf_delivery_init(&delivery, trigger, RSTF_SENDER, true);
	local_bh_disable();
	skb = rstf_reset_alloc(trigger->rnet->net, &delivery.rst, RSTF_SENDER,
			       trigger->skb, true);
	if (skb) {
		rstf_action_fired(trigger->rnet, trigger->rule, trigger->seg);
		if (rstf_delivery_emit(&delivery, skb))
			rstf_held_wait(trigger, &delivery.rst,
				       &delivery.target);
		verdict = trigger->rule->forge.drop ? RSTF_DROP : RSTF_PASS;
	}
	local_bh_enable();

	return verdict;
}

/* RSTs to both ends, later, or several. */
static noinline int forge_and_wait(const struct rstf_trigger *trigger,
				   bool leaving)
{
	const struct rstf_forge *forge = &trigger->rule->forge;
	struct rstf_held *sender = NULL, *receiver = NULL;
	LIST_HEAD(list);
	int err = -ENOMEM;

	if (forge->to & RSTFAULT_END_SENDER) {
		sender = forge_prepare(trigger, RSTF_SENDER);
		if (!sender)
			goto err_free;
	}
	if (forge->to & RSTFAULT_END_RECEIVER) {
		receiver = forge_prepare(trigger, RSTF_RECEIVER);
		if (!receiver)
			goto err_free;
	}

	/* From here on something is sent, so this is no failure any more. */
	if (sender && forge->after) {
		err = rstf_queue_fire(sender);
		if (err)
			goto err_free;
		sender = NULL;
	} else {
		rstf_action_fired(trigger->rnet, trigger->rule, trigger->seg);
	}

	if (sender && !leaving)
		forge_now(sender);
	/* It may be a local socket whose lock is held at this moment. */
	else if (sender && rstf_behind_add(sender))
		forge_cancel(sender);
	if (receiver && !forge->after)
		list_add(&receiver->entry.list, &list);
	else if (receiver && rstf_queue_add(receiver))
		forge_cancel(receiver);

	if (forge->drop) {
		rstf_behind_segment(trigger->rnet, NULL, trigger->state, &list,
				    RSTFAULT_FATE_TIME);
		return RSTF_DROP;
	}

	return rstf_behind_segment(trigger->rnet, trigger->skb, trigger->state,
				   &list, RSTFAULT_FATE_TIME) ?
	       RSTF_GONE : RSTF_PASS;

err_free:
	forge_free(sender);
	forge_free(receiver);
	return err;
}

/**
 * rstf_forge() - carry out the action forge
 * @trigger: the segment, and the rule with its forge
 *
 * Context: RCU read side, in the hook.
 * Return: RSTF_PASS or RSTF_DROP; RSTF_GONE: the segment has gone on already;
 *	-ENOMEM: no memory, or something is on its way out; an error of
 *	rstf_queue_add().
 */
int rstf_forge(const struct rstf_trigger *trigger)
{
	const struct rstf_forge *forge = &trigger->rule->forge;
	bool leaving = rstf_hook_is_leaving(trigger->state->hook);

	if (forge->to == RSTFAULT_END_SENDER && forge->count == 1 &&
	    !forge->after && !leaving)
		return forge_immediately(trigger);

	return forge_and_wait(trigger, leaving);
}
