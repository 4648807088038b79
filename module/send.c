// SPDX-License-Identifier: GPL-2.0
/*
 * How a RST gets back to the sender of a segment.
 *
 * Where the segment was leaving, the RST arrives by the device that it was
 * leaving by, as one from its receiver would: that gets it through NAT, and to
 * sockets that are bound to a device or a VRF. Where the segment had arrived,
 * the RST is routed back. If that leads to this host, it arrives by the device
 * of that route, which is loopback or a VRF.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <net/addrconf.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "hook.h"
#include "segment.h"
#include "send.h"

static bool send_is_local(const struct dst_entry *dst, u8 family)
{
	if (family == AF_INET6)
		return container_of(dst, struct rt6_info, dst)->rt6i_flags &
		       RTF_LOCAL;

	return container_of(dst, struct rtable, dst)->rt_flags & RTCF_LOCAL;
}

/*
 * The device that a link-local address is valid for. By loopback comes what is
 * for an address of another one.
 */
static int send_link_ifindex(struct net *net, const struct in6_addr *addr,
			     const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct net_device *own = NULL;

	if (dev->flags & IFF_LOOPBACK)
		own = ipv6_dev_find(net, addr, NULL);
	if (own)
		return own->ifindex;
#endif
	return dev->ifindex;
}

/*
 * Whether xfrm_lookup() could do anything. It finds out by itself, but only
 * after much else.
 */
static bool send_has_policies(const struct net *net)
{
#ifdef CONFIG_XFRM
	return READ_ONCE(net->xfrm.policy_count[XFRM_POLICY_OUT]) ||
	       READ_ONCE(net->xfrm.policy_default[XFRM_POLICY_OUT]) ==
	       XFRM_USERPOLICY_BLOCK;
#else
	return false;
#endif
}

/* ipv6_addr_type() tells it too, behind all that an address may be besides. */
static bool send_is_link_local(const struct in6_addr *addr)
{
	return (addr->s6_addr32[0] & htonl(0xffc00000)) == htonl(0xfe800000);
}

/* The route of @rst, which seems to be sent by @dev's network. */
static int send_route(struct net *net, struct sk_buff *skb,
		      const struct rstf_segment *rst,
		      const struct net_device *dev)
{
	int master = l3mdev_master_ifindex_rcu(dev);
	struct dst_entry *dst;
	struct flowi fl = {};
	int err;

	if (rst->family == AF_INET6) {
		fl.u.ip6.flowi6_proto = IPPROTO_TCP;
		fl.u.ip6.saddr = rst->saddr.in6;
		fl.u.ip6.daddr = rst->daddr.in6;
		fl.u.ip6.fl6_sport = htons(rst->sport);
		fl.u.ip6.fl6_dport = htons(rst->dport);
		fl.u.ip6.flowi6_flags = FLOWI_FLAG_ANYSRC;
		fl.u.ip6.flowi6_mark = skb->mark;
		fl.u.ip6.flowi6_oif = master;
		if (send_is_link_local(&rst->daddr.in6))
			fl.u.ip6.flowi6_oif =
				send_link_ifindex(net, &rst->daddr.in6, dev);
	} else {
		fl.u.ip4.flowi4_proto = IPPROTO_TCP;
		fl.u.ip4.saddr = rst->saddr.ip;
		fl.u.ip4.daddr = rst->daddr.ip;
		fl.u.ip4.fl4_sport = htons(rst->sport);
		fl.u.ip4.fl4_dport = htons(rst->dport);
		fl.u.ip4.flowi4_flags = FLOWI_FLAG_ANYSRC;
		fl.u.ip4.flowi4_mark = skb->mark;
		fl.u.ip4.flowi4_oif = master;
	}

	err = nf_route(net, &dst, &fl, false, rst->family);
	if (err)
		return err;

	/*
	 * As the sender expects it: encrypted if the connection is. A route of
	 * IPv4 has that already; once more would be twice.
	 */
	if (rst->family == AF_INET6 && send_has_policies(net) &&
	    !send_is_local(dst, rst->family)) {
		dst = xfrm_lookup(net, dst, &fl, NULL, 0);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
	}

	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	return 0;
}

/**
 * rstf_send_find_way() - find how a RST gets back to the sender of a segment
 * @way: filled in; valid within the RCU read side
 * @net: the netns
 * @skb: the RST; may get a route
 * @rst: the same
 * @state: traversal of the segment
 *
 * Context: RCU read side.
 * Return: 0; -ENETUNREACH or another error of routing or of IPsec; -ENODEV: the
 *	bridge port is gone.
 */
int rstf_send_find_way(struct rstf_way *way, struct net *net,
		       struct sk_buff *skb, const struct rstf_segment *rst,
		       const struct nf_hook_state *state)
{
	bool leaving = rstf_hook_is_leaving(state->hook);
	struct net_device *dev = leaving ? state->out : state->in;
	int err;

	memset(way, 0, sizeof(*way));
	if (skb->mac_len) {
		way->link = dev_get_by_index_rcu(net, skb->skb_iif);
		return way->link ? 0 : -ENODEV;
	}

	if (leaving && !(dev->flags & IFF_LOOPBACK) &&
	    !netif_is_l3_master(dev)) {
		way->dev = dev;
		return 0;
	}

	err = send_route(net, skb, rst, dev);
	if (!err && send_is_local(skb_dst(skb), rst->family))
		way->dev = skb_dst(skb)->dev;

	return err;
}

/* Let @skb arrive by @dev. */
static int send_receive(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	skb->ip_summed = CHECKSUM_NONE;
	if (dev->type == ARPHRD_ETHER || dev->type == ARPHRD_LOOPBACK) {
		struct ethhdr *eth = skb_push(skb, ETH_HLEN);

		ether_addr_copy(eth->h_dest, dev->dev_addr);
		eth_zero_addr(eth->h_source);
		eth->h_proto = skb->protocol;
		skb->protocol = eth_type_trans(skb, dev);
	} else {
		skb_reset_mac_header(skb);
		skb->pkt_type = PACKET_HOST;
	}

	/* Not to another CPU: what comes of it is looked at when it is done. */
	return netif_receive_skb_core(skb);
}

/* As from a bridge port, with the addresses of the link layer swapped. */
static int send_link(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	skb_push(skb, skb->mac_len);
	skb_reset_mac_header(skb);
	return dev_queue_xmit(skb);
}

/**
 * rstf_send() - send a RST to the sender of a segment
 * @net: the netns
 * @skb: the RST, consumed
 * @way: from rstf_send_find_way(), in the same RCU read side
 *
 * Context: RCU read side, BH disabled. No lock held.
 * Return: 0, a NET_XMIT_* or NET_RX_* code, or a negative errno.
 */
int rstf_send(struct net *net, struct sk_buff *skb, const struct rstf_way *way)
{
	if (way->link)
		return send_link(skb, way->link);
	if (way->dev)
		return send_receive(skb, way->dev);

	skb->dev = skb_dst(skb)->dev;
	if (skb->protocol == htons(ETH_P_IPV6))
		return ip6_local_out(net, NULL, skb);
	return ip_local_out(net, NULL, skb);
}
