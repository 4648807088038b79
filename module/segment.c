// SPDX-License-Identifier: GPL-2.0
/*
 * From a packet to a TCP segment. Nothing here changes the packet or takes a
 * lock; what cannot be read to its end is not a segment, and the stack is left
 * to deal with it.
 */
#include <linux/bits.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "compat.h"
#include "glance.h"
#include "segment.h"
#include "uapi/rstfault.h"

/* The kinds of a segment, by its flags and by the length of its payload. */
static __always_inline u8 segment_kinds(const struct tcphdr *th, unsigned int payload)
{
	u8 kinds = RSTFAULT_SEGMENT_ANY;

	if (th->rst)
		return kinds | RSTFAULT_SEGMENT_RST;

	if (th->syn)
		kinds |= th->ack ? RSTFAULT_SEGMENT_SYNACK :
				   RSTFAULT_SEGMENT_SYN;
	if (th->fin)
		kinds |= RSTFAULT_SEGMENT_FIN;
	if (payload)
		kinds |= RSTFAULT_SEGMENT_DATA;
	else if (th->ack && !th->syn && !th->fin)
		kinds |= RSTFAULT_SEGMENT_ACK;

	return kinds;
}

/**
 * rstf_segment_combinations() - the flags that segments of some kinds can have
 * @kinds: the kinds, enum rstfault_segment
 *
 * Context: Any.
 * Return: a set for rstf_glance_wants().
 */
u32 rstf_segment_combinations(u8 kinds)
{
	u32 combinations = 0;
	struct tcphdr th;
	u8 flags;

	for (flags = 0; flags < 32; flags++) {
		memset(&th, 0, sizeof(th));
		((u8 *)&th)[13] = flags;
		if (kinds & (segment_kinds(&th, 0) | segment_kinds(&th, 1)))
			combinations |= BIT(RSTF_COMBINATION(flags));
	}

	return combinations;
}

/*
 * Read the TCP header @th at @thoff. The length comes from the skb and not from
 * the IP header, which has none in a GSO packet of more than 64 KiB.
 */
static __always_inline bool segment_read(struct rstf_segment *seg,
					 const struct sk_buff *skb,
					 const struct tcphdr *th,
					 unsigned int thoff, u8 wanted)
{
	unsigned int hlen = __tcp_hdrlen(th);

	if (hlen < sizeof(*th) || skb->len < thoff + hlen)
		return false;

	seg->payload = skb->len - thoff - hlen;
	seg->kinds = segment_kinds(th, seg->payload);
	if (!(seg->kinds & wanted))
		return false;

	seg->sport = ntohs(th->source);
	seg->dport = ntohs(th->dest);
	seg->seq = ntohl(th->seq);
	seg->ack = ntohl(th->ack_seq);
	seg->thoff = thoff;
	seg->flags = tcp_flag_byte(th);
	return true;
}

/* The same for a header that is not in the linear part, or not all of it. */
static noinline bool segment_read_copy(struct rstf_segment *seg,
				       const struct sk_buff *skb,
				       unsigned int thoff, u8 wanted)
{
	struct tcphdr th;

	return !skb_copy_bits(skb, thoff, &th, sizeof(th)) &&
	       segment_read(seg, skb, &th, thoff, wanted);
}

static __always_inline bool segment_parse_tcp(struct rstf_segment *seg,
					      const struct sk_buff *skb,
					      unsigned int thoff, u8 wanted)
{
	const void *th = skb->data + thoff;

	if (likely(thoff + sizeof(struct tcphdr) <= skb_headlen(skb)))
		return segment_read(seg, skb, th, thoff, wanted);

	return segment_read_copy(seg, skb, thoff, wanted);
}

/**
 * rstf_segment_seq_len() - how many sequence numbers a segment takes up
 * @seg: the segment
 *
 * RFC 9293, section 3.4: SYN and FIN count one each.
 *
 * Context: Any.
 * Return: the number.
 */
u32 rstf_segment_seq_len(const struct rstf_segment *seg)
{
	return seg->payload + !!(seg->flags & TCPHDR_SYN) +
	       !!(seg->flags & TCPHDR_FIN);
}

/*
 * Where an IPv4 packet ends that goes by a route of its sender's choice
 * (RFC 791, section 3.1): the last address of that route, as long as it has not
 * been there. That is also what the TCP checksum is about.
 */
static noinline __be32 segment_end_ipv4(const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const u8 *opt = (const u8 *)(iph + 1);
	unsigned int left = ip_hdrlen(skb) - sizeof(*iph), len;
	__be32 end = iph->daddr;

	for (; left > 1 && opt[0] != IPOPT_END; opt += len, left -= len) {
		len = opt[0] == IPOPT_NOOP ? 1 : opt[1];
		if (!len || len > left)
			break;
		if (opt[0] != IPOPT_LSRR && opt[0] != IPOPT_SSRR)
			continue;
		if (len >= IPOPT_MINOFF - 1 + sizeof(end) &&
		    opt[IPOPT_OFFSET] <= len)
			memcpy(&end, opt + len - sizeof(end), sizeof(end));
		break;
	}

	return end;
}

/**
 * rstf_segment_parse_ipv4() - read a segment from an IPv4 packet
 * @seg: filled in if the function returns true, otherwise undefined
 * @skb: packet whose network header is valid and in the linear part, as at
 *	every netfilter hook
 * @wanted: kinds that the caller has a use for, enum rstfault_segment
 *
 * Only the first fragment of a fragmented packet has a TCP header.
 *
 * Context: Any. Changes nothing.
 * Return: whether @skb is a whole TCP header of one of the kinds @wanted.
 */
bool rstf_segment_parse_ipv4(struct rstf_segment *seg,
			     const struct sk_buff *skb, u8 wanted)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_TCP || iph->frag_off & htons(IP_OFFSET))
		return false;
	if (!segment_parse_tcp(seg, skb, skb_network_offset(skb) + ip_hdrlen(skb),
			       wanted))
		return false;

	seg->family = AF_INET;
	/* Whole, as flows are hashed and compared by all of it. */
	seg->saddr = (union nf_inet_addr){ .ip6 = { iph->saddr } };
	seg->daddr = (union nf_inet_addr){ .ip6 = { iph->daddr } };
	if (unlikely(iph->ihl > sizeof(*iph) / 4))
		seg->daddr.ip = segment_end_ipv4(skb);
	return true;
}

/*
 * The same for IPv6 (RFC 8200, section 4.4): in the type for mobile hosts
 * (RFC 6275, section 6.4), which has one address, that; in the one of segment
 * routing (RFC 8754, section 2) the first, as those are in reverse order.
 */
static void segment_end_ipv6(const struct sk_buff *skb, struct in6_addr *end)
{
	const struct ipv6_rt_hdr *rh;
	const struct in6_addr *addr;
	struct ipv6_rt_hdr _rh;
	struct in6_addr _addr;
	unsigned int offset = 0;

	if (ipv6_find_hdr(skb, &offset, NEXTHDR_ROUTING, NULL, NULL) < 0)
		return;
	rh = skb_header_pointer(skb, offset, sizeof(_rh), &_rh);
	if (!rh || !rh->segments_left || rh->hdrlen < 2)
		return;
	if (rh->type != IPV6_SRCRT_TYPE_2 && rh->type != IPV6_SRCRT_TYPE_4)
		return;

	/* Behind eight bytes in either. */
	addr = skb_header_pointer(skb, offset + 8, sizeof(_addr), &_addr);
	if (addr)
		*end = *addr;
}

/**
 * rstf_segment_parse_ipv6() - read a segment from an IPv6 packet
 * @seg: as for rstf_segment_parse_ipv4()
 * @skb: as for rstf_segment_parse_ipv4()
 * @wanted: as for rstf_segment_parse_ipv4()
 *
 * Extension headers (RFC 8200, section 4) are skipped, but not those of IPsec,
 * whose packets come to the hooks without them as well.
 *
 * Context: Any. Changes nothing.
 * Return: whether @skb is a whole TCP header of one of the kinds @wanted.
 */
bool rstf_segment_parse_ipv6(struct rstf_segment *seg,
			     const struct sk_buff *skb, u8 wanted)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	unsigned int thoff = skb_network_offset(skb) + sizeof(*ip6h);
	struct in6_addr end = ip6h->daddr;

	if (ip6h->nexthdr != IPPROTO_TCP) {
		int flags = IP6_FH_F_AUTH;
		unsigned short fragoff;

		thoff = 0;
		if (!IS_ENABLED(CONFIG_IPV6) ||
		    ipv6_find_hdr(skb, &thoff, -1, &fragoff, &flags) != IPPROTO_TCP ||
		    fragoff)
			return false;
		segment_end_ipv6(skb, &end);
	}
	if (!segment_parse_tcp(seg, skb, thoff, wanted))
		return false;

	seg->family = AF_INET6;
	seg->saddr.in6 = ip6h->saddr;
	seg->daddr.in6 = end;
	return true;
}
