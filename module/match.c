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

static bool match_ports(const struct rstf_ports *ports, u16 port)
{
	unsigned int i;

	if (!ports->len)
		return true;

	for (i = 0; i < ports->len; i++)
		if (port >= ports->range[i].first &&
		    port <= ports->range[i].last)
			return true;

	return false;
}

static bool match_ifname(const struct rstf_ifname *ifname,
			 const struct net_device *dev)
{
	if (!ifname->len)
		return true;

	return dev && !strncmp(dev->name, ifname->name, ifname->len);
}

/**
 * rstf_match_segment() - whether a segment is one that a rule is about
 * @match: the rule's match
 * @seg: segment at a hook and of a family that @match is about
 * @state: the traversal, for its interfaces
 *
 * Context: RCU read side.
 * Return: true if all conditions hold.
 */
bool rstf_match_segment(const struct rstf_match *match,
			const struct rstf_segment *seg,
			const struct nf_hook_state *state)
{
	return match->kinds & seg->kinds &&
	       match_ports(&match->dport, seg->dport) &&
	       match_ports(&match->sport, seg->sport) &&
	       match_prefix(&match->daddr, &seg->daddr, seg->family) &&
	       match_prefix(&match->saddr, &seg->saddr, seg->family) &&
	       match_ifname(&match->iif, state->in) &&
	       match_ifname(&match->oif, state->out);
}
