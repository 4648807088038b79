/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet of a VRF comes to some hooks twice, by the device and by the VRF.
 * What counts is the time at which it comes by the device. If that is a bridge,
 * and br_netfilter shows what comes by its ports, that is the first time of three.
 */
#ifndef _RSTF_VRF_H
#define _RSTF_VRF_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "segment.h"

bool rstf_vrf_is_repetition_out(const struct sk_buff *skb,
				const struct rstf_segment *seg,
				const struct nf_hook_state *state);

/*
 * Has br_netfilter shown a packet for the host already? Where the bridge is in no
 * VRF, it keeps netfilter from showing it again (ip_sabotage_in()).
 */
static __always_inline bool rstf_vrf_was_bridged(const struct sk_buff *skb,
						 const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	if (!nf_bridge_info_exists(skb) || nf_bridge_in_prerouting(skb) ||
	    !netif_is_l3_slave(dev))
		return false;
	if (is_vlan_dev(dev))
		dev = vlan_dev_real_dev(dev);

	return netif_is_bridge_master(dev);
#else
	return false;
#endif
}

/* Did a packet at PRE_ROUTING come by the VRF, or by a bridge in one? */
static __always_inline bool
rstf_vrf_is_repetition_in(const struct sk_buff *skb,
			  const struct nf_hook_state *state, u8 family)
{
	if (family == AF_INET6 ? ipv6_l3mdev_skb(IP6CB(skb)->flags) :
				 ipv4_l3mdev_skb(IPCB(skb)->flags))
		return true;

	return rstf_vrf_was_bridged(skb, state->in);
}

/**
 * rstf_vrf_may_be_repetition() - whether a packet may have been here already
 * @skb: the packet
 * @state: its traversal of the hook
 * @family: AF_INET or AF_INET6
 *
 * Knows without a look at anything but the packet, its route and its devices.
 *
 * Context: RCU read side.
 * Return: false: it has not, and rstf_vrf_is_repetition() would return false.
 *	true: it may have, ask that.
 */
static __always_inline bool
rstf_vrf_may_be_repetition(const struct sk_buff *skb,
			   const struct nf_hook_state *state, u8 family)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		return rstf_vrf_is_repetition_in(skb, state, family);
	case NF_INET_LOCAL_OUT:
	case NF_INET_POST_ROUTING:
		return netif_is_l3_master(state->out) || !skb_dst(skb) ||
		       skb_dst(skb)->dev != state->out;
	default:
		return false;
	}
}

/**
 * rstf_vrf_is_repetition() - whether a segment has been here already
 * @skb: the packet
 * @seg: the segment in it
 * @state: its traversal of the hook
 * @family: AF_INET or AF_INET6
 *
 * Context: RCU read side.
 * Return: whether it has.
 */
static __always_inline bool
rstf_vrf_is_repetition(const struct sk_buff *skb,
		       const struct rstf_segment *seg,
		       const struct nf_hook_state *state, u8 family)
{
	switch (state->hook) {
	case NF_INET_PRE_ROUTING:
		return rstf_vrf_is_repetition_in(skb, state, family);
	case NF_INET_LOCAL_OUT:
	case NF_INET_POST_ROUTING:
		return rstf_vrf_is_repetition_out(skb, seg, state);
	default:
		return false;
	}
}

#endif /* _RSTF_VRF_H */
