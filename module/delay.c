// SPDX-License-Identifier: GPL-2.0
/*
 * Hold a segment, and let it go on later.
 */
#include <linux/math64.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "action.h"
#include "compat.h"
#include "held.h"
#include "queue.h"
#include "rule.h"

/* In nanoseconds; each value between the bounds is as likely as another. */
static u64 delay_time(const struct rstf_delay *delay)
{
	u64 choices = 2 * delay->jitter + 1, rest;

	if (!delay->jitter)
		return delay->time;

	div64_u64_rem(get_random_u64(), choices, &rest);
	return delay->time - delay->jitter + rest;
}

/**
 * rstf_delay() - carry out the action delay
 * @trigger: the segment, and the rule with its delay
 *
 * Context: RCU read side, in the hook.
 * Return: RSTF_HELD; -ENOMEM: no memory, or something is on its way out;
 *	-ENOSPC: too many are held; -ESHUTDOWN: the rule was deleted.
 */
int rstf_delay(const struct rstf_trigger *trigger)
{
	const struct rstf_delay *delay = &trigger->rule->delay;
	struct rstf_held *held;
	struct sk_buff *skb;
	int err = -ENOMEM;

	skb = rstf_held_clone(trigger->skb, trigger->state->hook);
	if (!skb)
		return -ENOMEM;

	held = rstf_held_alloc(trigger, skb, RSTF_HELD_SEGMENT, 1);
	if (!held)
		goto err_skb;

	held->due = ktime_add_ns(held->since, delay_time(delay));
	err = rstf_queue_fire(held);
	if (err)
		goto err_held;

	if (skb != trigger->skb)
		consume_skb(trigger->skb);
	return RSTF_HELD;

err_held:
	rstf_held_free(held);
err_skb:
	if (skb != trigger->skb)
		kfree_skb(skb);
	return err;
}
