/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_NETLINK_EVENT_H
#define _RSTF_NETLINK_EVENT_H

#include <linux/types.h>

struct nlattr;
struct rstf_event;
struct rstf_segment;
struct sk_buff;

struct sk_buff *rstf_netlink_event(const struct rstf_event *event,
				   struct nlattr **number);
int rstf_netlink_put_tuple(struct sk_buff *skb, const struct rstf_segment *seg);

#endif /* _RSTF_NETLINK_EVENT_H */
