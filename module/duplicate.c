// SPDX-License-Identifier: GPL-2.0
/*
 * Let a segment go on, and copies of it behind it.
 */
#include <linux/list.h>
#include <linux/skbuff.h>

#include "action.h"
#include "behind.h"
#include "delivery.h"
#include "held.h"
#include "queue.h"
#include "rule.h"
#include "traverse.h"
#include "uapi/rstfault.h"

/**
 * rstf_duplicate() - carry out the action duplicate
 * @trigger: the segment, and the rule with its duplicate
 *
 * Context: RCU read side, in the hook.
 * Return: RSTF_PASS; RSTF_GONE: the segment has gone on already; -ENOMEM: no
 *	memory, or something is on its way out; an error of rstf_queue_add().
 */
int rstf_duplicate(const struct rstf_trigger *trigger)
{
	const struct rstf_duplicate *duplicate = &trigger->rule->duplicate;
	struct rstf_held *held;
	struct sk_buff *copy;
	LIST_HEAD(list);
	int err;

	copy = rstf_held_copy(trigger->skb, trigger->state->hook);
	if (!copy)
		return -ENOMEM;

	held = rstf_held_alloc(trigger, copy, RSTF_HELD_COPY, duplicate->count);
	if (!held) {
		kfree_skb(copy);
		return -ENOMEM;
	}
	held->every = duplicate->every;

	if (held->every) {
		held->due = ktime_add_ns(held->since, held->every);
		err = rstf_queue_fire(held);
		if (err) {
			rstf_held_free(held);
			kfree_skb(copy);
			return err;
		}
		return RSTF_PASS;
	}

	rstf_action_fired(trigger->rnet, trigger->rule, trigger->seg);
	list_add(&held->entry.list, &list);
	return rstf_behind_segment(trigger->rnet, trigger->skb, trigger->state,
				   &list, RSTFAULT_FATE_TIME) ?
	       RSTF_GONE : RSTF_PASS;
}

/**
 * rstf_duplicate_emit() - let one copy of a segment go on
 * @held: the copies
 * @skb: one of them, or NULL: there was no memory for it
 *
 * Context: RCU read side, BH disabled.
 */
void rstf_duplicate_emit(struct rstf_held *held, struct sk_buff *skb)
{
	bool sent = false;
	int ret;

	if (skb) {
		ret = rstf_traverse(held->rnet, skb, &held->entry.state);
		sent = rstf_delivery_taken(ret);
	}
	rstf_delivery_report(held->rnet, held->rule, &held->seg, sent, NULL);
}
