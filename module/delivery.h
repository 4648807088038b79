/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_DELIVERY_H
#define _RSTF_DELIVERY_H

#include <linux/netdevice.h>
#include <linux/types.h>

struct rstf_held;
struct rstf_net;
struct rstf_rule;
struct rstf_segment;
struct rstf_target;
struct sk_buff;

void rstf_delivery_emit(struct rstf_held *held, struct sk_buff *skb);
bool rstf_delivery_is_inside(void);
void rstf_delivery_cancel(const struct rstf_held *held);
void rstf_delivery_tell(struct rstf_net *rnet, const struct rstf_rule *rule,
			const struct rstf_segment *seg, u8 outcome,
			const struct rstf_target *target);
u8 rstf_delivery_report(struct rstf_net *rnet, struct rstf_rule *rule,
			const struct rstf_segment *seg, bool sent,
			const struct rstf_target *target);

/**
 * rstf_delivery_taken() - whether the stack has taken a packet
 * @ret: what the stack has returned
 *
 * Return: whether it has: no errno, and neither NET_XMIT_DROP nor NET_RX_DROP.
 */
static inline bool rstf_delivery_taken(int ret)
{
	return ret == 0 || ret == NET_XMIT_CN;
}

#endif /* _RSTF_DELIVERY_H */
