/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RESET_H
#define _RSTF_RESET_H

#include <linux/netdevice.h>
#include <linux/types.h>

#include "sock.h"

struct net;
struct rstf_forge;
struct rstf_held;
struct rstf_net;
struct rstf_rule;
struct rstf_segment;
struct rstf_target;
struct sk_buff;
struct tcphdr;

struct sk_buff *rstf_reset_alloc(struct net *net,
				 const struct rstf_segment *seg,
				 enum rstf_end end,
				 const struct sk_buff *trigger);
void rstf_reset_fill(struct sk_buff *skb, struct rstf_segment *rst,
		     const struct rstf_forge *forge);
void rstf_reset_number(struct rstf_segment *rst, const struct rstf_forge *forge,
		       u32 exact, u32 ack, bool acks);
void rstf_reset_spoil(struct sk_buff *skb, struct tcphdr *th);
void rstf_reset_emit(struct rstf_held *held, struct sk_buff *skb);
bool rstf_reset_is_inside(void);
void rstf_reset_tell(struct rstf_net *rnet, const struct rstf_rule *rule,
		     const struct rstf_segment *seg, u8 outcome,
		     const struct rstf_target *target);
u8 rstf_reset_report(struct rstf_net *rnet, struct rstf_rule *rule,
		     const struct rstf_segment *seg, bool sent,
		     const struct rstf_target *target);

/**
 * rstf_reset_taken() - whether the stack has taken a packet
 * @ret: what the stack has returned
 *
 * Return: whether it has: no errno, and neither NET_XMIT_DROP nor NET_RX_DROP.
 */
static inline bool rstf_reset_taken(int ret)
{
	return ret == 0 || ret == NET_XMIT_CN;
}

#endif /* _RSTF_RESET_H */
