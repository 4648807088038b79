/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _RSTF_SOCK_H
#define _RSTF_SOCK_H

#include <linux/types.h>

struct net;
struct net_device;
struct nf_hook_state;
struct rstf_segment;
struct sk_buff;
struct sock;

/**
 * enum rstf_end - an end of a connection, as seen from a segment of it
 * @RSTF_SENDER: who sent the segment
 * @RSTF_RECEIVER: whom it is for
 */
enum rstf_end {
	RSTF_SENDER,
	RSTF_RECEIVER,
};

struct sock *rstf_sock_find(struct net *net, const struct rstf_segment *seg,
			    enum rstf_end end, const struct net_device *dev);
struct sock *rstf_sock_find_receiver(const struct rstf_segment *seg,
				     const struct sk_buff *skb,
				     const struct nf_hook_state *state);

#endif /* _RSTF_SOCK_H */
