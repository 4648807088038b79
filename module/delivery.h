/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_DELIVERY_H
#define _RSTF_DELIVERY_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/types.h>

#include "segment.h"
#include "sock.h"
#include "target.h"

struct rstf_held;
struct rstf_net;
struct rstf_rule;
struct rstf_trigger;
struct sk_buff;
struct task_struct;

/**
 * struct rstf_delivery - one forged RST that is being delivered
 * @node: place in the list of the CPU
 * @task: who does it
 * @trigger: why it is sent; its skb may have gone
 * @end: whom it is for
 * @last: no other one of its series comes behind it
 * @rst: the RST
 * @target: the local socket that it is for, or none
 *
 * It lives on the stack of who delivers.
 */
struct rstf_delivery {
	struct hlist_node node;
	const struct task_struct *task;
	const struct rstf_trigger *trigger;
	enum rstf_end end;
	bool last;
	struct rstf_segment rst;
	struct rstf_target target;
};

void rstf_delivery_init(struct rstf_delivery *delivery,
			const struct rstf_trigger *trigger, enum rstf_end end,
			bool last);
bool rstf_delivery_emit(struct rstf_delivery *delivery, struct sk_buff *skb);
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
