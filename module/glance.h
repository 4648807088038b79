/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to a packet that no rule wants: as nearly all are that, it is a
 * glance at them.
 */
#ifndef _RSTF_GLANCE_H
#define _RSTF_GLANCE_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <net/ip.h>
#include <net/tcp.h>

/*
 * A set of combinations of the flags FIN, SYN, RST and ACK has a bit for each of
 * them, so that a look at a packet tells whether it can be of use. See
 * rstf_segment_combinations().
 */
#define RSTF_COMBINATION(flags) ((flags) & 0x17)

/**
 * rstf_glance_wants() - whether a segment with these flags is in a set
 * @flags: byte 13 of the TCP header
 * @combinations: the set
 *
 * Context: Any.
 * Return: whether it is.
 */
static __always_inline bool rstf_glance_wants(u8 flags, u32 combinations)
{
	return combinations >> RSTF_COMBINATION(flags) & 1;
}

/**
 * enum rstf_glance - what a glance at a packet tells
 * @RSTF_GLANCE_USELESS: it is no segment, or one that is of no use
 * @RSTF_GLANCE_RESET: it is a RST behind two headers without options
 * @RSTF_GLANCE_SEGMENT: it may be a segment of use
 */
enum rstf_glance {
	RSTF_GLANCE_USELESS,
	RSTF_GLANCE_RESET,
	RSTF_GLANCE_SEGMENT,
};

static __always_inline enum rstf_glance
glance_tcp(const struct sk_buff *skb, unsigned int thoff, bool bare,
	   u32 combinations, const struct tcphdr **th)
{
	u8 flags;

	if (unlikely(thoff + sizeof(**th) > skb_headlen(skb)))
		return RSTF_GLANCE_SEGMENT;

	*th = (const void *)(skb->data + thoff);
	flags = tcp_flag_byte(*th);
	if (likely(!rstf_glance_wants(flags, combinations)))
		return RSTF_GLANCE_USELESS;

	return bare && flags & TCPHDR_RST ? RSTF_GLANCE_RESET :
					    RSTF_GLANCE_SEGMENT;
}

/**
 * rstf_glance_ipv4() - whether a packet can be a segment of use
 * @skb: as for rstf_segment_parse_ipv4()
 * @combinations: of flags, the set that is of use
 * @th: gets the TCP header of what is a RST
 *
 * Context: Any. Changes nothing.
 * Return: what is known.
 */
static __always_inline enum rstf_glance
rstf_glance_ipv4(const struct sk_buff *skb, u32 combinations,
		 const struct tcphdr **th)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_TCP || iph->frag_off & htons(IP_OFFSET))
		return RSTF_GLANCE_USELESS;

	return glance_tcp(skb, skb_network_offset(skb) + iph->ihl * 4,
			  iph->ihl == sizeof(*iph) / 4, combinations, th);
}

/**
 * rstf_glance_ipv6() - whether a packet can be a segment of use
 * @skb: as for rstf_segment_parse_ipv6()
 * @combinations: of flags, the set that is of use
 * @th: gets the TCP header of what is a RST
 *
 * Of packets with extension headers nothing is known.
 *
 * Context: Any. Changes nothing.
 * Return: what is known.
 */
static __always_inline enum rstf_glance
rstf_glance_ipv6(const struct sk_buff *skb, u32 combinations,
		 const struct tcphdr **th)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	if (ip6h->nexthdr == IPPROTO_UDP || ip6h->nexthdr == IPPROTO_ICMPV6)
		return RSTF_GLANCE_USELESS;
	if (unlikely(ip6h->nexthdr != IPPROTO_TCP))
		return RSTF_GLANCE_SEGMENT;

	return glance_tcp(skb, skb_network_offset(skb) + sizeof(*ip6h), true,
			  combinations, th);
}

#endif /* _RSTF_GLANCE_H */
