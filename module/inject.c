// SPDX-License-Identifier: GPL-2.0
/*
 * Reset a connection of a local socket, without a segment that would trigger
 * it. The socket knows all numbers.
 */
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <net/dst.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "action.h"
#include "inject.h"
#include "netns.h"
#include "reset.h"
#include "segment.h"
#include "send.h"
#include "sock.h"
#include "target.h"
#include "uapi/rstfault.h"

/* The socket of @seg, whichever device it is bound to. */
static struct sock *inject_find(struct net *net, const struct rstf_segment *seg)
{
	struct net_device *dev;
	struct sock *sk;

	rcu_read_lock();
	sk = rstf_sock_find(net, seg, RSTF_SENDER, NULL);
	for_each_netdev_rcu(net, dev) {
		if (sk && sk->sk_state != TCP_LISTEN)
			break;
		if (sk)
			sock_gen_put(sk);
		sk = rstf_sock_find(net, seg, RSTF_SENDER, dev);
	}
	rcu_read_unlock();

	return sk;
}

/*
 * Make @seg the segment that the socket would send now. Waits for the process
 * that has the socket, so that it has read its backlog. Returns the device that
 * it would leave by, with a reference, or NULL.
 */
static struct net_device *inject_read(struct sock *sk, struct rstf_segment *seg)
{
	struct net_device *dev = NULL;
	const struct dst_entry *dst;

	lock_sock(sk);
	seg->seq = tcp_sk(sk)->snd_nxt;
	seg->ack = tcp_sk(sk)->rcv_nxt;
	seg->flags = sk->sk_state == TCP_SYN_SENT ? 0 : TCPHDR_ACK;
	/* A route loses its device in advance of a grace period. */
	rcu_read_lock();
	dst = __sk_dst_get(sk);
	if (dst) {
		dev = READ_ONCE(dst->dev);
		dev_hold(dev);
	}
	rcu_read_unlock();
	release_sock(sk);

	return dev;
}

/* Returns whether the stack took it. */
static bool inject_send(struct net *net, struct rstf_segment *rst,
			const struct rstf_forge *forge, enum rstf_end end,
			const struct nf_hook_state *state)
{
	struct sk_buff *skb;
	struct rstf_way way;

	skb = rstf_reset_alloc(net, rst, end, NULL);
	if (!skb)
		return false;

	rstf_reset_fill(skb, rst, forge);
	if (rstf_send_find_way(&way, net, skb, rst, state)) {
		kfree_skb(skb);
		return false;
	}

	return rstf_reset_taken(rstf_send(net, skb, &way));
}

/* As an active RST of the socket: RFC 9293, section 3.10.5. */
static void inject_to_peer(struct rstf_net *rnet,
			   const struct rstf_segment *seg,
			   const struct rstf_forge *forge,
			   struct net_device *dev)
{
	const struct nf_hook_state state = {
		.hook = NF_INET_LOCAL_IN, .in = dev,
	};
	struct rstf_segment rst = *seg;
	bool sent;

	rstf_reset_number(&rst, forge, seg->seq, seg->ack,
			  seg->flags & TCPHDR_ACK);
	sent = inject_send(rnet->net, &rst, forge, RSTF_RECEIVER, &state);
	rstf_reset_report(rnet, NULL, &rst, sent, NULL);
}

/* As if the peer had sent it. */
static u8 inject_to_local(struct rstf_net *rnet, const struct rstf_segment *seg,
			  const struct rstf_forge *forge,
			  struct net_device *dev)
{
	const struct nf_hook_state state = {
		.hook = NF_INET_LOCAL_OUT, .out = dev,
	};
	bool acked = seg->flags & TCPHDR_ACK;
	struct rstf_segment rst = *seg;
	struct rstf_target target;
	u8 outcome;
	bool sent;

	swap(rst.saddr, rst.daddr);
	swap(rst.sport, rst.dport);
	rstf_reset_number(&rst, forge, acked ? seg->ack : 0, seg->seq, !acked);

	rstf_target_find(&target, rnet->net, seg, RSTF_SENDER, dev, true);
	sent = inject_send(rnet->net, &rst, forge, RSTF_SENDER, &state);
	outcome = rstf_reset_report(rnet, NULL, &rst, sent, &target);
	rstf_target_put(&target);

	return outcome;
}

/**
 * rstf_inject() - reset a connection of a local socket
 * @rnet: the netns
 * @seg: its addresses and ports, the local end is the source; the rest is
 *	filled in
 * @forge: what RSTs, to the sender, which is the local end, or the receiver
 * @outcome: gets enum rstfault_outcome of the local end
 * @extack: gets a sentence with every error
 *
 * Context: May sleep, until the process that has the socket lets go of it.
 * Return: 0; -ENOENT: no such socket; -ENOTCONN: it is one that listens, or
 *	that only waits for old segments to die; -ENETUNREACH: it has no route.
 */
int rstf_inject(struct rstf_net *rnet, struct rstf_segment *seg,
		const struct rstf_forge *forge, u8 *outcome,
		struct netlink_ext_ack *extack)
{
	struct sock *sk = inject_find(rnet->net, seg);
	struct net_device *dev;
	int err = 0;

	*outcome = RSTFAULT_OUTCOME_UNKNOWN;
	if (!sk) {
		NL_SET_ERR_MSG(extack, "there is no such connection");
		return -ENOENT;
	}

	if (!sk_fullsock(sk) || sk->sk_state == TCP_LISTEN) {
		NL_SET_ERR_MSG(extack,
			       "this socket has no connection to reset");
		sock_gen_put(sk);
		return -ENOTCONN;
	}

	dev = inject_read(sk, seg);
	if (!dev) {
		NL_SET_ERR_MSG(extack, "this connection has no route");
		err = -ENETUNREACH;
		goto out;
	}

	local_bh_disable();
	rcu_read_lock();
	if (forge->to & RSTFAULT_END_RECEIVER)
		inject_to_peer(rnet, seg, forge, dev);
	if (forge->to & RSTFAULT_END_SENDER)
		*outcome = inject_to_local(rnet, seg, forge, dev);
	rcu_read_unlock();
	local_bh_enable();
	dev_put(dev);

	/* The RST is in the backlog: wait until it has been read. */
	if (*outcome == RSTFAULT_OUTCOME_UNKNOWN &&
	    forge->to & RSTFAULT_END_SENDER) {
		lock_sock(sk);
		release_sock(sk);
		if (sk->sk_state == TCP_CLOSE)
			*outcome = RSTFAULT_OUTCOME_RESET;
	}
out:
	sock_put(sk);
	return err;
}
