/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_SEND_H
#define _RSTF_SEND_H

#include <linux/types.h>

struct net;
struct net_device;
struct nf_hook_state;
struct rstf_segment;
struct sk_buff;

/**
 * struct rstf_way - how a RST gets to the sender of a segment
 * @link: send it by this bridge port, with the link layer header that it has
 * @dev: let it arrive by this device; if neither: send it as routed
 */
struct rstf_way {
	struct net_device *link;
	struct net_device *dev;
};

int rstf_send_find_way(struct rstf_way *way, struct net *net,
		       struct sk_buff *skb, const struct rstf_segment *rst,
		       const struct nf_hook_state *state);
int rstf_send(struct net *net, struct sk_buff *skb,
	      const struct rstf_way *way);

#endif /* _RSTF_SEND_H */
