// SPDX-License-Identifier: GPL-2.0
/*
 * An event in a message.
 */
#include <linux/ktime.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/tcp.h>

#include "compat.h"
#include "event.h"
#include "netlink.h"
#include "netlink_event.h"
#include "netlink_gen.h"
#include "rule.h"
#include "segment.h"

static size_t tuple_size(void)
{
	return nla_total_size(sizeof(u16)) +		/* family */
	       2 * nla_total_size(sizeof(struct in6_addr)) +
	       2 * nla_total_size(sizeof(u16));		/* ports */
}

static size_t event_size(void)
{
	return nla_total_size(sizeof(u32)) +		/* type */
	       nla_total_size_64bit(sizeof(u64)) +	/* number */
	       nla_total_size_64bit(sizeof(u64)) +	/* time */
	       nla_total_size(sizeof(u32)) +		/* rule-id */
	       nla_total_size(RSTFAULT_NAME_MAX + 1) +	/* rule-name */
	       nla_total_size(sizeof(u32)) +		/* hook */
	       nla_total_size(sizeof(u32)) +		/* action */
	       nla_total_size(0) +			/* shadow */
	       nla_total_size(tuple_size()) +		/* tuple */
	       nla_total_size(sizeof(u8)) +		/* flags */
	       nla_total_size(sizeof(u32)) +		/* seq */
	       nla_total_size(sizeof(u32)) +		/* ack */
	       nla_total_size(sizeof(u32)) +		/* length */
	       nla_total_size_64bit(sizeof(u64)) +	/* held */
	       nla_total_size(sizeof(u32)) +		/* fate */
	       nla_total_size(sizeof(u32)) +		/* outcome */
	       nla_total_size(sizeof(u32)) +		/* socket-state */
	       nla_total_size(0);			/* drop */
}

/**
 * rstf_netlink_put_tuple() - append the addresses and ports of a segment
 * @skb: the message
 * @seg: the segment
 *
 * Context: Any.
 * Return: 0 or -EMSGSIZE.
 */
int rstf_netlink_put_tuple(struct sk_buff *skb, const struct rstf_segment *seg)
{
	if (nla_put_u16(skb, RSTFAULT_A_TUPLE_FAMILY, seg->family) ||
	    nla_put_u16(skb, RSTFAULT_A_TUPLE_SPORT, seg->sport) ||
	    nla_put_u16(skb, RSTFAULT_A_TUPLE_DPORT, seg->dport))
		return -EMSGSIZE;

	if (seg->family == AF_INET ?
	    nla_put_in_addr(skb, RSTFAULT_A_TUPLE_SADDR4, seg->saddr.ip) ||
	    nla_put_in_addr(skb, RSTFAULT_A_TUPLE_DADDR4, seg->daddr.ip) :
	    nla_put_in6_addr(skb, RSTFAULT_A_TUPLE_SADDR6, &seg->saddr.in6) ||
	    nla_put_in6_addr(skb, RSTFAULT_A_TUPLE_DADDR6, &seg->daddr.in6))
		return -EMSGSIZE;

	return 0;
}

static int put_rule(struct sk_buff *skb, const struct rstf_rule *rule)
{
	if (nla_put_u32(skb, RSTFAULT_A_EVENT_RULE_ID, rule->id) ||
	    (rule->name[0] &&
	     nla_put_string(skb, RSTFAULT_A_EVENT_RULE_NAME, rule->name)) ||
	    nla_put_u32(skb, RSTFAULT_A_EVENT_HOOK, rule->match.hook) ||
	    nla_put_u32(skb, RSTFAULT_A_EVENT_ACTION, rule->action) ||
	    (rule->shadow && nla_put_flag(skb, RSTFAULT_A_EVENT_SHADOW)))
		return -EMSGSIZE;

	return 0;
}

static int put_segment(struct sk_buff *skb, const struct rstf_segment *seg)
{
	struct nlattr *nest = nla_nest_start(skb, RSTFAULT_A_EVENT_TUPLE);

	if (!nest || rstf_netlink_put_tuple(skb, seg))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);

	if (nla_put_u8(skb, RSTFAULT_A_EVENT_FLAGS, seg->flags) ||
	    nla_put_u32(skb, RSTFAULT_A_EVENT_SEQ, seg->seq) ||
	    (seg->flags & TCPHDR_ACK &&
	     nla_put_u32(skb, RSTFAULT_A_EVENT_ACK, seg->ack)) ||
	    nla_put_u32(skb, RSTFAULT_A_EVENT_LENGTH, seg->payload))
		return -EMSGSIZE;

	return 0;
}

/* What an event says beyond its rule and its segment. */
static int put_details(struct sk_buff *skb, const struct rstf_event *event)
{
	const struct rstf_rule *rule = event->rule;

	if (event->state && nla_put_u32(skb, RSTFAULT_A_EVENT_SOCKET_STATE,
					event->state))
		return -EMSGSIZE;

	switch (event->type) {
	case RSTFAULT_EVENT_TYPE_FIRE:
		if (rule->action == RSTFAULT_ACTION_FORGE && rule->forge.drop &&
		    !rule->shadow && nla_put_flag(skb, RSTFAULT_A_EVENT_DROP))
			return -EMSGSIZE;
		break;
	case RSTFAULT_EVENT_TYPE_RELEASE:
		if (nla_put_u64_64bit(skb, RSTFAULT_A_EVENT_HELD, event->held,
				      RSTFAULT_A_EVENT_PAD) ||
		    nla_put_u32(skb, RSTFAULT_A_EVENT_FATE, event->fate))
			return -EMSGSIZE;
		break;
	case RSTFAULT_EVENT_TYPE_SENT:
		if (nla_put_u32(skb, RSTFAULT_A_EVENT_OUTCOME, event->outcome))
			return -EMSGSIZE;
		break;
	}

	return 0;
}

static int put_event(struct sk_buff *skb, const struct rstf_event *event,
		     struct nlattr **number)
{
	struct nlattr *nest = nla_nest_start(skb, RSTFAULT_A_EVENT);

	if (!nest || nla_put_u32(skb, RSTFAULT_A_EVENT_TYPE, event->type))
		return -EMSGSIZE;

	*number = nla_reserve_64bit(skb, RSTFAULT_A_EVENT_NUMBER, sizeof(u64),
				    RSTFAULT_A_EVENT_PAD);
	if (!*number ||
	    nla_put_u64_64bit(skb, RSTFAULT_A_EVENT_TIME, ktime_get_real_ns(),
			      RSTFAULT_A_EVENT_PAD) ||
	    (event->rule && put_rule(skb, event->rule)) ||
	    put_segment(skb, event->seg) ||
	    put_details(skb, event))
		return -EMSGSIZE;

	nla_nest_end(skb, nest);
	return 0;
}

/**
 * rstf_netlink_event() - make a message of an event
 * @event: what has happened
 * @number: gets the attribute that the number of the event is to be written to
 *
 * Context: Any.
 * Return: the message, or NULL if there is no memory for it.
 */
struct sk_buff *rstf_netlink_event(const struct rstf_event *event,
				   struct nlattr **number)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(nla_total_size(event_size()), GFP_ATOMIC);
	if (!skb)
		return NULL;

	hdr = genlmsg_put(skb, 0, 0, &rstf_netlink_family, 0,
			  RSTFAULT_CMD_EVENT);
	if (WARN_ON_ONCE(!hdr || put_event(skb, event, number))) {
		nlmsg_free(skb);
		return NULL;
	}

	genlmsg_end(skb, hdr);
	return skb;
}
