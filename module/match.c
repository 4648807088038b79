// SPDX-License-Identifier: GPL-2.0
/*
 * Is a rule about this segment? Pure: reads its arguments and nothing else.
 */
#include <linux/netdevice.h>
#include <net/ipv6.h>

#include "match.h"
#include "segment.h"

static bool match_prefix(const struct rstf_prefix *prefix,
			 const union nf_inet_addr *addr, u8 family)
{
	if (family == AF_INET)
		return !((addr->ip ^ prefix->addr.ip) & prefix->mask.ip);

	return !ipv6_masked_addr_cmp(&addr->in6, &prefix->mask.in6,
				     &prefix->addr.in6);
}

static bool match_ifname(const struct rstf_ifname *ifname,
			 const struct net_device *dev)
{
	if (!ifname->len)
		return true;

	return dev && !strncmp(dev->name, ifname->name, ifname->len);
}

static bool match_kinds(const struct rstf_match *match,
			const struct rstf_segment *seg)
{
	return match->kinds & seg->kinds ||
	       (match->kinds & RSTFAULT_SEGMENT_FLAGS &&
		(seg->flags & match->flags_mask) == match->flags_value);
}

/**
 * rstf_match_is_plain() - whether addresses and ports alone tell which RSTs a
 *	rule is about
 * @match: the rule's match
 *
 * Context: Any.
 * Return: true if they do.
 */
bool rstf_match_is_plain(const struct rstf_match *match)
{
	return match->kinds & (RSTFAULT_SEGMENT_RST | RSTFAULT_SEGMENT_ANY) &&
	       !match->iif.len && !match->oif.len && !match->mark_mask &&
	       !match->length_from && match->length_to == U32_MAX &&
	       !match->sock.asks;
}

/**
 * rstf_match_narrows() - whether there are segments that a rule is not about
 * @match: the rule's match
 *
 * What counts is that the rule has a condition, not what it excludes.
 *
 * Context: Any.
 * Return: false if it is about every segment at its hook.
 */
bool rstf_match_narrows(const struct rstf_match *match)
{
	/* A kind narrows, unless it is one that every segment is of. */
	if (!(match->kinds & RSTFAULT_SEGMENT_ANY))
		return true;

	return match->family || match->saddr.named || match->daddr.named ||
	       match->sport.len || match->dport.len || match->iif.len ||
	       match->oif.len || match->mark_mask || match->length_from ||
	       match->length_to != U32_MAX || match->sock.asks;
}

/**
 * rstf_match_segment() - whether a segment is one that a rule is about
 * @match: the rule's match
 * @seg: segment at a hook and of a family that @match is about
 * @skb: the packet that it is in
 * @state: the traversal, for its interfaces
 *
 * Conditions on the socket are left to rstf_match_socket().
 *
 * Context: RCU read side.
 * Return: true if all other conditions hold.
 */
bool rstf_match_segment(const struct rstf_match *match,
			const struct rstf_segment *seg,
			const struct sk_buff *skb,
			const struct nf_hook_state *state)
{
	return match_kinds(match, seg) &&
	       rstf_match_ports(&match->dport, seg->dport) &&
	       rstf_match_ports(&match->sport, seg->sport) &&
	       match_prefix(&match->daddr, &seg->daddr, seg->family) &&
	       match_prefix(&match->saddr, &seg->saddr, seg->family) &&
	       match_ifname(&match->iif, state->in) &&
	       match_ifname(&match->oif, state->out) &&
	       !((skb->mark ^ match->mark) & match->mark_mask) &&
	       seg->payload >= match->length_from &&
	       seg->payload <= match->length_to;
}
