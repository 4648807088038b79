// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that leave a VRF.
 */
#include <net/addrconf.h>
#include <net/route.h>

#include "vrf.h"

/* Whether a segment is for this host, at an address in @vrf. */
static bool vrf_is_local(const struct net_device *vrf,
			 const struct rstf_segment *seg)
{
	struct net *net = dev_net(vrf);

#if IS_ENABLED(CONFIG_IPV6)
	if (seg->family == AF_INET6)
		return ipv6_chk_addr(net, &seg->daddr.in6, vrf, 0);
#endif
	return inet_addr_type_dev_table(net, vrf, seg->daddr.ip) == RTN_LOCAL;
}

/**
 * rstf_vrf_is_repetition_out() - whether a segment leaves by a VRF and by its
 *	device, and this is by the VRF
 * @skb: the packet
 * @seg: the segment in it
 * @state: its traversal of LOCAL_OUT or POST_ROUTING
 *
 * Only what is for an address in the VRF leaves by that alone. Its route does
 * not tell: with a queue of its own the VRF has put another one in its place,
 * which IPv6 does not look at before it shows the packet to LOCAL_OUT.
 *
 * Context: RCU read side.
 * Return: whether it is.
 */
bool rstf_vrf_is_repetition_out(const struct sk_buff *skb,
				const struct rstf_segment *seg,
				const struct nf_hook_state *state)
{
	const struct dst_entry *dst = skb_dst(skb);

	if (netif_is_l3_master(state->out))
		return !vrf_is_local(state->out, seg);

	return dst && dst->dev != state->out && netif_is_l3_master(dst->dev);
}
