// SPDX-License-Identifier: GPL-2.0
/*
 * A forged RST: its headers, its numbers and its checksums.
 */
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/tcp.h>

#include "action.h"
#include "reset.h"
#include "segment.h"
#include "uapi/rstfault.h"

/*
 * More than any window: 65,535 << 14 is the largest (RFC 7323, section 2.3).
 * Less than half of the sequence space, so not in the past either.
 */
#define RESET_FAR 0x40000000

/* Room for the link layer header of a trigger. */
#define RESET_LINK_MAX (2 * ETH_HLEN)

/* Room in front of the IP header, and all of it. */
#define RESET_HEADROOM (LL_MAX_HEADER + RESET_LINK_MAX)
#define RESET_ROOM (RESET_HEADROOM + sizeof(struct ipv6hdr) + \
		    sizeof(struct tcphdr))

/* The bytes between the link layer header of @skb and its IP header. */
static unsigned int reset_link_len(const struct sk_buff *skb)
{
	unsigned int len;

	if (!skb_mac_header_was_set(skb))
		return 0;

	len = skb_network_header(skb) - skb_mac_header(skb);
	return len <= RESET_LINK_MAX ? len : 0;
}

/*
 * What the stack has noted of the trigger's IP options, extension headers and
 * fragments would be looked for, and written to, in a RST that has none.
 */
static void reset_clear_options(struct sk_buff *skb, bool ipv6)
{
	if (ipv6) {
		const struct inet6_skb_parm parm = {
			.iif = IP6CB(skb)->iif,
			.nhoff = offsetof(struct ipv6hdr, nexthdr),
			.flags = IP6CB(skb)->flags &
				 (IP6SKB_L3SLAVE | IP6SKB_FORWARDED |
				  IP6SKB_REROUTED | IP6SKB_XFRM_TRANSFORMED),
		};

		*IP6CB(skb) = parm;
	} else {
		memset(&IPCB(skb)->opt, 0, sizeof(IPCB(skb)->opt));
		IPCB(skb)->frag_max_size = 0;
	}
}

/* Go on where @trigger goes on: the same devices, route, marks and state. */
static void reset_copy_way(struct sk_buff *skb, const struct sk_buff *trigger,
			   bool ipv6)
{
	unsigned int len = reset_link_len(trigger);
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	unsigned int nhoff = skb_network_offset(skb);

	skb_copy_header(skb, trigger);
	shinfo->gso_size = 0;
	shinfo->gso_segs = 0;
	shinfo->gso_type = 0;
	skb->encapsulation = 0;
	skb->ooo_okay = 0;
	skb_clear_tstamp(skb);
	skb_set_network_header(skb, nhoff);
	reset_clear_options(skb, ipv6);
	memcpy(skb->data - len, skb_network_header(trigger) - len, len);
	skb_set_mac_header(skb, -len);
	skb->mac_len = trigger->mac_len;
}

/* Back to the bridge port that @trigger came by, if it came by one. */
static void reset_copy_link(struct sk_buff *skb, const struct sk_buff *trigger)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	struct ethhdr *eth;

	if (!trigger->skb_iif)
		return;
	/* A packet remembers its bridge also where it is routed already. */
	if (!nf_bridge_in_prerouting(trigger) &&
	    !nf_bridge_get_physoutdev(trigger))
		return;

	eth = (struct ethhdr *)(skb->data - ETH_HLEN);
	ether_addr_copy(eth->h_dest, eth_hdr(trigger)->h_source);
	ether_addr_copy(eth->h_source, eth_hdr(trigger)->h_dest);
	eth->h_proto = skb->protocol;
	skb->mac_len = ETH_HLEN;
	skb->skb_iif = trigger->skb_iif;
	__vlan_hwaccel_copy_tag(skb, trigger);
#endif
}

static void reset_put_ipv4(struct iphdr *iph, const struct rstf_segment *rst,
			   u8 ttl)
{
	*iph = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tot_len = htons(sizeof(*iph) + sizeof(struct tcphdr)),
		.frag_off = htons(IP_DF),
		.ttl = ttl,
		.protocol = IPPROTO_TCP,
		.saddr = rst->saddr.ip,
		.daddr = rst->daddr.ip,
	};
}

static void reset_put_ipv6(struct ipv6hdr *ip6h, const struct rstf_segment *rst,
			   u8 ttl)
{
	*ip6h = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(sizeof(struct tcphdr)),
		.nexthdr = IPPROTO_TCP,
		.hop_limit = ttl,
		.saddr = rst->saddr.in6,
		.daddr = rst->daddr.in6,
	};
}

static u8 reset_ttl(struct net *net, u8 family, const struct sk_buff *like)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (family == AF_INET6)
		return like ? ipv6_hdr(like)->hop_limit :
		       READ_ONCE(net->ipv6.devconf_all->hop_limit);
#endif
	return like ? ip_hdr(like)->ttl :
	       READ_ONCE(net->ipv4.sysctl_ip_default_ttl);
}

/* That of an answer of the stack. */
static u32 reset_mark(struct net *net, u8 family, const struct sk_buff *trigger)
{
#if IS_ENABLED(CONFIG_IPV6)
	if (family == AF_INET6)
		return IP6_REPLY_MARK(net, trigger->mark);
#endif
	return IP4_REPLY_MARK(net, trigger->mark);
}

/*
 * Be tracked with @trigger. The connection of a segment that still has to go on
 * may be a new one, whose addresses netfilter chooses for the first packet that
 * is not of an established connection: for the segment, not for what answers it
 * before, which is what a RST of the peer would be.
 */
static void reset_track(struct sk_buff *skb, const struct sk_buff *trigger)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info info;
	struct nf_conn *ct;

	nf_ct_attach(skb, trigger);
	ct = nf_ct_get(skb, &info);
	if (ct && info == IP_CT_RELATED_REPLY && !nf_ct_is_confirmed(ct))
		nf_ct_set(skb, ct, IP_CT_ESTABLISHED_REPLY);
#endif
}

/* What waits comes from the heap, where it keeps no memory but its own. */
static struct sk_buff *reset_alloc_skb(bool immediate)
{
	unsigned int size = SKB_DATA_ALIGN(RESET_ROOM) +
			    SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	struct sk_buff *skb;
	void *data;

	if (!immediate)
		return alloc_skb(RESET_ROOM, GFP_ATOMIC);

	data = napi_alloc_frag(size);
	if (!data)
		return NULL;

	skb = napi_build_skb(data, size);
	if (!skb)
		skb_free_frag(data);

	return skb;
}

/**
 * rstf_reset_alloc() - make a RST, but for its numbers
 * @net: the netns
 * @rst: addresses and ports
 * @end: whom it is for, as seen from @trigger
 * @trigger: the packet that it answers, at its network header; NULL: none
 * @immediate: it is sent at once; BH is disabled
 *
 * A RST to the receiver goes on where @trigger does.
 *
 * Context: RCU read side.
 * Return: the RST, at its IP header, or NULL: there is no memory.
 */
struct sk_buff *rstf_reset_alloc(struct net *net,
				 const struct rstf_segment *rst,
				 enum rstf_end end,
				 const struct sk_buff *trigger, bool immediate)
{
	bool ipv6 = rst->family == AF_INET6;
	const struct sk_buff *like = end == RSTF_RECEIVER ? trigger : NULL;
	unsigned int len = ipv6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	struct tcphdr *th;
	struct sk_buff *skb;
	u8 ttl;

	skb = reset_alloc_skb(immediate);
	if (!skb)
		return NULL;

	skb_reserve(skb, RESET_HEADROOM);
	skb_reset_network_header(skb);
	if (like)
		reset_copy_way(skb, like, ipv6);

	__skb_put(skb, len + sizeof(*th));
	ttl = reset_ttl(net, rst->family, like);
	if (ipv6)
		reset_put_ipv6(ipv6_hdr(skb), rst, ttl);
	else
		reset_put_ipv4(ip_hdr(skb), rst, ttl);

	skb_set_transport_header(skb, len);
	th = tcp_hdr(skb);
	*th = (struct tcphdr){
		.source = htons(rst->sport),
		.dest = htons(rst->dport),
		.doff = sizeof(*th) / 4,
		.rst = 1,
	};

	skb->protocol = htons(ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	if (end == RSTF_SENDER && trigger) {
		skb->mark = reset_mark(net, rst->family, trigger);
		reset_track(skb, trigger);
		reset_copy_link(skb, trigger);
	}

	return skb;
}

/**
 * rstf_reset_spoil() - make a TCP checksum wrong
 * @skb: packet with a right one
 * @th: its TCP header
 *
 * One bit off: 0x0000 and 0xffff, for one, are the same sum.
 *
 * Context: Any.
 */
void rstf_reset_spoil(struct sk_buff *skb, struct tcphdr *th)
{
	th->check ^= (__force __sum16)htons(1);
	/* Have the receiver look at it, also if somebody has looked already. */
	skb->ip_summed = CHECKSUM_NONE;
	skb->csum_valid = 0;
	skb->csum_complete_sw = 0;
}

/**
 * rstf_reset_fill() - give a RST its numbers and its checksums
 * @skb: from rstf_reset_alloc()
 * @rst: seq, ack and flags
 * @forge: TTL, and whether the checksum is to be wrong
 *
 * Context: Any.
 */
void rstf_reset_fill(struct sk_buff *skb, struct rstf_segment *rst,
		     const struct rstf_forge *forge)
{
	struct tcphdr *th = tcp_hdr(skb);
	unsigned int len = sizeof(*th);

	th->seq = htonl(rst->seq);
	th->ack = !!(rst->flags & TCPHDR_ACK);
	th->ack_seq = htonl(rst->ack);
	th->check = 0;
	/* A sum over whole words, as that of an IP header is. */
	skb->csum = csum_unfold(~ip_fast_csum(th, sizeof(*th) / 4));

	if (rst->family == AF_INET6) {
		struct ipv6hdr *ip6h = ipv6_hdr(skb);

		ip6h->hop_limit = forge->ttl ?: ip6h->hop_limit;
		th->check = tcp_v6_check(len, &ip6h->saddr, &ip6h->daddr,
					 skb->csum);
	} else {
		struct iphdr *iph = ip_hdr(skb);

		iph->ttl = forge->ttl ?: iph->ttl;
		ip_send_check(iph);
		th->check = tcp_v4_check(len, iph->saddr, iph->daddr,
					 skb->csum);
	}

	skb->ip_summed = CHECKSUM_NONE;
	if (forge->badsum)
		rstf_reset_spoil(skb, th);
}

/**
 * rstf_reset_number() - choose the numbers of a RST
 * @rst: gets seq, ack and flags
 * @forge: how they are wanted
 * @exact: sequence number that resets the target
 * @ack: what the target has sent and wants to have acknowledged
 * @acks: a stack would acknowledge it
 *
 * Context: Any.
 */
void rstf_reset_number(struct rstf_segment *rst, const struct rstf_forge *forge,
		       u32 exact, u32 ack, bool acks)
{
	rst->seq = exact;
	switch (forge->seq) {
	case RSTFAULT_SEQ_OFFSET:
		rst->seq += forge->offset;
		break;
	case RSTFAULT_SEQ_IN_WINDOW:
		rst->seq++;
		break;
	case RSTFAULT_SEQ_OUT_OF_WINDOW:
		rst->seq += RESET_FAR;
		break;
	}

	rst->ack = ack;
	switch (forge->ack) {
	case RSTFAULT_ACK_NEVER:
		acks = false;
		break;
	case RSTFAULT_ACK_BAD:
		rst->ack += RESET_FAR;
		fallthrough;
	case RSTFAULT_ACK_ALWAYS:
		acks = true;
		break;
	}
	rst->flags = TCPHDR_RST | (acks ? TCPHDR_ACK : 0);
	if (!acks)
		rst->ack = 0;
}
