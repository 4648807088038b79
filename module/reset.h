/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_RESET_H
#define _RSTF_RESET_H

#include <linux/types.h>

#include "sock.h"

struct net;
struct rstf_forge;
struct rstf_segment;
struct sk_buff;
struct tcphdr;

struct sk_buff *rstf_reset_alloc(struct net *net,
				 const struct rstf_segment *seg,
				 enum rstf_end end,
				 const struct sk_buff *trigger, bool immediate);
void rstf_reset_fill(struct sk_buff *skb, struct rstf_segment *rst,
		     const struct rstf_forge *forge);
void rstf_reset_number(struct rstf_segment *rst, const struct rstf_forge *forge,
		       u32 exact, u32 ack, bool acks);
void rstf_reset_spoil(struct sk_buff *skb, struct tcphdr *th);

#endif /* _RSTF_RESET_H */
