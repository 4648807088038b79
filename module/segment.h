/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_SEGMENT_H
#define _RSTF_SEGMENT_H

#include <linux/netfilter.h>
#include <linux/types.h>

struct sk_buff;

/**
 * struct rstf_segment - what rules can ask about a TCP segment
 * @saddr: source address
 * @daddr: destination address
 * @sport: source port, host byte order
 * @dport: destination port, host byte order
 * @seq: sequence number, host byte order
 * @ack: acknowledgment number, host byte order; of no meaning without ACK
 * @payload: bytes behind the TCP header
 * @thoff: offset of the TCP header from skb->data
 * @flags: byte 13 of the TCP header
 * @family: AF_INET or AF_INET6
 * @kinds: every enum rstfault_segment that it is, never 0
 */
struct rstf_segment {
	union nf_inet_addr saddr;
	union nf_inet_addr daddr;
	u16 sport;
	u16 dport;
	u32 seq;
	u32 ack;
	u32 payload;
	u32 thoff;
	u8 flags;
	u8 family;
	u8 kinds;
};

u32 rstf_segment_combinations(u8 kinds);
u32 rstf_segment_seq_len(const struct rstf_segment *seg);

bool rstf_segment_parse_ipv4(struct rstf_segment *seg,
			     const struct sk_buff *skb, u8 wanted);
bool rstf_segment_parse_ipv6(struct rstf_segment *seg,
			     const struct sk_buff *skb, u8 wanted);

#endif /* _RSTF_SEGMENT_H */
