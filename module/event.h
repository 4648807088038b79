/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_EVENT_H
#define _RSTF_EVENT_H

#include <linux/tracepoint-defs.h>
#include <linux/types.h>
#include <net/genetlink.h>

#include "netlink.h"
#include "netlink_gen.h"
#include "netns.h"

struct rstf_net;
struct rstf_rule;
struct rstf_segment;

/**
 * struct rstf_event - what has happened to a segment
 * @type: enum rstfault_event_type
 * @fate: enum rstfault_fate, for type release
 * @outcome: enum rstfault_outcome, for type sent
 * @state: enum rstfault_state of the local target, for type sent; of the local
 *	socket, for type fire; 0: there is none, or nobody has asked
 * @rule: the rule, or NULL if a request was the cause
 * @seg: the segment; for type sent the RST or the copy
 * @held: how long it was held, in nanoseconds; for type release
 */
struct rstf_event {
	u8 type;
	u8 fate;
	u8 outcome;
	u32 state;
	const struct rstf_rule *rule;
	const struct rstf_segment *seg;
	u64 held;
};

DECLARE_TRACEPOINT(rstfault_fire);
DECLARE_TRACEPOINT(rstfault_sent);

void rstf_event(struct rstf_net *rnet, const struct rstf_event *event);
u64 rstf_event_count(struct rstf_net *rnet);
void rstf_event_init(struct rstf_net *rnet);
int rstf_event_join(int group);
void rstf_event_setup(void);
void rstf_event_teardown(void);

/*
 * The numbers of the multicast groups are valid, and somebody has joined them
 * since. Written by event.c, read under RCU.
 */
extern bool rstf_event_groups;

/**
 * rstf_event_heard() - whether somebody listens to the multicast group
 * @rnet: the netns
 *
 * This is known for all netns together only: with a listener in another one,
 * events are made, and counted, although nobody gets them.
 *
 * Context: RCU read side. Any but hard interrupts.
 * Return: false if nobody does.
 */
static inline bool rstf_event_heard(const struct rstf_net *rnet)
{
	return READ_ONCE(rstf_event_groups) &&
	       genl_has_listeners(&rstf_netlink_family, rnet->net,
				  RSTFAULT_NLGRP_EVENTS);
}

/**
 * rstf_event_fire_wanted() - whether somebody listens to what fires
 * @rnet: the netns
 *
 * Spares the path of a segment an event that nobody gets.
 *
 * Context: RCU read side. Any but hard interrupts.
 * Return: false if rstf_event() would do nothing for RSTFAULT_EVENT_TYPE_FIRE.
 */
static inline bool rstf_event_fire_wanted(const struct rstf_net *rnet)
{
	return tracepoint_enabled(rstfault_fire) || rstf_event_heard(rnet);
}

/**
 * rstf_event_sent_wanted() - whether somebody listens to what is sent
 * @rnet: the netns
 *
 * Context: RCU read side. Any but hard interrupts.
 * Return: false if rstf_event() would do nothing for RSTFAULT_EVENT_TYPE_SENT.
 */
static inline bool rstf_event_sent_wanted(const struct rstf_net *rnet)
{
	return tracepoint_enabled(rstfault_sent) || rstf_event_heard(rnet);
}

#endif /* _RSTF_EVENT_H */
