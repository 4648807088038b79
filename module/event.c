// SPDX-License-Identifier: GPL-2.0
/*
 * Tells who listens what happens to segments: by tracepoints, and by messages
 * to a multicast group.
 */
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

#include "compat.h"
#include "event.h"
#include "netlink.h"
#include "netlink_event.h"
#include "netlink_gen.h"
#include "netns.h"
#include "uapi/rstfault.h"

bool rstf_event_groups __read_mostly;

/* Protects the writing of rstf_event_groups, and what it is made of. */
static DEFINE_MUTEX(event_groups_lock);
static bool event_groups_valid;
static bool event_groups_joined;

static void event_groups_update(void)
{
	lockdep_assert_held(&event_groups_lock);

	WRITE_ONCE(rstf_event_groups,
		   event_groups_valid && event_groups_joined);
}

static void event_groups_set_valid(bool valid)
{
	mutex_lock(&event_groups_lock);
	event_groups_valid = valid;
	event_groups_update();
	mutex_unlock(&event_groups_lock);
}

static void event_trace(struct rstf_net *rnet, const struct rstf_event *event)
{
	switch (event->type) {
	case RSTFAULT_EVENT_TYPE_FIRE:
		trace_rstfault_fire(rnet, event);
		break;
	case RSTFAULT_EVENT_TYPE_FAIL:
		trace_rstfault_fail(rnet, event);
		break;
	case RSTFAULT_EVENT_TYPE_RELEASE:
		trace_rstfault_release(rnet, event);
		break;
	case RSTFAULT_EVENT_TYPE_SENT:
		trace_rstfault_sent(rnet, event);
		break;
	}
}

/*
 * Numbers are given and messages are sent under one lock, so that a listener
 * gets them in their order, and a number that is left out is one that was lost.
 */
static void event_send(struct rstf_net *rnet, const struct rstf_event *event)
{
	struct nlattr *number;
	struct sk_buff *skb;

	skb = rstf_netlink_event(event, &number);

	spin_lock_bh(&rnet->event_lock);
	rnet->events++;
	if (skb) {
		memcpy(nla_data(number), &rnet->events, sizeof(rnet->events));
		genlmsg_multicast_netns(&rstf_netlink_family, rnet->net, skb, 0,
					RSTFAULT_NLGRP_EVENTS, GFP_ATOMIC);
	}
	spin_unlock_bh(&rnet->event_lock);
}

/**
 * rstf_event() - tell who listens
 * @rnet: the netns
 * @event: what has happened
 *
 * Context: Any but hard interrupts.
 */
void rstf_event(struct rstf_net *rnet, const struct rstf_event *event)
{
	event_trace(rnet, event);

	rcu_read_lock();
	if (rstf_event_heard(rnet))
		event_send(rnet, event);
	rcu_read_unlock();
}

/**
 * rstf_event_count() - how many events were made
 * @rnet: the netns
 *
 * Context: Any but hard interrupts.
 * Return: the number of the last one.
 */
u64 rstf_event_count(struct rstf_net *rnet)
{
	u64 events;

	spin_lock_bh(&rnet->event_lock);
	events = rnet->events;
	spin_unlock_bh(&rnet->event_lock);

	return events;
}

/**
 * rstf_event_init() - prepare for events
 * @rnet: the netns, zeroed
 *
 * Context: Before anything else can see @rnet.
 */
void rstf_event_init(struct rstf_net *rnet)
{
	spin_lock_init(&rnet->event_lock);
}

/**
 * rstf_event_join() - a socket is about to join a group
 * @group: the group
 *
 * To ask netlink for listeners costs more than to drop a segment. It is asked
 * only once there has been one. That none is left cannot be told from the calls
 * when sockets leave: these come for sockets that were never in the group, and
 * while another socket is about to join.
 *
 * Context: Process, may sleep. Also before rstf_event_setup() and after
 *	    rstf_event_teardown(), while the netlink family is registered.
 * Return: 0.
 */
int rstf_event_join(int group)
{
	mutex_lock(&event_groups_lock);
	event_groups_joined = true;
	event_groups_update();
	mutex_unlock(&event_groups_lock);

	return 0;
}

/**
 * rstf_event_setup() - begin to send messages
 *
 * Context: Module init, with the netlink family registered.
 */
void __init rstf_event_setup(void)
{
	event_groups_set_valid(true);
}

/**
 * rstf_event_teardown() - send no further message
 *
 * Segments that are released while the module goes cause events. Without its
 * family, the number of its group could be that of another one.
 *
 * Context: Module exit, with the netlink family registered. Sleeps.
 */
void rstf_event_teardown(void)
{
	event_groups_set_valid(false);
	synchronize_rcu_expedited();
}
