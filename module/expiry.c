// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that delete themselves: when their lifetime is over, or their owner
 * gone.
 *
 * The clock is CLOCK_MONOTONIC, as that of the jiffies that the work waits for:
 * while the host is suspended, no segment comes, and no rule grows older.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/workqueue.h>

#include "expiry.h"
#include "netns.h"
#include "owner.h"
#include "rule.h"
#include "rulelist.h"

/* How long to wait for memory. */
#define EXPIRY_RETRY_NS (100 * NSEC_PER_MSEC)

static bool expiry_over(const struct rstf_rule *rule, u64 now)
{
	return rule->expires <= now || rstf_owner_gone(rule);
}

/* Look at the rules of @rnet at the time @expires. */
static void expiry_arm(struct rstf_net *rnet, u64 expires)
{
	u64 now = ktime_get_ns(), delay;

	rnet->expires = expires;
	cancel_delayed_work(&rnet->expiry);
	if (expires == U64_MAX)
		return;

	/*
	 * Late by one tick at most, and not by an eighth of the time, as timers
	 * of the wheel can be: a long way is gone in steps, none of which leads
	 * beyond the end.
	 */
	delay = nsecs_to_jiffies64(expires > now ? expires - now : 0) + 1;
	if (delay > 60)
		delay -= delay / 8;
	schedule_delayed_work(&rnet->expiry,
			      min_t(u64, delay, MAX_JIFFY_OFFSET));
}

/**
 * rstf_expiry_sweep() - delete the rules whose time is over
 * @rnet: the netns
 *
 * All of them go in one commit; if there is no memory for it, soon.
 *
 * Context: May sleep. Caller holds rstf_net.lock.
 */
void rstf_expiry_sweep(struct rstf_net *rnet)
{
	const struct rstf_rule *rule;
	u64 now = ktime_get_ns();
	u64 next = U64_MAX;

	lockdep_assert_held(&rnet->lock);

	if (rstf_rulelist_sweep(rnet, expiry_over, now)) {
		expiry_arm(rnet, now + EXPIRY_RETRY_NS);
		return;
	}

	list_for_each_entry(rule, &rnet->rules, list)
		next = min(next, rule->expires);
	expiry_arm(rnet, next);
}

static void expiry_work(struct work_struct *work)
{
	struct rstf_net *rnet =
		container_of(to_delayed_work(work), struct rstf_net, expiry);

	mutex_lock(&rnet->lock);
	rstf_expiry_sweep(rnet);
	mutex_unlock(&rnet->lock);
}

/**
 * rstf_expiry_expect() - rules have come that may expire
 * @rnet: the netns
 * @expires: when the first of them does, CLOCK_MONOTONIC; U64_MAX: none does
 *
 * Nothing needs to be done when rules go: to look once too often does no harm.
 *
 * Context: Caller holds rstf_net.lock.
 */
void rstf_expiry_expect(struct rstf_net *rnet, u64 expires)
{
	lockdep_assert_held(&rnet->lock);

	if (expires < rnet->expires)
		expiry_arm(rnet, expires);
}

/**
 * rstf_expiry_remaining() - what is left of a rule's lifetime
 * @rule: rule in a ruleset that has a lifetime
 *
 * Context: Any; the caller keeps @rule from going away.
 * Return: nanoseconds, 0 if it is about to be deleted.
 */
u64 rstf_expiry_remaining(const struct rstf_rule *rule)
{
	u64 now = ktime_get_ns();

	return rule->expires > now ? rule->expires - now : 0;
}

/**
 * rstf_expiry_init() - prepare for rules that expire
 * @rnet: the netns, zeroed
 *
 * Context: Before anything else can see @rnet.
 */
void rstf_expiry_init(struct rstf_net *rnet)
{
	rnet->expires = U64_MAX;
	INIT_DELAYED_WORK(&rnet->expiry, expiry_work);
}

/**
 * rstf_expiry_stop() - from now on rules do not delete themselves
 * @rnet: the netns
 *
 * Context: May sleep, without rstf_net.lock. No request can come, and no
 *	socket of @rnet be closed.
 */
void rstf_expiry_stop(struct rstf_net *rnet)
{
	cancel_delayed_work_sync(&rnet->expiry);
}
